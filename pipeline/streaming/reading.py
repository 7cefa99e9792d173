"""Reading a stretch of a topic, from somewhere to its end as it is now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from pipeline.config import KafkaSettings
from pipeline.errors import Misconfigured, Transient
from pipeline.headers import Headers, to_headers
from pipeline.kafka_clients import no_topic, open_consumer
from pipeline.streaming.topics import MAX_MESSAGE_BYTES

POLL_MS = 1000
STALLED_POLLS = 30
"""Polls in a row without progress after which the broker is taken for stuck."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message of a topic; ``value`` None is a tombstone."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a topic: since a time, or from an offset of one partition; without either, all of it.

    Attributes:
        since: messages written at or after this time.
        until: messages written before this time.
        partition: this partition only.
        from_offset: messages at or after this offset (needs ``partition``).
        to_offset: messages before this offset (needs ``partition``).
    """

    since: datetime | None = None
    until: datetime | None = None
    partition: int | None = None
    from_offset: int | None = None
    to_offset: int | None = None

    def __post_init__(self) -> None:
        if self.partition is None and (self.from_offset is not None or self.to_offset is not None):
            raise Misconfigured("an offset means nothing without its partition", "name the partition too")

    def milliseconds(self) -> tuple[float, float]:
        """``since`` and ``until`` as Kafka writes times; unbounded where they are not given."""
        return (
            self.since.timestamp() * 1000 if self.since else -math.inf,
            self.until.timestamp() * 1000 if self.until else math.inf,
        )


class Reader:
    """The records of a stretch of a topic; ``total`` is how many offsets it spans."""

    def __init__(self, consumer: KafkaConsumer, topic: str, stretch: Stretch) -> None:
        self._consumer = consumer
        self._stretch = stretch
        partitions = consumer.partitions_for_topic(topic) or set()
        if not partitions:
            raise no_topic(topic)
        if stretch.partition is not None:
            if stretch.partition not in partitions:
                raise Misconfigured(f"{topic} has no partition {stretch.partition}", "see `wire lag`")
            partitions = {stretch.partition}
        self._partitions = [TopicPartition(topic, p) for p in sorted(partitions)]
        consumer.assign(self._partitions)
        self._starts, self._ends = self._bounds()
        for tp in self._partitions:
            consumer.seek(tp, self._starts[tp])
        self.total = sum(max(0, self._ends[tp] - self._starts[tp]) for tp in self._partitions)

    def _bounds(self) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        starts: dict[TopicPartition, int] = self._consumer.beginning_offsets(self._partitions)
        ends: dict[TopicPartition, int] = self._consumer.end_offsets(self._partitions)
        wanted = self._stretch
        if wanted.since:
            moment = int(wanted.since.timestamp() * 1000)
            found = self._consumer.offsets_for_times(dict.fromkeys(self._partitions, moment))
            starts = {tp: found[tp].offset if found.get(tp) else ends[tp] for tp in self._partitions}
        for tp in self._partitions:
            if wanted.from_offset is not None:
                starts[tp] = max(starts[tp], wanted.from_offset)
            if wanted.to_offset is not None:
                ends[tp] = min(ends[tp], wanted.to_offset)
        return starts, ends

    def __iter__(self) -> Iterator[Record]:
        open_ = {tp for tp in self._partitions if self._starts[tp] < self._ends[tp]}
        since, until = self._stretch.milliseconds()
        stalled = 0
        while open_:
            self._consumer.pause(*(set(self._partitions) - open_))
            polled = self._consumer.poll(timeout_ms=POLL_MS)
            stalled = 0 if polled else stalled + 1
            if stalled > STALLED_POLLS:
                raise Transient(f"Kafka gives nothing more of {sorted(open_)}", "see `wire status`, then try again")
            for tp, messages in polled.items():
                for message in messages:
                    if message.offset < self._ends[tp] and since <= message.timestamp < until:
                        yield _record(message)
            # A position may pass the end over gaps that compaction left: it, not the records, tells.
            open_ = {tp for tp in open_ if self._consumer.position(tp) < self._ends[tp]}


def _record(message: Any) -> Record:
    return Record(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=message.timestamp,
        key=message.key,
        value=message.value,
        headers=to_headers(message.headers),
    )


def open_reader(kafka: KafkaSettings) -> Any:
    """A consumer fit for `Reader`, as a context manager; raises as `pipeline.kafka_clients.open_admin`."""
    return open_consumer(kafka, max_partition_fetch_bytes=MAX_MESSAGE_BYTES, auto_offset_reset="earliest")
