"""What travels in the headers of a message comes out as it went in, and nothing strange in them does harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.headers import CONTENT_TYPE, PROVIDER, RECEIVED_AT, SOURCE, TRACE_ID, Headers, Hints, to_headers

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TEXT = st.text(min_size=1)
# Fixed offsets, as isoformat writes them: moments of a named zone are not always equal to themselves.
ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
MOMENTS = st.datetimes(timezones=ZONES)


def hints_of(headers: Headers) -> Hints:
    return Hints.from_headers(headers, source="wire.raw/0/7", received_at=RECEIVED)


@given(st.builds(Hints, TEXT, MOMENTS, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT))
def test_hints_come_back_as_they_went(hints: Hints) -> None:
    again = hints_of(hints.headers())
    assert again == hints
    assert again.received_at.utcoffset() == hints.received_at.utcoffset()


def test_what_is_not_known_is_left_out() -> None:
    assert Hints("a.txt", RECEIVED).headers() == {SOURCE: b"a.txt", RECEIVED_AT: b"2026-11-02T09:30:00+00:00"}


def test_a_message_of_somebody_else_gets_the_source_and_time_it_was_found_at() -> None:
    assert hints_of({}) == Hints("wire.raw/0/7", RECEIVED)


@pytest.mark.parametrize("name", [SOURCE, RECEIVED_AT, CONTENT_TYPE, PROVIDER, TRACE_ID])
def test_an_empty_header_is_none(name: str) -> None:
    assert hints_of({name: b""}) == hints_of({})


@pytest.mark.parametrize("stated", [b"yesterday", b"2026-11-02T09:30:00", b"2026-13-40", b"\xff\xfe", b"1762075800"])
def test_a_time_that_is_none_or_has_no_zone_is_not_believed(stated: bytes) -> None:
    assert hints_of({RECEIVED_AT: stated}).received_at == RECEIVED


def test_a_header_that_is_no_utf_8_is_read_all_the_same() -> None:
    assert hints_of({PROVIDER: b"caf\xe9 wire"}).provider == "caf\ufffd wire"


@given(st.dictionaries(st.sampled_from([SOURCE, RECEIVED_AT, CONTENT_TYPE, PROVIDER, TRACE_ID]), st.binary()))
def test_no_bytes_in_a_header_can_stop_an_item(headers: Headers) -> None:
    hints = hints_of(headers)
    assert hints.source
    assert hints.received_at.tzinfo


@pytest.mark.parametrize(
    "given_as", [{"a": b"1", "b": b"2"}, [("a", b"1"), ("b", b"2")], (("a", b"0"), ("b", b"2"), ("a", b"1"))]
)
def test_headers_are_a_dictionary_whatever_the_client(given_as: Headers | list[tuple[str, bytes]]) -> None:
    assert to_headers(given_as) == {"a": b"1", "b": b"2"}


def test_no_headers_are_an_empty_dictionary_and_the_given_one_is_not_shared() -> None:
    assert to_headers(None) == {}
    mine: Headers = {"a": b"1"}
    to_headers(mine)["b"] = b"2"
    assert mine == {"a": b"1"}
