"""A quiet feed is noticed, a healthy one is not: rhythms simulated over weeks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.monitoring.feeds import KEPT_DAYS, LEAST_SECONDS, FeedSilence, FeedStatus, Rhythm, silence

MONDAY = datetime(2026, 10, 5, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0
Feed = Callable[[random.Random], float]
"""Seconds from one item to the next; told when the last one came, it may depend on that."""


def items(rate: Callable[[int, int], float], days: int, seed: int) -> list[float]:
    """Items of a Poisson process with a rate, an hour, for each weekday (0 is Monday) and hour."""
    drawn, found, moment = random.Random(seed), [], MONDAY
    most = max(rate(day, hour) for day in range(7) for hour in range(24))
    while moment < MONDAY + days * DAY:
        moment += drawn.expovariate(most) * HOUR
        now = datetime.fromtimestamp(moment, UTC)
        if drawn.random() < rate(now.weekday(), now.hour) / most:
            found.append(moment)
    return found


def by_day(weekday: int, hour: int) -> float:
    """Busy from six to ten in the evening, little at weekends, nothing at night."""
    return 0.0 if not 6 <= hour < 22 else 2.0 if weekday >= 5 else 20.0


def rare(weekday: int, hour: int) -> float:
    """Twice a working day."""
    return 0.2 if weekday < 5 and 8 <= hour < 18 else 0.0


def always(weekday: int, hour: int) -> float:
    return 30.0


def bursts(days: int, seed: int) -> list[float]:
    """Dozens of items within minutes, then nothing for hours."""
    drawn, found, moment = random.Random(seed), [], MONDAY
    while moment < MONDAY + days * DAY:
        moment += drawn.lognormvariate(math.log(1.5 * HOUR), 0.8)
        for _ in range(drawn.randint(1, 40)):
            moment += drawn.expovariate(1 / 10)
            found.append(moment)
    return found


def judged(rhythm: Rhythm, now: float) -> FeedSilence:
    (one,) = silence({"kestrel": rhythm}, now)
    return one


@pytest.mark.parametrize(
    "history",
    [items(by_day, 35, 1), items(rare, 35, 2), items(always, 21, 3), bursts(35, 4)],
    ids=["by day", "rare", "always", "bursts"],
)
def test_a_healthy_feed_never_alarms(history: list[float]) -> None:
    rhythm = Rhythm()
    for at, following in pairwise(history):
        rhythm.heard(at)
        if at > MONDAY + 7 * DAY and following - at > LEAST_SECONDS * 2:
            one = judged(rhythm, following - 1)
            assert one.status is not FeedStatus.SILENT, one


@pytest.mark.parametrize(
    ("rate", "cut_hours", "at_most_hours"),
    [(by_day, 10, 3), (by_day, 21.9, 12), (by_day, 5 * 24 + 12, 14), (always, 3, 1), (rare, 17, 190)],
    ids=["by day", "before the night", "on Saturday", "always", "rare"],
)
def test_a_feed_that_is_cut_off_is_noticed_in_its_own_time(
    rate: Callable[[int, int], float], cut_hours: float, at_most_hours: float
) -> None:
    cut = MONDAY + 28 * DAY + cut_hours * HOUR
    rhythm = Rhythm()
    for at in items(rate, 35, 5):
        if at < cut:
            rhythm.heard(at)
    assert judged(rhythm, cut).status is FeedStatus.OK
    one = judged(rhythm, cut + at_most_hours * HOUR)
    assert one.status is FeedStatus.SILENT
    assert one.expected is not None
    assert judged(rhythm, one.last_at + one.expected - 60).status is not FeedStatus.SILENT


def test_the_night_is_no_silence_and_the_morning_is() -> None:
    rhythm = Rhythm()
    for at in items(by_day, 24, 6):
        rhythm.heard(at)  # to Wednesday evening
    night = MONDAY + 24 * DAY
    silent = [judged(rhythm, night + hour * HOUR).status is FeedStatus.SILENT for hour in (3, 5, 11)]
    assert silent == [False, False, True]


def test_neither_an_outage_nor_a_backfill_becomes_the_rhythm() -> None:
    def usual(history: list[float]) -> float:
        rhythm = Rhythm()
        for at in history:
            rhythm.heard(at)
        found = judged(rhythm, history[-1]).usual
        assert found is not None
        return found

    history = items(always, 21, 7)
    day = MONDAY + 16 * DAY
    outage = [at for at in history if not day < at < day + 9 * HOUR]
    backfill = sorted([*history, *(day + number / 100 for number in range(20_000))])
    assert usual(outage) == pytest.approx(usual(history), rel=0.3)
    assert usual(backfill) == pytest.approx(usual(history), rel=0.05)


def test_nothing_is_said_of_a_feed_that_is_hardly_known() -> None:
    rhythm = Rhythm()
    for number in range(40):
        rhythm.heard(MONDAY + number * HOUR)
    one = judged(rhythm, MONDAY + 30 * DAY)
    assert (one.status, one.usual, one.expected) == (FeedStatus.LEARNING, None, None)
    assert one.seconds == 30 * DAY - 39 * HOUR
    assert silence({"nothing": Rhythm()}, MONDAY) == []


@settings(max_examples=50)
@given(gaps=st.lists(st.floats(0, 2 * DAY), min_size=1, max_size=60), later=st.floats(0, 60 * DAY), order=st.randoms())
def test_whatever_came_in_whatever_order_the_figures_make_sense(
    gaps: list[float], later: float, order: random.Random
) -> None:
    moments = [MONDAY + sum(gaps[:number]) for number in range(len(gaps))]
    mixed = moments[:]
    order.shuffle(mixed)
    rhythm = Rhythm()
    for at in mixed:
        rhythm.heard(at)
    assert max(rhythm.hours) - min(rhythm.hours) <= KEPT_DAYS * 24
    one = judged(rhythm, moments[-1] + later)
    assert one.last_at == moments[-1]
    assert one.seconds == pytest.approx(later, abs=1e-3)
    if one.usual is not None and one.expected is not None:
        assert 0 <= one.usual <= max(one.expected, LEAST_SECONDS)
        assert (one.status is FeedStatus.SILENT) == (one.seconds > one.expected)
    assert Rhythm.model_validate_json(rhythm.model_dump_json()) == rhythm
