"""Queries: what a desk asks, as Elasticsearch is asked it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from pipeline.article import Article
from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.errors import Misconfigured, Poison, ServiceUnreachable
from pipeline.indexing.documents import from_document

FIELDS = ["headline^3", "headline.exact^3", "text", "names^2", "keyphrases.words^2", "slugline.words", "by"]
PART_OF_URI_LEAST = 8
"""Characters of a uri that are enough to look it up by its beginning or end."""

MARK_BEGIN, MARK_END = "\ue000", "\ue001"
"""Private characters around a highlighted word: nothing in a feed is mistaken for them."""


Kind = Literal["person", "org", "place"]

_TYPES: dict[Kind, str] = {"person": "PERSON", "org": "ORG", "place": "GPE"}
"""The type under which a name that is asked for has its key."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for. ``since`` and ``until`` are days of the story, both included."""

    words: str = ""
    person: Sequence[str] = ()
    org: Sequence[str] = ()
    place: Sequence[str] = ()
    provider: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    size: int = 10
    sort: Literal["relevance", "time"] = "relevance"


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found: its document, its score, and the fragments in which the words stand."""

    source: dict[str, Any]
    score: float | None
    fragments: list[str]


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
        Hit(hit["_source"], hit["_score"], hit.get("highlight", {}).get("text", [])) for hit in answer["hits"]["hits"]
    ]
    return Found(answer["hits"]["total"]["value"], hits)


def query(question: Question) -> dict[str, Any]:
    """The query of a question, in Elasticsearch's query language."""
    filters: list[dict[str, Any]] = []
    named: dict[Kind, Sequence[str]] = {"person": question.person, "org": question.org, "place": question.place}
    for kind, names in named.items():
        filters += [_named(kind, _composed(name)) for name in names]
    if question.provider:
        filters.append({"terms": {"wire.provider": list(question.provider)}})
    if question.since or question.until:
        bounds = {"gte": question.since, "lte": question.until}
        filters.append({"range": {"storyDate": {k: str(v) for k, v in bounds.items() if v}}})
    must: list[dict[str, Any]] = [{"match_all": {}}]
    if question.words:
        must = [
            {
                "simple_query_string": {
                    "query": _composed(question.words),
                    "fields": FIELDS,
                    "default_operator": "and",
                }
            }
        ]
    return {"bool": {"must": must, "filter": filters}}


def _composed(text: str) -> str:
    """One character for a letter and its accent, as in the index."""
    return unicodedata.normalize("NFC", text)


def _named(kind: Kind, name: str) -> dict[str, Any]:
    """An entity by its name or its key, whole or by words of it: a surname finds the person.

    By its name neither case nor accents count; by its key neither does the spelling: Kuleba finds Kouleba.
    """
    from pipeline.enrichment.linking.keys import key  # its tables take a second, which other searches needn't wait

    family, _, slug = key(name, _TYPES[kind]).partition(":")
    should = _whole_or_word(f"entities.{kind}.folded", name)
    if slug:
        # The words of a place's key are not its own: France is "fra", and Paris "paris-fra".
        whole = {"term": {"entities.key": {"value": f"{family}:{slug}"}}}
        should += [whole] if kind == "place" else _whole_or_word("entities.key", slug, f"{family}:", "-")
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _whole_or_word(field: str, value: str, before: str = "", space: str = " ") -> list[dict[str, Any]]:
    """A value that is all of a keyword (after ``before``), or whole words of it between ``space``."""
    escaped = _escaped(value)
    patterns = [f"{before}{escaped}{space}*", f"{before}*{space}{escaped}", f"{before}*{space}{escaped}{space}*"]
    return [
        {"term": {field: {"value": before + value, "case_insensitive": True}}},
        *({"wildcard": {field: {"value": pattern, "case_insensitive": True}}} for pattern in patterns),
    ]


def _escaped(text: str) -> str:
    """Text of which no character stands for others in a wildcard."""
    return re.sub(r"[\\*?]", r"\\\g<0>", text)


def article_of(client: Elasticsearch, indexing: IndexingSettings, uri: str) -> Article:
    """The article of a uri, or of an unambiguous beginning or end of one.

    Raises:
        Poison: there is none, or there are several.
    """
    answer = client.search(index=indexing.articles, query={"term": {"uri": uri}}, size=1)
    hits = answer["hits"]["hits"]
    if not hits and len(uri) >= PART_OF_URI_LEAST:
        escaped = _escaped(uri)
        either = [{"wildcard": {"uri": f"{escaped}*"}}, {"wildcard": {"uri": f"*{escaped}"}}]
        hits = client.search(index=indexing.articles, query={"bool": {"should": either}}, size=4)["hits"]["hits"]
    if not hits:
        raise Poison(f"no article is called {uri}", "`wire search` shows the uris", cause="no-such-article")
    if len(hits) > 1:
        several = ", ".join(hit["_source"]["uri"] for hit in hits[:3]) + (" ..." if len(hits) > 3 else "")
        raise Poison(f"several articles are called like {uri}: {several}", "give more of it", cause="ambiguous")
    return from_document(hits[0]["_source"])
