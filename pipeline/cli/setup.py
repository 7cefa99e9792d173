"""`wire setup`: create topics, index templates and aliases, import dashboards."""

from __future__ import annotations

import asyncio

from pipeline.cli.printing import stdout
from pipeline.config import Settings, configs_dir, load_settings


def setup() -> None:
    """Create the topics, the index templates and the aliases; what is there already stays.

    With `kibana.url` set, data views, searches and dashboards are imported too, in the place of an older release's.
    """
    from pipeline.streaming.topics import create_topics

    settings = load_settings()
    created = create_topics(settings.kafka, settings.topics)
    stdout.print(f"topics created: {', '.join(created) or 'none, they are all there'}")
    names = asyncio.run(_templates(settings))
    stdout.print(f"Elasticsearch templates and registry: {', '.join(names)}")
    stdout.print(_dashboards(settings))


def _dashboards(settings: Settings) -> str:
    if not settings.kibana.url:
        file = configs_dir() / "kibana" / "saved-objects.ndjson"
        return f"Kibana: nothing imported; set kibana.url, or import {file} under Stack Management > Saved Objects"
    from pipeline.dashboards.importing import import_saved_objects
    from pipeline.dashboards.kibana import saved_objects

    count = import_saved_objects(settings.kibana, settings.elasticsearch, saved_objects(settings.indexing))
    return f"Kibana: {count} data views, searches and dashboards imported"


async def _templates(settings: Settings) -> list[str]:
    from elasticsearch import AsyncElasticsearch

    from pipeline.indexing.templates import set_up

    async with AsyncElasticsearch(**settings.elasticsearch.client_options()) as client:
        return await set_up(client, settings.indexing)
