"""The dead letters as an operator handles them: which are open, what one says, sending them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog
from kafka.errors import KafkaTimeoutError

from pipeline.config import Settings
from pipeline.dead_letters import ATTEMPTS, DeadLetter
from pipeline.errors import Misconfigured, Poison, Transient
from pipeline.kafka_clients import open_producer
from pipeline.streaming.reading import Reader, Record, Stretch, open_reader
from pipeline.streaming.stages import stages
from pipeline.streaming.topics import MAX_MESSAGE_BYTES

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A dead letter nobody has sent again yet, with its value."""

    letter: DeadLetter
    value: bytes


def open_letters(settings: Settings) -> list[OpenLetter]:
    """The open dead letters, oldest first. A letter sent again is closed by a tombstone under its key.

    Raises:
        ServiceUnreachable: Kafka does not answer.
        Misconfigured: there is no dead-letter topic yet.
    """
    newest: dict[bytes | None, Record] = {}
    with open_reader(settings.kafka) as consumer:
        for record in Reader(consumer, settings.topics.dead, Stretch()):
            newest.pop(record.key, None)  # so that the order is that of the newest letter
            if record.value is not None:
                newest[record.key] = record
    letters = []
    for record in newest.values():
        try:
            letters.append(OpenLetter(DeadLetter.from_headers(record.headers), record.value or b""))
        except Poison as stray:
            log.warning("skipped", message=f"{record.topic}/{record.partition}/{record.offset}", why=str(stray))
    return letters


def named(letters: Iterable[OpenLetter], identifier: str) -> OpenLetter:
    """The letter of this id.

    Raises:
        Poison: there is none.
    """
    for letter in letters:
        if letter.letter.id == identifier:
            return letter
    raise Poison(f"no open dead letter is called {identifier}", "see `wire dead list`", cause="no-such-letter")


def resend(settings: Settings, letters: Sequence[OpenLetter], sent: Callable[[DeadLetter], None]) -> None:
    """Send letters to the stage that gave them up, and close each once the broker has confirmed that.

    ``sent`` is called after each. A crash in between sends one letter twice, which is harmless.

    Raises:
        Misconfigured: a letter holds only the beginning of its item.
        ServiceUnreachable: Kafka does not answer.
    """
    for open_letter in letters:
        if open_letter.letter.truncated:
            raise Misconfigured(
                f"{open_letter.letter.id} holds only the beginning of its item",
                "feed its source again, with a larger feeding.max_item_bytes",
            )
    sources = {stage.name: stage.source for stage in stages(settings).values()}
    with open_producer(settings.kafka, max_request_size=MAX_MESSAGE_BYTES, compression_type="lz4") as producer:
        for open_letter in letters:
            letter = open_letter.letter
            target = letter.origin.topic if letter.origin else sources["clean"]
            headers = letter.headers | {ATTEMPTS: str(letter.attempts).encode()}
            confirm = producer.send(target, open_letter.value, letter.key, list(headers.items()))
            _confirmed(confirm)
            _confirmed(producer.send(settings.topics.dead, None, letter.id.encode()))
            sent(letter)


def _confirmed(future: object, seconds: float = 60.0) -> None:
    """Wait until the broker has confirmed.

    Raises:
        Transient: it did not, within that time.
    """
    try:
        future.get(timeout=seconds)  # type: ignore[attr-defined]  # kafka-python's futures are untyped
    except (TimeoutError, KafkaTimeoutError) as late:
        raise Transient("Kafka does not confirm a message", "see `wire status`, then try again") from late
