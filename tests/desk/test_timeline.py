"""Counts by day as bars: none is lost, gaps are seen, and each leads to its own articles."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.desk.timeline import MOST_BARS, timeline
from pipeline.searching.queries import Question

DAYS = st.dictionaries(
    st.dates(date(1990, 1, 1), date(2026, 12, 31)) | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    st.integers(1, 100_000),
    min_size=2,
    max_size=20,
)


@given(days=DAYS)
@examples(max_examples=50)
def test_every_article_is_in_one_bar_or_earlier(days: dict[date, int]) -> None:
    made = timeline(days, Question())
    assert made
    assert len(made.bars) <= MOST_BARS
    assert sum(bar.articles for bar in made.bars) + made.earlier == sum(days.values())
    for bar in made.bars:
        assert bar.articles == sum(count for day, count in days.items() if bar.since <= day <= bar.until)
        assert (0 < bar.height <= made.height) if bar.articles else bar.height == 0
    for before, after in zip(made.bars, made.bars[1:], strict=False):
        assert after.since == before.until + timedelta(days=1)


def test_a_bar_leads_to_its_days_of_the_same_query() -> None:
    made = timeline({date(2026, 10, 1): 1, date(2026, 10, 3): 1}, Question(words="dam from:now-7d", sort="time"))
    assert made
    assert [bar.articles for bar in made.bars] == [1, 0, 1]
    asked = parse_qs(urlsplit(made.bars[-1].link).query)
    assert asked == {"q": ["dam from:2026-10-03 to:2026-10-03"], "sort": ["time"]}


def test_one_day_needs_no_timeline() -> None:
    assert timeline({date(2026, 10, 1): 7}, Question()) is None
