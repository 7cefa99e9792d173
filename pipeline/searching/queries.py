"""Questions: what a desk asks, how Elasticsearch is asked it, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.config import IndexingSettings
from pipeline.errors import Misconfigured, Poison
from pipeline.indexing.documents import from_document
from pipeline.searching import duplicates, facets, paging, similar
from pipeline.searching.conditions import SAID, asked
from pipeline.searching.duplicates import Copies
from pipeline.searching.facets import Facet
from pipeline.searching.fields import FieldTable, Label
from pipeline.searching.language import parse
from pipeline.searching.names import escaped
from pipeline.searching.syntax import All, Condition, Node, Phrase
from pipeline.searching.words import newness

PART_OF_URI_LEAST = 8
"""Characters of a uri that are enough to look it up by its beginning or end."""

DEEPEST = 10_000
"""Elasticsearch's `index.max_result_window`."""

MARK_BEGIN, MARK_END = "\ue000", "\ue001"
"""Private characters around a highlighted word: nothing in a feed is mistaken for them."""

_HIGHLIGHT = {
    "fields": {"text": {"fragment_size": 180, "number_of_fragments": 2}},
    "pre_tags": [MARK_BEGIN],
    "post_tags": [MARK_END],
    "max_analyzed_offset": 900_000,
}


_NOT_LISTED = ["article", "mentions", "quotes", "stances"]
"""Fields that no list of hits shows: three quarters of a document, which would be sent and parsed for nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for: a query, and what may be given beside it.

    Attributes:
        words: a query in the desk's language, see `pipeline.searching.language`.
        person, org, place, provider: each as if it were typed as that field.
        holder, target, label: of one and the same statement of an article.
        since, until: days of the story, both included: as a date, as ``YYYY-MM-DD``, or counted from today.
        like: the uri of an article, or enough of it: others that are like it.
        size: how many articles, or pairs, come back.
        sort: which come first.
        after: the cursor of a hit of the same question: what comes after it.
        facets: also count people, places, labels ... among all that is found.
        duplicates: list every article, and not one of each cluster of copies with the others counted.
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
    like: str = ""
    size: int = 10
    sort: Literal["relevance", "time"] = "relevance"
    after: str = ""
    facets: bool = False
    duplicates: bool = False

    def parsed(self, of: Literal["articles", "statements"] = "articles") -> Node:
        """The query with all that is given beside it, as one tree.

        Raises:
            QueryError: it can't be meant.
        """
        typed = parse(self.words, FieldTable(of_statements=of == "statements"))
        given = [*self._given()]
        if not given:
            return typed
        # Side by side with the query, so that all that is said of a statement is of the same one.
        return All((*(typed.nodes if isinstance(typed, All) else (typed,)), *given))

    def _given(self) -> Iterator[Condition]:
        for name in ("person", "org", "place"):
            for value in getattr(self, name):
                yield Condition(name, (Phrase(value),))
        for name in ("holder", "target", "label"):
            if value := getattr(self, name):
                yield Condition(name, (Phrase(value),))
        if self.provider:
            yield Condition("provider", tuple(Phrase(each) for each in self.provider))
        for name, bound in (("from", self.since), ("to", self.until)):
            if bound:
                yield Condition(name, (Phrase(str(bound)),))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an article: who is for or against whom or what, and the words that say so."""

    holder: str
    target: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    Attributes:
        source: its document, without the parts that only the whole article shows.
        score: how good it is; None where articles come in the order of time.
        fragments: pieces of the text in which the words stand.
        statements: those that were asked for.
        cursor: where it stands among all that is found.
        copies: its reprints and rewrites, where they are not listed themselves.
    """

    source: dict[str, Any]
    score: float | None
    fragments: list[str]
    statements: list[Statement] = field(default_factory=list)
    cursor: str = ""
    copies: Copies = field(default_factory=Copies)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        total: how many articles in all.
        stories: how many of them are listed, in all: one of each cluster of copies.
        hits: those of this page.
        facets: of whom and what there is how much in all of them.
        more: whether there may be another page.
    """

    total: int
    hits: list[Hit]
    facets: list[Facet] = field(default_factory=list)
    more: bool = False
    stories: int | None = None


def search(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> Found:
    """Search what may be published.

    Raises:
        QueryError: the query can't be meant.
        Misconfigured: the cursor is of another question.
        Poison: the article to be like is not there.
    """
    body = request(client, indexing, question)
    counts = body.pop("aggs") if question.facets else {}
    answer = client.search(index=indexing.articles, **body).body
    if counts:
        answer["aggregations"] = _counted(client, indexing, body["query"]["bool"], counts)
    collapsed = [] if question.duplicates else answer["hits"]["hits"]
    return _found(answer, question, duplicates.copies_of(client, indexing.articles, collapsed))


def _counted(
    client: Elasticsearch, indexing: IndexingSettings, clauses: Mapping[str, Any], counts: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Counts among all that is found, asked by themselves, for they take most of the time.

    An answer without hits, scores and the moment of the question is kept by Elasticsearch for each monthly index until
    something new is in it, or an embargo ends: a question that was asked before is only counted anew in this month.
    """
    found = {"filter": clauses["must"], "must_not": clauses.get("must_not", [])}
    answer = client.search(index=indexing.articles, query={"bool": found}, size=0, track_total_hits=False, aggs=counts)
    counted: Mapping[str, Any] = answer["aggregations"]
    return counted


def request(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> dict[str, Any]:
    """What Elasticsearch is asked; it is asked for the article itself where others are to be like it."""
    made = asked(question.parsed(), question.words)
    model = _document(client, indexing, question.like) if question.like else None
    by_score = question.sort == "relevance" and (made.words or bool(model))
    cursor = paging.read(question.after, _name(question)) if question.after else None
    clauses: dict[str, list[Any]] = {"must": [made.query]}
    if model:
        clauses = similar.clauses(made.query, model)
    if by_score:
        clauses.setdefault("should", []).append(newness(cursor.moment if cursor else _now()))
    newest: list[dict[str, Any]] = [{"storyDate": "desc"}, {"receivedAt": "desc"}, {"uri": "asc"}]
    body: dict[str, Any] = {
        "query": {"bool": clauses},
        "size": question.size,
        "source_excludes": _NOT_LISTED,
        # Ends with the uri, so that no two articles are equal and the next page begins where this one ends.
        "sort": [{"_score": "desc"}, *newest] if by_score else newest,
        "track_total_hits": True,
        # Monthly indices hold few articles each: how rare a word is, is asked of all of them.
        "search_type": "dfs_query_then_fetch" if by_score else "query_then_fetch",
    }
    if made.words:
        body["highlight"] = _HIGHLIGHT
    if question.facets:
        body["aggs"] = facets.aggregations(made.statements)
    if not question.duplicates:
        _collapse(body, cursor)
    elif cursor:
        body["search_after"] = list(cursor.values)
    return body


def _collapse(body: dict[str, Any], cursor: paging.Cursor | None) -> None:
    """List one article of each cluster; Elasticsearch pages such a list by numbers only."""
    collapsed = duplicates.collapsed()
    body |= collapsed | {"aggs": body.get("aggs", {}) | collapsed["aggs"]}
    if not cursor:
        return
    body["from"] = _listed(cursor)
    if body["from"] + body["size"] > DEEPEST:
        raise Misconfigured(
            f"a search lists {DEEPEST:,} stories at most", "narrow it, for example by day, or page with --duplicates"
        )


def _found(answer: Mapping[str, Any], question: Question, copies: Mapping[str, Copies]) -> Found:
    name = _name(question)
    cursor = paging.read(question.after, name) if question.after else None
    moment = cursor.moment if cursor else _now()
    before = _listed(cursor) if cursor and not question.duplicates else 0
    hits = [
        Hit(
            hit["_source"],
            hit["_score"],
            hit.get("highlight", {}).get("text", []),
            _statements(hit),
            paging.written(paging.Cursor(name, moment, tuple(hit["sort"]) if question.duplicates else (seen,))),
            copies.get(hit["_source"]["uri"], Copies()),
        )
        for seen, hit in enumerate(answer["hits"]["hits"], before + 1)
    ]
    counted = facets.read(answer["aggregations"]) if question.facets else []
    total = answer["hits"]["total"]["value"]
    stories = duplicates.stories(answer)
    listed = total if stories is None else stories
    more = len(hits) == question.size and before + len(hits) < listed
    return Found(total, hits, counted, more, stories)


def _listed(cursor: paging.Cursor) -> int:
    """How many stories have been listed before this place."""
    return int(cursor.values[0] or 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _name(question: Question) -> str:
    """What two questions have in common that can have a page of each other."""
    return repr(replace(question, size=0, after="", facets=False))


def _statements(hit: Mapping[str, Any]) -> list[Statement]:
    """The statements of a hit that were asked for, each once."""
    text = hit["_source"].get("text", "")
    inner_hits = [inner for name, inner in hit.get("inner_hits", {}).items() if name.startswith(SAID)]
    found = [each for inner in inner_hits for each in inner["hits"]["hits"]]
    several = {json.dumps(each["_nested"], sort_keys=True): each["_source"] for each in found}
    return [
        Statement(one["holder"]["name"], one["target"]["name"], one["label"], text[one["start"] : one["end"]])
        for one in several.values()
    ]


def article_of(client: Elasticsearch, indexing: IndexingSettings, uri: str) -> Article:
    """The article of a uri, or of an unambiguous beginning or end of one.

    Raises:
        Poison: there is none, or there are several.
    """
    return from_document(_document(client, indexing, uri)["_source"])


def _document(client: Elasticsearch, indexing: IndexingSettings, uri: str) -> dict[str, Any]:
    """The hit of an article that may be read, as `article_of` finds it."""
    answer = client.search(index=indexing.articles, query={"term": {"uri": uri}}, size=1)
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    if not hits and len(uri) >= PART_OF_URI_LEAST:
        part = escaped(uri)
        either = [{"wildcard": {"uri": f"{part}*"}}, {"wildcard": {"uri": f"*{part}"}}]
        hits = client.search(index=indexing.articles, query={"bool": {"should": either}}, size=4)["hits"]["hits"]
    if not hits:
        raise Poison(f"no article is called {uri}", "`wire search` shows the uris", cause="no-such-article")
    if len(hits) > 1:
        several = ", ".join(hit["_source"]["uri"] for hit in hits[:3]) + (" ..." if len(hits) > 3 else "")
        raise Poison(f"several articles are called like {uri}: {several}", "give more of it", cause="ambiguous")
    return hits[0]
