"""The demo: real servers, real workers, our own articles; ends with what each of the three users looks at."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.config import Settings
from pipeline.errors import Transient
from pipeline.monitoring.lag import our_groups
from pipeline.monitoring.monitor import open_monitor
from pipeline.searching.connection import open_index
from pipeline.searching.queries import Question
from pipeline.searching.stances import search_stances

ARTICLES = Path(__file__).parent / "articles"
"""Invented articles of invented agencies, three broken ones among them."""

WHO_IS_AGAINST_WHOM = ("search", "--stances", "--size", "5")
"""Shown at the very end, where the articles have statements: a language model without stances finds none."""

LONGEST_SECONDS = 900.0
_POLL_SECONDS = 1.0
_STOP_SECONDS = 20.0

Command = Sequence[str]


def play(settings: Settings, commands: Sequence[Command], log: Path) -> bool:
    """Feed the demo's articles to workers, wait until all are accounted for, and run ``commands``.

    Args:
        settings: where Kafka and Elasticsearch are; both must answer.
        commands: `wire` commands to show at the end, each as its arguments.
        log: where the workers write.

    Returns:
        Whether every command did what it was asked to.

    Raises:
        Transient: the workers did not come to an end in time.
    """
    with _workers(log):
        succeeded = [_wire("feed", str(ARTICLES))]
        _await_end(settings, log)
        succeeded += [_shown(*command) for command in commands]
        if _has_statements(settings):
            succeeded.append(_shown(*WHO_IS_AGAINST_WHOM))
    return all(succeeded)


def _has_statements(settings: Settings) -> bool:
    with open_index(settings.elasticsearch) as client:
        return search_stances(client, settings.indexing, Question(size=1)).statements > 0


def _shown(*command: str) -> bool:
    Console().print(f"\n[bold reverse] $ wire {shlex.join(command)} [/]\n")
    return _wire(*command)


def _wire(*arguments: str) -> bool:
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "pipeline", *arguments], check=False).returncode == 0


@contextmanager
def _workers(log: Path) -> Iterator[None]:
    """All stages, running until the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", "pipeline", "worker"], stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_end(settings: Settings, log: Path) -> None:
    """Wait until no stage has anything left to do."""
    groups = our_groups(settings.topics)
    console = Console(stderr=True)
    columns = (TextColumn("cleaning, enriching, indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    deadline = time.monotonic() + LONGEST_SECONDS
    with (
        open_monitor(settings.kafka) as monitor,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        first = 0
        task = bar.add_task("")
        while True:
            lags = monitor.measure(groups)
            left = sum(one.messages for one in lags if one.topic == settings.topics.raw) * len(groups)
            left += sum(one.messages for one in lags if one.topic != settings.topics.raw)
            first = max(first, left)
            bar.update(task, total=first, completed=first - left)
            if not left:
                return
            if time.monotonic() > deadline:
                raise Transient(f"{left} messages are still under way after {LONGEST_SECONDS:g} s", f"see {log}")
            time.sleep(_POLL_SECONDS)
