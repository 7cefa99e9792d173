"""The page of lag: how far the consumer groups are behind, and which feeds are silent, as `wire lag` tells it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table
from rich.text import Text

from pipeline.config import Settings
from pipeline.desk.rendering import Page, render
from pipeline.monitoring.arrivals import FeedMonitor
from pipeline.monitoring.feed_table import feed_table
from pipeline.monitoring.lag import our_groups
from pipeline.monitoring.latency import recent
from pipeline.monitoring.monitor import Place, open_monitor
from pipeline.monitoring.status import History
from pipeline.monitoring.table import lag_table

_SECONDS = 5.0
"""For so long a measurement is shown again: many lookers must not make work for Kafka."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its words, whether they are a number, and whether they are a status (then again its words)."""

    text: str
    number: bool
    status: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``sum`` tells whether it sums up those below it."""

    cells: Sequence[Cell]
    sum: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it is shown."""

    headings: Sequence[Cell]
    rows: Sequence[Row]
    caption: str


class LagPage:
    """Measures when it is asked, one measurement at a time.

    Args:
        settings: where Kafka and Elasticsearch are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._history: History[Place] = History()
        self._feeds = FeedMonitor(settings)
        self._lock = threading.Lock()
        self._page: Page | None = None
        self._measured = float("-inf")

    def __call__(self) -> Page:
        """The page of the newest measurement.

        Raises:
            ServiceUnreachable: Kafka does not answer.
            Misconfigured: it refuses us.
        """
        with self._lock:
            if self._page is None or time.monotonic() - self._measured > _SECONDS:
                self._page = self._measure()
                self._measured = time.monotonic()
            return self._page

    def _measure(self) -> Page:
        settings = self._settings
        with open_monitor(settings.kafka, self._history) as monitor:
            lags = monitor.measure(our_groups(settings.topics))
        at = datetime.now().astimezone()
        latency = recent(settings.elasticsearch, settings.indexing)
        feeds = self._feeds.measure()
        return render(
            "lag.html",
            at=at,
            lag=shown(lag_table(lags, at, latency)) if lags else None,
            feeds=shown(feed_table(feeds)) if feeds else None,
        )


def shown(table: Table) -> Shown:
    """A table of the terminal as one of a page."""
    numbers = [column.justify == "right" for column in table.columns]
    headings = [Cell(_plain(column.header), number, "") for column, number in zip(table.columns, numbers, strict=True)]
    lines = zip(*(column.cells for column in table.columns), strict=True)
    rows = [
        Row([*_cells(cells, numbers)], sum=row.style == "bold") for row, cells in zip(table.rows, lines, strict=True)
    ]
    return Shown(headings, rows, _plain(table.caption or ""))


def _cells(cells: Sequence[object], numbers: Sequence[bool]) -> Iterator[Cell]:
    for cell, number in zip(cells, numbers, strict=True):
        # Only a status has a colour of its own.
        status = _plain(cell) if isinstance(cell, Text) and cell.style else ""
        yield Cell(_plain(cell), number, status)


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
