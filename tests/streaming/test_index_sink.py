"""The sink of the last stage says that it waits for Elasticsearch, and how often it asked again."""

from __future__ import annotations

import asyncio

import pytest

from pipeline.config import ElasticsearchSettings, Settings
from pipeline.errors import Poison
from pipeline.indexing import operation
from pipeline.streaming.index_sink import IndexSink
from tests.indexing.conftest import index
from tests.indexing.fault_proxy import Fault, FaultProxy
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import new_uri, version

__all__ = ["index"]
pytestmark = pytest.mark.integration


@pytest.mark.parametrize("to", ["_mget", "_bulk"])
async def test_it_refuses_while_elasticsearch_does_and_counts_what_it_sent_again(index: OwnIndex, to: str) -> None:
    # The client tries four times by itself before the writer learns of it.
    async with FaultProxy(index.url, Fault(429, 9, to)) as proxy:
        sink = IndexSink(Settings(elasticsearch=ElasticsearchSettings(url=proxy.url), indexing=index.settings))
        writing = asyncio.create_task(sink.write([(operation(version(new_uri())), {})]))
        told: list[str | None] = [sink.refusal]
        while not writing.done():
            await asyncio.sleep(0.005)
            if sink.refusal != told[-1]:
                told.append(sink.refusal)
        assert await writing == ["indexed"]
        assert told == [None, "Elasticsearch answers 429", None]
        assert sink.retries == {"429": 2}
        await sink.stop()


async def test_a_defect_that_one_article_shows_does_not_hold_up_the_others(index: OwnIndex) -> None:
    articles = [version(new_uri()) for _ in range(3)]
    sink = IndexSink(Settings(elasticsearch=ElasticsearchSettings(url=index.url), indexing=index.settings))
    await sink.start()
    unreadable = {"uri": articles[1].uri, "versions": [{"headline": "of no version"}]}
    index.client.index(index=index.settings.stories, id=articles[1].uri, document=unreadable, refresh=True)
    before, dead, after = await sink.write([(operation(one), {}) for one in articles])
    assert (before, after) == ("indexed", "indexed")
    assert isinstance(dead, Poison)
    assert dead.cause == "defect"
    assert len(index.stored(articles[0].uri, articles[2].uri)) == 2
    await sink.stop()
