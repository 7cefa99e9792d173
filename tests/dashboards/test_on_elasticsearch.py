"""Every chart, search, map and control asks a real Elasticsearch over indexed articles, and gets an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline.article import Article, Change, ChangeKind, Location
from pipeline.dashboards.kibana import saved_objects
from pipeline.headers import RECEIVED_AT
from pipeline.indexing import operation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter
from pipeline.streaming.stamps import with_times
from tests.articles import RECEIVED
from tests.dashboards.aggregations import aggregations, figure, leaves, query
from tests.dashboards.reading import Objects
from tests.searching.archive import Archive, story

pytestmark = pytest.mark.integration

_TEXT = "Ada Lamont of the Kestrel Union rejected the levy in Port Arden. Tomas Orrin praised Ada Lamont."


def dispatch(key: str, change: ChangeKind | None = None, **more: str) -> Article:
    """An article with everything a dashboard counts."""
    article = story(
        key,
        "Levy splits Port Arden",
        _TEXT,
        names={"PERSON": ["Ada Lamont", "Tomas Orrin"], "ORG": ["Kestrel Union"], "GPE": ["Port Arden"]},
        keyphrases=["harbour levy"],
        opinions=[
            ("Ada Lamont", "the levy", "against", "Ada Lamont of the Kestrel Union rejected the levy"),
            ("Ada Lamont", "Port Arden", "against", "rejected the levy in Port Arden"),
            ("Tomas Orrin", "Ada Lamont", "favor", "Tomas Orrin praised Ada Lamont."),
        ],
        **more,  # type: ignore[arg-type]
    )
    assert article.enrich
    place = article.enrich.entities[-1]
    place = place.model_copy(update={"country": "NOR", "location": Location(lat=58.97, lon=5.73)})
    enrich = article.enrich.model_copy(update={"entities": [*article.enrich.entities[:-1], place]})
    wire = article.wire.model_copy(update={"change": Change(kind=change)} if change else {})
    return article.model_copy(update={"enrich": enrich, "wire": wire})


ARTICLES = [
    dispatch("first"),
    dispatch("second", provider="nordwire", day="2026-09-14"),
    dispatch("corrected", "correction"),
    dispatch("killed", "kill", status="canceled"),
    dispatch("withheld", status="withheld"),
]


class Desk(Archive):
    """Those articles, indexed as the index stage does it: with their latency."""

    def fill(self) -> None:
        asyncio.run(self._index(ARTICLES))

    async def _index(self, articles: Sequence[Article]) -> None:
        headers = {RECEIVED_AT: RECEIVED.isoformat().encode()}
        at: datetime = RECEIVED + timedelta(seconds=3)
        prepared = [operation(each) for each in articles]
        operations = [replace(each, document=with_times(each.document, headers, at)) for each in prepared]
        async with AsyncElasticsearch(**self.elasticsearch.client_options()) as client:
            await set_up(client, self.indexing)
            await ArticleWriter(client, self.indexing).write(operations)
            await client.indices.refresh(index=f"{self.indexing.articles}-*,{self.indexing.stances}-*")


@pytest.fixture(scope="module")
def desk(elasticsearch_url: str) -> Iterator[tuple[Objects, Elasticsearch]]:
    archive = Desk(elasticsearch_url)
    archive.fill()
    with Elasticsearch(**archive.elasticsearch.client_options()) as client:
        yield Objects(saved_objects(archive.indexing)), client
    archive.remove()


def test_every_chart_has_groups_and_every_column_a_figure(desk: tuple[Objects, Elasticsearch]) -> None:
    objects, client = desk
    charts = list(objects.charts())
    assert len(charts) > 20
    for chart in charts:
        answer = client.search(
            index=chart.pattern, size=0, track_total_hits=True, aggs=aggregations(chart.columns) or None
        ).body
        total = answer["hits"]["total"]["value"]
        found = list(leaves(answer, chart.columns))
        assert found, f"{chart.where}: no group"
        for name, column in chart.columns.items():
            if not column["isBucketed"]:
                figures = [figure(leaf, name, column, total) for leaf in found]
                assert any(figures), f"{chart.where}: {name} is nowhere anything: {figures}"


def test_every_search_finds_and_sorts(desk: tuple[Objects, Elasticsearch]) -> None:
    objects, client = desk
    for attributes, source, pattern in objects.searches():
        hits = client.search(
            index=pattern,
            query=query(source["query"]["query"]),
            sort=[{name: order} for name, order in attributes["sort"]],
            fields=attributes["columns"],
            source=False,
        )["hits"]["hits"]
        assert hits, attributes["title"]
        shown = set().union(*(hit["fields"] for hit in hits))
        assert shown >= set(attributes["columns"]) - {"summary", "ingest.traceId"}, attributes["title"]


def test_controls_offer_values_and_the_map_has_points(desk: tuple[Objects, Elasticsearch]) -> None:
    objects, client = desk
    for pattern, name in objects.controls():
        offered = client.search(index=pattern, size=0, aggs={"values": {"terms": {"field": name}}})
        assert offered["aggregations"]["values"]["buckets"], name
    for source, pattern in objects.map_layers():
        grid = {"geotile_grid": {"field": source["geoField"], "precision": 4}}
        points = client.search(index=pattern, size=0, aggs={"points": grid})
        assert points["aggregations"]["points"]["buckets"]


def test_readers_see_nothing_killed_or_withheld_and_operators_all(desk: tuple[Objects, Elasticsearch]) -> None:
    objects, client = desk
    views = {view["id"]: view["attributes"]["title"] for view in objects.of("index-pattern")}
    counted = {name: client.count(index=pattern)["count"] for name, pattern in views.items()}
    assert (counted["wire-articles"], counted["wire-operations"]) == (3, 5)
