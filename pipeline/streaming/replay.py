"""Replay: a stage's messages sent to its topic again, to be worked on anew by the running workers.

Replayed messages carry the header ``replay``: the index then overwrites an equal version, which it
otherwise keeps. A newer version is never overwritten by an older one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pipeline.config import Settings, StageName
from pipeline.headers import REPLAY
from pipeline.kafka_clients import open_producer
from pipeline.streaming.reading import Reader, Stretch, open_reader
from pipeline.streaming.stages import stages
from pipeline.streaming.topics import MAX_MESSAGE_BYTES

UNCONFIRMED = 200
"""Messages sent and not yet confirmed, at most."""


def replay(settings: Settings, stage: StageName, stretch: Stretch, progress: Callable[[int, int], None]) -> int:
    """Send a stretch of a stage's source topic to that topic again; returns how many messages.

    Args:
        settings: where Kafka is.
        stage: the stage that is to work on them anew.
        stretch: which of them. What is replayed is never replayed by the same call: it reads to
            the topic's end as it was at the start.
        progress: called with the messages sent so far and the offsets there are in all.

    Raises:
        ServiceUnreachable: Kafka does not answer.
        Misconfigured: there is no such topic or partition.
    """
    source = stages(settings)[stage].source
    mark = datetime.now(UTC).isoformat().encode()
    unconfirmed: deque[Any] = deque()
    count = 0
    with (
        open_reader(settings.kafka) as consumer,
        open_producer(settings.kafka, max_request_size=MAX_MESSAGE_BYTES, compression_type="lz4") as producer,
    ):
        reader = Reader(consumer, source, stretch)
        for record in reader:
            headers = list((record.headers | {REPLAY: mark}).items())
            # To the partition it came from: the versions of a story stay together.
            unconfirmed.append(producer.send(source, record.value, record.key, headers, partition=record.partition))
            count += 1
            if len(unconfirmed) >= UNCONFIRMED:
                unconfirmed.popleft().get(timeout=60)
            progress(count, reader.total)
        for confirmation in unconfirmed:
            confirmation.get(timeout=60)
    return count
