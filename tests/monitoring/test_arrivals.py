"""Listening to a real raw topic: what is heard of each feed, across restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from pipeline.config import Settings
from pipeline.headers import Hints
from pipeline.monitoring.arrivals import FeedMonitor, feed_of
from pipeline.monitoring.feeds import FeedStatus

pytestmark = pytest.mark.integration

HOUR = 3600.0
MONDAY = datetime(2026, 10, 5, tzinfo=UTC).timestamp()


@pytest.fixture
def settings(kafka: str, tmp_path: Path) -> Iterator[Settings]:
    topic = f"test-arrivals-{uuid4().hex[:8]}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics({topic: {"num_partitions": 3, "replication_factor": 1}}, wait_for_metadata=True)
    yield Settings.model_validate(
        {"kafka": {"bootstrap_servers": kafka}, "topics": {"raw": topic}, "feeding": {"state_dir": tmp_path}}
    )
    admin.delete_topics([topic])
    admin.close()


def send(settings: Settings, *hints: Hints) -> None:
    producer = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers)
    for number, one in enumerate(hints):
        producer.send(settings.topics.raw, b"copy", partition=number % 3, headers=list(one.headers().items()))
    producer.close()


def hourly(provider: str | None, hours: range, source: str = "/in/a.txt") -> list[Hints]:
    return [Hints(source, datetime.fromtimestamp(MONDAY + h * HOUR, UTC), None, provider) for h in hours]


def test_each_feed_is_heard_and_remembered_and_one_that_falls_silent_is_named(settings: Settings) -> None:
    now = MONDAY + 100 * HOUR
    monitor = FeedMonitor(settings, lambda: now)
    assert monitor.measure() == []
    url = "https://agency.example/rss"
    send(settings, *hourly("kestrel", range(100)), *hourly(None, range(100), url), *hourly(None, range(100)))
    found = {one.feed: one for one in monitor.measure()}
    assert {name: one.status for name, one in found.items()} == {"kestrel": FeedStatus.OK, url: FeedStatus.OK}
    assert (found["kestrel"].last_at, found["kestrel"].seconds) == (MONDAY + 99 * HOUR, HOUR)
    send(settings, *hourly("kestrel", range(100, 110)))
    now = MONDAY + 110 * HOUR
    restarted = FeedMonitor(settings, lambda: now)
    assert restarted._memory.offsets.keys() == {0, 1, 2}
    assert {one.feed: one.status for one in restarted.measure()} == {"kestrel": FeedStatus.OK, url: FeedStatus.SILENT}
    assert {one.feed: one.status for one in FeedMonitor(settings, lambda: now).measure()}[url] is FeedStatus.SILENT


def test_a_file_that_cannot_be_read_or_kept_costs_only_the_memory(settings: Settings, tmp_path: Path) -> None:
    send(settings, *hourly("kestrel", range(60)))
    now = MONDAY + 60 * HOUR
    FeedMonitor(settings, lambda: now).measure()
    (file,) = (tmp_path / "rhythms").iterdir()
    file.write_text("damaged")
    assert [one.feed for one in FeedMonitor(settings, lambda: now).measure()] == ["kestrel"]
    file.unlink()
    file.parent.rmdir()
    file.parent.touch()
    monitor = FeedMonitor(settings, lambda: now)
    assert [monitor.measure()[0].feed, monitor.measure()[0].feed] == ["kestrel"] * 2


@pytest.mark.parametrize(
    ("source", "provider", "feed"),
    [
        ("/in/kestrel/a.txt", "kestrel", "kestrel"),
        ("https://agency.example/rss", None, "https://agency.example/rss"),
        ("https://agency.example/rss", "kestrel", "kestrel"),
        ("/in/a.txt", None, None),
    ],
)
def test_a_feed_is_its_provider_or_its_address(source: str, provider: str | None, feed: str | None) -> None:
    assert feed_of(Hints(source, datetime.now(UTC), None, provider).headers()) == feed
