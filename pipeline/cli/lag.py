"""`wire lag`: how far the consumer groups are behind."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Event
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live

from pipeline.config import KafkaSettings, Settings, load_settings
from pipeline.errors import Misconfigured, ServiceUnreachable, WireError
from pipeline.monitoring.arrivals import FeedMonitor
from pipeline.monitoring.feed_table import feed_table
from pipeline.monitoring.feeds import FeedSilence
from pipeline.monitoring.lag import ALLOWED, PartitionLag, our_groups
from pipeline.monitoring.latency import Latency, recent
from pipeline.monitoring.monitor import Place, open_monitor
from pipeline.monitoring.status import History
from pipeline.monitoring.table import duration, lag_table

Show = Callable[[Sequence[PartitionLag]], None]

_WIDTH_WITHOUT_TERMINAL = 160
_WATCH_SECONDS = 2.0
_SERVE_SECONDS = 5.0
_NOW_AND_THEN_SECONDS = 10.0


def lag(
    address: Annotated[
        str | None, typer.Argument(metavar="[HOST:PORT]", help="Where --serve listens. Default: 127.0.0.1:9308.")
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A consumer group, ours or any other; repeatable. Default: our three, all with --serve."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Measure again and again until interrupted.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Give the figures to Prometheus until interrupted.")] = False,
    interval: Annotated[
        float | None,
        typer.Option(help="Seconds between measurements: 2 with --watch; 5, at least, with --serve.", min=0.1),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each partition.")] = False,
    fail_over: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Exit with 1 when a message waits longer than this.", min=0)
    ] = None,
) -> None:
    """Show how far consumer groups are behind: messages, and seconds the oldest of them waits.

    OK: nothing waits, or no longer than 60 seconds (or --fail-over), or ever less. WARN: it waits longer.
    NO COMMIT: the group runs but has never committed. STOP: messages wait and nobody works.
    With --watch and --serve also REWIND: a committed offset went back; STALL: workers run and commit nothing new.
    """
    settings = load_settings()
    allowed = ALLOWED if fail_over is None else fail_over
    if serve:
        _serve(settings, group or [], allowed, address, interval or _SERVE_SECONDS)
        return
    if address:
        raise Misconfigured(f"{address} means nothing without --serve", "see `wire lag --help`")
    ours = our_groups(settings.topics)
    groups = {name: ours.get(name, ()) for name in group} if group else ours
    ours_alone = None if group or as_json else settings
    with _screen(as_json=as_json, live=watch, ours=ours_alone) as show:
        every = (interval or _WATCH_SECONDS) if watch else None
        for lags in _measurements(settings.kafka, groups, allowed, every=every):
            show(lags)
            if _late(lags, fail_over):
                break
    if late := _late(lags, fail_over):
        for one in late:
            where = f"{one.group} on {one.topic} partition {one.partition}"
            typer.echo(f"wire: {where}: the oldest of {one.messages} messages waits {duration(one.seconds)}", err=True)
        raise typer.Exit(1)


def _serve(settings: Settings, groups: Collection[str], allowed: float, address: str | None, interval: float) -> None:
    from prometheus_client import CollectorRegistry, start_http_server

    from pipeline.logs import set_up_logging
    from pipeline.monitoring.exporter import PORT, FeedCollector, LagCollector, survey_of

    set_up_logging(settings.logging, "wire-lag")
    host, _, port = (address or f"127.0.0.1:{PORT}").rpartition(":")
    if not host or not port.isdecimal():
        raise Misconfigured(f"{address!r} is no host:port", "for example 127.0.0.1:9308")
    registry = CollectorRegistry()
    registry.register(LagCollector(survey_of(settings.kafka, groups, allowed), interval))
    registry.register(FeedCollector(FeedMonitor(settings).measure))
    try:
        server, _ = start_http_server(int(port), host.strip("[]"), registry)
    except (OSError, OverflowError) as taken:
        raise Misconfigured(f"nothing can listen at {host}:{port}: {taken}", "name another HOST:PORT") from taken
    typer.echo(f"lag for Prometheus at http://{host}:{server.server_port}/metrics", err=True)
    _interruption().wait()
    server.shutdown()


def _measurements(
    kafka: KafkaSettings, groups: Mapping[str, Collection[str]], allowed: float, *, every: float | None
) -> Iterator[list[PartitionLag]]:
    """One measurement, or one ``every`` so many seconds; those go on when a broker restarts.

    Raises:
        Misconfigured: at the first measurement, there is nothing to measure for a group.
    """
    history: History[Place] = History()
    with open_monitor(kafka, history) as monitor:
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
            with open_monitor(kafka, history) as monitor:
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
def _screen(*, as_json: bool, live: bool, ours: Settings | None) -> Iterator[Show]:
    """How measurements are shown: NDJSON, tables one after another, or one table that is kept up to date.

    Args:
        as_json: NDJSON.
        live: one table, on a terminal.
        ours: with articles' latency and the feeds of this pipeline under the table.
    """
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_WITHOUT_TERMINAL
    below = _now_and_then(ours)

    def tables(lags: Sequence[PartitionLag]) -> RenderableType:
        latency, feeds = below()
        table = lag_table(lags, datetime.now().astimezone(), latency)
        return Group(table, feed_table(feeds)) if feeds else table

    if as_json:
        yield _print_json
    elif live and console.is_terminal:
        with Live(console=console, auto_refresh=False) as screen:
            yield lambda lags: screen.update(tables(lags), refresh=True)
    else:
        yield lambda lags: console.print(tables(lags))


def _now_and_then(ours: Settings | None) -> Callable[[], tuple[Latency | None, Sequence[FeedSilence]]]:
    """Asks for the latency and the feeds, not at every look."""
    known: tuple[Latency | None, Sequence[FeedSilence]] = None, ()
    asked = float("-inf")
    monitor = FeedMonitor(ours) if ours else None

    def ask() -> tuple[Latency | None, Sequence[FeedSilence]]:
        nonlocal known, asked
        if ours and monitor and time.monotonic() - asked > _NOW_AND_THEN_SECONDS:
            known = recent(ours.elasticsearch, ours.indexing), _feeds(monitor)
            asked = time.monotonic()
        return known

    return ask


def _feeds(monitor: FeedMonitor) -> Sequence[FeedSilence]:
    try:
        return monitor.measure()
    except WireError as gone:
        typer.echo(f"wire: nothing is known of the feeds: {gone}", err=True)
        return ()


def _print_json(lags: Sequence[PartitionLag]) -> None:
    at = datetime.now(UTC).isoformat()
    for one in lags:
        known = {name: value for name, value in asdict(one).items() if value is not None}
        typer.echo(json.dumps({"at": at} | known))
