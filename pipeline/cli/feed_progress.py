"""How far feeding is: a bar on a terminal; where nobody watches, a line now and then for what takes hours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.monitoring.table import duration

_LINE_SECONDS = 30.0


class Shown(Protocol):
    """Progress that is shown on stderr."""

    def advance(self) -> None:
        """One item more."""

    def say(self, line: str) -> None:
        """A line of its own."""


@contextmanager
def progress_of(total: Callable[[], int], before: int, *, lines: bool) -> Iterator[Shown]:
    """Show progress.

    Args:
        total: counts all items; it is only asked where something is shown.
        before: how many of them were done earlier.
        lines: write a line now and then where stderr is no terminal.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines(console, total() if lines else None, before)
        return
    bar = Progress(
        TextColumn("feeding"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        yield Bar(bar, total(), before)


class RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        """The speed of the last moments, or nothing before it is known."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


class Bar:
    """A bar on a terminal; see `Shown`."""

    def __init__(self, bar: Progress, total: int, before: int) -> None:
        self._bar = bar
        self._task = bar.add_task("feeding", total=total, completed=before)

    def advance(self) -> None:
        """One item more."""
        self._bar.advance(self._task)

    def say(self, line: str) -> None:
        """A line above the bar."""
        _say(self._bar.console, line)


class Lines:
    """Lines; see `Shown`. Without a total there are none but what is said."""

    def __init__(
        self, console: Console, total: int | None, before: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._total = total
        self._done = before
        self._clock = clock
        self._last = clock(), before

    def advance(self) -> None:
        """One item more; a line if it is time for one."""
        self._done += 1
        now, (then, before) = self._clock(), self._last
        if self._total is None or now - then < _LINE_SECONDS:
            return
        rate = (self._done - before) / (now - then)
        left = duration(max(0, self._total - self._done) / rate)
        self.say(f"fed {self._done:,} of {self._total:,} ({rate:,.1f}/s, {left} left)")
        self._last = now, self._done

    def say(self, line: str) -> None:
        """A line."""
        _say(self._console, line)


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
