"""The page of stances: who is for or against whom, as a graph and as the table of the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings
from pipeline.desk.refining import condition, narrowed, query
from pipeline.desk.rendering import SEARCH, STANCES, Page, link, render
from pipeline.desk.stance_graph import Edge, graph
from pipeline.searching.fields import LABELS
from pipeline.searching.language import QueryError
from pipeline.searching.queries import Question
from pipeline.searching.stances import Pair, Stances, search_stances

PAIRS = 30
"""Pairs that are shown, those with most statements."""

PERIODS = {"now-1d": "since yesterday", "now-7d": "last week", "now-30d": "last month", "": "all that is there"}
"""What can be chosen, as days of the query language."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, links to the articles with its statements by label, and to what else there is of its parties."""

    pair: Pair
    links: Mapping[str, str]
    holder: str
    target: str


def asked_for(parameters: Mapping[str, str]) -> Question:
    """The question of the parameters of an address."""
    since = parameters.get("from", "")
    return Question(
        words=" ".join(parameters.get("q", "").split()),
        holder=" ".join(parameters.get("holder", "").split()),
        target=" ".join(parameters.get("target", "").split()),
        since=since if since in PERIODS else "",
        size=PAIRS,
    )


def stance_page(client: Elasticsearch, indexing: IndexingSettings, parameters: Mapping[str, str]) -> Page:
    """Statements by holder and target.

    Raises:
        WireError: see `pipeline.searching.stances.search_stances`.
    """
    question = asked_for(parameters)
    try:
        return shown(question, search_stances(client, indexing, question))
    except QueryError as error:
        return shown(question, None, error)


def shown(question: Question, found: Stances | None, error: QueryError | None = None) -> Page:
    """The page of what was found, or of a query that can't be meant."""
    pairs = found.pairs if found else []
    return render(
        "stances.html",
        status=400 if error else 200,
        question=question,
        found=found,
        error=error,
        periods=PERIODS,
        labels=LABELS,
        rows=[_row(question, pair) for pair in pairs],
        graph=graph(pairs) if pairs else None,
        statements_of=lambda edge: _statements(question, edge),
    )


def _row(question: Question, pair: Pair) -> Row:
    holder, target = pair.holder.name, pair.target.name
    since = str(question.since or "")
    return Row(
        pair,
        {label: _link(question, holder, target, label) for label in LABELS if pair.counts[label]},
        link(STANCES, holder=holder, **{"from": since}),
        link(STANCES, target=target, **{"from": since}),
    )


def _statements(question: Question, edge: Edge) -> str:
    return _link(question, edge.holder, edge.target, edge.label)


def _link(question: Question, holder: str, target: str, label: str) -> str:
    """The articles with statements of this pair and label, copies among them: they are counted, too."""
    asked = {"holder": holder, "target": target, "label": label}
    if question.since:
        asked["from"] = str(question.since)
    both = narrowed(question.words, *(condition(name, value) for name, value in asked.items()))
    return link(SEARCH, q=both or query(**asked), copies="all")
