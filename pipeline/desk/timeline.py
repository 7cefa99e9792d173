"""How many articles there are of each day: counted by Elasticsearch, told by the day, the week or the month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings
from pipeline.desk.refining import dated
from pipeline.desk.rendering import SEARCH, link
from pipeline.searching.conditions import asked
from pipeline.searching.queries import Question
from pipeline.searching.stances import Interval, trend

MOST_BARS = 60
"""Bars that are shown, the newest ones."""

_HEIGHT = 60.0
_LEAST = 2.0
"""Of one article something is seen, beside a day of thousands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day, week or month: its first and last day, how many articles, how it is drawn, and the link to them."""

    since: date
    until: date
    articles: int
    height: float
    link: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from the first period to the last, those without articles among them, and what was left out before."""

    interval: Interval
    bars: Sequence[Bar]
    earlier: int

    @property
    def height(self) -> float:
        """The height of the highest bar."""
        return _HEIGHT


def count_by_day(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> Mapping[date, int]:
    """The number of articles a question finds, by the day of their story; days without any are left out."""
    days = {"date_histogram": {"field": "storyDate", "calendar_interval": "day", "min_doc_count": 1}}
    query = asked(question.parsed(), question.words).query
    answer = client.search(index=indexing.articles, query=query, size=0, aggs={"days": days})
    buckets = answer["aggregations"]["days"]["buckets"]
    return {datetime.fromtimestamp(one["key"] / 1000, UTC).date(): one["doc_count"] for one in buckets}


def timeline(days: Mapping[date, int], question: Question) -> Timeline | None:
    """Counts by day as bars that lead to their articles; None where all are of one day."""
    if len(days) < 2:
        return None
    told = trend((day, {"articles": articles}) for day, articles in days.items())
    counts = {period.start: period.counts["articles"] for period in told.periods}
    starts = _all_starts(min(counts), max(counts), told.interval)
    shown = starts[-MOST_BARS:]
    most = max(counts.get(start, 0) for start in shown)
    bars = []
    for start in shown:
        articles = counts.get(start, 0)
        end = _next(start, told.interval) - timedelta(days=1)
        height = max(_LEAST, round(_HEIGHT * articles / most, 1)) if articles else 0.0
        words = dated(question.words, start.isoformat(), end.isoformat())
        bars.append(Bar(start, end, articles, height, link(SEARCH, q=words, sort=question.sort)))
    return Timeline(told.interval, bars, sum(count for start, count in counts.items() if start < shown[0]))


def _all_starts(first: date, last: date, interval: Interval) -> list[date]:
    starts = [first]
    while starts[-1] < last:
        starts.append(_next(starts[-1], interval))
    return starts


def _next(start: date, interval: Interval) -> date:
    if interval == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + timedelta(days=7 if interval == "week" else 1)
