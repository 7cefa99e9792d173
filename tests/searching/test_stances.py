"""Who is for or against whom, counted in a real index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import IndexingSettings
from pipeline.searching.fields import LABELS
from pipeline.searching.queries import Question
from pipeline.searching.stances import Evidence, Pair, Party, Period, Stances, search_stances, trend
from tests.searching.archive import HIDDEN_WORD, ROOT, Archive

Ask = Callable[..., Stances]

LEVY = Pair(
    Party("Dmitri Valkov", "person:dmitri-valkov"),
    Party("The Salt Levy", "phrase:salt-levy"),
    {"favor": 1, "against": 2, "neutral": 0},
    3,
    date(2026, 9, 14),
    Evidence("Dmitri Valkov fought the salt levy in court.", "against", f"{ROOT}levy-again", date(2026, 9, 14)),
)


@pytest.fixture
def ask(client: Elasticsearch, archive: Archive) -> Ask:
    return lambda **said: search_stances(client, archive.indexing, Question(**said))


def pairs(found: Stances) -> list[tuple[str, str]]:
    return [(pair.holder.key.partition(":")[2], pair.target.key.partition(":")[2]) for pair in found.pairs]


@pytest.mark.integration
def test_pairs_are_counted_by_label_under_all_their_spellings(ask: Ask) -> None:
    found = ask(provider=["gazette", "chronicle"])
    assert (found.statements, found.pairs_in_all, found.trend) == (5, 3, None)
    assert pairs(found)[0] == ("dmitri-valkov", "salt-levy")
    assert set(pairs(found)[1:]) == {("oskar-dalen", "dmitri-valkov"), ("dmitri-valkov", "oskar-dalen")}
    assert found.pairs[0] == LEVY


@pytest.mark.integration
@pytest.mark.parametrize(
    ("asked", "statements"),
    [
        ({}, 6),
        ({"holder": "Valkov"}, 4),
        ({"holder": "Dmitry Valkov", "target": "levy"}, 3),
        ({"target": "dalen"}, 1),
        ({"label": "favor"}, 2),
        ({"holder": "Valkov", "label": "favor"}, 1),
        ({"since": "2026-08-05"}, 3),
        ({"since": "2026-08-05", "until": "2026-08-05"}, 2),
        ({"until": "now-20y"}, 0),
        ({"since": "2026-01-01", "provider": ["chronicle"]}, 1),
        ({"words": "court"}, 1),
        ({"words": "levies"}, 5),  # in names and headlines, stemmed there
        ({"words": "praising"}, 1),
        ({"words": '"in court" -monday'}, 1),
        ({"holder": "nobody at all"}, 0),
        ({"holder": "Quill"}, 0),
        ({"words": HIDDEN_WORD}, 0),
    ],
)
def test_each_filter_counts_its_statements_and_no_others(ask: Ask, asked: dict[str, str], statements: int) -> None:
    found = ask(**asked)
    assert found.statements == statements
    assert sum(sum(pair.counts.values()) for pair in found.pairs) == statements
    assert found.pairs_in_all == len(found.pairs)


@pytest.mark.integration
def test_the_first_pairs_are_shown_and_all_are_counted(ask: Ask) -> None:
    found = ask(size=1)
    assert pairs(found) == [("dmitri-valkov", "salt-levy")]
    assert (found.statements, found.pairs_in_all) == (6, 4)


@pytest.mark.integration
def test_by_time_the_newest_pair_comes_first(ask: Ask) -> None:
    found = ask(sort="time")
    assert [pair.newest for pair in found.pairs] == sorted((pair.newest for pair in found.pairs), reverse=True)
    assert pairs(found)[-1][0].startswith("one")


@pytest.mark.integration
def test_a_pair_has_a_trend(ask: Ask) -> None:
    found = ask(holder="Valkov", target="levy")
    assert found.trend
    assert found.trend.interval == "week"  # from August 3 to September 14
    assert found.trend.periods == [
        Period(date(2026, 8, 3), {"favor": 1, "against": 1, "neutral": 0}),
        Period(date(2026, 9, 14), {"favor": 0, "against": 1, "neutral": 0}),
    ]
    (period,) = (ask(holder="Valkov", target="levy", until="2026-08-03").trend or trend([])).periods
    assert period == Period(date(2026, 8, 3), {"favor": 0, "against": 1, "neutral": 0})


@pytest.mark.integration
def test_before_there_is_any_statement_nothing_is_found(client: Elasticsearch, archive: Archive) -> None:
    nowhere = IndexingSettings(stances=f"{archive.indexing.stances}x")
    assert search_stances(client, nowhere, Question()) == Stances(0, 0, [])


# -- over time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "interval", "starts"),
    [
        ("2026-03-04", "day", ["2026-03-04"]),
        ("2026-04-03", "day", ["2026-03-04", "2026-04-03"]),
        ("2026-04-04", "week", ["2026-03-02", "2026-03-30"]),
        ("2027-03-04", "week", ["2026-03-02", "2027-03-01"]),
        ("2027-03-05", "month", ["2026-03-01", "2027-03-01"]),
    ],
)
def test_the_longer_the_time_the_longer_its_periods(last: str, interval: str, starts: list[str]) -> None:
    days = [(date.fromisoformat(day), {"favor": 1}) for day in ("2026-03-04", last)]
    made = trend(days)
    assert made.interval == interval
    assert [period.start.isoformat() for period in made.periods] == starts


COUNTS = st.fixed_dictionaries(dict.fromkeys(LABELS, st.integers(0, 9)))


@given(st.lists(st.tuples(st.dates(date(1990, 1, 8), date(2090, 1, 1)), COUNTS)))
def test_no_statement_is_lost_in_a_trend_and_each_is_in_its_period(days: list[tuple[date, dict[str, int]]]) -> None:
    made = trend(days)
    for label in LABELS:
        assert sum(period.counts[label] for period in made.periods) == sum(counts[label] for _, counts in days)
    starts = [period.start for period in made.periods]
    assert starts == sorted(set(starts))
    longest = {"day": timedelta(1), "week": timedelta(7), "month": timedelta(31)}[made.interval]
    assert all(any(start <= day < start + longest for start in starts) for day, _ in days)
