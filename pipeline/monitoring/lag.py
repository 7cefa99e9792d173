"""How far consumer groups are behind, in messages and in seconds, for any group of any cluster.

Messages: the end of the log minus the committed offset, as Kafka's own tools count them. Commits are
read before the ends of the logs, so the difference is never negative by a race. What retention has
deleted before it was read no longer counts: a commit before the start of the log counts from there.

Seconds: now minus the timestamp of the record at the committed offset, which is the oldest that waits.
Nothing is interpolated, so it is right on idle topics too; 0 where nothing waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.protocol.consumer import OffsetSpec

from pipeline.config import KafkaSettings, TopicSettings
from pipeline.kafka_clients import explained, open_admin, open_consumer
from pipeline.monitoring.timestamps import CONSUMER_OPTIONS, timestamps

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
        state: the state of the group, as Kafka calls it: Stable, Empty, PreparingRebalance, ...
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


@dataclass(frozen=True, slots=True)
class _Group:
    state: str
    members: int | None
    topics: frozenset[str]


def our_groups(topics: TopicSettings) -> dict[str, tuple[str, ...]]:
    """The consumer groups of our three stages, each with the topic it reads."""
    return {"wire-clean": (topics.raw,), "wire-enrich": (topics.articles,), "wire-index": (topics.enriched,)}


def waiting(committed: int | None, start: int, end: int) -> int:
    """Messages between a group and the end of the log; never negative.

    A commit beyond the end (the topic was created anew, or lost its end in an unclean election) is
    worth nothing: the group will start again, so all that is in the log counts.
    """
    if committed is None or not start <= committed <= end:
        return max(0, end - start)
    return end - committed


def status(messages: int, seconds: float | None, committed: int | None, members: int | None, allowed: float) -> Status:
    """What a partition's figures say; the first rule that fits, from nothing waiting to within allowed."""
    if messages == 0:
        return Status.OK
    if members == 0:
        return Status.STOP
    if committed is None:
        return Status.NO_COMMIT
    return Status.WARN if seconds is None or seconds > allowed else Status.OK


class LagMonitor:
    """Measures again and again over the same connections; see `open_monitor`."""

    def __init__(self, kafka: KafkaSettings, admin: KafkaAdminClient, consumer: KafkaConsumer) -> None:
        self._kafka = kafka
        self._admin = admin
        self._consumer = consumer

    def groups(self) -> list[str]:
        """The names of all consumer groups of the cluster. Raises as `measure`."""
        with explained(self._kafka):
            return sorted(group["group_id"] for group in self._admin.list_groups())

    def measure(
        self,
        groups: Mapping[str, Collection[str]],
        *,
        allowed: float = ALLOWED,
        now: Callable[[], float] = time.time,
    ) -> list[PartitionLag]:
        """Measure the lag of ``groups``, each given with topics it is known to read.

        All partitions of those topics, and of the topics a group has committed on or is assigned,
        are measured. A group that is unknown and whose topics don't exist is not in the result.

        Args:
            groups: the groups and the topics they are known to read (may be empty).
            allowed: seconds a message may wait.
            now: tells the time, in seconds since the epoch.

        Returns:
            One figure per group and partition, sorted by group (as given), topic and partition.

        Raises:
            ServiceUnreachable: Kafka does not answer.
            Misconfigured: the broker refuses us.
            Fatal: the broker answers with an error.
        """
        with explained(self._kafka):
            commits = self._commits(list(groups))  # first: the logs only grow
            described = self._describe(list(groups))
            topics = {
                name: set(known) | described[name].topics | {tp.topic for tp in commits[name]}
                for name, known in groups.items()
            }
            partitions = self._partitions(set().union(*topics.values()))
            logs = self._logs([tp for tps in partitions.values() for tp in tps])
            moment = now()
            rows = [
                (name, tp, commits[name].get(tp))
                for name in groups
                for topic in sorted(topics[name])
                for tp in partitions.get(topic, [])
            ]
            written = self._written(rows, logs)
        return [
            _lag(name, tp, at, log=logs[tp], written=written, moment=moment, group=described[name], allowed=allowed)
            for name, tp, at in rows
        ]

    def _commits(self, groups: list[str]) -> dict[str, dict[TopicPartition, int]]:
        found = self._admin.list_group_offsets(groups) if groups else {}
        return {
            name: {tp: commit.offset for tp, commit in found.get(name, {}).items() if commit.offset >= 0}
            for name in groups
        }

    def _describe(self, groups: list[str]) -> dict[str, _Group]:
        described = self._admin.describe_groups(groups) if groups else {}
        listed = {group["group_id"]: group for group in self._admin.list_groups()}
        return {name: _group(described[name], listed.get(name)) for name in groups}

    def _partitions(self, topics: Collection[str]) -> dict[str, list[TopicPartition]]:
        """The partitions of those of ``topics`` that exist."""
        found = self._admin.describe_topics(sorted(topics)) if topics else []
        return {
            topic["name"]: sorted(TopicPartition(topic["name"], p["partition_index"]) for p in topic["partitions"])
            for topic in found
            if not topic["error_code"]
        }

    def _logs(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, tuple[int, int]]:
        """Start and end of each partition's log."""
        if not partitions:
            return {}
        starts = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        ends = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        return {tp: (starts[tp].offset, ends[tp].offset) for tp in partitions}

    def _written(
        self, rows: Collection[tuple[str, TopicPartition, int | None]], logs: Mapping[TopicPartition, tuple[int, int]]
    ) -> dict[tuple[TopicPartition, int], float | None]:
        asked = {(tp, _next(at, *logs[tp])) for _, tp, at in rows if waiting(at, *logs[tp])}
        return timestamps(self._consumer, asked, {tp: end for tp, (_, end) in logs.items()})


@contextmanager
def open_monitor(kafka: KafkaSettings) -> Iterator[LagMonitor]:
    """A monitor with its connections, closed at the end. Raises as `LagMonitor.measure`."""
    with open_admin(kafka) as admin, open_consumer(kafka, **CONSUMER_OPTIONS) as consumer:
        yield LagMonitor(kafka, admin, consumer)


def measure(
    kafka: KafkaSettings, groups: Mapping[str, Collection[str]], *, allowed: float = ALLOWED
) -> list[PartitionLag]:
    """Measure once; see `LagMonitor.measure`."""
    with open_monitor(kafka) as monitor:
        return monitor.measure(groups, allowed=allowed)


def _next(committed: int | None, start: int, end: int) -> int:
    """The offset of the record the group will get next, if there is one; it fits `waiting`."""
    return start if committed is None or not start <= committed <= end else committed


def _lag(
    name: str,
    tp: TopicPartition,
    committed: int | None,
    *,
    log: tuple[int, int],
    written: Mapping[tuple[TopicPartition, int], float | None],
    moment: float,
    group: _Group,
    allowed: float,
) -> PartitionLag:
    messages = waiting(committed, *log)
    seconds = _seconds(written, (tp, _next(committed, *log)), moment) if messages else 0.0
    return PartitionLag(
        group=name,
        topic=tp.topic,
        partition=tp.partition,
        committed=committed,
        start=log[0],
        end=log[1],
        messages=messages,
        seconds=seconds,
        members=group.members,
        state=group.state,
        status=status(messages, seconds, committed, group.members, allowed),
    )


def _seconds(
    written: Mapping[tuple[TopicPartition, int], float | None], record: tuple[TopicPartition, int], moment: float
) -> float | None:
    """How long a record has been waiting; a producer's clock that is ahead of ours makes no negative age."""
    if record not in written:
        return None
    at = written[record]
    return 0.0 if at is None else max(0.0, moment - at)


def _group(described: Mapping[str, Any], listed: Mapping[str, Any] | None) -> _Group:
    """A group's state and members, and the topics assigned to them."""
    if described["error"] and listed and listed["group_state"] != described["group_state"]:
        # A group of KIP-848's protocol: DescribeGroups does not know it, ListGroups does.
        return _Group(listed["group_state"], 0 if listed["group_state"] == "Empty" else None, frozenset())
    assigned = {
        topic["topic"]
        for member in described["members"]
        for topic in (member["member_assignment"] or {}).get("assigned_partitions", [])
    }
    return _Group(described["group_state"], len(described["members"]), frozenset(assigned))
