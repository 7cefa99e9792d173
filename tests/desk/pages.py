"""Pages made of given words, and what a browser would make of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import lxml.html

from pipeline.desk import article_page, failures, lag_page, search_page, stance_page
from pipeline.desk.rendering import Page, render
from pipeline.desk.timeline import timeline
from pipeline.errors import Misconfigured, Poison
from pipeline.indexing.documents import document
from pipeline.indexing.story import AS_SENT, Standing, Version
from pipeline.monitoring.feed_table import feed_table
from pipeline.monitoring.feeds import FeedSilence, FeedStatus
from pipeline.searching.duplicates import Copies, Copy
from pipeline.searching.facets import ORDER, Entry, Facet
from pipeline.searching.language import QueryError
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit, Question, Statement
from pipeline.searching.stances import Evidence, Pair, Party, Period, Stances, Trend
from pipeline.searching.syntax import Phrase, Place, written
from pipeline.searching.versions import Told
from tests.searching.terminal import hostile

LINKS = ("href", "src", "action", "xlink:href")


Shape = list[tuple[str, tuple[str, ...]]]


def shape(page: Page) -> Shape:
    """All elements of a page in order, each with the names of its attributes, and with its classes."""
    elements = lxml.html.fromstring(page.html).iter(lxml.etree.Element)
    return [(element.tag, (*sorted(element.attrib), element.get("class", ""))) for element in elements]


def links(page: Page) -> list[str]:
    """Whatever a browser would follow, load or send to."""
    elements = lxml.html.fromstring(page.html).iter(lxml.etree.Element)
    return [element.get(name) for element in elements for name in LINKS if element.get(name) is not None]


def pages(text: str) -> Iterator[tuple[str, Page]]:
    """Every kind of page, with ``text`` wherever a feed or a reader can say something."""
    yield "search", _search(text)
    yield "wrong query", search_page.wrong_query(Question(words=text), _error(text))
    yield "article", article_page.shown(hostile(text), _story(text), _copies(text))
    gone = Poison(f"{text} is superseded by {text}", cause="superseded")
    yield "gone", article_page.gone(text, gone, _story(text))
    yield "stances", _stances(text)
    yield "wrong stances", stance_page.shown(Question(words=text, holder=text, target=text), None, _error(text))
    yield "feeds", _feeds(text)
    yield "failure", failures.failure(Misconfigured(text, text))


def _error(text: str) -> QueryError:
    return QueryError(f"unknown field {text!r}: did you mean person? {text}", text, Place(0, 1))


def _search(text: str) -> Page:
    question = Question(words=f"{written(Phrase(text))} person:{written(Phrase(text))}", like=text)
    statements = [Statement(text, text, text, text)]
    fragment = f"a{MARK_BEGIN}{text}{MARK_END}b"
    source = document(hostile(text))
    hits = [
        Hit(source, 1.0, [fragment], statements, text, _copies(text)),
        Hit(source, 1.0, [], [], text, Copies()),
    ]
    facets = [Facet(name, [Entry(text, 3, text), Entry(f"b{text}", 2)]) for name in ORDER]
    days = {date(2026, 10, 1): 3, date(2026, 10, 9): 1}
    found = Found(20, hits, facets, more=True, stories=12)
    return search_page.results(question, found, timeline(days, question), text)


def _copies(text: str) -> Copies:
    return Copies(3, (Copy(text, "original", text), Copy(text, "reprint", None)))


def _story(text: str) -> list[Told]:
    first = Version(uri=text, version=1, sent=1, revision=text, headline="a", reason=text, text="a b")
    second = Version(uri=text, version=2, sent=2, headline=text, text=f"a {text}")
    return [Told(first, AS_SENT, replaced=True), Told(second, Standing(state="as-sent", superseded_by=text), False)]


def _stances(text: str) -> Page:
    party, other = Party(text, "person:a"), Party(f"b{text}", "person:b")
    counts = {"favor": 2, "against": 1, "neutral": 0}
    evidence = Evidence(text, text, text, date(2026, 10, 1))
    several = [Pair(party, other, counts, 1, date(2026, 10, 1), evidence)]
    several.append(Pair(other, other, counts, 1, date(2026, 10, 1), evidence))
    trend = Trend("day", [Period(date(2026, 10, 1), counts)])
    return stance_page.shown(Question(words="", holder=text, target=text), Stances(6, 2, several, trend))


def _feeds(text: str) -> Page:
    silence = [FeedSilence(text, 0.0, 10.0, None, None, FeedStatus.LEARNING)]
    return render("lag.html", at=datetime(2026, 10, 1, tzinfo=UTC), lag=None, feeds=lag_page.shown(feed_table(silence)))
