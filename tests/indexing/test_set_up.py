"""Setting up: templates, the alias and the registry, as often and by as many as one likes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable
from pipeline.indexing import operation
from pipeline.indexing.templates import READABLE, _read
from pipeline.local import free_ports
from tests.indexing.fault_proxy import Fault, FaultProxy
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import new_uri, version

pytestmark = pytest.mark.integration


def parts(own: OwnIndex) -> list[str]:
    return [f"{own.settings.articles}-{part}" for part in ("settings", "article", "enrichment")]


def parts_of_stances(own: OwnIndex) -> list[str]:
    return [f"{own.settings.stances}-{part}" for part in ("settings", "stance")]


def state(own: OwnIndex) -> dict[str, Any]:
    """All of what setting up makes, as Elasticsearch tells it."""
    client, registry = own.client, own.settings.stories
    prefix = registry.removesuffix("-stories")
    components = client.cluster.get_component_template(name=f"{prefix}-*")["component_templates"]
    shown = {
        "parts": {one["name"]: one["component_template"]["template"] for one in components},
        "templates": client.indices.get_index_template(name=f"{prefix}*")["index_templates"],
        "registry": client.indices.get(index=registry)[registry],
    }
    for template in shown["templates"]:  # when it was last put is no part of what it is
        template["index_template"] = {k: v for k, v in template["index_template"].items() if "date" not in k}
    return shown


async def test_setting_up_again_changes_nothing(bare: OwnIndex) -> None:
    names = await bare.set_up()
    articles, stances, stories = bare.settings.articles, bare.settings.stances, bare.settings.stories
    assert names == [*parts(bare), articles, *parts_of_stances(bare), stances, stories, f"{stories}-duplicates"]
    before = state(bare)
    assert set(before["parts"]) == {*parts(bare), *parts_of_stances(bare)}
    assert {one["name"] for one in before["templates"]} == {articles, stances}
    assert await bare.set_up() == names
    assert state(bare) == before


async def test_workers_that_start_together_set_up_together(bare: OwnIndex) -> None:
    first, *others = await asyncio.gather(*(bare.set_up() for _ in range(4)))
    assert others == [first] * 3
    assert set(state(bare)["parts"]) == {*parts(bare), *parts_of_stances(bare)}


async def test_setting_up_again_keeps_what_is_indexed(bare: OwnIndex) -> None:
    await bare.set_up()
    article = version(new_uri())
    async with bare.writer() as writer:
        await writer.write([operation(article)])
    before = bare.one(article.uri)
    await bare.set_up(bare.settings.model_copy(update={"refresh_interval": "7s"}))
    assert bare.one(article.uri) == before
    assert bare.home(article.uri) == "2026.03"
    # New settings are for the months to come.
    interval = "*.settings.index.refresh_interval"
    assert not bare.client.indices.get(index=before.index, filter_path=interval).body
    async with bare.writer() as writer:
        await writer.write([operation(version(new_uri(), first_created="2026-05-01T00:00:00Z"))])
    assert "'7s'" in str(bare.client.indices.get(index=bare.month("2026.05"), filter_path=interval))


async def test_each_month_has_an_index_that_is_made_by_its_first_article(bare: OwnIndex) -> None:
    await bare.set_up()
    made = {
        # The day is the provider's own, on its own clock.
        "2026.01": version(new_uri(), first_created="2026-01-31T23:30:00-05:00"),
        "2025.12": version(new_uri(), first_created="2025-12-31T23:59:59Z"),
        "2026.02": version(new_uri(), first_created=None, version_created="2026-02-01T00:00:00Z"),
        "2024.07": version(
            new_uri(),
            first_created=None,
            wire={"format": "text", "dateline": {"raw": "PORT ARDEN, July 4", "date": "2024-07-04"}},
        ),
        "2026.06": version(
            new_uri(), first_created=None, ingest={"source": "tests", "received_at": datetime(2026, 6, 1, tzinfo=UTC)}
        ),
    }
    async with bare.writer() as writer:
        await writer.write([operation(article) for article in made.values()])
    assert {month: bare.one(article.uri).index for month, article in made.items()} == {
        month: bare.month(month) for month in made
    }
    found = bare.client.indices.get(index=bare.month("*"))
    assert set(found) == {bare.month(month) for month in made}
    for index in found.values():
        assert index["aliases"] == {bare.settings.articles: {"filter": READABLE}}
        assert index["mappings"]["dynamic"] == "strict"
        assert index["settings"]["index"]["number_of_replicas"] == str(bare.settings.replicas)
        assert {"names", "mentions", "text", "article"} <= set(index["mappings"]["properties"])


async def test_the_registry_is_no_part_of_what_readers_search(bare: OwnIndex) -> None:
    await bare.set_up()
    async with bare.writer() as writer:
        await writer.write([operation(version(new_uri()))])
    assert list(bare.client.indices.get_alias(name=bare.settings.articles)) == [bare.month("2026.03")]
    # Nothing is searched for stances before there is one.
    assert not bare.client.indices.exists_alias(name=bare.settings.stances)
    assert bare.client.indices.get(index=bare.settings.stories)[bare.settings.stories]["aliases"] == {}


# -- indices of an older release -------------------------------------------------------------------

ADDED = ("roles", "dates", "quotes", "stances", "keyphrases", "summary")
"""Fields of an article that older releases did not have, beside three of ``entities``."""

ENRICHED: dict[str, Any] = {
    "model": {"name": "some_model", "version": "1"},
    "entities": [
        {
            "id": "e1",
            "name": "Port Arden",
            "key": "place:port-arden",
            "type": "GPE",
            "country": "GBR",
            "location": {"lat": 58.4, "lon": -3.1},
            "roles": ["ferry port"],
            "mentions": [{"start": 0, "end": 3, "text": "The", "kind": "metonym"}],
        }
    ],
    "dates": [{"start": 0, "end": 3, "text": "The", "value": value} for value in ("2026", "2026-04", "2026-04-02")],
    "quotes": [{"speaker": "e1", "kind": "direct", "content": [{"start": 0, "end": 3, "text": "No ferries sail"}]}],
    "stances": [
        {
            "holder": "e1",
            "holderText": "Arden",
            "targetText": "the timetable",
            "label": "against",
            "confidence": 0.9,
            "voice": "narrated",
            "evidence": {"start": 0, "end": 3, "text": "The"},
        }
    ],
    "keyphrases": ["ferry timetable"],
    "summary": "The ferry sails at dawn.",
}


def older(own: OwnIndex, month: str, **entities: Any) -> str:
    """An index as an older release left it; returns its name."""
    parts = {part: _read(part)["template"] for part in ("settings", "article", "enrichment")}
    fields = parts["article"]["mappings"]["properties"] | parts["enrichment"]["mappings"]["properties"]
    for name in ADDED:
        del fields[name]
    for name in ("key", "country", "location"):
        del fields["entities"]["properties"][name]
    fields["entities"]["properties"] |= entities
    own.client.indices.create(
        index=own.month(month),
        settings={"analysis": parts["settings"]["settings"]["analysis"]},
        mappings={"dynamic": "strict", "properties": fields},
        aliases={own.settings.articles: {"filter": READABLE}},
    )
    return own.month(month)


def found(own: OwnIndex, query: dict[str, Any]) -> list[str]:
    """The uris of what readers find."""
    own.client.indices.refresh(index=own.month("*"))
    hits = own.client.search(index=own.settings.articles, query=query)["hits"]["hits"]
    return [hit["_source"]["uri"] for hit in hits]


async def test_an_index_of_an_older_release_takes_what_is_found_today_once_set_up_again(bare: OwnIndex) -> None:
    index = older(bare, "2026.03")
    await bare.set_up()
    article = version(new_uri(), enrich=ENRICHED)
    async with bare.writer() as writer:
        assert [one.disposition for one in await writer.write([operation(article)])] == ["indexed"]
    assert bare.one(article.uri).index == index
    here = {"distance": "5km", "entities.location": {"lat": 58.4, "lon": -3.1}}
    for query in (
        {"term": {"entities.key": "place:port-arden"}},
        {"term": {"entities.country": "GBR"}},
        {"geo_distance": here},
        {"term": {"roles": "ferry port"}},
        {"match": {"roles.words": "PORTS"}},
        {"range": {"dates": {"gte": "2026-04-02", "lte": "2026-04-02"}}},
        {"term": {"quotes.speaker": "Port Arden"}},
        {"match": {"quotes.text": "ferry sailing"}},
        {"nested": {"path": "stances", "query": {"term": {"stances.target.key": "phrase:timetable"}}}},
        {"term": {"keyphrases": "ferry timetable"}},
        {"match": {"keyphrases.words": "timetables"}},
        {"match": {"summary": "sail"}},
    ):
        assert found(bare, query) == [article.uri], query
    before = bare.client.indices.get_mapping(index=index).body
    await bare.set_up()
    assert bare.client.indices.get_mapping(index=index).body == before


async def test_an_index_of_an_older_release_ends_with_the_mapping_of_a_new_one(bare: OwnIndex) -> None:
    old = older(bare, "2026.03")
    await bare.set_up()
    async with bare.writer() as writer:
        await writer.write([operation(version(new_uri(), first_created="2026-05-01T00:00:00Z"))])
    new = bare.month("2026.05")
    mappings = bare.client.indices.get_mapping(index=bare.month("*"))
    assert mappings[old]["mappings"]["properties"] == mappings[new]["mappings"]["properties"]


async def test_a_registry_of_an_older_release_takes_stances_and_versions_once_set_up_again(bare: OwnIndex) -> None:
    registry = bare.settings.stories
    mapping = _read("stories")["mappings"]
    mapping["properties"] = {name: mapping["properties"][name] for name in ("uri", "month")}
    bare.client.indices.create(index=registry, mappings=mapping)
    bare.client.index(index=registry, id="urn:test:old", document={"uri": "urn:test:old", "month": "2026.01"})
    await bare.set_up()
    async with bare.writer() as writer:
        outcomes = await writer.write([operation(version("urn:test:old", enrich=ENRICHED))])
    assert [one.disposition for one in outcomes] == ["indexed"]
    entry = bare.client.get(index=registry, id="urn:test:old")["_source"]
    assert (entry["month"], entry["stances"]) == ("2026.01", 1)
    assert [one["uri"] for one in entry["versions"]] == ["urn:test:old"]


async def test_a_field_that_an_index_has_under_another_type_is_told_with_the_index(bare: OwnIndex) -> None:
    index = older(bare, "2026.03", location={"type": "keyword"})
    with pytest.raises(Fatal, match=rf"{index} cannot take the fields .*summary.*wire replay index"):
        await bare.set_up()


async def test_a_read_only_archive_stays_as_it_is_and_holds_nobody_up(bare: OwnIndex) -> None:
    archived, current = older(bare, "2026.02"), older(bare, "2026.03")
    bare.block(archived, "read_only", on=True)
    try:
        await bare.set_up()
        mappings = bare.client.indices.get_mapping(index=bare.month("*"))
        assert not set(ADDED) & set(mappings[archived]["mappings"]["properties"])
        assert set(ADDED) <= set(mappings[current]["mappings"]["properties"])
    finally:
        bare.block(archived, "read_only", on=False)


# -- what goes wrong -------------------------------------------------------------------------------


async def test_no_server_is_told_as_such(bare: OwnIndex) -> None:
    (port,) = free_ports(1)
    with pytest.raises(ServiceUnreachable, match="does not answer"):
        await bare.set_up(url=f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("status", [401, 403])
async def test_wrong_credentials_are_told_as_such(bare: OwnIndex, status: int) -> None:
    async with FaultProxy(bare.url, Fault(status)) as proxy:
        with pytest.raises(Misconfigured, match="api_key"):
            await bare.set_up(url=proxy.url)


async def test_a_setting_elasticsearch_refuses_is_told_with_its_reason(bare: OwnIndex) -> None:
    with pytest.raises(Fatal, match="often"):
        await bare.set_up(bare.settings.model_copy(update={"refresh_interval": "often"}))
