"""The lag table a person reads: one section for each group, its sum first, then its partitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.latency import Latency
from pipeline.monitoring.status import Status, Trend

_STYLES = {
    Status.OK: "green",
    Status.WARN: "yellow",
    Status.NO_COMMIT: "yellow",
    Status.REWIND: "bold red",
    Status.STALL: "bold red",
    Status.STOP: "bold red",
}
_NOTES = {"Stable": "", "Empty": "", "Dead": " (no such group)"}
_ARROWS = {None: "", Trend.GROWING: " ▲", Trend.STEADY: " =", Trend.FALLING: " ▼"}
_LEGEND = "lag: ▲ grows  = steady  ▼ falls"
_UNMOVED = 7
"""The column of how long a commit stands unmoved."""
_FROM_BEST = tuple(_STYLES)


def lag_table(lags: Iterable[PartitionLag], at: datetime, latency: Latency | None = None) -> Table:
    """The figures as a table; from the second look on with how long a commit stands unmoved and where the lag goes.

    A group's sum shows all its waiting messages, its longest wait, its members and its worst status.

    Args:
        lags: sorted by group, as `LagMonitor.measure` returns them.
        at: when they were measured.
        latency: how long articles took lately, told under the table.
    """
    lags = list(lags)
    watched = any(lag.commit_age is not None for lag in lags)
    table = Table(
        title=f"Consumer lag at {at:%H:%M:%S}",
        caption="\n".join(filter(None, [_LEGEND if watched else "", str(latency or "")])),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in ("Group", "Topic"):
        table.add_column(name, no_wrap=True)
    for name in ("Partition", "Committed", "End", "Lag", "Oldest waits", *(["Unmoved for"] if watched else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Members", "Status"):
        table.add_column(name, no_wrap=True)
    for _, rows in groupby(lags, key=lambda lag: lag.group):
        partitions = list(rows)
        table.add_row(*_cells(_sum(partitions), watched), style="bold")
        for lag in partitions:
            table.add_row(*_cells(_partition(lag), watched))
        table.add_section()
    return table


def _cells(cells: list[str | Text], watched: bool) -> list[str | Text]:
    """A row without the cell that only a second look can fill."""
    return cells if watched else [*cells[:_UNMOVED], *cells[_UNMOVED + 1 :]]


def duration(seconds: float | None) -> str:
    """A time span as a person says it, in its two largest units; ``?`` where it is unknown."""
    if seconds is None:
        return "?"
    if seconds < 9.95:
        return "0 s" if seconds == 0 else "<0.1 s" if seconds < 0.05 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} m {rest:02} s"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02} h" if days else f"{hours} h {minutes:02} m"


def _sum(lags: Sequence[PartitionLag]) -> list[str | Text]:
    first = lags[0]
    waits = [lag.seconds for lag in lags]
    longest = None if None in waits else max(wait for wait in waits if wait is not None)
    members = "?" if first.members is None else first.members
    return [
        first.group,
        "",
        "all",
        "",
        "",
        f"{sum(lag.messages for lag in lags):,}{_ARROWS[_majority(lags)]}",
        duration(longest),
        duration(min((lag.commit_age for lag in lags if lag.commit_age is not None), default=0.0)),
        f"{members}{_NOTES.get(first.state, f' ({first.state})')}",
        _status(max((lag.status for lag in lags), key=_FROM_BEST.index)),
    ]


def _majority(lags: Sequence[PartitionLag]) -> Trend | None:
    """Where the lag of more partitions goes; a group has no trend where none of its partitions has."""
    trends = [lag.trend for lag in lags if lag.trend]
    balance = trends.count(Trend.GROWING) - trends.count(Trend.FALLING)
    if not trends:
        return None
    return Trend.GROWING if balance > 0 else Trend.FALLING if balance else Trend.STEADY


def _partition(lag: PartitionLag) -> list[str | Text]:
    return [
        "",
        lag.topic,
        str(lag.partition),
        "none" if lag.committed is None else f"{lag.committed:,}",
        f"{lag.end:,}",
        f"{lag.messages:,}{_ARROWS[lag.trend]}",
        duration(lag.seconds),
        "" if lag.commit_age is None else duration(lag.commit_age),
        "",
        _status(lag.status),
    ]


def _status(status: Status) -> Text:
    return Text(status.value, style=_STYLES[status])
