"""Burrow's rules: against a transcription of them, and on consumers that behave well and badly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.monitoring.status import WINDOW, Commit, History, Look, Status, Trend, Verdict, Window, judge, trend

ALLOWED = 60.0

# -- the rules -------------------------------------------------------------------------------------


def by_the_book(look: Look, commits: Sequence[Commit], ends: Sequence[int]) -> Status:  # noqa: C901, PLR0911, PLR0912
    """The rules as they are written down, each as literally as can be."""
    nothing_waits = look.messages == 0 or look.seconds == 0
    if nothing_waits:
        return Status.OK
    if len(commits) >= 2:
        since_last, spanned = look.at - commits[-1].at, commits[-1].at - commits[0].at
        stopped = since_last > spanned
    else:
        stopped = look.members == 0
    had_zero_lag = False
    for end in ends:
        if look.committed is not None and look.committed >= end:
            had_zero_lag = True
    if stopped and not had_zero_lag:
        return Status.STOP
    if look.committed is None:
        return Status.NO_COMMIT
    if look.seconds is not None and look.seconds <= ALLOWED:
        return Status.OK
    for number in range(1, len(commits)):
        went_back = commits[number].offset < commits[number - 1].offset
        if went_back and commits[-1].offset < commits[number - 1].offset:
            return Status.REWIND
    for commit in commits:
        if not commit.late:
            return Status.OK
    if len(commits) == WINDOW:
        if all(commit.offset == commits[0].offset for commit in commits):
            return Status.STALL
        for number in range(1, WINDOW):
            if commits[number].messages < commits[number - 1].messages:
                return Status.OK
    return Status.WARN


OFFSETS = st.integers(0, 4)
TIMES = st.integers(0, 40).map(float)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Look, list[Commit], list[int]]:
    """A look with the commits and log ends before it; few values, so that they often coincide."""
    count = draw(st.sampled_from([0, 1, 2, 5, WINDOW]))
    offsets = draw(st.just([2] * count) | st.lists(OFFSETS, min_size=count, max_size=count))
    lateness = draw(st.just([True] * count) | st.lists(st.booleans(), min_size=count, max_size=count))
    lags = draw(st.just([3] * count) | st.lists(st.integers(0, 3), min_size=count, max_size=count))
    times = sorted(draw(st.lists(TIMES, min_size=count, max_size=count)))
    commits = [Commit(*one) for one in zip(times, offsets, lags, lateness, strict=True)]
    at = times[-1] + draw(TIMES) if times else 0.0
    committed = draw(st.none() | OFFSETS)
    seconds = draw(st.none() | st.sampled_from([0.0, 1.0, ALLOWED, ALLOWED + 1]))
    look = Look(at, committed, 4, draw(st.integers(0, 3)), seconds, draw(st.none() | st.integers(0, 1)))
    return look, commits, draw(st.lists(OFFSETS, max_size=WINDOW))


@given(situations())
def test_the_rules_are_applied_as_they_are_written_down(situation: tuple[Look, list[Commit], list[int]]) -> None:
    look, commits, ends = situation
    assert judge(look, commits, ends, ALLOWED) is by_the_book(look, commits, ends)


# -- consumers -------------------------------------------------------------------------------------


def seen(looks: Iterable[Look], allowed: float = 5.0) -> list[Verdict]:
    window = Window()
    return [window.see(look, allowed) for look in looks]


def consumer(offsets: Sequence[int], *, rate: int = 10, members: Sequence[int] | int = 1) -> list[Look]:
    """A look a second at a consumer of a log that gets ``rate`` messages a second and had 100."""
    looks = []
    for second, committed in enumerate(offsets):
        end = 100 + rate * second
        messages = end - committed
        present = members if isinstance(members, int) else members[second]
        looks.append(Look(float(second), committed, end, messages, messages / rate if rate else messages, present))
    return looks


def test_a_consumer_that_keeps_up_is_always_ok() -> None:
    found = seen(consumer([90 + 10 * second for second in range(60)]))
    assert {verdict.status for verdict in found} == {Status.OK}
    assert {verdict.trend for verdict in found} == {None, Trend.STEADY}
    assert {verdict.commit_age for verdict in found} == {None, 0.0}


def test_a_consumer_that_hangs_stalls_once_its_window_is_whole() -> None:
    found = seen(consumer([100] * 60))
    stalled = next(number for number, verdict in enumerate(found) if verdict.status is Status.STALL)
    # Late after 5 seconds; a window later none of its commits was in time.
    assert stalled == 5 + WINDOW
    assert {verdict.status for verdict in found[stalled:]} == {Status.STALL}
    assert found[-1].commit_age == 59.0
    assert found[-1].trend is Trend.GROWING


def test_a_consumer_that_dies_stops_once_it_is_silent_for_longer_than_its_window() -> None:
    alive = 30
    offsets = [min(90 + 10 * second, 90 + 10 * alive) for second in range(80)]
    found = seen(consumer(offsets, members=[1] * alive + [0] * 50))
    stopped = next(number for number, verdict in enumerate(found) if verdict.status is Status.STOP)
    assert stopped == alive + WINDOW  # the commits span a window of one second less
    assert {verdict.status for verdict in found[stopped:]} == {Status.STOP}


def test_where_nobody_ever_works_it_is_a_stop_at_once_and_stays_one() -> None:
    assert {verdict.status for verdict in seen(consumer([40] * 30, members=0))} == {Status.STOP}


def test_messages_that_come_while_nobody_works_are_a_stop_once_the_window_has_forgotten_the_time_before() -> None:
    caught_up = consumer([100] * 5, rate=0, members=0)
    after = [Look(5.0 + second, 100, 110, 10, 1.0 + second, 0) for second in range(30)]
    found = [verdict.status for verdict in seen(caught_up + after, allowed=60)]
    assert found[:5] == [Status.OK] * 5
    assert Status.STOP in found
    assert found[found.index(Status.STOP) :] == [Status.STOP] * (len(found) - found.index(Status.STOP))


def test_a_group_that_commits_without_members_is_ok_as_long_as_it_moves() -> None:
    moving = seen(consumer([90 + 10 * second for second in range(40)], members=0))
    assert {verdict.status for verdict in moving[1:]} == {Status.OK}


def test_a_rewind_is_one_until_it_has_recovered() -> None:
    offsets = [200 + 10 * second for second in range(20)] + [40 * step for step in range(20)]
    found = [verdict.status for verdict in seen(consumer(offsets, rate=20))]
    assert found[:20].count(Status.REWIND) == 0
    assert found[20] is Status.REWIND
    recovered = next(number for number in range(20, 40) if offsets[number] >= 390)
    assert set(found[20:recovered]) == {Status.REWIND}
    assert Status.REWIND not in found[recovered:]


def test_a_consumer_that_is_too_slow_is_warned_of_and_one_that_catches_up_is_not() -> None:
    slow = seen(consumer([20 + 5 * second for second in range(60)]))
    assert {verdict.status for verdict in slow[WINDOW:]} == {Status.WARN}
    assert slow[-1].trend is Trend.GROWING
    catching_up = seen(consumer([0, *[11 * second for second in range(1, 60)]]))
    assert catching_up[0].status is Status.WARN, "one look can't know"
    assert {verdict.status for verdict in catching_up[WINDOW:]} == {Status.OK}


def test_offsets_that_hold_no_record_wait_for_nobody() -> None:
    behind_a_mark = [Look(float(second), 3, 4, 1, 0.0, 0) for second in range(40)]
    assert {verdict.status for verdict in seen(behind_a_mark)} == {Status.OK}


@pytest.mark.parametrize("spacing", [0.01, 0.1, 0.5])
def test_looks_in_quick_succession_do_not_fill_the_window(spacing: float) -> None:
    window = Window()
    for number in range(int(8 / spacing)):
        status = window.see(Look(number * spacing, 100, 200, 100, 70.0, 1), ALLOWED).status
        assert status is Status.WARN, "under 15 seconds nothing stalls"
    assert window.commits[-1].at == (int(8 / spacing) - 1) * spacing


def test_a_topic_created_anew_begins_a_new_window() -> None:
    window = Window()
    for second in range(20):
        window.see(Look(float(second), 1000, 1100, 100, 70.0, 1), ALLOWED)
    assert window.see(Look(20.0, 5, 10, 5, 70.0, 1), ALLOWED) == Verdict(Status.WARN, None, None)


def test_what_is_gone_does_not_come_back_with_its_old_window() -> None:
    history: History[str] = History()
    old, new = Look(0.0, 9, 9, 0, 0.0, 1), Look(5.0, 9, 9, 0, 0.0, 1)
    history.see("a", old, ALLOWED)
    history.see("b", old, ALLOWED)
    history.keep({"b"})
    assert history.see("a", new, ALLOWED).commit_age is None
    assert history.see("b", new, ALLOWED).commit_age == 5.0


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=WINDOW))
def test_a_trend_turns_round_with_its_lags(lags: list[int]) -> None:
    turned = {Trend.GROWING: Trend.FALLING, Trend.FALLING: Trend.GROWING, Trend.STEADY: Trend.STEADY}
    forwards, backwards = trend(lags), trend(lags[::-1])
    assert forwards is not None
    assert backwards is turned[forwards]
    if min(lags) == max(lags):
        assert forwards is Trend.STEADY
