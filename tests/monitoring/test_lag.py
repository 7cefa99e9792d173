"""The arithmetic of lag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import TopicSettings
from pipeline.monitoring.lag import age, next_offset, our_groups, waiting

OFFSETS = st.integers(min_value=0, max_value=2**62)


@given(st.none() | OFFSETS, OFFSETS, OFFSETS)
def test_waiting_is_never_negative_nor_more_than_the_log_holds(committed: int | None, start: int, end: int) -> None:
    assert 0 <= waiting(committed, start, end) <= max(0, end - start)


@given(OFFSETS, OFFSETS, OFFSETS)
def test_within_the_log_waiting_is_end_minus_commit(a: int, b: int, c: int) -> None:
    start, committed, end = sorted((a, b, c))
    assert waiting(committed, start, end) == end - committed
    assert next_offset(committed, start, end) == committed


@given(OFFSETS, OFFSETS, st.integers(min_value=0, max_value=1000), st.integers(min_value=0, max_value=1000))
def test_committing_more_never_makes_more_wait(a: int, b: int, first: int, more: int) -> None:
    start, end = sorted((a, b))
    earlier, later = min(start + first, end), min(start + first + more, end)
    assert waiting(later, start, end) <= waiting(earlier, start, end)


@pytest.mark.parametrize(
    ("committed", "start", "end", "messages"),
    [
        (7, 0, 10, 3),
        (10, 0, 10, 0),
        (None, 0, 10, 10),
        (None, 4, 10, 6),
        (2, 4, 10, 6),  # what was deleted before it was read no longer counts
        (3, 10, 10, 0),  # all of it deleted
        (50, 0, 10, 10),  # the topic was created anew: the group starts again
        (0, 0, 0, 0),
    ],
)
def test_waiting(committed: int | None, start: int, end: int, messages: int) -> None:
    assert waiting(committed, start, end) == messages


@pytest.mark.parametrize(("written", "seconds"), [(None, 0.0), (100.0, 20.5), (130.0, 0.0)])
def test_age(written: float | None, seconds: float) -> None:
    assert age(written, 120.5) == seconds


def test_our_groups_read_the_topics_of_the_settings() -> None:
    groups = our_groups(TopicSettings(raw="r", articles="a", enriched="e"))
    assert groups == {"wire-clean": ("r",), "wire-enrich": ("a",), "wire-index": ("e",)}
