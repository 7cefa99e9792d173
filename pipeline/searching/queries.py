"""Queries: what a desk asks, as Elasticsearch is asked it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from pipeline.article import Article
from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.errors import Misconfigured, Poison, ServiceUnreachable
from pipeline.indexing.documents import from_document
from pipeline.searching.names import Kind, Side, escaped, named, party

FIELDS = ["headline^3", "headline.exact^3", "text", "names^2", "keyphrases.words^2", "slugline.words", "by"]
PART_OF_URI_LEAST = 8
"""Characters of a uri that are enough to look it up by its beginning or end."""

MARK_BEGIN, MARK_END = "\ue000", "\ue001"
"""Private characters around a highlighted word: nothing in a feed is mistaken for them."""


Label = Literal["favor", "against", "neutral"]

_DATE_MATH = re.compile(r"now(?:[+-]\d{1,4}[yMwdhms])*(?P<rounding>/[yMwd])?")
_SHOWN_STATEMENTS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for.

    ``holder``, ``target`` and ``label`` are of one and the same statement of an article. ``since`` and ``until`` are
    days of the story, both included: as a date, as ``YYYY-MM-DD``, or counted from today (see `day`).
    """

    words: str = ""
    person: Sequence[str] = ()
    org: Sequence[str] = ()
    place: Sequence[str] = ()
    provider: Sequence[str] = ()
    holder: str = ""
    target: str = ""
    label: Label | None = None
    since: date | str | None = None
    until: date | str | None = None
    size: int = 10
    sort: Literal["relevance", "time"] = "relevance"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an article: who is for or against whom or what, and the words that say so."""

    holder: str
    target: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found: its document, its score, the fragments in which the words stand, the statements asked for."""

    source: dict[str, Any]
    score: float | None
    fragments: list[str]
    statements: list[Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: how many in all, and the first of them."""

    total: int
    hits: list[Hit]


@contextmanager
def open_index(settings: ElasticsearchSettings) -> Iterator[Elasticsearch]:
    """A client for searching.

    Raises:
        ServiceUnreachable: Elasticsearch does not answer.
        Misconfigured: it refuses our credentials, or nothing was ever indexed.
    """
    with Elasticsearch(**settings.client_options()) as client:
        try:
            yield client
        except NotFoundError as missing:
            raise Misconfigured(
                "nothing is indexed yet", "feed articles with `wire feed` while `wire worker` runs"
            ) from missing
        except ApiError as error:
            if error.status_code in {401, 403}:
                raise Misconfigured(f"Elasticsearch refuses: {error.message}", "check elasticsearch.api_key") from error
            raise
        except TransportError as error:
            raise ServiceUnreachable(
                f"Elasticsearch does not answer at {settings.url}", "start it with `wire up`"
            ) from error


def search(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> Found:
    """Search what may be published.

    Words are matched stemmed and without accents; ``"..."``, ``-word``, ``word*`` and ``a | b`` work.
    """
    highlight = {
        "fields": {"text": {"fragment_size": 180, "number_of_fragments": 2}, "headline": {"number_of_fragments": 0}},
        "pre_tags": [MARK_BEGIN],
        "post_tags": [MARK_END],
        "max_analyzed_offset": 900_000,
    }
    order: list[Any] = [{"storyDate": "desc"}, {"receivedAt": "desc"}]
    answer = client.search(
        index=indexing.articles,
        query=query(question),
        size=question.size,
        sort=order if question.sort == "time" or not question.words else None,
        track_total_hits=True,
        highlight=highlight if question.words else None,
    )
    hits = [
        Hit(hit["_source"], hit["_score"], hit.get("highlight", {}).get("text", []), _statements(hit))
        for hit in answer["hits"]["hits"]
    ]
    return Found(answer["hits"]["total"]["value"], hits)


def query(question: Question) -> dict[str, Any]:
    """The query of a question for articles, in Elasticsearch's query language."""
    filters: list[dict[str, Any]] = []
    asked: dict[Kind, Sequence[str]] = {"person": question.person, "org": question.org, "place": question.place}
    for kind, names in asked.items():
        filters += [named(kind, composed(name)) for name in names]
    filters += about_article(question)
    if statement := about_statement(question, "stances."):
        nested = {"path": "stances", "query": {"bool": {"filter": statement}}, "ignore_unmapped": True}
        filters.append({"nested": {**nested, "inner_hits": {"size": _SHOWN_STATEMENTS}}})
    return {"bool": {"must": words_in(question, FIELDS), "filter": filters}}


def about_article(question: Question) -> list[dict[str, Any]]:
    """The conditions on provider and day, which articles and their statements have under the same names."""
    conditions: list[dict[str, Any]] = []
    if question.provider:
        conditions.append({"terms": {"wire.provider": list(question.provider)}})
    if question.since or question.until:
        bounds = {"gte": question.since, "lte": question.until}
        conditions.append({"range": {"storyDate": {k: day(str(v)) for k, v in bounds.items() if v}}})
    return conditions


def about_statement(question: Question, prefix: str = "") -> list[dict[str, Any]]:
    """The conditions on one statement; ``prefix`` is the path of its fields."""
    asked: dict[Side, str] = {"holder": question.holder, "target": question.target}
    conditions = [party(prefix + side, composed(name)) for side, name in asked.items() if name]
    if question.label:
        conditions.append({"term": {f"{prefix}label": question.label}})
    return conditions


def words_in(question: Question, fields: Sequence[str]) -> list[dict[str, Any]]:
    """What the words of a question ask of fields; without words everything will do."""
    if not question.words:
        return [{"match_all": {}}]
    words = {"query": composed(question.words), "fields": list(fields), "default_operator": "and"}
    return [{"simple_query_string": words}]


def day(said: str) -> str:
    """A day as Elasticsearch takes it: ``2026-10-03``, or a day counted from today as in ``now-7d``.

    Raises:
        ValueError: it is neither; see "Date math" in Elasticsearch's reference.
    """
    if math := _DATE_MATH.fullmatch(said):
        return said if math["rounding"] else f"{said}/d"  # a story has a day, and no hour
    return date.fromisoformat(said).isoformat()


def _statements(hit: Mapping[str, Any]) -> list[Statement]:
    """The statements of a hit that were asked for."""
    text = hit["_source"].get("text", "")
    found = hit.get("inner_hits", {}).get("stances", {}).get("hits", {}).get("hits", [])
    return [
        Statement(one["holder"]["name"], one["target"]["name"], one["label"], text[one["start"] : one["end"]])
        for one in (each["_source"] for each in found)
    ]


def composed(text: str) -> str:
    """One character for a letter and its accent, as in the index."""
    return unicodedata.normalize("NFC", text)


def article_of(client: Elasticsearch, indexing: IndexingSettings, uri: str) -> Article:
    """The article of a uri, or of an unambiguous beginning or end of one.

    Raises:
        Poison: there is none, or there are several.
    """
    answer = client.search(index=indexing.articles, query={"term": {"uri": uri}}, size=1)
    hits = answer["hits"]["hits"]
    if not hits and len(uri) >= PART_OF_URI_LEAST:
        part = escaped(uri)
        either = [{"wildcard": {"uri": f"{part}*"}}, {"wildcard": {"uri": f"*{part}"}}]
        hits = client.search(index=indexing.articles, query={"bool": {"should": either}}, size=4)["hits"]["hits"]
    if not hits:
        raise Poison(f"no article is called {uri}", "`wire search` shows the uris", cause="no-such-article")
    if len(hits) > 1:
        several = ", ".join(hit["_source"]["uri"] for hit in hits[:3]) + (" ..." if len(hits) > 3 else "")
        raise Poison(f"several articles are called like {uri}: {several}", "give more of it", cause="ambiguous")
    return from_document(hits[0]["_source"])
