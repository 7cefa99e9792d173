"""Who is for or against whom: the statements of all articles, counted by holder and target, and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings
from pipeline.searching.conditions import asked
from pipeline.searching.fields import LABELS
from pipeline.searching.queries import Question

Interval = Literal["day", "week", "month"]

DAYS_OF_DAYS, DAYS_OF_WEEKS = 31, 366
"""The longest times that are told day by day, and week by week."""


@dataclass(frozen=True, slots=True)
class Party:
    """A holder or a target: the name most statements have for it, and its key."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement in its words, and where it was said."""

    text: str
    label: str
    uri: str
    day: date


@dataclass(frozen=True, slots=True)
class Pair:
    """What one holder said of one target.

    Attributes:
        holder: who said it, or did.
        target: of whom or of what.
        counts: statements by label.
        articles: how many articles have them.
        newest: the day of the newest one.
        evidence: the surest statement, of equally sure ones the newest.
    """

    holder: Party
    target: Party
    counts: Mapping[str, int]
    articles: int
    newest: date
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Period:
    """The statements of one day, week or month, by label; ``start`` is its first day."""

    start: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """Statements over time; periods without any are left out."""

    interval: Interval
    periods: list[Period]


@dataclass(frozen=True, slots=True)
class Stances:
    """What was found: how many statements and pairs, the first pairs, and the trend where one pair was asked for."""

    statements: int
    pairs_in_all: int
    pairs: list[Pair]
    trend: Trend | None = None


def search_stances(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> Stances:
    """Count the statements that may be published, by holder and target; those with most statements first.

    Words are searched in the sentence, the names of holder and target, and the headline. With ``sort`` "time" the pair
    with the newest statement comes first. A question that names both holder and target gets the trend, too.

    Raises:
        QueryError: the query can't be meant, or asks for what statements don't have.
    """
    made = asked(question.parsed("statements"), question.words, "statements")
    order: dict[str, str] = {"newest": "desc"} if question.sort == "time" else {"_count": "desc"}
    aggregations: dict[str, Any] = {
        "pairs": {
            # Each monthly index tells its own first ones: more of them than are shown, so that none is missed.
            "terms": {
                "field": "pair",
                "size": question.size,
                "shard_size": 10 * question.size + 100,
                "order": [order, {"_key": "asc"}],
            },
            "aggs": {
                "labels": {"terms": {"field": "label"}},
                "articles": {"cardinality": {"field": "uri"}},
                "newest": {"max": {"field": "storyDate"}},
                "holder": {"terms": {"field": "holder.name", "size": 1}},
                "target": {"terms": {"field": "target.name", "size": 1}},
                "evidence": {"top_hits": {"size": 1, "sort": [{"confidence": "desc"}, {"storyDate": "desc"}]}},
            },
        },
        "pairs_in_all": {"cardinality": {"field": "pair"}},
    }
    if made.pair:
        aggregations["days"] = {
            "date_histogram": {"field": "storyDate", "calendar_interval": "day", "min_doc_count": 1},
            "aggs": {"labels": {"terms": {"field": "label"}}},
        }
    answer = client.search(
        index=indexing.stances,
        query=made.query,
        size=0,
        track_total_hits=True,
        aggs=aggregations,
        ignore_unavailable=True,  # the alias comes with the first statement
    )
    found = answer.get("aggregations")
    if not found:
        return Stances(0, 0, [])
    return Stances(
        answer["hits"]["total"]["value"],
        found["pairs_in_all"]["value"],
        [_pair(bucket) for bucket in found["pairs"]["buckets"]],
        trend((_day(bucket["key"]), _counts(bucket)) for bucket in found["days"]["buckets"])
        if "days" in found
        else None,
    )


def trend(days: Iterable[tuple[date, Mapping[str, int]]]) -> Trend:
    """Counts by day, put together to weeks (from Monday) or months where they span a longer time."""
    told = sorted(days, key=lambda one: one[0])
    span = (told[-1][0] - told[0][0]).days if told else 0
    interval: Interval = "day" if span < DAYS_OF_DAYS else "week" if span < DAYS_OF_WEEKS else "month"
    periods: dict[date, Counter[str]] = {}
    for one, counts in told:
        periods.setdefault(_start(one, interval), Counter()).update(counts)
    return Trend(interval, [Period(start, counts) for start, counts in periods.items()])


def _start(one: date, interval: Interval) -> date:
    if interval == "month":
        return one.replace(day=1)
    return one - timedelta(days=one.weekday() if interval == "week" else 0)


def _pair(bucket: Mapping[str, Any]) -> Pair:
    statement = bucket["evidence"]["hits"]["hits"][0]["_source"]
    holder, target = (
        Party(_most_frequent(bucket[side]) or statement[side]["name"], statement[side]["key"])
        for side in ("holder", "target")
    )
    return Pair(
        holder,
        target,
        _counts(bucket),
        bucket["articles"]["value"],
        _day(bucket["newest"]["value"]),
        Evidence(
            statement["evidence"]["text"],
            statement["label"],
            statement["uri"],
            date.fromisoformat(statement["storyDate"]),
        ),
    )


def _most_frequent(names: Mapping[str, Any]) -> str | None:
    return next((bucket["key"] for bucket in names["buckets"]), None)


def _counts(bucket: Mapping[str, Any]) -> dict[str, int]:
    counts = {one["key"]: one["doc_count"] for one in bucket["labels"]["buckets"]}
    return {label: counts.get(label, 0) for label in LABELS}


def _day(milliseconds: float) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
