"""How far a consumer group is behind on a partition, in messages and in seconds: the figures and their rules.

Messages: the end of the log minus the committed offset, as Kafka's own tools count them. What
retention has deleted before it was read no longer counts: a commit before the start of the log counts
from there.

Seconds: now minus the timestamp of the record at the committed offset, which is the oldest that waits.
Nothing is interpolated, so it is right on idle topics too; 0 where nothing waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.config import TopicSettings

ALLOWED = 60.0
"""Seconds a message may wait before its partition is no longer `Status.OK`, unless told otherwise."""


class Status(StrEnum):
    """What one measurement can say of a partition; the names are Burrow's where it has the state.

    Burrow's other states (STALL, REWIND) compare several commits: one measurement can't tell them.
    """

    OK = "OK"
    """Nothing waits, or nothing waits longer than allowed."""
    WARN = "WARN"
    """A message waits longer than allowed, or it isn't known how long."""
    NO_COMMIT = "NO COMMIT"
    """The group has members but never committed here: the whole log counts as its lag."""
    STOP = "STOP"
    """Messages wait and the group has no member that could take them."""


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """The lag of one group on one partition.

    Attributes:
        committed: the offset the group reads next, as it committed it; None where it never did.
        start: the offset of the first record still in the log, or where it would be.
        end: the offset the next record will get.
        messages: how many offsets lie between the group and the end. In compacted or transactional
            topics not each of them is a record.
        seconds: how long the oldest waiting record has been waiting; None if it couldn't be read.
        members: members of the group, in all; None where the broker doesn't tell (groups of the
            protocol of KIP-848, which kafka-python can't describe).
        state: the state of the group, as Kafka calls it: Stable, Empty, PreparingRebalance, ...;
            Dead is a group Kafka knows nothing of.
    """

    group: str
    topic: str
    partition: int
    committed: int | None
    start: int
    end: int
    messages: int
    seconds: float | None
    members: int | None
    state: str
    status: Status


def our_groups(topics: TopicSettings) -> dict[str, tuple[str, ...]]:
    """The consumer groups of our three stages, each with the topic it reads."""
    prefix = topics.group_prefix
    return {
        f"{prefix}-clean": (topics.raw,),
        f"{prefix}-enrich": (topics.articles,),
        f"{prefix}-index": (topics.enriched,),
    }


def next_offset(committed: int | None, start: int, end: int) -> int:
    """The offset a group reads from next, within the log (from ``start`` to ``end``, both included).

    A commit beyond the end (the topic was created anew, or lost its end in an unclean election) is
    worth nothing: the group will start again, so all that is in the log counts.
    """
    return start if committed is None or not start <= committed <= end else committed


def waiting(committed: int | None, start: int, end: int) -> int:
    """Messages between a group and the end of the log; never negative."""
    return max(0, end - next_offset(committed, start, end))


def age(written: float | None, now: float) -> float:
    """Seconds since ``written``, 0 where no record waits (None).

    A producer's clock that is ahead of ours makes no negative age.
    """
    return 0.0 if written is None else max(0.0, now - written)


def judge(messages: int, seconds: float | None, committed: int | None, members: int | None, allowed: float) -> Status:
    """What a partition's figures say: the first rule that fits."""
    if messages == 0:
        return Status.OK
    if members == 0:
        return Status.STOP
    if committed is None:
        return Status.NO_COMMIT
    return Status.WARN if seconds is None or seconds > allowed else Status.OK
