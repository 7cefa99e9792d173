"""A dead letter says why and where from, and its item can be sent again as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dead_letters import (
    AT,
    ATTEMPTS,
    CAUSE,
    ERROR,
    KEY,
    OFFSET,
    PARTITION,
    STAGE,
    TOPIC,
    DeadLetter,
    Origin,
    attempts,
)
from pipeline.errors import Poison
from pipeline.headers import SOURCE, Headers

AT_TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
POISON = Poison("the item is empty", "feed it again", cause="empty")
ORIGIN = Origin("wire.raw", 3, 41)

# Fixed offsets, as isoformat writes them: moments of a named zone are not always equal to themselves.
ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
OWN_HEADERS = st.dictionaries(
    st.text(min_size=1).filter(lambda name: not name.startswith("dead-")), st.binary(), max_size=4
)
LETTERS = st.builds(
    DeadLetter,
    stage=st.sampled_from(["feed", "clean", "enrich", "index"]),
    cause=st.text(min_size=1),
    error=st.text(),
    at=st.datetimes(timezones=ZONES),
    attempts=st.integers(1, 1000),
    headers=OWN_HEADERS,
    origin=st.none() | st.builds(Origin, st.text(min_size=1), st.integers(0, 2**31), st.integers(0, 2**62)),
    key=st.none() | st.binary(),
    truncated=st.booleans(),
)


def letter(headers: Headers | None = None, origin: Origin | None = ORIGIN) -> DeadLetter:
    return DeadLetter.of(POISON, "clean", at=AT_TEN, headers=headers or {SOURCE: b"a.txt"}, origin=origin, key=b"k")


@given(LETTERS)
def test_a_letter_comes_back_as_it_went(written: DeadLetter) -> None:
    again = DeadLetter.from_headers(written.to_headers())
    assert again == written
    assert again.id == written.id


def test_a_letter_says_why_where_from_and_when() -> None:
    made = letter()
    assert (made.stage, made.cause, made.at, made.attempts) == ("clean", "empty", AT_TEN, 1)
    assert made.error == "the item is empty; feed it again"
    assert (made.origin, made.key, made.truncated) == (ORIGIN, b"k", False)
    assert made.headers == {SOURCE: b"a.txt"}


def test_the_same_failure_is_the_same_letter_and_another_is_another() -> None:
    assert letter().id == letter().id == "wire.raw/3/41"
    assert letter(origin=Origin("wire.raw", 3, 42)).id != letter().id


def test_an_item_that_never_reached_a_topic_is_called_by_its_source() -> None:
    fed = DeadLetter.of(POISON, "feed", at=AT_TEN, headers={SOURCE: "inbox/été.txt".encode()})
    assert fed.id == "feed/inbox/été.txt"
    assert DeadLetter.of(POISON, "feed", at=AT_TEN, headers={}).id == "feed/?"


def test_an_item_that_dies_again_counts_its_attempts_and_keeps_only_its_own_headers() -> None:
    first = letter({SOURCE: b"a.txt", "x-desk": b"night"})
    second = letter(first.to_headers())
    third = letter(second.to_headers())
    assert [one.attempts for one in (first, second, third)] == [1, 2, 3]
    assert third.headers == {SOURCE: b"a.txt", "x-desk": b"night"}


@pytest.mark.parametrize(("said", "number"), [({}, 0), ({ATTEMPTS: b"4"}, 4), ({ATTEMPTS: b"many"}, 0)])
def test_attempts_are_those_of_the_letter_before(said: Headers, number: int) -> None:
    assert attempts(said) == number


@pytest.mark.parametrize("missing", [STAGE, CAUSE, ERROR, AT, ATTEMPTS, PARTITION, OFFSET])
def test_a_message_without_one_of_our_headers_is_no_dead_letter(missing: str) -> None:
    headers = {name: value for name, value in letter().to_headers().items() if name != missing}
    with pytest.raises(Poison, match=missing) as poison:
        DeadLetter.from_headers(headers)
    assert poison.value.cause == "no-dead-letter"


@pytest.mark.parametrize(
    ("name", "value"),
    [(AT, b"yesterday"), (ATTEMPTS, b"many"), (PARTITION, b"x"), (OFFSET, b""), (CAUSE, b"\xff"), (ERROR, b"\xfe")],
)
def test_a_message_with_a_garbled_header_is_no_dead_letter(name: str, value: bytes) -> None:
    with pytest.raises(Poison) as poison:
        DeadLetter.from_headers(letter().to_headers() | {name: value})
    assert poison.value.cause == "no-dead-letter"


def test_the_message_has_no_headers_for_what_a_letter_has_not() -> None:
    headers = DeadLetter.of(POISON, "feed", at=AT_TEN, headers={}).to_headers()
    assert not {TOPIC, PARTITION, OFFSET, KEY} & headers.keys()
    assert DeadLetter.from_headers(headers).key is None
