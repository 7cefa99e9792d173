"""Templates, registry and monthly indices of a test's own on the real Elasticsearch."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.indexing import IndexOperation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter, Outcome


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it stands in an index: as it was made, and its place among its duplicates, by itself."""

    uri: str
    index: str
    version: int
    seq_no: int
    source: dict[str, Any]
    dup: dict[str, Any]


class OwnIndex:
    """Everything `set_up` makes, under a name nobody else uses; retries don't dawdle."""

    def __init__(self, url: str) -> None:
        name = f"t{uuid.uuid4().hex[:8]}"
        self.url = url
        self.settings = IndexingSettings(
            articles=f"{name}-articles",
            stances=f"{name}-stances",
            stories=f"{name}-stories",
            alerts=f"{name}-alerts",
            retry_initial=0.01,
            retry_max=0.05,
        )
        self.client = Elasticsearch(**ElasticsearchSettings(url=url).client_options())

    # -- writing -----------------------------------------------------------------------------------

    async def set_up(self, settings: IndexingSettings | None = None, url: str | None = None) -> list[str]:
        """What `wire setup` and every worker do."""
        async with AsyncElasticsearch(url or self.url) as client:
            return await set_up(client, settings or self.settings)

    @asynccontextmanager
    async def writer(
        self, url: str | None = None, settings: IndexingSettings | None = None
    ) -> AsyncIterator[ArticleWriter]:
        """A writer, straight to Elasticsearch or to another address."""
        async with AsyncElasticsearch(url or self.url) as client:
            yield ArticleWriter(client, settings or self.settings)

    def write(self, *batches: Sequence[IndexOperation]) -> list[Outcome]:
        """Write batches one after another; returns the outcomes of all."""

        async def write_all() -> list[Outcome]:
            async with self.writer() as writer:
                return [outcome for batch in batches for outcome in await writer.write(batch)]

        return asyncio.run(write_all())

    # -- looking -----------------------------------------------------------------------------------

    def month(self, month: str) -> str:
        """The name of a month's index."""
        return f"{self.settings.articles}-{month}"

    def stored(self, *uris: str) -> list[Stored]:
        """The documents of these uris in all monthly indices, by uri."""
        pattern = self.month("*")
        self.client.indices.refresh(index=pattern)
        found = self.client.search(
            index=pattern,
            query={"ids": {"values": list(uris)}},
            size=1000,
            version=True,
            seq_no_primary_term=True,
        )
        documents = [
            Stored(
                hit["_id"], hit["_index"], hit["_version"], hit["_seq_no"], hit["_source"], hit["_source"].pop("dup")
            )
            for hit in found["hits"]["hits"]
        ]
        return sorted(documents, key=lambda one: one.uri)

    def one(self, uri: str) -> Stored:
        """The only document of a uri."""
        (only,) = self.stored(uri)
        return only

    def shown(self, uri: str) -> bool:
        """Whether those who read the alias see a uri; it must be in the index."""
        self.client.indices.refresh(index=self.month("*"))
        count = self.client.count(index=self.settings.articles, query={"ids": {"values": [uri]}})["count"]
        return bool(count)

    def stances(self, *uris: str) -> dict[str, list[dict[str, Any]]]:
        """What those who read the alias see of the stances of these uris, in the order of their numbers."""
        alias = self.settings.stances
        self.client.indices.refresh(index=f"{alias}-*")
        query = {"terms": {"uri": list(uris)}}
        hits = self.client.search(index=alias, query=query, size=10_000, ignore_unavailable=True)["hits"]["hits"]
        seen: dict[str, list[dict[str, Any]]] = {uri: [] for uri in uris}
        for hit in sorted(hits, key=lambda one: int(one["_id"].rpartition(":")[2])):
            seen[hit["_source"]["uri"]].append(hit["_source"])
        return seen

    def home(self, uri: str) -> str:
        """The month the registry keeps of a uri."""
        return str(self.client.get(index=self.settings.stories, id=uri)["_source"]["month"])

    def block(self, index: str, block: str, *, on: bool) -> None:
        """Set or lift one of Elasticsearch's own blocks, for example ``write``."""
        self.client.indices.put_settings(index=index, settings={f"index.blocks.{block}": on or None})

    # -- cleaning up -------------------------------------------------------------------------------

    def drop(self) -> None:
        """Take everything away again."""
        prefixes = self.settings.articles, self.settings.stances
        client = self.client.options(ignore_status=404)
        for index in client.indices.get(index=",".join(f"{prefix}*" for prefix in (*prefixes, self.settings.stories))):
            client.indices.delete(index=index)
        for prefix in prefixes:
            client.indices.delete_index_template(name=prefix)
            for part in client.cluster.get_component_template(name=f"{prefix}-*")["component_templates"]:
                client.cluster.delete_component_template(name=part["name"])
        self.client.close()
