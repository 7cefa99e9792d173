"""What a stage counts, when it is alive and ready, and what its log says of each item."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from pipeline.errors import Poison
from pipeline.headers import RECEIVED_AT, REPLAY
from pipeline.streaming.pool import Took
from tests.streaming.rig import STAGE, FaustEvent, FaustMessage, Rig, settle

INDEX = replace(STAGE, name="index", target=None)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    await made.runner.start()
    yield made
    await made.end()


def figure(rig: Rig, name: str, **labels: str) -> float | None:
    return rig.runner.metrics.registry.get_sample_value(name, labels)


def dispositions(rig: Rig) -> dict[tuple[str, str], float]:
    (family,) = [one for one in rig.runner.metrics.registry.collect() if one.name == "wire_dispositions"]
    return {
        (sample.labels["disposition"], sample.labels["cause"]): sample.value
        for sample in family.samples
        if sample.name == "wire_dispositions_total"
    }


async def test_every_output_is_counted_once_with_the_cause_of_its_death(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"s", b"psrs", b"k"))
    await rig.finish()
    assert dispositions(rig) == {("forwarded", ""): 3, ("dead", "bad"): 1, ("dead", "killed-its-process"): 1}


async def test_batches_are_measured_by_size_and_time(rig: Rig) -> None:
    rig.runner.metrics.worked(3, Took(0.5, {"wire_quotes": 0.2}))
    await rig.runner.take(rig.events(b"s", b"s", b"s"))
    await rig.finish()
    assert figure(rig, "wire_batch_messages_sum", stage="clean", of="work") == 3
    assert figure(rig, "wire_batch_seconds_sum", stage="clean", of="work") == 0.5
    assert figure(rig, "wire_component_seconds_sum", component="wire_quotes") == 0.2
    assert figure(rig, "wire_batch_messages_sum", stage="clean", of="delivery") == 3


async def test_what_is_in_hand_assigned_and_retried_is_read_when_somebody_asks(rig: Rig) -> None:
    assigned: Mapping[str, int] = {"t": 4}
    rig.runner.watch(lambda: assigned)
    await rig.runner.take(rig.events(b"s", b"s"))
    assert figure(rig, "wire_in_flight", stage="clean") == 2
    await rig.finish()
    assert figure(rig, "wire_in_flight", stage="clean") == 0
    assert figure(rig, "wire_assigned_partitions", stage="clean", topic="t") == 4
    assert figure(rig, "wire_elasticsearch_retries_total", status="429") == 3


async def test_only_what_came_the_straight_way_into_the_index_has_a_latency() -> None:
    refused = Poison("refused", cause="refused")
    fates: Iterator[str | Poison] = iter(["indexed", "superseded", "indexed", "indexed", refused, "retracted"])
    rig = Rig(stage=INDEX, stored=lambda _: next(fates))
    await rig.runner.start()
    received = (RECEIVED_AT, (datetime.now(UTC) - timedelta(seconds=90)).isoformat().encode())
    ways: list[Sequence[tuple[str, bytes]]] = [[received] for _ in range(6)]
    ways[2] = [received, (REPLAY, b"2026-11-03")]
    ways[3] = [received, ("dead-attempts", b"1")]
    events = [FaustEvent(FaustMessage(0, n, b"s", headers=way), lambda _: None) for n, way in enumerate(ways)]
    await rig.runner.take(events)
    await rig.finish()
    assert figure(rig, "wire_latency_seconds_count") == 2
    assert 180 <= (figure(rig, "wire_latency_seconds_sum") or 0) < 240
    await rig.end()


async def test_an_item_without_a_time_was_received_when_it_was_written_to_the_topic(rig: Rig) -> None:
    await rig.runner.take(rig.events(b"s"))
    await settle()
    (message,), _ = rig.pool.calls[0]
    assert message.headers[RECEIVED_AT] == datetime.fromtimestamp(1_790_000_000, UTC).isoformat().encode()
    await rig.finish()


async def test_work_that_does_not_get_on_ends_a_life_but_not_where_the_sink_is_waited_for(rig: Rig) -> None:
    assert rig.runner.not_alive(0) is None, "nothing in hand, nothing to get on with"
    await rig.runner.take(rig.events(b"s", b"s"))
    await settle()
    assert rig.runner.not_alive(3600) is None
    assert "2 messages in hand" in (rig.runner.not_alive(0) or "")
    rig.sink.refusal = "Elasticsearch answers 429"
    assert rig.runner.not_alive(0) is None
    rig.sink.refusal = None
    await rig.finish()
    assert rig.runner.not_alive(0) is None


async def test_a_stage_is_ready_once_it_has_started_and_while_its_sink_takes_what_it_is_given() -> None:
    rig = Rig()
    assert rig.runner.not_ready() == "the stage is starting"
    await rig.runner.start()
    await settle()
    assert rig.runner.not_ready() is None
    rig.sink.refusal = "Elasticsearch answers 429"
    assert rig.runner.not_ready() == "Elasticsearch answers 429"
    await rig.end()


async def test_each_item_is_one_line_of_the_log_with_its_trace_and_without_its_text(rig: Rig) -> None:
    rig.pool._answer = lambda message: Poison(f"it says {message.value.decode()}", cause="bad")
    text = b"A long story. " * 1000
    event = rig.events(text)[0]
    event.message = replace(event.message, headers=[("trace-id", b"0af7651916cd43dd")])
    with capture_logs() as lines:
        await rig.runner.take([event])
        await rig.finish()
    (line,) = lines
    assert (line["event"], line["log_level"], line["item"]) == ("dead", "warning", "t/0/0")
    assert (line["stage"], line["cause"], line["trace_id"]) == ("clean", "bad", "0af7651916cd43dd")
    assert len(line["error"]) <= 300
