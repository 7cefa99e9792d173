"""Sending items to the raw topic, each confirmed by the broker before it counts as fed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from uuid import uuid4

from kafka import KafkaProducer
from kafka.errors import (
    InvalidRecordError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from pipeline.config import FeedingSettings, KafkaSettings, TopicSettings
from pipeline.dead_letters import DeadLetter
from pipeline.errors import Misconfigured, Poison, Transient, WireError
from pipeline.feeding.sources import Item
from pipeline.kafka_clients import CONNECT_TIMEOUT, open_admin, open_producer

STAGE = "feed"
IN_FLIGHT_BYTES = 64 * 2**20
"""Bytes sent but not confirmed, at most; kafka-python itself knows no bound."""
IN_FLIGHT_ITEMS = 10_000
"""Items sent but not confirmed, at most."""

_BATCH_BYTES = 256 * 1024
_LINGER_MS = 20
_OVERHEAD_BYTES = 2**20
_GRACE = 30.0
_OWN_FAULT = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidRecordError)


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


def deliver(
    items: Iterable[Item], kafka: KafkaSettings, topics: TopicSettings, feeding: FeedingSettings
) -> Iterator[Fed]:
    """Send items to the raw topic, keyed by their source, and those that are too large to the dead letters.

    Memory is bounded: an item is only read once there is room for it.

    Yields:
        The fate of each item, once it is known: confirmed by the broker, dead or failed. The order
        is that of the confirmations.

    Raises:
        ServiceUnreachable: Kafka does not answer, or stopped answering; before it is raised the
            fate of each item that was sent has been yielded.
        Misconfigured: a topic does not exist, or the broker refuses us.
    """
    _require(kafka, topics.raw, topics.dead)
    timeout_ms = int(feeding.delivery_timeout * 1000)
    with open_producer(
        kafka,
        compression_type=None if feeding.compression == "none" else feeding.compression,
        max_request_size=feeding.max_item_bytes + _OVERHEAD_BYTES,
        batch_size=_BATCH_BYTES,
        linger_ms=_LINGER_MS,
        delivery_timeout_ms=timeout_ms,
        request_timeout_ms=min(int(kafka.request_timeout * 1000), timeout_ms - _LINGER_MS),
        max_block_ms=int(CONNECT_TIMEOUT * 1000),
    ) as producer:
        yield from _Deliveries(producer, topics, give_up=feeding.delivery_timeout + _GRACE).of(items)


def _require(kafka: KafkaSettings, *names: str) -> None:
    """Raise Misconfigured where one of the topics does not exist."""
    with open_admin(kafka) as admin:
        found = {topic["name"] for topic in admin.describe_topics(list(names)) if not topic["error_code"]}
    if missing := [name for name in names if name not in found]:
        raise Misconfigured(
            f"there is no topic {' and no topic '.join(missing)}", "create the topics with `wire setup`"
        )


class _Deliveries:
    """The items under way. Only the queue of fates is touched by the producer's own thread."""

    def __init__(self, producer: KafkaProducer, topics: TopicSettings, *, give_up: float):
        self._producer = producer
        self._topics = topics
        self._give_up = give_up
        self._fates: SimpleQueue[tuple[Fed, int, KafkaError | None]] = SimpleQueue()
        self._items = 0
        self._bytes = 0
        self._broken: KafkaError | None = None

    def of(self, items: Iterable[Item]) -> Iterator[Fed]:
        """Send items and yield the fate of each; see `deliver`."""
        for item in items:
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
        topic, headers = self._topics.raw, hints.headers()
        if item.error:
            topic = self._topics.dead
            letter = DeadLetter.of(item.error, STAGE, at=datetime.now(UTC), headers=headers, truncated=True)
            headers = letter.to_headers()
        fed = Fed(hints.source, item.size, item.error, dead=item.error is not None)
        held = len(item.data)
        self._items += 1
        self._bytes += held

        def settle(error: KafkaError | None) -> None:
            self._fates.put((fed, held, error))

        try:
            future = self._producer.send(topic, item.data, hints.source.encode(), list(headers.items()))
        except KafkaError as error:
            settle(error)
        else:
            future.add_callback(lambda _: settle(None))
            future.add_errback(settle)

    def _next(self) -> Fed:
        """Wait for the next fate. An error that is not the item's own is kept: no item would fare better."""
        try:
            fed, held, error = self._fates.get(timeout=self._give_up)
        except Empty:
            raise KafkaTimeoutError(f"{self._items} items are not confirmed") from None
        self._items -= 1
        self._bytes -= held
        if error is None:
            return fed
        failed: WireError
        if isinstance(error, _OWN_FAULT):
            todo = "compare max.message.bytes of the topic with feeding.max_item_bytes"
            failed = Poison(f"Kafka refuses {fed.source}: {error}", todo, cause="too-large")
        else:
            self._broken = error
            failed = Transient(f"Kafka did not confirm {fed.source}: {error}", "feed it again")
        return replace(fed, error=failed, dead=False)
