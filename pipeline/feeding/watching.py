"""Feeding that goes on: what comes is fed as it comes, also after Kafka was away."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

from pipeline.config import Settings
from pipeline.errors import ServiceUnreachable
from pipeline.feeding.producer import Fed, open_feeder
from pipeline.feeding.sources import Item

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


class Intake(Protocol):
    """Where items come from, again and again."""

    def items(self) -> Iterator[Item]:
        """What is there to be fed now, and all that came earlier and was never settled."""

    def settle(self, fed: Fed) -> None:
        """The fate of one of the items; that of an item Kafka did not take is left out."""

    def wait(self) -> None:
        """Return when there may be more, or when it is time to stop."""


def feed_on(intake: Intake, settings: Settings, stop: threading.Event, report: Callable[[Fed], None]) -> None:
    """Feed what an intake has until ``stop`` is set; then what is under way is still confirmed.

    Args:
        intake: where items come from. While Kafka is away they stay there.
        settings: where they go.
        stop: ends it.
        report: is told the fate of each item, except where it is only that Kafka is away.

    Raises:
        Misconfigured: a topic does not exist, or the broker refuses us.
    """
    pause, away = _FIRST_PAUSE, False
    while not stop.is_set():
        try:
            with open_feeder(settings.kafka, settings.topics, settings.feeding) as feeder:
                if away:
                    log.info("Kafka answers again")
                pause, away = _FIRST_PAUSE, False
                while not stop.is_set():
                    for fed in feeder.deliver(_until(stop, intake.items())):
                        if not fed.unconfirmed:
                            intake.settle(fed)
                            report(fed)
                    intake.wait()
        except ServiceUnreachable as gone:
            if not away:
                log.warning("waiting for Kafka; nothing is lost, all stays where it is", error=str(gone))
            away = True
            stop.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; the second of them ends the process at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def ask(_number: int, _frame: object) -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        # In a thread: the interrupted code may hold the lock of the very event.
        threading.Thread(target=stop.set).start()

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as in a shell's background
            signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until(stop: threading.Event, items: Iterator[Item]) -> Iterator[Item]:
    for item in items:
        if stop.is_set():
            return
        yield item
