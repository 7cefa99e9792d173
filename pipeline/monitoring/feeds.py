"""How long each feed has been silent, against its own rhythm.

A feed that is busy by day says nothing at night and little on Sundays: seconds of silence mean nothing by themselves.
They are counted by a clock of the feed's own, which runs in the hours in which it usually says something and stands
still in those in which it never does (time rescaling, as of point processes: Brown et al., "The Time-Rescaling
Theorem and Its Application to Neural Spike Train Data Analysis", 2002). An hour counts as much as the share of days on
which it had an item; Mondays to Fridays, Saturdays and Sundays are kept apart. Whether an hour had one item or a
thousand is the same: a burst or a backfill changes nothing.

By that clock the longest silence of each day is taken, of working days and weekends apart, and the longest of those,
but for one in fourteen days: an outage of last week is no rhythm. A feed is silent when it has been so for `TIMES` that
long. Where the clock fits a feed badly its usual silences are long by it, too: it is noticed later, not for nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise

from pydantic import BaseModel, Field

TIMES = 3.0
"""A feed is silent when it has been so for so many times its usual longest silence."""

LEAST_SECONDS = 600.0
"""A shorter silence is none."""

KEPT_DAYS = 28
LEARNING_HOURS = 48
LEARNING_ACTIVE = 10
"""Hours with items, among those, before anything is said of a feed."""

_HOUR = 3600
_FORTNIGHT = 14
_FEWEST_DAYS = 2


class FeedStatus(Enum):
    """What a feed's silence means."""

    OK = "OK"
    SILENT = "SILENT"
    LEARNING = "LEARNING"


@dataclass(frozen=True, slots=True)
class FeedSilence:
    """How long a feed has been silent.

    Attributes:
        feed: its name.
        last_at: when its last item came, in seconds since the epoch.
        seconds: since then.
        usual: seconds its longest usual silence would last if it had begun then; None while it is learned.
        expected: seconds after which the silence is unusual; None while it is learned.
        status: whether it is.
    """

    feed: str
    last_at: float
    seconds: float
    usual: float | None
    expected: float | None
    status: FeedStatus


class Active(BaseModel):
    """An hour in which a feed said something: when first, when last, and the longest gap between, in seconds."""

    first: float
    last: float
    longest: float = 0.0


class Rhythm(BaseModel):
    """What is known of a feed: its active hours, by their number since the epoch, at most `KEPT_DAYS` back."""

    hours: dict[int, Active] = Field(default_factory=dict)

    def heard(self, at: float) -> None:
        """An item came. Items shall come in their order; one that comes late leaves gaps as they are.

        Args:
            at: when, in seconds since the epoch.
        """
        number = int(at // _HOUR)
        if known := self.hours.get(number):
            known.longest = max(known.longest, at - known.last)
            known.first, known.last = min(known.first, at), max(known.last, at)
        else:
            self.hours[number] = Active(first=at, last=at)
            oldest = max(self.hours) - KEPT_DAYS * 24
            for old in [one for one in self.hours if one < oldest]:
                del self.hours[old]


def silence(rhythms: Mapping[str, Rhythm], now: float) -> list[FeedSilence]:
    """How silent each feed is.

    Args:
        rhythms: feeds by their names.
        now: seconds since the epoch.

    Returns:
        One figure for each feed of which an item is known, sorted by name.
    """
    return [_silence(feed, rhythm, now) for feed, rhythm in sorted(rhythms.items()) if rhythm.hours]


def _silence(feed: str, rhythm: Rhythm, now: float) -> FeedSilence:
    numbers = sorted(rhythm.hours)
    last = rhythm.hours[numbers[-1]].last
    seconds = max(0.0, now - last)
    if numbers[-1] - numbers[0] < LEARNING_HOURS or len(numbers) < LEARNING_ACTIVE:
        return FeedSilence(feed, last, seconds, None, None, FeedStatus.LEARNING)
    clock = _Clock(numbers)
    usual = _usual_longest(rhythm, numbers, clock)
    longest = max(usual[_is_weekend(last)], usual[_is_weekend(now)])
    expected = max(clock.reaches(last, TIMES * longest), LEAST_SECONDS)
    status = FeedStatus.SILENT if seconds > expected else FeedStatus.OK
    return FeedSilence(feed, last, seconds, clock.reaches(last, longest), expected, status)


class _Clock:
    """A feed's own time: each hour lasts as long as it is likely to have an item.

    Args:
        active: the numbers of the hours that had one, sorted. What lies between the first and the last is known.
    """

    def __init__(self, active: list[int]) -> None:
        self._start, known_end = active[0], active[-1] + 1
        seen: defaultdict[tuple[int, int], int] = defaultdict(int)
        had: defaultdict[tuple[int, int], int] = defaultdict(int)
        for number in range(self._start, known_end):
            seen[_kind(number)] += 1
        for number in active:
            had[_kind(number)] += 1
        # A kind of hour that was never seen counts nothing: no alarm on the first Saturday.
        self._share = {kind: had[kind] / times for kind, times in seen.items()}
        ahead = range(self._start, known_end + KEPT_DAYS * 24)
        self._until = list(accumulate((self._smoothed(number) for number in ahead), initial=0.0))

    def at(self, moment: float) -> float:
        """What the clock shows at a moment, in seconds since the epoch."""
        hours = moment / _HOUR - self._start
        whole = min(max(int(hours), 0), len(self._until) - 2)
        return self._until[whole] + (self._until[whole + 1] - self._until[whole]) * min(hours - whole, 1.0)

    def reaches(self, since: float, span: float) -> float:
        """Seconds after ``since`` at which the clock has gone on by ``span``; infinite if that is weeks ahead."""
        wanted = self.at(since) + span
        index = bisect_left(self._until, wanted)
        if index >= len(self._until):
            return math.inf
        if index == 0:
            return 0.0
        before, after = self._until[index - 1], self._until[index]
        part = (wanted - before) / (after - before)
        return (self._start + index - 1 + part) * _HOUR - since

    def _smoothed(self, number: int) -> float:
        """The hours beside count too: a feed that begins at seven now and then begins at eight."""
        around = [(self._share.get(_kind(number + step), 0.0), weight) for step, weight in ((-1, 1), (0, 2), (1, 1))]
        return sum(share * weight for share, weight in around) / 4


def _usual_longest(rhythm: Rhythm, numbers: list[int], clock: _Clock) -> dict[bool, float]:
    """The longest silence of a usual day, by the feed's clock: False for working days, True for weekends."""
    of_day: defaultdict[int, float] = defaultdict(float)
    for ended, gap in _gaps(rhythm, numbers, clock):
        of_day[ended // 24] = max(of_day[ended // 24], gap)
    all_days = list(of_day.values())
    found = {}
    for weekend in (False, True):
        alike = [gap for day, gap in of_day.items() if _is_weekend(day * 24 * _HOUR) is weekend]
        days = sorted(alike if len(alike) >= _FEWEST_DAYS else all_days)
        found[weekend] = days[-1 - len(days) // _FORTNIGHT]
    return found


def _gaps(rhythm: Rhythm, numbers: list[int], clock: _Clock) -> Iterator[tuple[int, float]]:
    """Silences that are over: the number of the hour in which one ended, and how long it was by the clock."""
    for number in numbers:
        an_hour = clock.at((number + 1) * _HOUR) - clock.at(number * _HOUR)
        yield number, an_hour * rhythm.hours[number].longest / _HOUR
    for before, after in pairwise(numbers):
        yield after, clock.at(rhythm.hours[after].first) - clock.at(rhythm.hours[before].last)


def _is_weekend(moment: float) -> bool:
    return _weekday(int(moment // _HOUR)) >= 5


def _kind(number: int) -> tuple[int, int]:
    """Monday to Friday, Saturday or Sunday, and the hour of the day, in UTC."""
    return max(0, _weekday(number) - 4), number % 24


def _weekday(number: int) -> int:
    """0 is Monday; the epoch began on a Thursday."""
    return (number // 24 + 3) % 7
