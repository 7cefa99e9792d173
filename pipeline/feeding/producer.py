"""Sending items to the raw topic, each confirmed by the broker before it counts as fed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from queue import Empty, SimpleQueue
from uuid import uuid4

from kafka import KafkaProducer
from kafka.admin import ConfigResource
from kafka.errors import KafkaError, KafkaTimeoutError

from pipeline.config import FeedingSettings, KafkaSettings, TopicSettings
from pipeline.dead_letters import DeadLetter
from pipeline.errors import Transient, WireError
from pipeline.feeding.sources import Item, too_large
from pipeline.kafka_clients import CONNECT_TIMEOUT, no_topic, open_admin, open_producer

STAGE = "feed"
IN_FLIGHT_BYTES = 64 * 2**20
"""Bytes sent but not confirmed, at most; kafka-python itself knows no bound."""
IN_FLIGHT_ITEMS = 10_000
"""Items sent but not confirmed, at most."""

_BATCH_BYTES = 256 * 1024
_LINGER_MS = 20
_OVERHEAD_BYTES = 2**20
_GRACE = 30.0
_HEADER_BYTES = 4096
_UNKNOWN_LIMIT = 2**31


@dataclass(frozen=True, slots=True)
class Fed:
    """What became of one item.

    Attributes:
        source: the item's source.
        size: its bytes.
        error: why it is not in the raw topic, or None where the broker confirmed it there.
        dead: it is in the dead-letter topic instead, confirmed.
    """

    source: str
    size: int
    error: WireError | None = None
    dead: bool = False

    @property
    def unconfirmed(self) -> bool:
        """Kafka failed, not the item: it can be fed again."""
        return isinstance(self.error, Transient)


def deliver(
    items: Iterable[Item], kafka: KafkaSettings, topics: TopicSettings, feeding: FeedingSettings
) -> Iterator[Fed]:
    """Send items once; see `Feeder.deliver`, and `open_feeder` for what it raises."""
    with open_feeder(kafka, topics, feeding) as feeder:
        yield from feeder.deliver(items)


@contextmanager
def open_feeder(kafka: KafkaSettings, topics: TopicSettings, feeding: FeedingSettings) -> Iterator[Feeder]:
    """A connection over which items are sent, closed at the end.

    Raises:
        ServiceUnreachable: Kafka does not answer, or stopped answering; before it is raised the
            fate of each item that was sent has been yielded.
        Misconfigured: a topic does not exist, or the broker refuses us.
    """
    limit = min(_limits(kafka, topics.raw, topics.dead))
    timeout_ms = int(feeding.delivery_timeout * 1000)
    with open_producer(
        kafka,
        compression_type=None if feeding.compression == "none" else feeding.compression,
        max_request_size=feeding.max_item_bytes + _OVERHEAD_BYTES,
        batch_size=min(_BATCH_BYTES, limit),
        linger_ms=_LINGER_MS,
        delivery_timeout_ms=timeout_ms,
        request_timeout_ms=min(int(kafka.request_timeout * 1000), timeout_ms - _LINGER_MS),
        max_block_ms=int(CONNECT_TIMEOUT * 1000),
    ) as producer:
        yield Feeder(producer, topics, limit=limit, give_up=feeding.delivery_timeout + _GRACE)


def _limits(kafka: KafkaSettings, *topics: str) -> list[int]:
    """The bytes of data one message of each topic can hold.

    Raises:
        Misconfigured: one of the topics does not exist.
    """
    with open_admin(kafka) as admin:
        found = {topic["name"] for topic in admin.describe_topics(list(topics)) if not topic["error_code"]}
        if missing := [name for name in topics if name not in found]:
            raise no_topic(*missing)
        resources = [ConfigResource("TOPIC", name, ["max.message.bytes"]) for name in topics]
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
    # Who may write to a topic may not always read its settings.
    stated = [configs[name].get("max.message.bytes") for name in topics]
    return [int(value["value"]) * 99 // 100 - _HEADER_BYTES if value else _UNKNOWN_LIMIT for value in stated]


def _within(items: Iterable[Item], limit: int) -> Iterator[Item]:
    """Items, those with more bytes than ``limit`` as too large.

    A message the broker refuses as too large is fatal to kafka-python's idempotent producer and to
    all that is under way, so it must not be sent.
    """
    for item in items:
        if len(item.data) > limit:
            yield too_large(item.hints, item.data[:limit], item.size, limit, sha256(item.data).hexdigest())
        else:
            yield item


class Feeder:
    """Sends items and tells the fate of each; see `open_feeder`.

    Args:
        producer: an idempotent one.
        topics: where items and dead letters go.
        limit: bytes of the largest message these topics take.
        give_up: seconds without a confirmation after which Kafka counts as gone.
    """

    # Only the queue of fates is touched by the producer's own thread.

    def __init__(self, producer: KafkaProducer, topics: TopicSettings, *, limit: int, give_up: float):
        self._producer = producer
        self._topics = topics
        self._limit = limit
        self._give_up = give_up
        self._fates: SimpleQueue[tuple[Fed, int, KafkaError | None]] = SimpleQueue()
        self._items = 0
        self._bytes = 0
        self._broken: KafkaError | None = None

    def deliver(self, items: Iterable[Item]) -> Iterator[Fed]:
        """Send items to the raw topic, keyed by their source, and those that are too large to the dead letters.

        Memory is bounded: an item is only read once there is room for it.

        Yields:
            The fate of each item, once it is known: confirmed by the broker, dead or failed. The order
            is that of the confirmations.

        Raises:
            KafkaError: Kafka stopped answering; `open_feeder` explains it. This feeder is of no more use.
        """
        for item in _within(items, self._limit):
            if item.error and item.error.cause == "unreadable":
                yield Fed(item.hints.source, item.size, item.error)
            else:
                self._send(item)
            while self._full() or not self._fates.empty():
                yield self._next()
            if self._broken:
                break
        while self._items:
            yield self._next()
        if self._broken:
            raise self._broken

    def _full(self) -> bool:
        return self._items >= IN_FLIGHT_ITEMS or self._bytes >= IN_FLIGHT_BYTES

    def _send(self, item: Item) -> None:
        hints = replace(item.hints, trace_id=uuid4().hex)
        topic, key, headers = self._topics.raw, hints.source.encode(), hints.headers()
        if item.error:
            topic = self._topics.dead
            letter = DeadLetter.of(item.error, STAGE, at=datetime.now(UTC), headers=headers, key=key, truncated=True)
            key, headers = letter.id.encode(), letter.to_headers()
        fed = Fed(hints.source, item.size, item.error, dead=item.error is not None)
        held = len(item.data)
        self._items += 1
        self._bytes += held

        def settle(error: KafkaError | None) -> None:
            self._fates.put((fed, held, error))

        try:
            future = self._producer.send(topic, item.data, key, list(headers.items()))
        except KafkaError as error:
            settle(error)
        else:
            future.add_callback(lambda _: settle(None))
            future.add_errback(settle)

    def _next(self) -> Fed:
        """Wait for the next fate. An error is kept: no other item would fare better."""
        try:
            fed, held, error = self._fates.get(timeout=self._give_up)
        except Empty:
            raise KafkaTimeoutError(f"{self._items} items are not confirmed") from None
        self._items -= 1
        self._bytes -= held
        if error is None:
            return fed
        self._broken = error
        failed = Transient(f"Kafka did not confirm {fed.source}: {error}", "feed it again")
        return replace(fed, error=failed, dead=False)
