"""Lag measured on a real broker, and compared with Kafka's own figures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import astuple
from uuid import uuid4

import aiokafka
import pytest
from aiokafka import AIOKafkaConsumer
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import RetriableError
from tenacity import retry, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed

from pipeline.config import KafkaSettings
from pipeline.errors import ServiceUnreachable
from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.monitor import LagMonitor, measure, open_monitor
from pipeline.monitoring.status import Status
from tests.monitoring.broker_tool import described

pytestmark = pytest.mark.integration

BASE = 1_700_000_000
"""Records are written at BASE, BASE + 1, ... seconds since the epoch, and measured at NOW."""
NOW = BASE + 1000.25


def unique(name: str) -> str:
    return f"test-lag-{name}-{uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def admin(kafka: str) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(bootstrap_servers=kafka)
    yield client
    client.close()


@pytest.fixture(scope="module")
def monitor(kafka: str) -> Iterator[LagMonitor]:
    with open_monitor(KafkaSettings(bootstrap_servers=kafka)) as opened:
        yield opened


@pytest.fixture
def new_topic(admin: KafkaAdminClient) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def make(partitions: int = 1, **configs: str) -> str:
        name = unique("topic")
        settings = {key.replace("_", "."): value for key, value in configs.items()}
        # Records in these tests carry timestamps of 2023: no retention may take them.
        settings.setdefault("retention.ms", "-1")
        topic = {"num_partitions": partitions, "replication_factor": 1, "configs": settings}
        admin.create_topics({name: topic}, wait_for_metadata=True)
        made.append(name)
        return name

    yield make
    admin.delete_topics(made)


def fill(kafka: str, topic: str, count: int, partition: int = 0, first: int = 0, value: bytes = b"v") -> None:
    """Write ``count`` records, one a second from BASE + ``first`` on."""
    producer = KafkaProducer(bootstrap_servers=kafka)
    sent = [
        producer.send(topic, value, partition=partition, timestamp_ms=(BASE + first + number) * 1000)
        for number in range(count)
    ]
    for future in sent:
        future.get(30)
    producer.close()


@retry(retry=retry_if_result(lambda marked: not marked), wait=wait_fixed(0.05), stop=stop_after_delay(30))
def marked(kafka: str, topic: str, end: int) -> bool:
    """Wait for the mark at the end of a transaction: the broker writes it after the commit was answered."""
    consumer = KafkaConsumer(bootstrap_servers=kafka)
    try:
        partition = TopicPartition(topic, 0)
        return bool(consumer.end_offsets([partition])[partition] == end)
    finally:
        consumer.close()


# A fresh cluster first has to find its groups' coordinators.
@retry(retry=retry_if_exception_type(RetriableError), wait=wait_fixed(0.1), stop=stop_after_delay(30))
def commit(admin: KafkaAdminClient, group: str, topic: str, *offsets: int | None) -> None:
    """Commit an offset for each partition, from 0 on."""
    admin.alter_group_offsets(
        group,
        {
            TopicPartition(topic, number): OffsetAndMetadata(offset, "", -1)
            for number, offset in enumerate(offsets)
            if offset is not None
        },
    )


def look(monitor: LagMonitor, group: str, *topics: str) -> list[PartitionLag]:
    return monitor.measure({group: topics}, now=lambda: NOW)


def test_an_idle_group_has_exact_messages_and_exact_seconds(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(3), unique("group")
    fill(kafka, topic, 10, partition=0)
    fill(kafka, topic, 4, partition=1, first=500)
    commit(admin, group, topic, 7, 4, 0)
    assert [astuple(one)[:11] for one in look(monitor, group)] == [
        (group, topic, 0, 7, 0, 10, 3, NOW - (BASE + 7), 0, "Empty", Status.STOP),
        (group, topic, 1, 4, 0, 4, 0, 0.0, 0, "Empty", Status.OK),
        (group, topic, 2, 0, 0, 0, 0, 0.0, 0, "Empty", Status.OK),
    ]


def test_a_group_without_commits_has_the_whole_log_before_it(
    kafka: str, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    fill(kafka, topic, 5, first=20)
    (one,) = look(monitor, group, topic)
    assert (one.committed, one.messages, one.seconds) == (None, 5, NOW - (BASE + 20))
    assert (one.members, one.state, one.status) == (0, "Dead", Status.STOP)


def test_a_partition_it_never_committed_on_is_found_through_the_topic(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(2), unique("group")
    fill(kafka, topic, 2, partition=0)
    fill(kafka, topic, 3, partition=1)
    commit(admin, group, topic, 2)
    assert [(one.committed, one.messages) for one in look(monitor, group)] == [(2, 0), (None, 3)]


def test_a_running_group_that_never_committed(kafka: str, monitor: LagMonitor, new_topic: Callable[..., str]) -> None:
    topic, group = new_topic(), unique("group")
    fill(kafka, topic, 5)
    consumer = KafkaConsumer(topic, bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    while not consumer.assignment():
        consumer.poll(1000)  # what is not found within a poll is looked for anew
    (one,) = look(monitor, group)
    consumer.close()
    assert (one.topic, one.committed, one.messages) == (topic, None, 5)
    assert (one.members, one.state, one.status) == (1, "Stable", Status.NO_COMMIT)


def test_a_running_group_is_ok_or_warned_of_by_what_is_allowed(
    kafka: str, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    fill(kafka, topic, 5)
    consumer = KafkaConsumer(topic, bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    while not consumer.assignment():
        consumer.poll(1000)
    consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(3, "", -1)})
    waits = NOW - (BASE + 3)
    found = [
        monitor.measure({group: ()}, allowed=allowed, now=lambda: NOW)[0].status for allowed in (waits - 0.001, waits)
    ]
    consumer.close()
    assert found == [Status.WARN, Status.OK]


def test_what_was_deleted_before_it_was_read_no_longer_counts(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(2), unique("group")
    fill(kafka, topic, 10, partition=0)
    fill(kafka, topic, 10, partition=1)
    commit(admin, group, topic, 2, 2)
    admin.delete_records({TopicPartition(topic, 0): 6, TopicPartition(topic, 1): 10})
    part, all_ = look(monitor, group)
    assert (part.committed, part.start, part.end, part.messages, part.seconds) == (2, 6, 10, 4, NOW - (BASE + 6))
    assert (all_.start, all_.messages, all_.seconds, all_.status) == (10, 0, 0.0, Status.OK)


def test_a_commit_beyond_the_end_counts_the_whole_log(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    fill(kafka, topic, 3, first=5)
    commit(admin, group, topic, 99)
    (one,) = look(monitor, group)
    assert (one.committed, one.messages, one.seconds) == (99, 3, NOW - (BASE + 5))


def test_the_mark_of_a_transaction_is_a_message_of_lag_but_nothing_that_waits(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    producer = KafkaProducer(bootstrap_servers=kafka, transactional_id=unique("transaction"))
    producer.init_transactions()
    producer.begin_transaction()
    for number in range(3):
        producer.send(topic, b"v", partition=0, timestamp_ms=(BASE + number) * 1000)
    producer.commit_transaction()
    producer.close()
    marked(kafka, topic, 4)
    commit(admin, group, topic, 3)
    (one,) = look(monitor, group)
    assert (one.end, one.messages, one.seconds) == (4, 1, 0.0)


def test_offsets_without_a_record_are_passed_over(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    producer = KafkaProducer(bootstrap_servers=kafka, transactional_id=unique("transaction"))
    producer.init_transactions()
    for number in range(3):  # offsets 0, 2 and 4 hold records, 1, 3 and 5 the marks of transactions
        producer.begin_transaction()
        producer.send(topic, b"v", partition=0, timestamp_ms=(BASE + number) * 1000)
        producer.commit_transaction()
    producer.close()
    marked(kafka, topic, 6)
    commit(admin, group, topic, 3)
    (one,) = look(monitor, group)
    assert (one.messages, one.seconds) == (3, NOW - (BASE + 2))


def compacted(kafka: str, monitor: LagMonitor, group: str, topic: str, committed: int) -> PartitionLag:
    """Fill a topic that is compacted, wait until it is, and look."""
    producer = KafkaProducer(bootstrap_servers=kafka)
    for number, key in enumerate([b"story"] * 5 + [b"other"]):  # a second apart: each begins a segment
        producer.send(topic, b"v", key, timestamp_ms=(BASE + number) * 1000).get(30)
    producer.close()

    # The broker compacts when it likes, at the latest after its log.cleaner.backoff.ms of 15 seconds.
    @retry(
        retry=retry_if_result(lambda one: one.seconds == NOW - (BASE + committed)),
        wait=wait_fixed(0.5),
        stop=stop_after_delay(90),
    )
    def once_compacted() -> PartitionLag:
        return look(monitor, group)[0]

    return once_compacted()


def test_kafkas_own_tool_counts_the_same_of_live_idle_compacted_and_rewound_groups(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    live, idle, compact, rewound = groups = [unique(f"group-{kind}") for kind in ("live", "idle", "compact", "rewound")]
    cleaned = new_topic(cleanup_policy="compact", segment_ms="100", min_cleanable_dirty_ratio="0.01")
    commit(admin, compact, cleaned, 1)
    one = compacted(kafka, monitor, compact, cleaned, committed=1)
    assert (one.committed, one.end, one.messages, one.seconds) == (1, 6, 5, NOW - (BASE + 4))
    topic = new_topic(3)
    fill(kafka, topic, 10, partition=0)
    fill(kafka, topic, 4, partition=1)
    commit(admin, idle, topic, 10, 1, 0)
    commit(admin, rewound, topic, 9)
    with open_monitor(KafkaSettings(bootstrap_servers=kafka)) as watching:
        assert look(watching, rewound)[0].messages == 1
        commit(admin, rewound, topic, 3)
        went_back = look(watching, rewound)[0]
    assert (went_back.messages, went_back.status, went_back.commit_age) == (7, Status.REWIND, 0.0)
    consumer = KafkaConsumer(topic, bootstrap_servers=kafka, group_id=live, enable_auto_commit=False)
    while not consumer.assignment():
        consumer.poll(1000)
    consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(7, "", -1)})
    ours = monitor.measure(dict.fromkeys(groups, ()), now=lambda: NOW)
    theirs = described(kafka, groups)
    consumer.close()
    compared = {
        (one.group, one.topic, one.partition): (one.committed, one.end, one.messages)
        for one in ours
        if one.committed is not None
    }
    assert compared == theirs
    assert {place[0] for place in compared} == set(groups)


def test_several_groups_on_one_partition_have_each_their_own_seconds(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, groups = new_topic(), [unique("group") for _ in range(4)]
    fill(kafka, topic, 1000)
    offsets = (900, 3, 500, 1000)
    for group, offset in zip(groups, offsets, strict=True):
        commit(admin, group, topic, offset)
    lags = monitor.measure(dict.fromkeys(groups, ()), now=lambda: NOW)
    assert [one.group for one in lags] == groups
    assert [one.seconds for one in lags] == [NOW - (BASE + 900), NOW - (BASE + 3), NOW - (BASE + 500), 0.0]


def test_large_messages_on_many_partitions_are_all_read(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(16), unique("group")
    for partition in range(16):
        fill(kafka, topic, 2, partition=partition, first=partition, value=b"x" * 900_000)
    commit(admin, group, topic, *[1] * 16)
    lags = look(monitor, group)
    assert [one.seconds for one in lags] == [NOW - (BASE + partition + 1) for partition in range(16)]


def test_unknown_groups_and_topics_are_left_out_and_nothing_is_created(
    admin: KafkaAdminClient, monitor: LagMonitor
) -> None:
    topic = unique("topic")
    assert look(monitor, unique("group"), topic) == []
    assert monitor.measure({}) == []
    assert topic not in admin.list_topics()


def test_measuring_leaves_no_group_and_no_commit_behind(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(), unique("group")
    fill(kafka, topic, 3)
    commit(admin, group, topic, 1)
    before = set(monitor.groups())
    look(monitor, group)
    assert group in before
    assert set(monitor.groups()) == before
    assert admin.list_group_offsets([group])[group][TopicPartition(topic, 0)].offset == 1


async def test_another_client_counts_the_same(
    kafka: str, admin: KafkaAdminClient, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(4), unique("group")
    for partition, count in enumerate((10, 250, 1, 0)):
        fill(kafka, topic, count, partition=partition)
    commit(admin, group, topic, 3, 249, 1, 0)
    ours = {one.partition: (one.committed, one.end, one.messages) for one in look(monitor, group)}
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [aiokafka.TopicPartition(topic, number) for number in range(4)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        committed = {tp: await consumer.committed(tp) for tp in partitions}
    finally:
        await consumer.stop()
    assert ours == {tp.partition: (committed[tp], ends[tp], ends[tp] - committed[tp]) for tp in partitions}


def test_under_load_lag_is_never_negative_and_always_adds_up(
    kafka: str, monitor: LagMonitor, new_topic: Callable[..., str]
) -> None:
    topic, group = new_topic(2), unique("group")
    stopped = threading.Event()

    def write() -> None:
        producer = KafkaProducer(bootstrap_servers=kafka)
        while not stopped.is_set():
            producer.send(topic, b"v").get(30)
        producer.close()

    def read() -> None:
        consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=group, auto_offset_reset="earliest")
        consumer.assign([TopicPartition(topic, number) for number in range(2)])
        while not stopped.is_set():
            consumer.poll(50)
            consumer.commit()
        consumer.close(autocommit=False)

    workers = [threading.Thread(target=work, daemon=True) for work in (write, read)]
    for worker in workers:
        worker.start()
    seen: list[PartitionLag] = []
    try:
        while len({one.committed for one in seen}) < 20:
            seen += monitor.measure({group: (topic,)})
    finally:
        stopped.set()
        for worker in workers:
            worker.join()
    assert all(one.messages >= 0 and one.seconds is not None and one.seconds >= 0 for one in seen)
    assert all(one.messages == one.end - (one.committed or 0) for one in seen)


def test_a_broker_that_does_not_answer_is_named() -> None:
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:1 "):
        measure(KafkaSettings(bootstrap_servers="127.0.0.1:1"), {"g": ()})
