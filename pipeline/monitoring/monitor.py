"""Measuring the lag of any consumer group of any cluster, over kafka-python."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError
from kafka.protocol.consumer import OffsetSpec
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from pipeline.config import KafkaSettings
from pipeline.kafka_clients import CONNECT_TIMEOUT, explained, open_admin, open_consumer
from pipeline.monitoring.lag import ALLOWED, PartitionLag, age, next_offset, waiting
from pipeline.monitoring.status import History, Look
from pipeline.monitoring.timestamps import CONSUMER_OPTIONS, timestamps

_persistently = retry(
    retry=retry_if_exception(lambda error: isinstance(error, KafkaError) and bool(error.retriable)),
    stop=stop_after_delay(CONNECT_TIMEOUT),
    wait=wait_fixed(0.2),
    reraise=True,
)

Written = Mapping[tuple[TopicPartition, int], float | None]
Place = tuple[str, TopicPartition]
"""A group on a partition."""


@dataclass(frozen=True, slots=True)
class _Group:
    state: str
    members: int | None
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Log:
    """Start and end of a partition's log: the first offset in it, and the one the next record gets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Survey:
    """A whole cluster at one moment: its brokers' number, the log of each partition, groups with members and lags.

    ``members`` has None for a group of which the broker doesn't tell; see `PartitionLag`.
    """

    brokers: int
    logs: Mapping[TopicPartition, Log]
    members: Mapping[str, int | None]
    lags: Sequence[PartitionLag]


class LagMonitor:
    """Measures again and again over one connection; see `open_monitor`.

    Args:
        kafka: where Kafka is.
        admin: a client of it.
        history: what earlier measurements saw, for the status and the trend.
    """

    def __init__(self, kafka: KafkaSettings, admin: KafkaAdminClient, history: History[Place] | None = None) -> None:
        self._kafka = kafka
        self._admin = admin
        self._history = history or History()

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
        if not groups:
            return []
        with explained(self._kafka):
            return list(self._survey(groups, allowed, now).lags)

    def survey(self, groups: Collection[str] = (), *, allowed: float = ALLOWED) -> Survey:
        """All topics of the cluster but Kafka's own, and the lag of ``groups``, by default of all. Raises as `measure`.

        Args:
            groups: names of groups; one Kafka doesn't know has no members and no lag.
            allowed: seconds a message may wait.
        """
        with explained(self._kafka):
            listed = groups or [group["group_id"] for group in self._admin.list_groups()]
            topics = [topic for topic in self._admin.list_topics() if not topic.startswith("__")]
            return self._survey(dict.fromkeys(sorted(listed), ()), allowed, time.time, topics)

    def _survey(
        self,
        groups: Mapping[str, Collection[str]],
        allowed: float,
        now: Callable[[], float],
        more_topics: Collection[str] | None = None,
    ) -> Survey:
        commits = self._commits(list(groups)) if groups else {}  # before the ends of the logs: they only grow
        described = self._describe(list(groups)) if groups else {}
        topics = {
            name: set(known) | described[name].topics | {tp.topic for tp in commits[name]}
            for name, known in groups.items()
        }
        logs = self._logs(set(more_topics or ()).union(*topics.values()))
        moment = now()
        rows = [(name, tp, commits[name].get(tp)) for name in groups for tp in sorted(logs) if tp.topic in topics[name]]
        written = self._written(rows, logs)
        lags = [
            self._lag(
                name, tp, at, log=logs[tp], written=written, moment=moment, group=described[name], allowed=allowed
            )
            for name, tp, at in rows
        ]
        self._history.keep({(name, tp) for name, tp, _ in rows})
        members = {name: group.members for name, group in described.items()}
        return Survey(0 if more_topics is None else self._brokers(), logs, members, lags)

    # A fresh or restarting cluster first has to find the groups' coordinators.
    @_persistently
    def _commits(self, groups: list[str]) -> dict[str, dict[TopicPartition, int]]:
        found = self._admin.list_group_offsets(groups)
        return {
            name: {tp: commit.offset for tp, commit in found.get(name, {}).items() if commit.offset >= 0}
            for name in groups
        }

    def _describe(self, groups: list[str]) -> dict[str, _Group]:
        described = self._admin.describe_groups(groups)
        listed = {group["group_id"]: group for group in self._admin.list_groups()}
        return {name: _group(described[name], listed.get(name)) for name in groups}

    def _brokers(self) -> int:
        return len(self._admin.describe_cluster()["brokers"])

    # A topic may be deleted between the two questions.
    @_persistently
    def _logs(self, topics: Collection[str]) -> dict[TopicPartition, Log]:
        """The log of each partition of those of ``topics`` that exist."""
        described = self._admin.describe_topics(sorted(topics)) if topics else []
        partitions = [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in described
            if not topic["error_code"]
            for partition in topic["partitions"]
        ]
        if not partitions:
            return {}
        starts = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        ends = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        return {tp: Log(starts[tp].offset, ends[tp].offset) for tp in partitions}

    def _written(
        self, rows: Collection[tuple[str, TopicPartition, int | None]], logs: Mapping[TopicPartition, Log]
    ) -> Written:
        """When the oldest waiting record of each row was written."""
        asked = {
            (tp, next_offset(committed, logs[tp].start, logs[tp].end))
            for _, tp, committed in rows
            if waiting(committed, logs[tp].start, logs[tp].end)
        }
        if not asked:
            return {}
        # A new one each time: what kafka-python 3.0 has read ahead for one assignment stands in the way of the next.
        with open_consumer(self._kafka, **CONSUMER_OPTIONS) as consumer:
            return timestamps(consumer, asked, {tp: log.end for tp, log in logs.items()})

    def _lag(
        self,
        name: str,
        tp: TopicPartition,
        committed: int | None,
        *,
        log: Log,
        written: Written,
        moment: float,
        group: _Group,
        allowed: float,
    ) -> PartitionLag:
        messages = waiting(committed, log.start, log.end)
        oldest = (tp, next_offset(committed, log.start, log.end))
        seconds: float | None = 0.0
        if messages:
            seconds = age(written[oldest], moment) if oldest in written else None
        look = Look(moment, committed, log.end, messages, seconds, group.members)
        verdict = self._history.see((name, tp), look, allowed)
        return PartitionLag(
            group=name,
            topic=tp.topic,
            partition=tp.partition,
            committed=committed,
            start=log.start,
            end=log.end,
            messages=messages,
            seconds=seconds,
            members=group.members,
            state=group.state,
            status=verdict.status,
            trend=verdict.trend,
            commit_age=verdict.commit_age,
        )


@contextmanager
def open_monitor(kafka: KafkaSettings, history: History[Place] | None = None) -> Iterator[LagMonitor]:
    """A monitor with its connection, closed at the end; a ``history`` outlives it. Raises as `LagMonitor.measure`."""
    with open_admin(kafka) as admin:
        yield LagMonitor(kafka, admin, history)


def measure(
    kafka: KafkaSettings, groups: Mapping[str, Collection[str]], *, allowed: float = ALLOWED
) -> list[PartitionLag]:
    """Measure once; see `LagMonitor.measure`."""
    with open_monitor(kafka) as monitor:
        return monitor.measure(groups, allowed=allowed)


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
