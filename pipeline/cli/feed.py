"""`wire feed`: send files, folders and standard input to the raw topic."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.config import load_settings
from pipeline.errors import WireError
from pipeline.feeding.producer import Fed, deliver
from pipeline.feeding.sources import items, sources


@dataclass
class Summary:
    """What a run of `wire feed` did: items and bytes in the raw topic, dead letters and failed items."""

    items: int = 0
    bytes: int = 0
    dead: int = 0
    failed: int = 0
    seconds: float = 0.0

    def add(self, fed: Fed) -> None:
        """Count one item."""
        if fed.dead:
            self.dead += 1
        elif fed.error:
            self.failed += 1
        else:
            self.items += 1
            self.bytes += fed.size

    def __str__(self) -> str:
        parts = [f"fed {_count(self.items, 'item')} ({decimal(self.bytes)}) in {self.seconds:.1f} s"]
        if self.dead:
            parts.append(_count(self.dead, "dead letter"))
        if self.failed:
            parts.append(f"{self.failed} failed")
        return ", ".join(parts)


class RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        """The speed of the last moments, or nothing before it is known."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


def feed(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.")],
    provider: Annotated[
        str | None, typer.Option(help="Name of the feed; default: the folder's name, for items in subfolders of PATH.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write a summary to stdout, as JSON.")] = False,
) -> None:
    """Send articles to the raw topic: files, folders with all in them, standard input.

    Ends when Kafka has confirmed every item. Feeding the same file again is harmless.
    Too large items go to the dead letters. Hidden files, *.md and unfinished transfers
    (*.part, *.tmp) in folders are left out.
    """
    settings = load_settings()
    found = items(
        paths,
        max_item_bytes=settings.feeding.max_item_bytes,
        received_at=lambda: datetime.now(UTC),
        provider=provider,
    )
    summary = Summary()
    started = time.monotonic()
    try:
        _show(deliver(found, settings.kafka, settings.topics, settings.feeding), paths, summary)
    except WireError:
        if summary == Summary():
            raise
        _report(summary, started, as_json=as_json)
        raise
    _report(summary, started, as_json=as_json)
    if summary.dead or summary.failed:
        raise typer.Exit(1)


def _show(feds: Iterable[Fed], paths: Sequence[str], summary: Summary) -> None:
    """Count the items into ``summary`` as they are confirmed; name the bad ones; a progress bar on a terminal."""
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("feeding"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        task = progress.add_task("feeding", total=sum(1 for _ in sources(paths)) if console.is_terminal else None)
        for fed in feds:
            summary.add(fed)
            progress.advance(task)
            if fed.error:
                note = " (it is in the dead letters)" if fed.dead else ""
                console.print(f"wire: {fed.error}{note}", markup=False, highlight=False, soft_wrap=True)


def _report(summary: Summary, started: float, *, as_json: bool) -> None:
    summary.seconds = round(time.monotonic() - started, 3)
    typer.echo(str(summary), err=True)
    if as_json:
        typer.echo(json.dumps(asdict(summary)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
