"""Feeding that goes on while Kafka comes and goes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from pipeline.config import Settings
from pipeline.errors import Misconfigured, ServiceUnreachable, Transient
from pipeline.feeding import watching
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import Item
from pipeline.feeding.watching import feed_on, stopping
from pipeline.headers import Hints


class Mailbox:
    """An intake that is stopped once it is empty."""

    def __init__(self, *letters: str) -> None:
        self.letters = list(letters)
        self.stop = threading.Event()

    def items(self) -> Iterator[Item]:
        for letter in list(self.letters):
            yield Item(Hints(source=letter, received_at=datetime(2026, 10, 8, tzinfo=UTC)), b"x", 1)

    def settle(self, fed: Fed) -> None:
        self.letters.remove(fed.source)

    def wait(self) -> None:
        if not self.letters:
            self.stop.set()


def test_while_kafka_is_away_all_stays_and_it_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    openings = iter(["away", "away", "breaks", "away", "works"])

    class Broker:
        def __init__(self, state: str) -> None:
            self.state = state

        def deliver(self, items: Iterable[Item]) -> Iterator[Fed]:
            for number, item in enumerate(items):
                if self.state == "breaks" and number:
                    yield Fed(item.hints.source, 1, Transient("Kafka did not confirm it"))
                    raise ServiceUnreachable("Kafka is away")
                yield Fed(item.hints.source, 1)

    @contextmanager
    def opened(*_: object) -> Iterator[Broker]:
        state = next(openings)
        if state == "away":
            raise ServiceUnreachable("Kafka is away")
        yield Broker(state)

    monkeypatch.setattr(watching, "open_feeder", opened)
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.001)
    intake = Mailbox("a", "b", "c")
    reported: list[str] = []
    with capture_logs() as logs:
        feed_on(intake, Settings(), intake.stop, lambda fed: reported.append(fed.source))
    assert reported == ["a", "b", "c"]
    assert [log["event"].split(";")[0] for log in logs] == ["waiting for Kafka", "Kafka answers again"] * 2


def test_a_wrong_set_up_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise Misconfigured("there is no topic")

    monkeypatch.setattr(watching, "open_feeder", opened)
    with pytest.raises(Misconfigured):
        feed_on(Mailbox("a"), Settings(), threading.Event(), lambda _: None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_asks_the_second_one_ends(number: signal.Signals) -> None:
    asked: list[int] = []
    before = signal.signal(number, lambda given, _: asked.append(given))
    try:
        with stopping() as stop:
            os.kill(os.getpid(), number)
            assert stop.wait(5)
            assert asked == []
            os.kill(os.getpid(), number)
            assert asked == [number]
    finally:
        signal.signal(number, before)
