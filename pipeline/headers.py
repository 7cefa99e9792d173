"""What travels beside a message in its Kafka headers: where an item is from, and why one is dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

SOURCE = "source"
CONTENT_TYPE = "content-type"
PROVIDER = "provider"
RECEIVED_AT = "received-at"
TRACE_ID = "trace-id"
CLEANED_AT = "cleaned-at"
ENRICHED_AT = "enriched-at"
REPLAY = "replay"
"""Set on messages that `wire replay` sent again on purpose: they may overwrite an equal version."""

Headers = dict[str, bytes]


def to_headers(pairs: Mapping[str, bytes] | Iterable[tuple[str, bytes]] | None) -> Headers:
    """Headers as a dictionary, whatever shape a Kafka client gives them in (the last of a name wins)."""
    if pairs is None:
        return {}
    return dict(pairs.items() if isinstance(pairs, Mapping) else pairs)


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of an item before it is read.

    Attributes:
        source: the path, URL or ``-`` it came from; it is the item's identity in the raw topic.
        received_at: when it was received, with a time zone.
        content_type: a media type, for example ``application/json``, where known.
        provider: the name of the feed, where known.
        trace_id: follows the item from feed to index.
    """

    source: str
    received_at: datetime
    content_type: str | None = None
    provider: str | None = None
    trace_id: str | None = None

    def headers(self) -> Headers:
        """The headers of the item's message; what is not known is left out."""
        pairs = {
            SOURCE: self.source,
            RECEIVED_AT: self.received_at.isoformat(),
            CONTENT_TYPE: self.content_type,
            PROVIDER: self.provider,
            TRACE_ID: self.trace_id,
        }
        return {name: value.encode() for name, value in pairs.items() if value}

    @classmethod
    def from_headers(cls, headers: Headers, *, source: str, received_at: datetime) -> Self:
        """What a message's headers say; for what they don't, the given source and time."""

        def text(name: str) -> str | None:
            value = headers.get(name)
            return value.decode("utf-8", "replace") or None if value else None

        stated = text(RECEIVED_AT)
        try:
            moment = datetime.fromisoformat(stated) if stated else received_at
        except ValueError:
            moment = received_at
        return cls(
            source=text(SOURCE) or source,
            received_at=moment if moment.tzinfo else received_at,
            content_type=text(CONTENT_TYPE),
            provider=text(PROVIDER),
            trace_id=text(TRACE_ID),
        )
