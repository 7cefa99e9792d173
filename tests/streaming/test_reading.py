"""Reading a stretch of a topic of a real broker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from pipeline.config import KafkaSettings
from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.streaming.reading import Reader, Stretch, open_reader
from tests.streaming.topics import MakeTopic, own_topics, records

pytestmark = pytest.mark.integration

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
"""When the first message of `minutely` was written; recent, so that the broker does not delete it."""


@pytest.fixture
def make(kafka: str) -> Iterator[MakeTopic]:
    with own_topics(kafka) as maker:
        yield maker


@pytest.fixture
def producer(kafka: str) -> Iterator[KafkaProducer]:
    client = KafkaProducer(bootstrap_servers=kafka)
    yield client
    client.close()


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def write(producer: KafkaProducer, topic: str, minutes: list[float], partition: int = 0) -> None:
    """Write messages that say in which minute after `START` they were written."""
    for minute in minutes:
        moment = int(at(minute).timestamp() * 1000)
        producer.send(topic, b"%g" % minute, b"k", [("h", b"1")], partition=partition, timestamp_ms=moment)
    producer.flush()


def read(kafka: str, topic: str, stretch: Stretch) -> tuple[list[str], int]:
    """The values of a stretch, and how many offsets it spans."""
    with open_reader(KafkaSettings(bootstrap_servers=kafka)) as consumer:
        reader = Reader(consumer, topic, stretch)
        return [(record.value or b"").decode() for record in reader], reader.total


# -- which part ------------------------------------------------------------------------------------


def test_without_bounds_all_messages_are_read_whole_and_in_order(
    kafka: str, make: MakeTopic, producer: KafkaProducer
) -> None:
    topic = make(partitions=3)
    write(producer, topic, [0, 1, 2], partition=0)
    write(producer, topic, [5, 6], partition=2)
    found = records(kafka, topic)
    by_partition = {p: [(r.offset, r.value) for r in found if r.partition == p] for p in range(3)}
    assert by_partition == {0: [(0, b"0"), (1, b"1"), (2, b"2")], 1: [], 2: [(0, b"5"), (1, b"6")]}
    assert {(r.topic, r.key, r.headers["h"]) for r in found} == {(topic, b"k", b"1")}
    assert {r.value: r.timestamp for r in found}[b"6"] == at(6).timestamp() * 1000
    assert read(kafka, topic, Stretch())[1] == 5


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (2, None, ["2", "3", "4", "7"]),
        (1.5, None, ["2", "3", "4", "7"]),
        (None, 2, ["0", "1"]),
        (1, 4, ["1", "2", "3"]),
        (3, 3, []),
        (5, None, ["7"]),
        (8, None, []),
        (None, -1, []),
        (-1, 8, ["0", "1", "2", "3", "4", "7"]),
    ],
)
def test_by_time_from_the_first_moment_up_to_but_not_including_the_last(
    kafka: str,
    make: MakeTopic,
    producer: KafkaProducer,
    since: float | None,
    until: float | None,
    expected: list[str],
) -> None:
    topic = make(partitions=2)
    write(producer, topic, [0, 1, 2, 3, 4])
    write(producer, topic, [7], partition=1)
    bounds = [None if minute is None else at(minute) for minute in (since, until)]
    found, _ = read(kafka, topic, Stretch(since=bounds[0], until=bounds[1]))
    assert sorted(found) == expected


def test_what_was_written_too_early_is_left_out_wherever_it_stands(
    kafka: str, make: MakeTopic, producer: KafkaProducer
) -> None:
    topic = make()
    write(producer, topic, [1, 5, 2, 6])
    assert read(kafka, topic, Stretch(since=at(4)))[0] == ["5", "6"]


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        (None, None, ["0", "1", "2", "3", "4"]),
        (2, None, ["2", "3", "4"]),
        (None, 2, ["0", "1"]),
        (1, 3, ["1", "2"]),
        (3, 3, []),
        (4, 2, []),
        (5, None, []),
        (1000, None, []),
        (None, 1000, ["0", "1", "2", "3", "4"]),
        (None, 0, []),
    ],
)
def test_by_offsets_of_one_partition(
    kafka: str, make: MakeTopic, producer: KafkaProducer, first: int | None, end: int | None, expected: list[str]
) -> None:
    topic = make(partitions=2)
    write(producer, topic, [0, 1, 2, 3, 4], partition=1)
    write(producer, topic, [7, 8])
    found, total = read(kafka, topic, Stretch(partition=1, from_offset=first, to_offset=end))
    assert found == expected
    assert total == len(expected)


def test_an_offset_that_was_deleted_already_means_the_first_that_is_left(
    kafka: str, make: MakeTopic, producer: KafkaProducer
) -> None:
    topic = make()
    write(producer, topic, [0, 1, 2, 3])
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.delete_records({TopicPartition(topic, 0): 2})
    admin.close()
    assert read(kafka, topic, Stretch(partition=0, from_offset=1)) == (["2", "3"], 2)
    assert read(kafka, topic, Stretch(partition=0, to_offset=1)) == ([], 0)


@pytest.mark.parametrize("bounds", [{"from_offset": 3}, {"to_offset": 3}, {"from_offset": 0}])
def test_an_offset_without_its_partition_is_a_wrong_argument(bounds: dict[str, int]) -> None:
    with pytest.raises(Misconfigured, match="name the partition too"):
        Stretch(**bounds)  # type: ignore[arg-type]  # mypy takes each value for each field


def test_a_topic_or_partition_that_is_not_there_is_named(kafka: str, make: MakeTopic) -> None:
    missing = f"test-{uuid4().hex[:8]}"
    with pytest.raises(Misconfigured, match=f"there is no topic {missing}, .*`wire setup`"):
        records(kafka, missing)
    topic = make(partitions=2)
    with pytest.raises(Misconfigured, match=f"{topic} has no partition 2"):
        records(kafka, topic, Stretch(partition=2))


def test_a_broker_that_does_not_answer_is_named() -> None:
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:1"):
        records("127.0.0.1:1", "any")


# -- where it ends ---------------------------------------------------------------------------------


def test_an_empty_topic_ends_at_once(kafka: str, make: MakeTopic) -> None:
    assert read(kafka, make(partitions=3), Stretch()) == ([], 0)


def test_what_is_written_while_it_is_read_is_not_read(kafka: str, make: MakeTopic, producer: KafkaProducer) -> None:
    topic = make(partitions=2)
    write(producer, topic, [0, 1])
    found: list[bytes | None] = []
    with open_reader(KafkaSettings(bootstrap_servers=kafka)) as consumer:
        reader = Reader(consumer, topic, Stretch())
        write(producer, topic, [2])  # after the start, before the first record
        for record in islice(reader, 100):  # a reader that ran after its own tail would never end
            found.append(record.value)
            write(producer, topic, [3])
            write(producer, topic, [4], partition=1)
    assert found == [b"0", b"1"]
    assert reader.total == 2


def test_tombstones_of_a_compacted_topic_are_records_without_a_value(
    kafka: str, make: MakeTopic, producer: KafkaProducer
) -> None:
    topic = make(cleanup_policy="compact")
    for key, value in [(b"a", b"1"), (b"b", b"1"), (b"a", None), (b"b", b"")]:
        producer.send(topic, value, key)
    producer.flush()
    assert [(r.key, r.value) for r in records(kafka, topic)] == [(b"a", b"1"), (b"b", b"1"), (b"a", None), (b"b", b"")]


def test_an_end_that_no_record_reaches_is_an_end(kafka: str, make: MakeTopic) -> None:
    topic = make()
    writer = KafkaProducer(bootstrap_servers=kafka, transactional_id=f"test-{uuid4().hex[:8]}")
    writer.init_transactions()
    for value in (b"1", b"2"):
        writer.begin_transaction()
        writer.send(topic, value)
        writer.commit_transaction()
    writer.close()
    # The mark of a transaction takes an offset of its own: 1, mark, 2, mark.
    assert read(kafka, topic, Stretch()) == (["1", "2"], 4)
    assert read(kafka, topic, Stretch(partition=0, to_offset=2)) == (["1"], 2)
    assert read(kafka, topic, Stretch(partition=0, from_offset=3)) == ([], 1)
