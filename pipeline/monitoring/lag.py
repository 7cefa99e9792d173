"""How far a consumer group is behind on a partition, in messages and in seconds: the figures and their rules.

Messages: the end of the log minus the committed offset, as Kafka's own tools count them. What
retention has deleted before it was read no longer counts: a commit before the start of the log counts
from there.

Seconds: now minus the timestamp of the record at the committed offset, which is the oldest that waits.
Nothing is interpolated, so it is right on idle topics too; 0 where nothing waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import TopicSettings
from pipeline.monitoring.status import Status, Trend

ALLOWED = 60.0
"""Seconds a message may wait before its consumer is judged, unless told otherwise; see `pipeline.monitoring.status`."""


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
        trend: where the lag goes; None before it was looked at three times.
        commit_age: seconds for which the committed offset is known not to have moved; None at the first look.
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
    trend: Trend | None = None
    commit_age: float | None = None


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
