"""What is in the topic of alerts: from a time on as it is now, or as it comes in."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError

from pipeline.alerting.messages import AlertMessage
from pipeline.config import KafkaSettings, Settings
from pipeline.errors import Poison
from pipeline.kafka_clients import explained, no_topic, open_consumer
from pipeline.streaming.reading import Reader, Stretch, open_reader

REMEMBERED = 100_000
"""Messages by which a second copy of one is known."""

_POLL_MS = 500


def sent_since(settings: Settings, since: datetime) -> list[AlertMessage]:
    """The alerts that were sent at or after a time.

    Raises:
        ServiceUnreachable: Kafka does not answer.
        Misconfigured: there is no such topic.
    """
    with open_reader(settings.kafka) as consumer:
        records = Reader(consumer, settings.topics.alerts, Stretch(since=since))
        return list(_messages(record.value for record in records))


def follow(
    kafka: KafkaSettings, topic: str, *, from_beginning: bool, name: str | None = None
) -> Iterator[AlertMessage]:
    """Alerts as they come in, each once, for ever; a broker that restarts is waited for.

    Raises:
        ServiceUnreachable: Kafka does not answer at the start.
        Misconfigured: there is no such topic.
    """
    seen: OrderedDict[str, None] = OrderedDict()
    with open_consumer(kafka, auto_offset_reset="earliest") as consumer:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        if not partitions:
            raise no_topic(topic)
        consumer.assign(partitions)
        with explained(kafka):
            seek = consumer.seek_to_beginning if from_beginning else consumer.seek_to_end
            seek(*partitions)
            for partition in partitions:  # now, not at the first poll
                consumer.position(partition)
        while True:
            polled = _polled(consumer)
            records = (record.value for several in polled.values() for record in several)
            for message in _messages(records):
                if message.id not in seen and name in {None, message.alert}:
                    yield message
                seen[message.id] = None
                if len(seen) > REMEMBERED:
                    seen.popitem(last=False)


def _polled(consumer: Any) -> dict[TopicPartition, list[Any]]:
    """What has come in; nothing while a broker restarts."""
    try:
        polled: dict[TopicPartition, list[Any]] = consumer.poll(timeout_ms=_POLL_MS)
    except KafkaError as error:
        if not error.retriable:
            raise
        time.sleep(_POLL_MS / 1000)
        return {}
    return polled


def _messages(values: Iterator[bytes | None]) -> Iterator[AlertMessage]:
    for value in values:
        try:
            yield AlertMessage.from_json(value or b"")
        except Poison:  # somebody else wrote to the topic
            continue
