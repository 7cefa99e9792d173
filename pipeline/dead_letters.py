"""The dead letter: an item that can't be processed, whole, with why and where from in its headers.

The value is that of the message that failed, its key is in a header, so that it can be sent again
as it was. The letter's own key is its `DeadLetter.id`: the same failure delivered twice is one
letter, and a tombstone under that key closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pipeline.errors import Poison
from pipeline.headers import SOURCE, Headers

_PREFIX = "dead-"
STAGE = "dead-stage"
CAUSE = "dead-cause"
ERROR = "dead-error"
AT = "dead-at"
ATTEMPTS = "dead-attempts"
TOPIC = "dead-topic"
PARTITION = "dead-partition"
OFFSET = "dead-offset"
KEY = "dead-key"
TRUNCATED = "dead-truncated"


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that failed: its topic, partition and offset."""

    topic: str
    partition: int
    offset: int


LONGEST_ERROR = 4000
"""Characters of an error that a letter keeps: it may quote the item."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why an item is dead and where it came from.

    Attributes:
        stage: ``feed``, ``clean``, ``enrich`` or ``index``.
        cause: the short code of the `Poison`, for counting.
        error: the message for a person.
        at: when it was given up, with a time zone.
        attempts: how often it was tried in all, earlier dead letters of the same item included.
        origin: the message that failed; None for an item that never reached a topic.
        key: the key of the message that failed.
        headers: the item's own headers, without those of an earlier dead letter.
        truncated: the value holds only the item's beginning, so it can't be sent again.
    """

    stage: str
    cause: str
    error: str
    at: datetime
    attempts: int
    headers: Headers
    origin: Origin | None = None
    key: bytes | None = None
    truncated: bool = False

    @property
    def id(self) -> str:
        """What the letter is called: ``topic/partition/offset`` of its origin, or ``feed/source``."""
        if self.origin:
            return f"{self.origin.topic}/{self.origin.partition}/{self.origin.offset}"
        return f"{self.stage}/{self.headers.get(SOURCE, b'?').decode('utf-8', 'replace')}"

    @classmethod
    def of(
        cls,
        poison: Poison,
        stage: str,
        *,
        at: datetime,
        headers: Headers,
        origin: Origin | None = None,
        key: bytes | None = None,
        truncated: bool = False,
    ) -> Self:
        """The letter for an item with these headers that failed with this error."""
        own = {name: value for name, value in headers.items() if not name.startswith(_PREFIX)}
        return cls(
            stage=stage,
            cause=poison.cause,
            error=str(poison)[:LONGEST_ERROR],
            at=at,
            attempts=attempts(headers) + 1,
            headers=own,
            origin=origin,
            key=key,
            truncated=truncated,
        )

    def to_headers(self) -> Headers:
        """The headers of the dead letter's message."""
        said = {
            STAGE: self.stage,
            CAUSE: self.cause,
            ERROR: self.error,
            AT: self.at.isoformat(),
            ATTEMPTS: str(self.attempts),
        }
        if self.origin:
            said |= {
                TOPIC: self.origin.topic,
                PARTITION: str(self.origin.partition),
                OFFSET: str(self.origin.offset),
            }
        if self.truncated:
            said[TRUNCATED] = "1"
        own = {name: value.encode() for name, value in said.items()}
        return self.headers | own | ({KEY: self.key} if self.key is not None else {})

    @classmethod
    def from_headers(cls, headers: Headers) -> Self:
        """Read what `to_headers` wrote.

        Raises:
            Poison: the message is no dead letter of ours.
        """
        try:
            said = {name: headers[name].decode() for name in headers if name.startswith(_PREFIX) and name != KEY}
            origin = Origin(said[TOPIC], int(said[PARTITION]), int(said[OFFSET])) if TOPIC in said else None
            return cls(
                stage=said[STAGE],
                cause=said[CAUSE],
                error=said[ERROR],
                at=datetime.fromisoformat(said[AT]),
                attempts=int(said[ATTEMPTS]),
                headers={name: value for name, value in headers.items() if not name.startswith(_PREFIX)},
                origin=origin,
                key=headers.get(KEY),
                truncated=TRUNCATED in said,
            )
        except (KeyError, ValueError, AttributeError) as missing:
            raise Poison(
                f"a message of the dead-letter topic is no dead letter: {missing!r}", cause="no-dead-letter"
            ) from missing


def attempts(headers: Headers) -> int:
    """How often an item with these headers was tried and given up before."""
    try:
        return int(headers.get(ATTEMPTS, b"0"))
    except ValueError:
        return 0
