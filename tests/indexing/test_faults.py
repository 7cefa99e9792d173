"""What passes by itself is waited for: nothing is lost, whatever fails between the writer and Elasticsearch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pipeline.errors import Fatal, Misconfigured
from pipeline.indexing import IndexOperation, operation
from pipeline.local import free_ports
from tests.indexing.fault_proxy import CUT, Fault, FaultProxy
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import APRIL, new_uri, version

pytestmark = pytest.mark.integration

MORE_THAN_THE_CLIENT_RETRIES = 9
"""Elasticsearch's client tries four times by itself: that many faults in a row reach the writer twice."""


def some(count: int, text: str = "Gulls.", **said: str) -> list[IndexOperation]:
    return [operation(version(new_uri(), text=text, **said)) for _ in range(count)]


def uris(operations: list[IndexOperation]) -> list[str]:
    return sorted(op.uri for op in operations)


async def until(holds: Callable[[], bool]) -> None:
    """The test's own time limit ends a wait that is in vain."""
    while not holds():  # noqa: ASYNC110 - it is the state of others
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, CUT])
@pytest.mark.parametrize("to", ["_mget", "_bulk"])
async def test_requests_that_fail_for_a_while_are_repeated_until_they_pass(
    index: OwnIndex, status: int, to: str
) -> None:
    operations = some(5)
    fault = Fault(status, MORE_THAN_THE_CLIENT_RETRIES, to)
    async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
        outcomes = await writer.write(operations)
    assert proxy.failed == MORE_THAN_THE_CLIENT_RETRIES
    assert [outcome.disposition for outcome in outcomes] == ["indexed"] * 5
    assert [one.uri for one in index.stored(*uris(operations))] == uris(operations)


@pytest.mark.parametrize("status", [503, 504, CUT])
async def test_an_answer_that_is_lost_loses_and_doubles_nothing(index: OwnIndex, status: int) -> None:
    operations = some(5)
    fault = Fault(status, MORE_THAN_THE_CLIENT_RETRIES, "_bulk", too_late=True)
    async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
        outcomes = await writer.write(operations)
    assert proxy.failed == MORE_THAN_THE_CLIENT_RETRIES
    assert {outcome.disposition for outcome in outcomes} <= {"indexed", "superseded"}
    assert [one.uri for one in index.stored(*uris(operations))] == uris(operations)


async def test_elasticsearch_may_be_down_for_any_time(index: OwnIndex, caplog: pytest.LogCaptureFixture) -> None:
    operations = some(5)
    (port,) = free_ports(1)
    proxy = FaultProxy(index.url, port=port)
    async with index.writer(proxy.url) as writer:
        with caplog.at_level("WARNING", "elastic_transport.node_pool"):
            writing = asyncio.create_task(writer.write(operations))
            await until(lambda: len(caplog.records) >= MORE_THAN_THE_CLIENT_RETRIES)
        assert not writing.done()
        async with proxy:
            outcomes = await writing
    assert [outcome.disposition for outcome in outcomes] == ["indexed"] * 5
    assert [one.uri for one in index.stored(*uris(operations))] == uris(operations)


async def test_a_document_that_gets_429_waits_and_its_neighbour_does_not(index: OwnIndex) -> None:
    # Elasticsearch itself answers 429 for each document of an index on a disk that is too full.
    await asyncio.to_thread(index.write, [operation(version(new_uri()))])
    index.block(index.month("2026.03"), "read_only_allow_delete", on=True)
    waits, passes = version(new_uri()), version(new_uri(), first_created=APRIL)
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as writer:
        writing = asyncio.create_task(writer.write([operation(waits), operation(passes)]))
        await until(lambda: len(proxy.bulks) >= 4)
        assert not writing.done()
        assert [one.uri for one in index.stored(waits.uri, passes.uri)] == [passes.uri]
        index.block(index.month("2026.03"), "read_only_allow_delete", on=False)
        outcomes = await writing
    assert [outcome.disposition for outcome in outcomes] == ["indexed", "indexed"]
    assert len(index.stored(waits.uri, passes.uri)) == 2
    registry, both, *again = proxy.bulks
    assert all(body.count(passes.uri.encode()) for body in (registry, both))
    assert not any(passes.uri.encode() in body for body in again)


async def test_a_request_that_is_too_large_is_split_until_its_parts_pass(index: OwnIndex) -> None:
    operations = some(9, text="Herring and hake. " * 100)
    fault = Fault(413, 1000, "_bulk", larger_than=2 * len(operations[0].document))
    async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
        outcomes = await writer.write(operations)
    assert proxy.failed > 1
    assert [outcome.disposition for outcome in outcomes] == ["indexed"] * 9
    assert [one.uri for one in index.stored(*uris(operations))] == uris(operations)


async def test_only_a_document_that_is_too_large_by_itself_is_dead(index: OwnIndex) -> None:
    operations = some(5)
    operations[2:2] = some(1, ed_note="Herring and hake. " * 1000)
    fault = Fault(413, 1000, "_bulk", larger_than=15_000)
    async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
        outcomes = await writer.write(operations)
    assert [outcome.disposition for outcome in outcomes] == ["indexed"] * 2 + ["dead"] + ["indexed"] * 3
    assert outcomes[2].cause == "too-large"
    small = [op for op in operations if op is not operations[2]]
    assert [one.uri for one in index.stored(*uris(operations))] == uris(small)


async def test_a_bulk_request_holds_no_more_than_the_settings_say(index: OwnIndex) -> None:
    operations = some(9, text="Herring and hake. " * 100)
    settings = index.settings.model_copy(update={"bulk_bytes": 3 * len(operations[0].document)})
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url, settings) as writer:
        await writer.write(operations)
    documents = [body for body in proxy.bulks if b"Herring" in body]
    assert len(documents) > 3
    assert all(len(body) <= settings.bulk_bytes for body in documents)
    assert [one.uri for one in index.stored(*uris(operations))] == uris(operations)


@pytest.mark.parametrize(("status", "error"), [(401, Misconfigured), (403, Misconfigured), (400, Fatal)])
@pytest.mark.parametrize("to", ["_mget", "_bulk"])
async def test_a_refusal_of_the_request_as_such_ends_the_worker(
    index: OwnIndex, status: int, error: type[Fatal], to: str
) -> None:
    async with FaultProxy(index.url, Fault(status, 1, to)) as proxy, index.writer(proxy.url) as writer:
        with pytest.raises(error, match="refuses"):
            await writer.write(some(1))
