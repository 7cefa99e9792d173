"""Creating what the indices need before the first article: templates, the read aliases, the registry of stories."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from elastic_transport import ConnectionError as Unreachable
from elasticsearch import ApiError, AsyncElasticsearch, AuthenticationException, AuthorizationException
from elasticsearch import ConnectionError as ClientUnreachable

from pipeline.config import IndexingSettings, configs_dir
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable

log = structlog.get_logger(__name__)

_PARTS = {"articles": ("settings", "article", "enrichment"), "stances": ("settings", "stance")}
"""The component templates of each kind of monthly index; each kind is called as the settings call it."""

# Kibana and every search read through this filter: `now` is the time of the search, so an embargo
# opens on the second, and nobody sees what is withheld, retracted, or superseded by another uri.
READABLE: dict[str, Any] = {
    "bool": {
        "must_not": [
            {"term": {"pubStatus": "canceled"}},
            {"range": {"embargoedUntil": {"gt": "now"}}},
            {"exists": {"field": "supersededBy"}},
        ],
        "should": [
            {"term": {"pubStatus": "usable"}},
            {"bool": {"filter": [{"term": {"pubStatus": "withheld"}}, {"exists": {"field": "embargoedUntil"}}]}},
        ],
        "minimum_should_match": 1,
    }
}


async def set_up(client: AsyncElasticsearch, settings: IndexingSettings) -> list[str]:
    """Create or renew the templates and the registry, and give the monthly indices the fields they lack.

    What existing indices hold stays as it is: an article has the new fields once it is indexed again.

    Returns:
        The names of what was put in place.

    Raises:
        ServiceUnreachable: Elasticsearch does not answer.
        Misconfigured: it refuses our credentials.
        Fatal: it refuses a template, or an index has a field of another type than its articles will.
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
        raise Fatal(f"Elasticsearch refuses to be set up: {error.message}: {error.body}") from error


async def _set_up(client: AsyncElasticsearch, settings: IndexingSettings) -> list[str]:
    names = []
    for kind, parts in _PARTS.items():
        prefix: str = getattr(settings, kind)
        templates = {part: _read(part)["template"] for part in parts}
        names += await _put_templates(client, prefix, templates, settings)
        fields: dict[str, Any] = {}
        for template in templates.values():
            fields |= template.get("mappings", {}).get("properties", {})
        await _add_fields(client, f"{prefix}-*", fields)
        await _renew_alias(client, prefix)
    await _create_registry(client, settings, settings.stories, "stories", shards=settings.shards)
    await _create_registry(client, settings, settings.duplicates, "duplicates", shards=1)
    return [*names, settings.stories, settings.duplicates]


async def _put_templates(
    client: AsyncElasticsearch, prefix: str, templates: Mapping[str, Any], settings: IndexingSettings
) -> list[str]:
    parts = []
    # Elasticsearch checks each part by itself, so what is mapped needs its analyzers beside it.
    analysis = templates["settings"]["settings"]["analysis"]
    for part, template in templates.items():
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
                **({"refresh_interval": settings.refresh_interval} if settings.refresh_interval else {}),
            },
            "aliases": {prefix: {"filter": READABLE}},
        },
    )
    return [*parts, prefix]


async def _add_fields(client: AsyncElasticsearch, pattern: str, fields: Mapping[str, Any]) -> None:
    """Give indices made by an older release the fields of this one: templates are for new indices only."""
    existing = await client.indices.get_mapping(index=pattern)
    for index, found in sorted(existing.items()):
        missing = list(lacking(found["mappings"].get("properties", {}), fields))
        if not missing:  # nothing is asked of an index that needs nothing: it may be blocked, or its disk full
            continue
        try:
            await client.indices.put_mapping(index=index, properties=fields)
        except ApiError as error:
            if error.status_code == 400:
                raise Fatal(
                    f"{index} cannot take the fields {', '.join(missing)}: {error.message}: {error.body}",
                    "delete it and index its articles anew with `wire replay index`",
                ) from error
            if error.status_code != 403 or error.error != "cluster_block_exception":
                raise
            # An archive somebody made read-only takes no articles either.
            log.warning("a read-only index gets no new fields", index=index, fields=missing, reason=str(error))
            continue
        log.info("an index got new fields", index=index, fields=missing)


async def _renew_alias(client: AsyncElasticsearch, prefix: str) -> None:
    """Give indices made by an older release the filter of this one: it names fields they didn't have."""
    found = await client.indices.get_alias(index=f"{prefix}-*")
    older = [name for name, index in found.items() if index["aliases"].get(prefix, {}).get("filter") != READABLE]
    actions = [{"add": {"index": name, "alias": prefix, "filter": READABLE}} for name in sorted(older)]
    if actions:
        await client.indices.update_aliases(actions=actions)
        log.info("indices got the readers' filter of this release", indices=sorted(older))


def lacking(mapped: Mapping[str, Any], wanted: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The fields of a mapping's properties that an index lacks, by their paths; their types are not compared."""
    for name, field in wanted.items():
        if name not in mapped:
            yield path + name
            continue
        for inner in ("properties", "fields"):
            yield from lacking(mapped[name].get(inner, {}), field.get(inner, {}), f"{path}{name}.")


async def _create_registry(
    client: AsyncElasticsearch, settings: IndexingSettings, index: str, kind: str, *, shards: int
) -> None:
    body = _read(kind)
    if await client.indices.exists(index=index):
        await _add_fields(client, index, body["mappings"]["properties"])
        return
    try:
        await client.indices.create(
            index=index,
            mappings=body["mappings"],
            settings={
                "number_of_shards": shards,
                "number_of_replicas": settings.replicas,
                "refresh_interval": "30s",  # it is read by id, which sees writes at once, or refreshed when written
            },
        )
    except ApiError as error:
        if error.error != "resource_already_exists_exception":  # another worker was faster
            raise


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((configs_dir() / "elasticsearch" / f"{name}.json").read_text())
    return read
