"""The lag table a person reads: one section for each group, its sum first, then its partitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.monitoring.lag import PartitionLag, Status

_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.NO_COMMIT: "yellow", Status.STOP: "bold red"}
_NOTES = {"Stable": "", "Empty": "", "Dead": " (no such group)"}
_FROM_BEST = tuple(_STYLES)


def lag_table(lags: Iterable[PartitionLag], at: datetime) -> Table:
    """The figures as a table.

    A group's sum shows all its waiting messages, its longest wait, its members and its worst status.

    Args:
        lags: sorted by group, as `LagMonitor.measure` returns them.
        at: when they were measured.
    """
    table = Table(title=f"Consumer lag at {at:%H:%M:%S}", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Group", "Topic"):
        table.add_column(name, no_wrap=True)
    for name in ("Partition", "Committed", "End", "Lag", "Oldest waits"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Members", "Status"):
        table.add_column(name, no_wrap=True)
    for _, rows in groupby(lags, key=lambda lag: lag.group):
        partitions = list(rows)
        table.add_row(*_sum(partitions), style="bold")
        for lag in partitions:
            table.add_row(*_partition(lag))
        table.add_section()
    return table


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
        f"{sum(lag.messages for lag in lags):,}",
        duration(longest),
        f"{members}{_NOTES.get(first.state, f' ({first.state})')}",
        _status(max((lag.status for lag in lags), key=_FROM_BEST.index)),
    ]


def _partition(lag: PartitionLag) -> list[str | Text]:
    return [
        "",
        lag.topic,
        str(lag.partition),
        "none" if lag.committed is None else f"{lag.committed:,}",
        f"{lag.end:,}",
        f"{lag.messages:,}",
        duration(lag.seconds),
        "",
        _status(lag.status),
    ]


def _status(status: Status) -> Text:
    return Text(status.value, style=_STYLES[status])
