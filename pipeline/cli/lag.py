"""`wire lag`: how far the consumer groups are behind."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Event
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from pipeline.config import KafkaSettings, load_settings
from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.monitoring.lag import ALLOWED, PartitionLag, our_groups
from pipeline.monitoring.monitor import open_monitor
from pipeline.monitoring.table import duration, lag_table

Show = Callable[[Sequence[PartitionLag]], None]

_WIDTH_WITHOUT_TERMINAL = 160


def lag(
    group: Annotated[
        list[str] | None, typer.Option(help="A consumer group, ours or any other; repeatable. Default: our three.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Measure again and again until interrupted.")] = False,
    interval: Annotated[float, typer.Option(help="Seconds between measurements, with --watch.", min=0.1)] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each partition.")] = False,
    fail_over: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Exit with 1 when a message waits longer than this.", min=0)
    ] = None,
) -> None:
    """Show how far consumer groups are behind: messages, and seconds the oldest of them waits.

    OK: nothing waits, or no longer than 60 seconds (or --fail-over). WARN: it waits longer.
    NO COMMIT: the group runs but has never committed. STOP: messages wait and no worker runs.
    """
    settings = load_settings()
    ours = our_groups(settings.topics)
    groups = {name: ours.get(name, ()) for name in group} if group else ours
    allowed = ALLOWED if fail_over is None else fail_over
    with _screen(as_json=as_json, live=watch) as show:
        for lags in _measurements(settings.kafka, groups, allowed, every=interval if watch else None):
            show(lags)
            if _late(lags, fail_over):
                break
    if late := _late(lags, fail_over):
        for one in late:
            where = f"{one.group} on {one.topic} partition {one.partition}"
            typer.echo(f"wire: {where}: the oldest of {one.messages} messages waits {duration(one.seconds)}", err=True)
        raise typer.Exit(1)


def _measurements(
    kafka: KafkaSettings, groups: Mapping[str, Collection[str]], allowed: float, *, every: float | None
) -> Iterator[list[PartitionLag]]:
    """One measurement, or one ``every`` so many seconds; those go on when a broker restarts.

    Raises:
        Misconfigured: at the first measurement, there is nothing to measure for a group.
    """
    with open_monitor(kafka) as monitor:
        lags = monitor.measure(groups, allowed=allowed)
        if missing := groups.keys() - {one.group for one in lags}:
            known = ", ".join(monitor.groups()) or "none"
            raise Misconfigured(
                f"no topic is read by {', '.join(sorted(missing))}; the groups of this Kafka are: {known}",
                "correct --group, or create the topics with `wire setup`",
            )
    yield lags
    interrupted = _interruption()
    while every is not None:
        try:
            with open_monitor(kafka) as monitor:
                while True:
                    if interrupted.wait(every):
                        raise KeyboardInterrupt
                    yield monitor.measure(groups, allowed=allowed)
        except ServiceUnreachable as gone:
            typer.echo(f"wire: {gone}", err=True)


def _interruption() -> Event:
    """What is set by Ctrl-C: a KeyboardInterrupt alone is lost where it falls into a callback of the Kafka client."""
    interrupted = Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as in a shell's background
        signal.signal(signal.SIGINT, interrupt)
    return interrupted


def _late(lags: Sequence[PartitionLag], limit: float | None) -> list[PartitionLag]:
    """The partitions whose oldest message waits longer than ``limit`` seconds, or nobody knows how long."""
    if limit is None:
        return []
    return [one for one in lags if one.seconds is None or one.seconds > limit]


@contextmanager
def _screen(*, as_json: bool, live: bool) -> Iterator[Show]:
    """How measurements are shown: NDJSON, tables one after another, or one table that is kept up to date."""
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_WITHOUT_TERMINAL
    if as_json:
        yield _print_json
    elif live and console.is_terminal:
        with Live(console=console, auto_refresh=False) as table:
            yield lambda lags: table.update(lag_table(lags, datetime.now().astimezone()), refresh=True)
    else:
        yield lambda lags: console.print(lag_table(lags, datetime.now().astimezone()))


def _print_json(lags: Sequence[PartitionLag]) -> None:
    at = datetime.now(UTC).isoformat()
    for one in lags:
        known = {name: value for name, value in asdict(one).items() if value is not None}
        typer.echo(json.dumps({"at": at} | known))
