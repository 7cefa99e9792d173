"""The producer keeps its word on a real broker: what it confirms is there, in order, and nothing else is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import uuid4

import pytest

from pipeline.config import KafkaSettings, StreamingSettings
from pipeline.errors import Fatal, Poison, ServiceUnreachable
from pipeline.headers import Headers
from pipeline.streaming.producer import ConfirmingProducer, Outgoing
from pipeline.streaming.topics import MAX_MESSAGE_BYTES
from tests.streaming.topics import MakeTopic, own_topics, records

pytestmark = pytest.mark.integration

HEADERS: Headers = {"source": b"feeds/tides", "x-bytes": b"\x00\xff"}
LARGE = os.urandom(MAX_MESSAGE_BYTES + 1)  # random, so that no compression makes it small


@pytest.fixture
def make(kafka: str) -> Iterator[MakeTopic]:
    with own_topics(kafka) as maker:
        yield lambda partitions=1, **options: maker(
            partitions, **({"max_message_bytes": str(MAX_MESSAGE_BYTES)} | options)
        )


@asynccontextmanager
async def producing(
    kafka: str, compression: Literal["none", "gzip", "lz4"] = "lz4"
) -> AsyncIterator[ConfirmingProducer]:
    producer = ConfirmingProducer(
        KafkaSettings(bootstrap_servers=kafka), StreamingSettings.model_validate({"compression": compression})
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def tide(topic: str, value: bytes | None, key: bytes | None = b"tide") -> Outgoing:
    return Outgoing(topic, key, value, HEADERS)


def causes(fates: list[Poison | None]) -> list[str | None]:
    return [None if fate is None else fate.cause for fate in fates]


async def values(kafka: str, topic: str) -> list[bytes | None]:
    return [record.value for record in await asyncio.to_thread(records, kafka, topic)]


# -- confirmation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("compression", ["none", "gzip", "lz4"])
async def test_what_is_confirmed_is_there_whole_and_in_order(
    kafka: str, make: MakeTopic, compression: Literal["none", "gzip", "lz4"]
) -> None:
    topic = make()
    sent = [b"%d metres " % number * 300 for number in range(400)]
    async with producing(kafka, compression) as producer:
        assert await producer.send([tide(topic, value) for value in sent]) == [None] * 400
        # Before the producer is stopped, which would wait for what it still holds.
        found = await asyncio.to_thread(records, kafka, topic)
    assert [record.value for record in found] == sent
    assert {record.key for record in found} == {b"tide"}
    assert all(record.headers == HEADERS for record in found)


async def test_messages_of_a_key_stay_in_order_over_several_sendings_and_partitions(
    kafka: str, make: MakeTopic
) -> None:
    topic = make(partitions=4)
    async with producing(kafka) as producer:
        for turn in range(5):
            await producer.send([tide(topic, b"%d" % turn, b"key %d" % key) for key in range(20)])
    found = records(kafka, topic)
    for key in range(20):
        mine = [(record.partition, record.value) for record in found if record.key == b"key %d" % key]
        assert mine == [(mine[0][0], b"%d" % turn) for turn in range(5)]
    assert len({record.partition for record in found}) > 1


async def test_nothing_is_confirmed_until_the_broker_can_take_it(kafka: str, make: MakeTopic) -> None:
    topic = f"test-{uuid4().hex[:8]}"  # not there yet: as good as a broker that can't take it
    async with producing(kafka) as producer:
        sending = asyncio.create_task(producer.send([tide(topic, b"1"), tide(topic, b"2")]))
        other = make()
        assert await producer.send([tide(other, b"passes")]) == [None]
        assert not sending.done()
        await asyncio.to_thread(make, name=topic)
        assert await sending == [None, None]
        assert await values(kafka, topic) == [b"1", b"2"]


async def test_a_message_without_a_value_is_a_tombstone(kafka: str, make: MakeTopic) -> None:
    topic = make()
    async with producing(kafka) as producer:
        assert await producer.send([tide(topic, None), tide(topic, b"")]) == [None, None]
    assert await values(kafka, topic) == [None, b""]


async def test_nothing_to_send_is_sent_at_once(kafka: str) -> None:
    async with producing(kafka) as producer:
        assert await producer.send([]) == []


# -- refusals --------------------------------------------------------------------------------------


async def test_a_message_too_large_for_any_topic_is_a_poison_and_its_neighbours_are_sent(
    kafka: str, make: MakeTopic
) -> None:
    topic = make()
    async with producing(kafka) as producer:
        fates = await producer.send([tide(topic, b"before"), tide(topic, LARGE), tide(topic, b"after")])
        assert causes(fates) == [None, "too-large", None]
        assert topic in str(fates[1])
        assert int(str(fates[1]).split()[0].replace(",", "")) >= len(LARGE)
        assert await producer.send([tide(topic, b"later")]) == [None]
    assert await values(kafka, topic) == [b"before", b"after", b"later"]


async def test_a_message_as_large_as_we_promise_passes(kafka: str, make: MakeTopic) -> None:
    topic = make()
    value = os.urandom(20_000_000)  # an item of 10 MB, and as much again for what is found in it
    async with producing(kafka) as producer:
        assert await producer.send([tide(topic, value)]) == [None]
    assert await values(kafka, topic) == [value]


async def test_a_message_too_large_for_its_own_topic_is_a_poison(kafka: str, make: MakeTopic) -> None:
    topic = make(max_message_bytes="50000")
    async with producing(kafka) as producer:
        fates = await producer.send([tide(topic, os.urandom(100_000))])
    assert causes(fates) == ["too-large"]
    assert await values(kafka, topic) == []


async def test_after_a_message_too_large_for_its_topic_the_others_pass(kafka: str, make: MakeTopic) -> None:
    topic = make(max_message_bytes="50000")
    async with producing(kafka) as producer:
        fates = await producer.send([tide(topic, b"before"), tide(topic, os.urandom(100_000)), tide(topic, b"after")])
        assert causes(fates) == [None, "too-large", None]
    assert await values(kafka, topic) == [b"before", b"after"]


async def test_what_no_retry_mends_is_fatal(kafka: str, make: MakeTopic) -> None:
    topic = make(cleanup_policy="compact")  # takes no message without a key
    async with producing(kafka) as producer:
        with pytest.raises(Fatal, match=f"Kafka refuses a message for {topic}"):
            await producer.send([tide(topic, b"1", key=None)])
    assert await values(kafka, topic) == []


async def test_a_broker_that_does_not_answer_is_named_at_the_start() -> None:
    producer = ConfirmingProducer(KafkaSettings(bootstrap_servers="127.0.0.1:1"), StreamingSettings())
    with pytest.raises(ServiceUnreachable, match=r"does not answer at 127\.0\.0\.1:1.*`wire up`"):
        await producer.start()
    await producer.stop()
