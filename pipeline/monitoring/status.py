"""What a partition's figures say of its consumer: Burrow's rules over a sliding window of commits.

Burrow reads each commit from the topic ``__consumer_offsets``. Here committed offsets are seen by looking at them again
and again, which shows every move, but not a commit that repeats the offset: while the group has members they are taken
to repeat it. A group without members commits only when its offset moves.

The rules, the first that fits (https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules):

1. OK: nothing waits.
2. STOP: the time since the last commit is longer than the window of commits, and the group was not caught up within it.
3. NO COMMIT (ours): the group has members and never committed here.
4. OK: the oldest message waits no longer than allowed.
5. REWIND: the offset went back and has not recovered.
6. OK: within the window a message waited no longer than allowed.
7. STALL: all commits of a whole window are of one offset.
8. WARN: the lag falls nowhere in a whole window. Before the window is whole this is not known: WARN as well.
9. OK: the lag falls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

WINDOW = 15
"""Commits, and looks, that the rules go by; Burrow's default is 10 or 15, by its release."""

MIN_DISTANCE = 1.0
"""Seconds between commits of a window (Burrow's `min-distance`): of closer ones the newest stands."""

_STEADY = 0.1
_LEAST_FOR_TREND = 3

KeyT = TypeVar("KeyT", bound=Hashable)


class Status(StrEnum):
    """What the figures say; see the module's rules."""

    OK = "OK"
    """Nothing waits, or not longer than allowed, or what waits gets less."""
    WARN = "WARN"
    """A message waits longer than allowed, and the lag does not fall."""
    NO_COMMIT = "NO COMMIT"
    """The group has members but never committed here: the whole log counts as its lag."""
    REWIND = "REWIND"
    """The committed offset went back: somebody reset it, or a consumer commits what it should not."""
    STALL = "STALL"
    """The group has members, messages wait longer than allowed, and its offset stands still."""
    STOP = "STOP"
    """Messages wait and nobody commits."""


class Trend(StrEnum):
    """Where the lag in messages goes, over the window."""

    GROWING = "growing"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Look:
    """One measurement of a partition.

    Attributes:
        at: when, in seconds since the epoch.
        committed: the committed offset, or None.
        end: the end of the log.
        messages: the lag.
        seconds: how long the oldest message waits: 0 where none does, None where it couldn't be read.
        members: members of the group; None where the broker doesn't tell.
    """

    at: float
    committed: int | None
    end: int
    messages: int
    seconds: float | None
    members: int | None

    def late(self, allowed: float) -> bool:
        """Whether a message waits longer than ``allowed`` seconds, or nobody knows how long."""
        return self.messages > 0 and (self.seconds is None or self.seconds > allowed)

    @property
    def waits(self) -> bool:
        """Whether a message waits: offsets that hold no record (compacted, or a transaction's mark) are none."""
        return self.messages > 0 and self.seconds != 0


@dataclass(frozen=True, slots=True)
class Commit:
    """A committed offset as it was seen: when, with what lag, and whether its oldest message waited too long."""

    at: float
    offset: int
    messages: int
    late: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a partition.

    Attributes:
        status: by the rules.
        trend: None before there are enough looks.
        commit_age: seconds the committed offset is known not to have moved; None at the first look.
    """

    status: Status
    trend: Trend | None
    commit_age: float | None


def judge(look: Look, commits: Sequence[Commit], ends: Sequence[int], allowed: float) -> Status:
    """The status of a partition.

    Args:
        look: the newest measurement.
        commits: the window, oldest first; what ``look`` saw is its last, where that counts as a commit.
        ends: the ends of the log at the last looks, this one's included.
        allowed: seconds a message may wait.
    """
    if not look.waits:
        return Status.OK
    if _stopped(look, commits) and not _recently_caught_up(look, ends):
        return Status.STOP
    if look.committed is None:
        return Status.NO_COMMIT
    if not look.late(allowed):
        return Status.OK
    return _of_a_late_one(commits)


def _of_a_late_one(commits: Sequence[Commit]) -> Status:
    offsets = [commit.offset for commit in commits]
    if offsets and offsets[-1] < max(offsets):
        return Status.REWIND
    if any(not commit.late for commit in commits):
        return Status.OK
    if len(commits) < WINDOW:
        return Status.WARN
    if len(set(offsets)) == 1:
        return Status.STALL
    falls = any(later.messages < earlier.messages for earlier, later in pairwise(commits))
    return Status.OK if falls else Status.WARN


def _stopped(look: Look, commits: Sequence[Commit]) -> bool:
    if len(commits) < 2:  # of a single commit it isn't known when it was made, only whether there is anybody
        return look.members == 0
    return look.at - commits[-1].at > commits[-1].at - commits[0].at


def _recently_caught_up(look: Look, ends: Sequence[int]) -> bool:
    committed = look.committed
    return committed is not None and any(end <= committed for end in ends)


def trend(messages: Sequence[int]) -> Trend | None:
    """Where a lag goes: the mean of the first third of its looks against that of the last; None for under three."""
    if len(messages) < _LEAST_FOR_TREND:
        return None
    third = len(messages) // 3
    first, last = sum(messages[:third]) / third, sum(messages[-third:]) / third
    if abs(last - first) <= max(1.0, _STEADY * max(first, last)):
        return Trend.STEADY
    return Trend.GROWING if last > first else Trend.FALLING


@dataclass(slots=True)
class Window:
    """The last looks at one partition, and the commits they saw."""

    commits: deque[Commit] = field(default_factory=lambda: deque(maxlen=WINDOW))
    looks: deque[Look] = field(default_factory=lambda: deque(maxlen=WINDOW))
    unmoved_since: float = 0.0

    def see(self, look: Look, allowed: float) -> Verdict:
        """Take a look in; returns what is said of the partition now."""
        if self.looks and look.end < self.looks[-1].end:  # the topic was created anew
            self.commits.clear()
            self.looks.clear()
        moved = not self.looks or look.committed != self.looks[-1].committed
        if moved:
            self.unmoved_since = look.at
        self.looks.append(look)
        if look.committed is not None and (moved or look.members != 0):
            self._commit(Commit(look.at, look.committed, look.messages, look.late(allowed)))
        return Verdict(
            judge(look, self.commits, [seen.end for seen in self.looks], allowed),
            trend([seen.messages for seen in self.looks]),
            max(0.0, look.at - self.unmoved_since) if len(self.looks) > 1 else None,
        )

    def _commit(self, commit: Commit) -> None:
        if len(self.commits) > 1 and self.commits[-1].at - self.commits[-2].at < MIN_DISTANCE:
            self.commits.pop()
        self.commits.append(commit)


class History(Generic[KeyT]):
    """The windows of many partitions, each under a key."""

    def __init__(self) -> None:
        self._windows: dict[KeyT, Window] = {}

    def see(self, key: KeyT, look: Look, allowed: float) -> Verdict:
        """See `Window.see`."""
        return self._windows.setdefault(key, Window()).see(look, allowed)

    def keep(self, keys: Collection[KeyT]) -> None:
        """Forget all but these: what is deleted must not come back with an old window."""
        self._windows = {key: window for key, window in self._windows.items() if key in keys}
