"""`wire setup`: create topics, index templates and aliases."""

from __future__ import annotations

import asyncio

from pipeline.cli.printing import stdout
from pipeline.config import Settings, load_settings


def setup() -> None:
    """Create the topics, the index templates and the aliases; what is there already stays."""
    from pipeline.streaming.topics import create_topics

    settings = load_settings()
    created = create_topics(settings.kafka, settings.topics)
    stdout.print(f"topics created: {', '.join(created) or 'none, they are all there'}")
    names = asyncio.run(_templates(settings))
    stdout.print(f"Elasticsearch templates and registry: {', '.join(names)}")


async def _templates(settings: Settings) -> list[str]:
    from elasticsearch import AsyncElasticsearch

    from pipeline.indexing.templates import set_up

    async with AsyncElasticsearch(**settings.elasticsearch.client_options()) as client:
        return await set_up(client, settings.indexing)
