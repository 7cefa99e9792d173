"""The search page: a query, what it finds, of whom and what there is how much, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings
from pipeline.desk.refining import condition, conditions, narrowed, put_right, same, without
from pipeline.desk.rendering import SEARCH, Page, link, render
from pipeline.desk.timeline import count_by_day, timeline
from pipeline.searching.duplicates import told
from pipeline.searching.facets import Facet
from pipeline.searching.language import QueryError
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit, Question, search
from pipeline.searching.suggestions import did_you_mean
from pipeline.searching.syntax import Condition, written

HITS = 10
"""Articles on a page."""

_SUMMARY_LENGTH = 300
_HEADLINE_LENGTH = 80
_ALERT = 2
"""The least urgency of an alert."""

_FACET_NAMES = {"person": "people", "org": "organisations", "place": "places", "country": "countries",
                "holder": "who is for or against", "target": "for or against whom", "label": "statements",
                "provider": "agencies", "feed": "feeds", "urgency": "urgency", "change": "changes"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, or a condition of the query: its name, the articles that have it, and the query by a click.

    ``chosen`` tells that the query asks for it, so that the click takes it away; without a link there is none.
    """

    name: str
    articles: int
    link: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One hit as it is shown.

    Attributes:
        hit: what was found.
        headline: its headline, or how its text begins.
        about: when it was sent, by which agency, and from where.
        tags: what its newest version does to it, and whether it is an alert.
        fragments: each in pieces, with whether they are highlighted.
        summary: where there are neither fragments nor statements.
        copies: how many there are, in words.
    """

    hit: Hit
    headline: str
    about: Sequence[str]
    tags: Sequence[str]
    fragments: Sequence[Sequence[tuple[str, bool]]]
    summary: str
    copies: str


def asked_for(parameters: Mapping[str, str]) -> Question:
    """The question of the parameters of an address."""
    return Question(
        words=" ".join(parameters.get("q", "").split()),
        like=parameters.get("like", ""),
        size=HITS,
        sort="time" if parameters.get("sort") == "time" else "relevance",
        after=parameters.get("after", ""),
        facets=True,
        duplicates=parameters.get("copies") == "all",
    )


def search_page(client: Elasticsearch, indexing: IndexingSettings, parameters: Mapping[str, str]) -> Page:
    """What a query finds; a query that can't be meant is a page, too, that shows where.

    Raises:
        WireError: see `pipeline.searching.queries.search`.
    """
    question = asked_for(parameters)
    try:
        found = search(client, indexing, question)
    except QueryError as error:
        return wrong_query(question, error)
    days = {} if question.like else count_by_day(client, indexing, question)
    better = did_you_mean(client, indexing, question) if not (found.total or question.like) else None
    return results(question, found, timeline(days, question), better)


def results(question: Question, found: Found, when: Any = None, better: str | None = None) -> Page:
    """The page of what was found."""
    last = found.hits[-1].cursor if found.more and found.hits else ""
    return render(
        "search.html",
        question=question,
        found=found,
        results=[_result(hit) for hit in found.hits],
        facets=[(_FACET_NAMES[facet.name], _choices(question, facet)) for facet in found.facets],
        chosen=[_chosen(question, one) for one in conditions(question.words)],
        timeline=when,
        better=better and (better, _link(question, better)),
        next=_link(question, after=last) if last else "",
        first=_link(question) if question.after else "",
        # Without words nothing is better than anything else, whatever was chosen.
        scored=any(hit.score is not None for hit in found.hits),
        by_relevance=_link(replace(question, sort="relevance")),
        by_time=_link(replace(question, sort="time")),
        every_copy=_link(replace(question, duplicates=not question.duplicates)),
        error=None,
    )


def wrong_query(question: Question, error: QueryError) -> Page:
    """The page of a query that can't be meant: what is wrong, where, and what may have been meant."""
    better = put_right(error)
    return render(
        "search.html",
        status=400,
        question=question,
        error=error,
        better=better and (better, _link(question, better)),
    )


def highlighted(fragment: str) -> list[tuple[str, bool]]:
    """A fragment in pieces, each with whether it is one of the words that were asked for."""
    pieces = re.split(f"[{MARK_BEGIN}{MARK_END}]", fragment)
    return [(piece, bool(number % 2)) for number, piece in enumerate(pieces) if piece]


def _link(question: Question, words: str | None = None, *, after: str = "") -> str:
    return link(
        SEARCH,
        q=question.words if words is None else words,
        like=question.like,
        sort="time" if question.sort == "time" else "",
        copies="all" if question.duplicates else "",
        after=after,
    )


def _result(hit: Hit) -> Result:
    source = hit.source
    wire = source.get("wire", {})
    article = source.get("article", {})
    sent = article.get("versionCreated") or article.get("firstCreated")
    urgency = source.get("urgency")
    fragments = [highlighted(fragment) for fragment in hit.fragments]
    # The words around what was asked for say more than a summary does.
    summary = "" if fragments or hit.statements else source.get("summary") or source.get("text", "")
    return Result(
        hit,
        (source.get("headline") or [shorten(source.get("text", ""), _HEADLINE_LENGTH, placeholder=" …")])[0],
        [*filter(None, [moment(sent) if sent else source["storyDate"], wire.get("provider"), source.get("located")])],
        [*filter(None, [wire.get("change"), f"urgency {urgency}" if urgency and urgency <= _ALERT else None])],
        fragments,
        shorten(summary, _SUMMARY_LENGTH, placeholder=" …"),
        told(hit.copies),
    )


def moment(said: str) -> str:
    """A moment of a document (ISO 8601, UTC) to the minute."""
    return f"{said[:10]} {said[11:16]} UTC"


def _choices(question: Question, facet: Facet) -> Iterator[Choice]:
    typed = conditions(question.words)
    for entry in facet.entries:
        mine = [one for one in typed if same(one, facet.name, {entry.name})]
        if mine:
            yield Choice(entry.name, entry.articles, _link(question, without(question.words, mine[0])), chosen=True)
        else:
            more = narrowed(question.words, condition(facet.name, entry.name))
            yield Choice(entry.name, entry.articles, _link(question, more) if more else "")


def _chosen(question: Question, one: Condition) -> Choice:
    return Choice(written(one), 0, _link(question, without(question.words, one)), chosen=True)
