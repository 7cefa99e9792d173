"""Which articles can be read now that could not be read at the last look, or not like this.

Elasticsearch numbers the writes of a shard (`_seq_no`), and tells up to which number all copies of the shard have them:
the global checkpoint. After a refresh everything up to it can be found. So "written since" has neither gaps nor clocks,
whoever wrote: a new article, a correction, or one that is held no longer. Only the end of an embargo writes nothing:
it is looked for by its time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import AsyncElasticsearch

from pipeline.config import IndexingSettings
from pipeline.errors import Transient
from pipeline.indexing.bulk import BulkClient
from pipeline.indexing.templates import READABLE

AT_ONCE = 500
"""Articles that are matched in one go."""

OVERLAP = timedelta(minutes=1)
"""How far behind the last look embargoes are looked for again: clocks differ."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard of a monthly index, and up to which sequence number its writes are on all its copies."""

    index: str
    key: str
    number: int
    checkpoint: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles that can be read, by uri, and the indices they are in."""

    uris: tuple[str, ...]
    indices: tuple[str, ...]


class Changes:
    """Looks for them."""

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._client = client
        self._bulk = BulkClient(client, settings)
        self._articles = settings.articles
        self._opened: frozenset[str] = frozenset()

    async def shards(self) -> list[Shard]:
        """All shards that have a primary now."""
        stats = await self._client.indices.stats(index=f"{self._articles}-*", level="shards", metric="docs")
        return [
            Shard(index, f"{found['uuid']}/{number}", int(number), copy["seq_no"]["global_checkpoint"])
            for index, found in sorted(stats["indices"].items())
            for number, copies in found.get("shards", {}).items()
            for copy in copies
            if copy["routing"]["primary"]
        ]

    async def written(
        self, shards: list[Shard], seen: Mapping[str, int], eligible: Mapping[str, Any]
    ) -> AsyncIterator[Batch]:
        """What was written up to the checkpoints and after what was seen, can be read, and passes a filter."""
        behind = [shard for shard in shards if shard.checkpoint > seen.get(shard.key, -1)]
        if not behind:
            return
        answer = await self._client.indices.refresh(index=sorted({shard.index for shard in behind}))
        if answer["_shards"]["failed"]:
            raise Transient("not all shards could be refreshed: they are asked again")
        for shard in behind:
            numbers = {"gt": seen.get(shard.key, -1), "lte": shard.checkpoint}
            filters = [{"range": {"_seq_no": numbers}}, READABLE, eligible]
            where = {"index": shard.index, "preference": f"_shards:{shard.number}"}
            async for hits in self._pages(where, filters, "_seq_no"):
                yield Batch(tuple(hit["_id"] for hit in hits), (shard.index,))

    async def opened(self, since: datetime, until: datetime) -> AsyncIterator[Batch]:
        """Whose embargo has ended since a time, as far as this was not told at the last look."""
        ended = {"range": {"embargoedUntil": {"gt": (since - OVERLAP).isoformat(), "lte": until.isoformat()}}}
        found: set[str] = set()
        async for hits in self._pages({"index": self._articles}, [ended], "uri"):
            fresh = [hit for hit in hits if hit["_id"] not in self._opened]
            found |= {hit["_id"] for hit in hits}
            if fresh:
                yield Batch(tuple(hit["_id"] for hit in fresh), tuple(sorted({hit["_index"] for hit in fresh})))
        self._opened = frozenset(found)

    async def received(self, eligible: Mapping[str, Any]) -> AsyncIterator[Batch]:
        """What can be read and passes a filter, whenever it was written."""
        async for hits in self._pages({"index": self._articles}, [eligible], "uri"):
            yield Batch(tuple(hit["_id"] for hit in hits), tuple(sorted({hit["_index"] for hit in hits})))

    async def _pages(
        self, where: Mapping[str, Any], filters: list[Any], order: str
    ) -> AsyncIterator[list[dict[str, Any]]]:
        after: dict[str, Any] = {}
        while True:
            hits = await self._bulk.search(
                **where,
                query={"bool": {"filter": filters}},
                sort=[{order: "asc"}],
                size=AT_ONCE,
                source=False,
                **after,
            )
            if hits:
                yield hits
            if len(hits) < AT_ONCE:
                return
            after = {"search_after": hits[-1]["sort"]}
