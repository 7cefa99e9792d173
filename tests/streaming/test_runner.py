"""What a stage does step by step: its batches, its dead letters, how it crashes and how it stops.

That it acknowledges in order, whatever happens, is in test_runner_in_any_order.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from pipeline.config import StreamingSettings
from pipeline.dead_letters import DeadLetter, Origin
from pipeline.errors import Fatal, Poison
from pipeline.streaming.ledger import Partition
from tests.streaming.rig import FaustEvent, FaustMessage, Rig, settle


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    await made.runner.start()
    yield made
    await made.end()


async def test_a_batch_holds_at_most_so_many_messages_and_bytes(rig: Rig) -> None:
    # 3 messages or 100 bytes, whichever is reached first; the rest of what was taken is a batch too.
    await rig.runner.take(rig.events(b"s", b"s", b"s", b"s", b"s" * 99, b"s" * 100, b"s"))
    await settle()
    assert [[len(message.value) for message in batch] for batch, _ in rig.pool.calls] == [
        [1, 1, 1],
        [1, 99],
        [100],
        [1],
    ]


async def test_what_ends_early_waits_for_what_came_before_it(rig: Rig) -> None:
    await rig.runner.take(rig.events(*[b"s"] * 6))
    await settle()
    rig.pool.answer(1)
    await settle()
    assert not rig.sink.calls
    await rig.finish()
    assert rig.acked == [(0, offset) for offset in range(6)]


async def test_one_letter_tells_of_all_that_is_dead_in_a_message_and_the_rest_goes_on(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"s", b"psrs"))
    await settle()
    rig.pool.answer()
    await settle()
    (outputs, _) = rig.sink.calls[0]
    assert [output.value for output, _ in outputs] == [b"0s", b"1s", b"2r", b"3s"]
    assert {headers["source"] for _, headers in outputs} == {b"feeds/a"}
    rig.sink.answer()
    await settle()
    ((letter,), _) = rig.letters.calls[0]
    assert rig.acked == [], "not before the letter is safe"
    await rig.finish()
    assert rig.acked == [(0, 0), (0, 1)]
    read = DeadLetter.from_headers(letter.headers)
    assert (letter.topic, letter.key, letter.value) == ("dead", b"t/0/1", b"psrs")
    assert (read.stage, read.cause, read.origin, read.key) == ("clean", "bad", Origin("t", 0, 1), b"key")
    assert (read.error, read.attempts) == ("part 0 is bad; the sink refuses it", 1)
    assert read.headers == {"source": b"feeds/a"}
    assert rig.runner.dispositions == {"forwarded": 3, "dead": 1}


@pytest.mark.parametrize("who", ["pool", "sink", "letters"])
async def test_a_failure_crashes_the_stage_and_nothing_is_acknowledged_after_it(rig: Rig, who: str) -> None:
    failing = getattr(rig, who)
    await rig.runner.take(rig.events(*[b"psr"] * 7))
    await settle()
    while not failing.calls:
        rig.waiting[0].answer()
        await settle()
    error = Fatal("refused for good")
    failing.fail(error)
    await rig.finish()
    assert rig.crashes == [error]
    assert rig.acked == []


async def test_a_letter_the_broker_does_not_take_crashes_the_stage_uncommitted() -> None:
    refusal = Poison("too large", cause="too-large")
    rig = Rig(buried=lambda _: refusal)
    await rig.runner.start()
    await rig.runner.take(rig.events(b"p"))
    await rig.finish()
    assert rig.crashes == [refusal]
    assert rig.acked == []
    await rig.end()


async def test_what_is_revoked_in_mid_delivery_is_never_acknowledged(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"s", b"s"))
    await settle()
    rig.pool.answer()
    await settle()
    rig.runner.revoke([Partition("t", 0)])
    await rig.finish()
    assert rig.acked == []


async def test_what_was_read_before_a_rebalance_is_left_to_its_new_owner(rig: Rig) -> None:
    rig.generation = 2
    await rig.runner.take(rig.events(b"s"))
    rig.generation = 1
    rig.runner.revoke([Partition("t", 0)])  # it takes its time, and the old generation still holds
    await rig.runner.take(rig.events(b"s"))
    await rig.finish()
    assert (rig.acked, rig.runner.dispositions) == ([], {})


async def test_a_stop_lets_the_delivery_under_way_end_and_acknowledges_nothing_else(rig: Rig) -> None:
    await rig.runner.take(rig.events(*[b"s"] * 6))
    await settle()
    rig.pool.answer()
    await settle()
    stopping = asyncio.create_task(rig.runner.stop())
    await settle()
    assert not stopping.done()
    rig.sink.answer()
    await stopping
    assert rig.acked == [(0, 0), (0, 1), (0, 2)]
    assert not rig.sink.calls


async def test_a_stop_does_not_wait_for_work_that_has_not_ended(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"s"))
    await settle()
    await rig.runner.stop()
    assert rig.acked == []
    assert rig.crashes == []


async def test_the_letter_of_a_tombstone_is_none_itself(rig: Rig) -> None:
    await rig.runner.take([FaustEvent(FaustMessage(0, 0, None), lambda _: None)])
    await settle()
    rig.pool._answer = lambda _: Poison("the item is empty", cause="empty")
    rig.pool.answer()
    await settle()
    ((letter,), _) = rig.letters.calls[0]
    assert letter.value is not None


async def test_a_letter_stays_small_however_much_is_wrong(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"p"))
    await settle()
    rig.pool._answer = lambda _: [Poison(f"object {n}: it is no article", cause="no-article") for n in range(100_000)]
    rig.pool.answer()
    await settle()
    ((letter,), _) = rig.letters.calls[0]
    assert sum(map(len, letter.headers.values())) < 100_000


async def test_fewer_messages_in_flight_than_fill_a_batch_are_worked_on() -> None:
    rig = Rig(StreamingSettings(batch=8, in_flight=4))
    await rig.runner.start()
    taking = asyncio.create_task(rig.runner.take(rig.events(*[b"s"] * 5)))
    await rig.finish()
    done = taking.done()
    await rig.end()
    assert done
    assert len(rig.acked) == 5
