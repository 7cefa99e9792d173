"""The table of who is for or against whom: what it says, and that nothing in it is obeyed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as examples

from pipeline.searching.stance_display import stances_as_json, who_is_against_whom
from pipeline.searching.stances import Evidence, Pair, Party, Period, Stances, Trend
from tests.searching.archive import HOSTILE
from tests.searching.terminal import ODD_TEXT, assert_harmless, lines, painted, shown


def pair(holder: str, target: str, *counts: int, text: str = "A sentence.", uri: str = "urn:test:a") -> Pair:
    return Pair(
        Party(holder, f"person:{holder}"),
        Party(target, f"phrase:{target}"),
        dict(zip(("favor", "against", "neutral"), counts, strict=True)),
        sum(counts),
        date(2026, 10, 3),
        Evidence(text, "against", uri, date(2026, 10, 1)),
    )


PAIRS = [pair("Ada Lamont", "the ferry", 1, 12, 0), pair("Tomas Orrin", "Ada Lamont", 0, 0, 2)]


def test_each_pair_has_a_row_of_counts_and_under_it_a_sentence_with_its_source() -> None:
    assert lines(who_is_against_whom(Stances(1234, 7, PAIRS)), width=99) == [
        "holder                     target                     favor  against  neutral  articles  newest",
        "Ada Lamont                 the ferry                      1       12                 13  2026-10-03",
        "  against: A sentence.",
        "  2026-10-01 · urn:test:a",
        "",
        "Tomas Orrin                Ada Lamont                                       2         2  2026-10-03",
        "  against: A sentence.",
        "  2026-10-01 · urn:test:a",
        "",
        "1,234 statements by 7 pairs, the first 2",
    ]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_on_any_page_headings_and_counts_stand_above_each_other(width: int) -> None:
    written = lines(who_is_against_whom(Stances(15, 2, PAIRS)), width=width)
    assert max(map(len, written)) <= width
    heading = next(line for line in written if "against" in line and "neutral" in line)
    row = next(line for line in written if " 12 " in line)
    assert row.index("12") + len("12") == heading.index("against") + len("against")
    assert row.index("2026-10-03") == heading.index("newest")


def test_against_is_red_and_favor_green() -> None:
    written = shown(who_is_against_whom(Stances(13, 1, PAIRS[:1])), colour=True)
    assert painted("     12", "red") in written
    assert painted("    1", "green") in written
    assert painted("against", "red") in written


@pytest.mark.parametrize(
    ("interval", "heading", "start"),
    [("day", "day", "2026-10-05"), ("week", "week from", "2026-10-05"), ("month", "month", "2026-10")],
)
def test_a_trend_has_a_row_a_period(interval: str, heading: str, start: str) -> None:
    periods = [Period(date(2026, 10, 5), {"favor": 0, "against": 3, "neutral": 1})]
    found = Stances(4, 1, PAIRS[:1], Trend(interval, periods))  # type: ignore[arg-type]
    *_, headings, row = lines(who_is_against_whom(found))
    assert headings.split() == [*heading.split(), "favor", "against", "neutral"]
    assert row.split() == [start, "3", "1"]


def test_nothing_found_is_said_and_one_is_one() -> None:
    assert lines(who_is_against_whom(Stances(0, 0, []))) == ["no statements found"]
    assert lines(who_is_against_whom(Stances(1, 1, [pair("a", "b", 1, 0, 0)])))[-1] == "1 statement by 1 pair"


def test_a_machine_gets_one_object_a_pair_and_then_the_trend() -> None:
    periods = [Period(date(2026, 10, 5), {"favor": 0, "against": 3, "neutral": 1})]
    rows = list(stances_as_json(Stances(15, 2, PAIRS[:1], Trend("week", periods))))
    assert json.loads(json.dumps(rows)) == [
        {
            "holder": {"name": "Ada Lamont", "key": "person:Ada Lamont"},
            "target": {"name": "the ferry", "key": "phrase:the ferry"},
            "favor": 1,
            "against": 12,
            "neutral": 0,
            "articles": 13,
            "newest": "2026-10-03",
            "evidence": {"text": "A sentence.", "label": "against", "uri": "urn:test:a", "storyDate": "2026-10-01"},
        },
        {"trend": {"interval": "week", "periods": [{"from": "2026-10-05", "favor": 0, "against": 3, "neutral": 1}]}},
    ]


@given(text=ODD_TEXT)
@examples(max_examples=50)
def test_no_text_however_odd_is_obeyed_or_breaks_the_page(text: str) -> None:
    found = Stances(1, 1, [pair(text, text, 1, 2, 3, text=text, uri=text)])
    assert_harmless(shown(who_is_against_whom(found), colour=True))
    assert_harmless(shown(who_is_against_whom(found), colour=True, width=20))


@pytest.mark.parametrize("colour", [False, True])
def test_no_control_character_reaches_the_terminal(*, colour: bool) -> None:
    written = shown(who_is_against_whom(Stances(1, 1, [pair(HOSTILE, "b", 1, 0, 0, text=HOSTILE)])), colour=colour)
    assert_harmless(written)
    assert "[bold]not markup[/bold]" in written
