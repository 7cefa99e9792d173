"""The times on a message's way, and what the document gets of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.headers import CLEANED_AT, ENRICHED_AT, RECEIVED_AT, REPLAY, TRACE_ID, Headers
from pipeline.streaming.stamps import latency, with_times

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
RECEIVED: Headers = {RECEIVED_AT: NOON.isoformat().encode()}
WAY = RECEIVED | {
    CLEANED_AT: b"2026-10-01T12:00:01+00:00",
    ENRICHED_AT: b"2026-10-01T12:00:04.5+00:00",
    TRACE_ID: b"0af7651916cd43dd",
}
DONE = NOON + timedelta(seconds=6.25)


def test_a_document_tells_its_way_and_how_long_it_took() -> None:
    assert json.loads(with_times(b'{"uri":"u"}', WAY, DONE)) == {
        "uri": "u",
        "ingest": {
            "cleanedAt": "2026-10-01T12:00:01+00:00",
            "enrichedAt": "2026-10-01T12:00:04.500000+00:00",
            "indexedAt": "2026-10-01T12:00:06.250000+00:00",
            "traceId": "0af7651916cd43dd",
        },
        "latency": 6.25,
    }


@pytest.mark.parametrize("again", [{REPLAY: b"2026-11-03"}, {"dead-attempts": b"2"}])
def test_what_is_sent_again_on_purpose_has_its_times_and_no_latency(again: Headers) -> None:
    document = json.loads(with_times(b'{"uri":"u"}', WAY | again, DONE))
    assert "latency" not in document
    assert document["ingest"]["indexedAt"] == "2026-10-01T12:00:06.250000+00:00"


@pytest.mark.parametrize("odd", [b"", b"yesterday", b"\xff", b"2026-10-01T12:00:00"])
def test_times_that_are_none_are_left_out(odd: bytes) -> None:
    headers = dict.fromkeys((RECEIVED_AT, CLEANED_AT, ENRICHED_AT), odd)
    assert json.loads(with_times(b'{"uri":"u"}', headers, DONE)) == {
        "uri": "u",
        "ingest": {"indexedAt": "2026-10-01T12:00:06.250000+00:00"},
    }


def test_a_clock_that_is_behind_makes_no_negative_latency() -> None:
    assert latency(RECEIVED, NOON - timedelta(hours=1)) == 0


JSON = st.recursive(st.none() | st.text() | st.integers() | st.booleans(), lambda one: st.lists(one, max_size=3))


@given(st.dictionaries(st.text(), JSON, min_size=1))
def test_the_rest_of_the_document_stays_as_it_is(fields: dict[str, object]) -> None:
    timed = json.loads(with_times(json.dumps(fields).encode(), WAY, DONE))
    assert {key: timed[key] for key in fields if key not in {"ingest", "latency"}} == {
        key: value for key, value in fields.items() if key not in {"ingest", "latency"}
    }
