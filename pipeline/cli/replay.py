"""`wire replay`: re-enrich or re-index from a stage's topic, by time or offset."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.cli.printing import stderr, stdout
from pipeline.config import StageName, load_settings

When = Annotated[datetime | None, typer.Option(help="Local time, for example 2026-11-03 or 2026-11-03T14:00:00.")]


def replay(
    stage: Annotated[StageName, typer.Argument(help="The stage that is to do its work anew.")],
    since: When = None,
    until: When = None,
    partition: Annotated[int | None, typer.Option(help="Only this partition.")] = None,
    from_offset: Annotated[int | None, typer.Option(help="From this offset of that partition.")] = None,
    to_offset: Annotated[int | None, typer.Option(help="Up to, not including, this offset.")] = None,
) -> None:
    """Send what a stage has read to it again: everything, since a time, or between offsets.

    Running workers take it like new articles; an equal version in the index is overwritten.
    """
    from pipeline.streaming.reading import Stretch
    from pipeline.streaming.replay import replay as send

    stretch = Stretch(
        since=since.astimezone() if since else None,
        until=until.astimezone() if until else None,
        partition=partition,
        from_offset=from_offset,
        to_offset=to_offset,
    )
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal, transient=True) as bar:
        task = bar.add_task("replay", total=None)
        count = send(load_settings(), stage, stretch, lambda done, total: bar.update(task, completed=done, total=total))
    stdout.print(f"{count} messages sent to the stage {stage} again")
