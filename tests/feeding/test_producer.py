"""Feeding a real broker: what arrives, what is dead, what fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from pipeline.config import FeedingSettings, KafkaSettings, TopicSettings
from pipeline.dead_letters import DeadLetter
from pipeline.errors import Misconfigured, Poison, ServiceUnreachable
from pipeline.feeding import producer
from pipeline.feeding.producer import Fed, deliver
from pipeline.feeding.sources import HEAD_BYTES, Item, items
from pipeline.headers import Hints, to_headers

pytestmark = pytest.mark.integration

MOMENT = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
SMALL_TOPIC_BYTES = 20_000


@pytest.fixture
def topics(kafka: str) -> Iterator[TopicSettings]:
    prefix = f"test-feed-{uuid4().hex[:8]}"
    settings = TopicSettings(
        raw=f"{prefix}.raw", articles=f"{prefix}.articles", enriched=f"{prefix}.enriched", dead=f"{prefix}.dead"
    )
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics(
        {
            settings.raw: {"num_partitions": 3, "replication_factor": 1},
            settings.dead: {"num_partitions": 1, "replication_factor": 1},
        },
        wait_for_metadata=True,
    )
    yield settings
    admin.delete_topics([settings.raw, settings.dead])
    admin.close()


def run(
    kafka: str, topics: TopicSettings, *paths: str | Path, feeding: FeedingSettings | None = None, provider: str = ""
) -> list[Fed]:
    feeding = feeding or FeedingSettings(max_item_bytes=1_000_000)
    found = items(
        [str(p) for p in paths],
        max_item_bytes=feeding.max_item_bytes,
        received_at=lambda: MOMENT,
        provider=provider or None,
    )
    return list(deliver(found, KafkaSettings(bootstrap_servers=kafka), topics, feeding))


def arrived(kafka: str, topic: str) -> list[ConsumerRecord]:
    """All records of a topic."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    records: list[ConsumerRecord] = []
    while any(consumer.position(tp) < end for tp, end in ends.items()):
        for batch in consumer.poll(1000).values():
            records.extend(batch)
    consumer.close()
    return records


def test_each_file_arrives_once_with_its_bytes_its_key_and_its_headers(
    kafka: str, topics: TopicSettings, tmp_path: Path
) -> None:
    bodies = {f"{number:03}.txt": f"Body of {number}. „Zitat“\r\n".encode() for number in range(100)}
    (tmp_path / "meridian").mkdir()
    for name, body in bodies.items():
        (tmp_path / "meridian" / name).write_bytes(body)
    fed = run(kafka, topics, tmp_path)
    assert [one for one in fed if one.error] == []
    records = arrived(kafka, topics.raw)
    assert {Path(r.key.decode()).name: r.value for r in records} == bodies
    assert sorted(one.source for one in fed) == sorted(r.key.decode() for r in records)
    traces = set()
    for record in records:
        headers = to_headers(record.headers)
        trace = headers.pop("trace-id").decode()
        assert headers == {
            "source": record.key,
            "content-type": b"text/plain",
            "provider": b"meridian",
            "received-at": b"2024-05-17T09:30:00+00:00",
        }
        traces.add(trace)
    assert len(traces) == len(bodies)


def test_the_same_file_twice_has_the_same_key_and_the_same_partition(
    kafka: str, topics: TopicSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text("one")
    monkeypatch.chdir(tmp_path)
    run(kafka, topics, "one.txt", tmp_path / "one.txt")
    first, second = arrived(kafka, topics.raw)
    assert (first.key, first.partition) == (second.key, second.partition)
    assert to_headers(first.headers)["trace-id"] != to_headers(second.headers)["trace-id"]


def test_an_empty_file_is_sent_as_it_is(kafka: str, topics: TopicSettings, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (one,) = run(kafka, topics, tmp_path / "empty.txt")
    assert (one.error, one.size) == (None, 0)
    (record,) = arrived(kafka, topics.raw)
    assert record.value == b""


@pytest.mark.parametrize("compression", ["none", "gzip", "lz4"])
def test_the_largest_item_passes_with_any_compression(
    kafka: str, tmp_path: Path, topics: TopicSettings, compression: str
) -> None:
    feeding = FeedingSettings.model_validate({"max_item_bytes": 900_000, "compression": compression})
    (tmp_path / "largest.xml").write_bytes(b"<x>" + bytes(range(256)) * 3515 + b"</x>")
    (one,) = run(kafka, topics, tmp_path / "largest.xml", feeding=feeding)
    assert one.error is None
    (record,) = arrived(kafka, topics.raw)
    assert record.value == (tmp_path / "largest.xml").read_bytes()


def test_a_too_large_item_is_a_dead_letter_and_the_rest_goes_on(
    kafka: str, topics: TopicSettings, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("before")
    (tmp_path / "b.txt").write_bytes(b"B" * 1_000_001)
    (tmp_path / "c.txt").write_text("after")
    fed = {Path(one.source).name: one for one in run(kafka, topics, tmp_path, provider="meridian")}
    assert (fed["a.txt"].error, fed["c.txt"].error) == (None, None)
    big = fed["b.txt"]
    assert isinstance(big.error, Poison)
    assert (big.error.cause, big.dead, big.size) == ("too-large", True, 1_000_001)
    assert sorted(r.value for r in arrived(kafka, topics.raw)) == [b"after", b"before"]
    (dead,) = arrived(kafka, topics.dead)
    assert dead.value == b"B" * HEAD_BYTES
    letter = DeadLetter.from_headers(to_headers(dead.headers))
    assert (dead.key.decode(), letter.key) == (letter.id, str(tmp_path / "b.txt").encode())
    assert (letter.stage, letter.cause, letter.attempts, letter.truncated) == ("feed", "too-large", 1, True)
    assert "1000001 bytes" in letter.error
    assert letter.headers["provider"] == b"meridian"


def test_an_unreadable_item_is_no_dead_letter_and_the_rest_goes_on(
    kafka: str, topics: TopicSettings, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("good")
    gone, good = sorted(run(kafka, topics, tmp_path / "gone.txt", tmp_path / "a.txt"), key=lambda one: not one.error)
    assert isinstance(gone.error, Poison)
    assert (gone.error.cause, gone.dead, good.error) == ("unreadable", False, None)
    assert arrived(kafka, topics.dead) == []


def test_an_item_too_large_for_the_topic_is_a_dead_letter_and_the_rest_goes_on(kafka: str, tmp_path: Path) -> None:
    topics = TopicSettings(raw=f"test-feed-{uuid4().hex[:8]}", dead=f"test-feed-{uuid4().hex[:8]}")
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    limited = {"num_partitions": 1, "replication_factor": 1, "configs": {"max.message.bytes": str(SMALL_TOPIC_BYTES)}}
    admin.create_topics({topics.raw: limited, topics.dead: limited}, wait_for_metadata=True)
    admin.close()
    for name in "abcdefgh":
        (tmp_path / f"{name}.txt").write_bytes(name.encode() * 15_000)
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 400)
    fed = run(kafka, topics, tmp_path, feeding=FeedingSettings(compression="none"))
    (refused,) = [one for one in fed if one.error]
    assert (Path(refused.source).name, refused.dead, refused.size) == ("b.txt", True, 256 * 400)
    assert "max.message.bytes" in str(refused.error)
    assert sorted(r.value[:1] for r in arrived(kafka, topics.raw)) == [b"a", b"c", b"d", b"e", b"f", b"g", b"h"]
    (dead,) = arrived(kafka, topics.dead)
    assert (bytes(range(256)) * 400).startswith(dead.value)


def test_memory_is_bounded_by_what_is_in_flight(
    kafka: str, topics: TopicSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer, "IN_FLIGHT_BYTES", 50_000)
    monkeypatch.setattr(producer, "IN_FLIGHT_ITEMS", 40)
    read = settled = most = 0

    def endless() -> Iterator[Item]:
        nonlocal read, most
        for number in range(2000):
            read += 1
            most = max(most, read - settled)
            yield Item(Hints(source=f"made/{number}", received_at=MOMENT), b"x" * 5_000, 5_000)

    for one in deliver(endless(), KafkaSettings(bootstrap_servers=kafka), topics, FeedingSettings()):
        assert one.error is None
        settled += 1
    assert settled == 2000
    assert most <= 50_000 // 5_000 + 1
    assert len(arrived(kafka, topics.raw)) == 2000


def test_a_missing_topic_is_a_wrong_set_up_and_is_not_created(kafka: str, tmp_path: Path) -> None:
    topics = TopicSettings(raw=f"test-none-{uuid4().hex[:8]}", dead=f"test-none-{uuid4().hex[:8]}")
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(Misconfigured, match=r"no topic test-none-\w+ and no topic test-none-\w+, .*`wire setup`"):
        run(kafka, topics, tmp_path)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    assert not {topics.raw, topics.dead} & set(admin.list_topics())
    admin.close()


def test_a_broker_that_does_not_answer_is_named_before_anything_is_read() -> None:
    untouched = iter([Item(Hints(source="made/1", received_at=MOMENT), b"x", 1)])
    feds = deliver(untouched, KafkaSettings(bootstrap_servers="127.0.0.1:1"), TopicSettings(), FeedingSettings())
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:1 .*`wire up`"):
        list(feds)
    assert len(list(untouched)) == 1
