"""The mapping that ships: every field of a document is in it, and indices of an older one get what they lack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError, AsyncElasticsearch, AuthorizationException, BadRequestError

from pipeline.config import configs_dir
from pipeline.errors import Fatal
from pipeline.indexing import templates
from pipeline.indexing.documents import document
from pipeline.indexing.stance_documents import stance_documents
from pipeline.indexing.templates import lacking
from tests.searching.interview import OPINIONATED


def template(part: str) -> dict[str, Any]:
    read = json.loads((configs_dir() / "elasticsearch" / f"{part}.json").read_text())
    return cast("dict[str, Any]", read["template"])


def properties() -> dict[str, Any]:
    """All fields of an index, by their names."""
    article: dict[str, Any] = template("article")["mappings"]["properties"]
    enrichment: dict[str, Any] = template("enrichment")["mappings"]["properties"]
    assert not article.keys() & enrichment.keys()
    return article | enrichment


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all values of a document that the mapping has to know."""
    if isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    elif isinstance(value, dict) and path not in {("article",), ("entities", "location")}:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path


def mapped(made: dict[str, Any], fields: dict[str, Any]) -> dict[tuple[str, ...], list[str]]:
    """The types on the way to each value of a document; a field that is not mapped is an error."""
    types: dict[tuple[str, ...], list[str]] = {}
    for path in set(leaves(made)):
        at: dict[str, Any] = {"properties": fields}
        for name in path:
            at = at["properties"][name]
            types.setdefault(path, []).append(at.get("type", "object"))
    return types


def test_every_field_of_an_article_is_mapped_and_nothing_but_its_stances_is_nested() -> None:
    types = mapped(document(OPINIONATED), properties())
    assert {path[0] for path, on_the_way in types.items() if "nested" in on_the_way} == {"stances"}
    assert {path[0] for path in types} >= {"entities", "roles", "dates", "quotes", "stances", "keyphrases", "summary"}


def test_every_field_of_a_stance_is_mapped_for_charts() -> None:
    fields = template("stance")["mappings"]["properties"]
    types = [mapped(made, fields) for made in stance_documents(OPINIONATED)]
    assert len(types) == 3
    assert not any("nested" in on_the_way for one in types for on_the_way in one.values())
    for name in ("pair", "label", "voice"):
        assert fields[name]["type"] == "keyword"
    for party in ("holder", "target"):
        assert {fields[party]["properties"][name]["type"] for name in ("name", "key", "type", "country")} == {"keyword"}
    assert fields["polarity"]["type"] == "byte"
    assert fields["storyDate"]["type"] == "date"
    keywords = [one for one in json.dumps(fields).split("{") if '"keyword"' in one and '"ignore_above"' not in one]
    # What a feed can make as long as it likes is cut; the rest is our own words, and the uri, which is an id too.
    assert len(keywords) == len([fields[name] for name in ("uri", "pubStatus", "label", "voice")])


def test_what_is_counted_is_a_keyword_what_is_on_the_map_a_point_and_what_is_dated_a_date() -> None:
    fields = properties()
    entities, quotes = fields["entities"]["properties"], fields["quotes"]["properties"]
    counted = [entities["key"], entities["country"], quotes["speaker"], quotes["key"]]
    counted += [fields["roles"], fields["keyphrases"]]
    assert {field["type"] for field in counted} == {"keyword"}
    # Elasticsearch refuses a whole document for a keyword of more than 32,766 bytes.
    assert all(field["ignore_above"] <= 8191 for field in counted)
    assert entities["location"] == {"type": "geo_point"}
    assert fields["dates"]["type"] == "date"
    assert [fields["dates"]["format"].count(form) for form in ("strict_date", "strict_year_month")] == [1, 1]


def test_words_are_read_by_analyzers_the_settings_have() -> None:
    analysis = template("settings")["settings"]["analysis"]
    mapped = json.dumps(properties())
    known = {*analysis["analyzer"], *analysis["normalizer"]}
    for name in ("analyzer", "search_analyzer", "normalizer"):
        used = {piece.split('"')[0] for piece in mapped.split(f'"{name}": "')[1:]}
        assert used
        assert used <= known


# -- indices that are there already ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapped", "missing"),
    [
        ({}, ["uri", "quotes"]),
        ({"uri": {"type": "keyword"}}, ["uri.folded", "quotes"]),
        ({"uri": {"type": "keyword", "fields": {"folded": {}}}, "quotes": {"properties": {}}}, ["quotes.text"]),
        (
            {
                "uri": {"type": "text", "fields": {"folded": {}, "more": {}}},
                "quotes": {"properties": {"text": {}}},
                "x": {},
            },
            [],
        ),
    ],
)
def test_what_an_index_lacks_is_named_at_every_depth(mapped: dict[str, Any], missing: list[str]) -> None:
    wanted = {
        "uri": {"type": "keyword", "fields": {"folded": {"type": "keyword"}}},
        "quotes": {"properties": {"text": {"type": "text"}}},
    }
    assert list(lacking(mapped, wanted)) == missing


class Indices:
    """The part of Elasticsearch's client that reads and writes mappings, on indices in memory."""

    def __init__(self, *, refuses: ApiError | None = None, **mapped: dict[str, Any]) -> None:
        self.indices = self
        self.mapped = mapped
        self.put: list[str] = []
        self._refuses = refuses

    async def get_mapping(self, index: str) -> dict[str, Any]:
        assert index == "wire-*"
        return {name: {"mappings": {"properties": mapped}} for name, mapped in self.mapped.items()}

    async def put_mapping(self, index: str, properties: dict[str, Any]) -> None:
        self.put.append(index)
        if self._refuses:
            raise self._refuses
        self.mapped[index] = properties

    async def add_fields(self) -> None:
        await templates._add_fields(cast("AsyncElasticsearch", self), "wire-*", properties())


def refusal(kind: type[ApiError], status: int, cause: str) -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))
    return kind(cause, meta, {"error": {"type": cause}, "status": status})


async def test_an_index_of_an_older_mapping_gets_all_fields_and_one_of_this_mapping_is_not_touched() -> None:
    older = {name: field for name, field in properties().items() if name not in {"quotes", "summary"}}
    indices = Indices(older=older, newest=properties())
    await indices.add_fields()
    assert indices.put == ["older"]
    assert indices.mapped["older"] == properties()


async def test_no_index_is_no_error() -> None:
    indices = Indices()
    await indices.add_fields()
    assert indices.put == []


async def test_a_field_of_another_type_stops_it_and_names_index_and_reason() -> None:
    clash = refusal(BadRequestError, 400, "illegal_argument_exception")
    indices = Indices(refuses=clash, march={"entities": {"properties": {"location": {"type": "keyword"}}}})
    with pytest.raises(Fatal, match=r"march cannot take the fields .*summary.*illegal_argument.*wire replay index"):
        await indices.add_fields()


async def test_an_archive_that_is_read_only_holds_nobody_up() -> None:
    blocked = refusal(AuthorizationException, 403, "cluster_block_exception")
    indices = Indices(refuses=blocked, april={}, march={})
    await indices.add_fields()
    assert indices.put == ["april", "march"]


@pytest.mark.parametrize(
    ("kind", "status", "cause"),
    [(AuthorizationException, 403, "security_exception"), (ApiError, 429, "cluster_block_exception")],
)
async def test_rights_that_lack_and_a_disk_that_is_full_do(kind: type[ApiError], status: int, cause: str) -> None:
    indices = Indices(refuses=refusal(kind, status, cause), march={})
    with pytest.raises(kind):
        await indices.add_fields()
