"""Which articles a correction or a lead follows: who was told of those need not be told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import AsyncElasticsearch

from pipeline.config import IndexingSettings
from pipeline.indexing.bulk import BulkClient
from pipeline.indexing.registry import StoryRegistry
from pipeline.indexing.story import FOLLOWS, newest


class Stories:
    """Asks the registry of stories."""

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._registry = StoryRegistry(BulkClient(client, settings), settings)

    async def followed(self, sources: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
        """The other uris of the story of each article that says it follows one, of the same take."""
        following = {source["uri"] for source in sources if source["wire"].get("change") in FOLLOWS}
        if not following:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for versions in (await self._registry.stories_of(following)).values():
            story = newest(versions)
            for uri in following & story.keys():
                found[uri] = tuple(
                    other for other, one in story.items() if other != uri and one.take == story[uri].take
                )
        return found
