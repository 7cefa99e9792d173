"""Creating what the index needs before the first article: templates, the read alias, the registry of stories."""

from __future__ import annotations

import json
from typing import Any

from elastic_transport import ConnectionError as Unreachable
from elasticsearch import ApiError, AsyncElasticsearch, AuthenticationException, AuthorizationException
from elasticsearch import ConnectionError as ClientUnreachable

from pipeline.config import IndexingSettings, configs_dir
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable

# Kibana and every search read through this filter: `now` is the time of the search, so an embargo
# opens on the second, and nobody sees what is withheld or retracted.
READABLE: dict[str, Any] = {
    "bool": {
        "must_not": [{"term": {"pubStatus": "canceled"}}, {"range": {"embargoedUntil": {"gt": "now"}}}],
        "should": [
            {"term": {"pubStatus": "usable"}},
            {"bool": {"filter": [{"term": {"pubStatus": "withheld"}}, {"exists": {"field": "embargoedUntil"}}]}},
        ],
        "minimum_should_match": 1,
    }
}


async def set_up(client: AsyncElasticsearch, settings: IndexingSettings) -> list[str]:
    """Create or renew the templates and the registry; existing indices stay as they are.

    Returns:
        The names of what was put in place.

    Raises:
        ServiceUnreachable: Elasticsearch does not answer.
        Misconfigured: it refuses our credentials.
        Fatal: it refuses a template.
    """
    try:
        return await _set_up(client, settings)
    except (Unreachable, ClientUnreachable) as error:
        raise ServiceUnreachable(
            f"Elasticsearch does not answer: {error.message}",
            "start it with `wire up`, or correct elasticsearch.url",
        ) from error
    except (AuthenticationException, AuthorizationException) as error:
        raise Misconfigured(
            f"Elasticsearch refuses: {error.message}", "check elasticsearch.api_key and its role"
        ) from error
    except ApiError as error:
        raise Fatal(f"Elasticsearch refuses a template: {error.message}: {error.body}") from error


async def _set_up(client: AsyncElasticsearch, settings: IndexingSettings) -> list[str]:
    prefix = settings.articles
    parts = []
    # Elasticsearch checks each part by itself, so what is mapped needs its analyzers beside it.
    analysis = _read("settings")["template"]["settings"]["analysis"]
    for part in ("settings", "article", "enrichment"):
        template = _read(part)["template"]
        template.setdefault("settings", {})["analysis"] = analysis
        await client.cluster.put_component_template(name=f"{prefix}-{part}", template=template)
        parts.append(f"{prefix}-{part}")
    await client.indices.put_index_template(
        name=prefix,
        index_patterns=[f"{prefix}-*"],
        composed_of=parts,
        priority=200,
        template={
            "settings": {
                "number_of_shards": settings.shards,
                "number_of_replicas": settings.replicas,
                "refresh_interval": settings.refresh_interval,
            },
            "aliases": {prefix: {"filter": READABLE}},
        },
    )
    await _create_registry(client, settings)
    return [*parts, prefix, settings.stories]


async def _create_registry(client: AsyncElasticsearch, settings: IndexingSettings) -> None:
    if await client.indices.exists(index=settings.stories):
        return
    body = _read("stories")
    try:
        await client.indices.create(
            index=settings.stories,
            mappings=body["mappings"],
            settings={
                "number_of_shards": settings.shards,
                "number_of_replicas": settings.replicas,
                "refresh_interval": "30s",  # it is only ever read by id, which sees writes at once
            },
        )
    except ApiError as error:
        if error.error != "resource_already_exists_exception":  # another worker was faster
            raise


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((configs_dir() / "elasticsearch" / f"{name}.json").read_text())
    return read
