"""Listening to the raw topic for when each feed's items come, and remembering it from one run to the next.

Kafka keeps items for a week, and reading all of them at each look would take minutes. What is kept in a small file
instead, hours in which each feed said something and offsets up to which that is known, is enough to go on from.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from pydantic import BaseModel, Field

from pipeline.config import Settings
from pipeline.errors import Misconfigured
from pipeline.headers import Headers, Hints, to_headers
from pipeline.kafka_clients import open_consumer
from pipeline.monitoring.feeds import FeedSilence, Rhythm, silence
from pipeline.state_files import load, save, state_folder

MOST_RECORDS = 200_000
"""Records read at the first look, the newest ones."""

MOST_FEEDS = 1000
_SECONDS = 10.0
_POLL_MS = 200


class Memory(BaseModel):
    """What is remembered: feeds by their names, and the offset of each partition up to which they are known."""

    feeds: dict[str, Rhythm] = Field(default_factory=dict)
    offsets: dict[int, int] = Field(default_factory=dict)


class FeedMonitor:
    """Measures how silent each feed is, again and again.

    Where its file can't be read or written it reads the newest records anew, once a process: a monitor must not fail
    because of that.

    Args:
        settings: the Kafka, the raw topic, and the folder for state.
        now: tells the time, in seconds since the epoch.
    """

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._kafka = settings.kafka
        self._topic = settings.topics.raw
        self._now = now
        whose = hashlib.sha256(f"{settings.kafka.bootstrap_servers}\n{self._topic}".encode()).hexdigest()[:16]
        self._file = (settings.feeding.state_dir or state_folder()) / "rhythms" / f"{whose}.json"
        try:
            self._memory = load(self._file, Memory) or Memory()
        except Misconfigured:
            self._memory = Memory()

    def measure(self) -> list[FeedSilence]:
        """Listen to what is new, and tell how silent each feed is; nothing where there is no raw topic yet.

        Raises:
            ServiceUnreachable: Kafka does not answer.
            Misconfigured: it refuses us.
            Fatal: it answers with an error.
        """
        with open_consumer(self._kafka, max_poll_records=5000) as consumer:
            read = self._listen(consumer)
        if read:
            self._save()
        return silence(self._memory.feeds, self._now())

    def _listen(self, consumer: KafkaConsumer) -> int:
        partitions = [TopicPartition(self._topic, one) for one in consumer.partitions_for_topic(self._topic) or ()]
        if not partitions:
            return 0
        starts, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        at = {tp: self._from(tp, starts[tp], ends[tp], len(partitions)) for tp in partitions}
        consumer.assign(partitions)
        for tp, offset in at.items():
            consumer.seek(tp, offset)
        heard: defaultdict[str, list[float]] = defaultdict(list)
        read, deadline = 0, time.monotonic() + _SECONDS
        while any(at[tp] < ends[tp] for tp in partitions) and time.monotonic() < deadline:
            for records in consumer.poll(_POLL_MS).values():
                read += len(records)
                for record in records:
                    _note(record, heard)
            at = {tp: consumer.position(tp) for tp in partitions}
        self._remember(heard, at)
        return read

    def _from(self, tp: TopicPartition, start: int, end: int, partitions: int) -> int:
        """Where to go on; at the first look, or where the topic is another one now, among its newest records."""
        known = self._memory.offsets.get(tp.partition)
        if known is None or known > end:
            return max(start, end - MOST_RECORDS // partitions)
        return max(start, known)

    def _remember(self, heard: Mapping[str, list[float]], at: Mapping[TopicPartition, int]) -> None:
        for feed, moments in heard.items():
            rhythm = self._memory.feeds.setdefault(feed, Rhythm())
            for moment in sorted(moments):
                rhythm.heard(moment)
        self._memory.offsets = {tp.partition: offset for tp, offset in at.items()}
        if len(self._memory.feeds) > MOST_FEEDS:
            newest = sorted(self._memory.feeds.items(), key=lambda feed: max(feed[1].hours))[-MOST_FEEDS:]
            self._memory.feeds = dict(newest)

    def _save(self) -> None:
        try:
            save(self._file, self._memory)
        except Misconfigured:
            return


def feed_of(headers: Headers) -> str | None:
    """The feed an item belongs to: its provider, or the address it was fetched from; None where nobody named one."""
    hints = Hints.from_headers(headers, source="", received_at=datetime.fromtimestamp(0, UTC))
    return hints.provider or (hints.source if hints.source.startswith(("http://", "https://")) else None)


def _note(record: ConsumerRecord, heard: defaultdict[str, list[float]]) -> None:
    """When an item was received: what is replayed says so of itself, and was not received again."""
    headers = to_headers(record.headers)
    if feed := feed_of(headers):
        written = datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC)
        heard[feed].append(Hints.from_headers(headers, source="", received_at=written).received_at.timestamp())
