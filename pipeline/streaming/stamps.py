"""When an item passed each stage, stamped on its message by the sinks; the document gets the times at the end.

What is sent again on purpose, by `wire replay` or as a dead letter, waited for a person: it has times and no latency.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from pipeline.config import StageName
from pipeline.dead_letters import attempts
from pipeline.headers import CLEANED_AT, ENRICHED_AT, RECEIVED_AT, REPLAY, TRACE_ID, Headers

STAMPS: dict[StageName, str] = {"clean": CLEANED_AT, "enrich": ENRICHED_AT}
"""The header in which each stage says when it was done."""


def latency(headers: Headers, at: datetime) -> float | None:
    """Seconds from the receipt of the item with these headers until ``at``; None where they'd mislead."""
    received = _moment(headers, RECEIVED_AT)
    if received is None or REPLAY in headers or attempts(headers):
        return None
    return max(0.0, (at - received).total_seconds())


def with_times(document: bytes, headers: Headers, at: datetime) -> bytes:
    """A document, as JSON, with ``ingest`` (the times of its stages, its trace id) and ``latency`` in seconds.

    They are put behind what is there: the document is not parsed again.

    Args:
        document: a JSON object that is not empty.
        headers: those of the message it was made of.
        at: when it is sent to the index.
    """
    fields: dict[str, Any] = {"ingest": dict(_ingest(headers)) | {"indexedAt": at.isoformat()}}
    seconds = latency(headers, at)
    if seconds is not None:
        fields["latency"] = round(seconds, 3)
    return document[:-1] + b"," + orjson.dumps(fields)[1:]


def _ingest(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, header in (("cleanedAt", CLEANED_AT), ("enrichedAt", ENRICHED_AT)):
        if moment := _moment(headers, header):
            yield name, moment.isoformat()
    if trace := headers.get(TRACE_ID):
        yield "traceId", trace.decode("utf-8", "replace")


def _moment(headers: Headers, name: str) -> datetime | None:
    """A header's time; None where it is none, or has no time zone."""
    try:
        moment = datetime.fromisoformat(headers.get(name, b"").decode())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
