"""Topics of a test's own on the real Kafka, and what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from kafka import KafkaAdminClient

from pipeline.config import KafkaSettings
from pipeline.streaming.reading import Reader, Record, Stretch, open_reader

MakeTopic = Callable[..., str]


@contextmanager
def own_topics(kafka: str) -> Iterator[MakeTopic]:
    """Makes topics, by the number of their partitions and their settings, and deletes them at the end."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    made: list[str] = []

    def make(partitions: int = 1, name: str = "", **configs: str) -> str:
        made.append(name or f"test-{uuid4().hex[:8]}")
        named = {key.replace("_", "."): value for key, value in configs.items()}
        admin.create_topics({made[-1]: {"num_partitions": partitions, "replication_factor": 1, "configs": named}})
        admin.wait_for_topics([made[-1]])
        return made[-1]

    try:
        yield make
    finally:
        if made:
            admin.delete_topics(made)
        admin.close()


def records(kafka: str, topic: str, stretch: Stretch | None = None) -> list[Record]:
    """What a stretch of a topic holds; by default all of it."""
    with open_reader(KafkaSettings(bootstrap_servers=kafka)) as consumer:
        return list(Reader(consumer, topic, stretch or Stretch()))
