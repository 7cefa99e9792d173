"""An index, a topic and alerts of a test's own, and a runner that looks when the test says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from elasticsearch import AsyncElasticsearch
from prometheus_client import CollectorRegistry

from pipeline.alerting.alerts import Alert
from pipeline.alerting.messages import AlertMessage
from pipeline.alerting.runner import AlertRunner
from pipeline.alerting.sent import sent_since
from pipeline.alerting.store import AlertStore
from pipeline.article import Article
from pipeline.config import ElasticsearchSettings, KafkaSettings, Settings, TopicSettings
from pipeline.indexing import operation
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import MARCH

EARLIER = MARCH - timedelta(days=1)


class Desk:
    """What a desk does and sees."""

    def __init__(self, index: OwnIndex, kafka: str, topic: str) -> None:
        self.index = index
        self._uris: set[str] = set()
        self.settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=kafka),
            elasticsearch=ElasticsearchSettings(url=index.url),
            topics=TopicSettings(alerts=topic),
            # Goes with the rest of the index when the test ends.
            indexing=index.settings.model_copy(update={"alerts": f"{index.settings.stories}-{topic}"}),
        )

    async def add(self, name: str, query: str, created: datetime = EARLIER) -> None:
        async with AsyncElasticsearch(self.index.url) as client:
            store = AlertStore(client, self.settings.indexing)
            await store.set_up()
            await store.add(Alert(name, query, created))

    async def index_articles(self, *articles: Article, replay: bool = False) -> None:
        """Write a batch, as a worker does."""
        self._uris |= {one.uri for one in articles}
        async with self.index.writer() as writer:
            await writer.write([operation(one, overwrite_equal=replay) for one in articles])

    @asynccontextmanager
    async def runner(self) -> AsyncIterator[AlertRunner]:
        """A runner that has not looked yet: each is another process, as far as anybody can tell."""
        runner = AlertRunner(self.settings)
        self.registry = CollectorRegistry()
        await runner.connect(self.registry)
        try:
            yield runner
        finally:
            await runner.stop()

    def messages(self) -> list[AlertMessage]:
        """All that was sent of this test's articles; the index is shared."""
        return [one for one in sent_since(self.settings, MARCH) if one.uri in self._uris]

    def told(self) -> Counter[tuple[str, str]]:
        """How often which alert told of which article."""
        return Counter((one.alert, one.uri) for one in self.messages())
