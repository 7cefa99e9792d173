"""Dates: which words of a text are one, and which day of the calendar each means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.enrichment.dates.component import Dates

ENGLISH = spacy.blank("en")
WEDNESDAY = date(2022, 3, 9)
YEARS_LATER = date(2025, 6, 15)


@pytest.fixture(scope="module")
def finder() -> Language:
    """A pipeline of only this component."""
    nlp = spacy.blank("en")
    nlp.add_pipe("wire_dates")
    return nlp


def dated(doc: Doc | str, day: date | None = WEDNESDAY, *, stated: bool = True) -> list[tuple[str, str]]:
    """Words and value of each date of a document written on ``day``."""
    doc = ENGLISH.make_doc(doc) if isinstance(doc, str) else doc
    doc._.reference_date, doc._.reference_is_stated = day, stated
    Dates()(doc)
    for found in doc._.dates:
        assert doc.text[found.start : found.end] == found.text
    return [(found.text, found.value) for found in doc._.dates]


def parsed(*words: tuple[str, str, str, int]) -> Doc:
    """A document of one sentence: the words with tag, dependency and the number of their head."""
    text, tags, deps, heads = zip(*words, strict=True)
    return Doc(ENGLISH.vocab, words=list(text), tags=list(tags), deps=list(deps), heads=list(heads))


def entity(text: str, words: str, label: str) -> Doc:
    """A document with an entity at these words."""
    doc = ENGLISH.make_doc(text)
    start = text.index(words)
    span = doc.char_span(start, start + len(words), label=label)
    assert isinstance(span, Span)
    doc.ents = (span,)
    return doc


# -- written out -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It sank on March 3, 2021.", [("March 3, 2021", "2021-03-03")]),
        ("It sank on 3 March 2021.", [("3 March 2021", "2021-03-03")]),
        ("It sank on the 3rd of March, 2021.", [("3rd of March, 2021", "2021-03-03")]),
        ("It sank on Mar. 3, 2021.", [("Mar. 3, 2021", "2021-03-03")]),
        ("It sank on Sept. 3 2021.", [("Sept. 3 2021", "2021-09-03")]),
        ("It sank on Wednesday, March 3, 2021.", [("Wednesday, March 3, 2021", "2021-03-03")]),
        ("It sank on Wednesday night, March 3, 2021.", [("Wednesday night, March 3, 2021", "2021-03-03")]),
        ("It sank in March 2021.", [("March 2021", "2021-03")]),
        ("It sank in late March of 2021.", [("late March of 2021", "2021-03")]),
        ("It sank in 2021.", [("2021", "2021")]),
        ("It sank in mid-2021.", [("mid-2021", "2021")]),
        ("It sank on 2021-03-03.", [("2021-03-03", "2021-03-03")]),
        ("It sank on 3.3.2021.", [("3.3.2021", "2021-03-03")]),
        ("It sank on 13/3/2021.", [("13/3/2021", "2021-03-13")]),
    ],
)
def test_a_date_with_its_year_is_as_exact_as_it_is_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert dated(text) == expected
    assert dated(text, None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Held on February 14 and 15.", [("February 14", "2022-02-14"), ("15", "2022-02-15")]),
        ("Held from 3 to 5 February 2021.", [("3", "2021-02-03"), ("5 February 2021", "2021-02-05")]),
        ("Held on February 3-5, 2021.", [("February 3", "2021-02-03"), ("5, 2021", "2021-02-05")]),
        (
            "Held on 28 December to 3 January 2021.",
            [("28 December", "2020-12-28"), ("3 January 2021", "2021-01-03")],
        ),
        ("Built in March and April 2020.", [("March", "2020-03"), ("April 2020", "2020-04")]),
        ("Built between 2014 and 2019.", [("2014", "2014"), ("2019", "2019")]),
        ("He ruled from 2014-2019.", [("2014", "2014"), ("2019", "2019")]),
    ],
)
def test_each_day_of_a_list_or_range_is_a_date(text: str, expected: list[tuple[str, str]]) -> None:
    assert dated(text) == expected


def test_what_follows_a_day_may_be_counted_things() -> None:
    assert dated("On February 14 and 15 boats were found.") == [("February 14", "2022-02-14")]


@pytest.mark.parametrize(
    "text",
    [
        "It ended at 6:30 p.m.",
        "In recent days it rained for a few days.",
        "Five years of drought, as in the 1990s.",
        "Black Friday and Easter Sunday come every Sunday.",
        "Mondays are slow.",
        "They march in step; it may rain.",
        "He paid $2015 for 2,019 bolts and flight 2021-22.",
        "It was read in Kestrel Today.",
        "It fell to its lowest in three weeks.",
        "He was paid for the last year.",
        "That was more than two years ago.",
        "The 31 February 2021 will not come.",
        "On 4/5/2021 or 5/4/2021.",
        "It closed in August of that year.",
    ],
)
def test_what_is_no_date_of_the_calendar(text: str) -> None:
    assert dated(text) == []


# -- relative to the day of writing ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It sank yesterday.", ("yesterday", "2022-03-08")),
        ("It sank today.", ("today", "2022-03-09")),
        ("It sank last night.", ("last night", "2022-03-08")),
        ("It will sink tomorrow.", ("tomorrow", "2022-03-10")),
        ("It sank the day before yesterday.", ("the day before yesterday", "2022-03-07")),
        ("It sank on Wednesday.", ("Wednesday", "2022-03-09")),
        ("It sank on Thursday.", ("Thursday", "2022-03-03")),
        ("It will sink on Thursday.", ("Thursday", "2022-03-10")),
        ("It will sink on Tuesday.", ("Tuesday", "2022-03-15")),
        ("It sank last Wednesday.", ("last Wednesday", "2022-03-02")),
        ("It will sink next Wednesday.", ("next Wednesday", "2022-03-16")),
        ("It sank on Monday of last week.", ("Monday of last week", "2022-02-28")),
        ("It sank last week.", ("last week", "2022-W09")),
        ("It sank last month.", ("last month", "2022-02")),
        ("It sank earlier this month.", ("earlier this month", "2022-03")),
        ("It sank last year.", ("last year", "2021")),
        ("It sank two days ago.", ("two days ago", "2022-03-07")),
        ("It sank three weeks ago.", ("three weeks ago", "2022-W07")),
        ("It sank 4 months ago.", ("4 months ago", "2021-11")),
        ("It sank a year ago.", ("a year ago", "2021")),
        ("It will sink in three months.", ("in three months", "2022-06")),
        ("It sank in March last year.", ("March last year", "2021-03")),
        ("It sank on March 3 last year.", ("March 3 last year", "2021-03-03")),
        ("It sank in December.", ("December", "2021-12")),
        ("It will sink in December.", ("December", "2022-12")),
        ("It will sink in February.", ("February", "2023-02")),
        ("It sank last March.", ("last March", "2021-03")),
        ("It sank on December 20.", ("December 20", "2021-12-20")),
        ("It will sink on March 1.", ("March 1", "2023-03-01")),
    ],
)
def test_relative_dates(text: str, expected: tuple[str, str]) -> None:
    assert dated(text) == [expected]


def test_without_a_day_of_writing_there_are_only_dates_with_their_year() -> None:
    assert dated("It sank on Monday, on March 3, and before that in 2014.", None) == [("2014", "2014")]


def test_a_year_holds_for_the_rest_of_its_sentence() -> None:
    text = "Jailed on 7 March 2019, he was freed on 9 March. He died on 1 March."
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    assert [value for _, value in dated(nlp(text))] == ["2019-03-07", "2019-03-09", "2022-03-01"]


# -- the day of writing, told by the text -----------------------------------------------------------


def test_a_weekday_with_its_date_tells_the_year_of_an_old_item_and_the_rest_goes_by_it() -> None:
    text = "Orrin landed this Thursday, March 4 in Oslo. He will see Vek on Monday. On March 9 and 10 he will rest."
    assert dated(text, YEARS_LATER, stated=False) == [
        ("this Thursday, March 4", "2021-03-04"),
        ("Monday", "2021-03-08"),
        ("March 9", "2021-03-09"),
        ("10", "2021-03-10"),
    ]


def test_a_stated_day_of_writing_stands_against_the_text() -> None:
    text = "Orrin landed this Thursday, March 4 in Oslo and left on Friday."
    assert dated(text, YEARS_LATER, stated=True) == [("this Thursday, March 4", "2025-03-04"), ("Friday", "2025-06-13")]


def test_a_date_of_some_past_year_is_not_the_day_of_writing() -> None:
    text = "The port opened. It was closed on Thursday, March 4, 2021. It shut on Friday."
    assert dated(text, YEARS_LATER, stated=False)[-1] == ("Friday", "2025-06-13")


def test_a_full_date_at_the_very_top_is_the_day_of_writing() -> None:
    assert dated("4 March 2021: The port shut yesterday.", YEARS_LATER, stated=False) == [
        ("4 March 2021", "2021-03-04"),
        ("yesterday", "2021-03-03"),
    ]


def test_what_has_been_is_not_put_into_next_year_for_its_weekday() -> None:
    text = "Orrin landed this Thursday, March 4 in Oslo."
    assert dated(text, date(2026, 12, 1), stated=False) == [("this Thursday, March 4", "2021-03-04")]


def test_a_date_near_the_day_an_item_came_in_leaves_that_as_it_is() -> None:
    text = "Orrin landed on Sunday, March 6 in Oslo and left yesterday."
    assert dated(text, stated=False) == [("Sunday, March 6", "2022-03-06"), ("yesterday", "2022-03-08")]


# -- by the parse ------------------------------------------------------------------------------------


def test_the_verb_a_date_hangs_on_tells_its_time() -> None:
    # The last word of time before "Friday" is "said", and yet it is the sailing that is dated.
    doc = parsed(
        ("Orrin", "NNP", "nsubj", 2),
        ("will", "MD", "aux", 2),
        ("sail", "VB", "ROOT", 2),
        (",", ",", "punct", 2),
        ("Vek", "NNP", "nsubj", 5),
        ("said", "VBD", "parataxis", 2),
        (",", ",", "punct", 2),
        ("from", "IN", "case", 8),
        ("Oslo", "NNP", "obl", 2),
        ("on", "IN", "case", 10),
        ("Friday", "NNP", "obl", 2),
    )
    assert dated(doc) == [("Friday", "2022-03-11")]


@pytest.mark.parametrize(("verb", "value"), [("agreed", "2022-03-11"), ("managed", "2022-03-04")])
def test_an_infinitive_looks_ahead_only_under_verbs_of_intent(verb: str, value: str) -> None:
    doc = parsed(
        ("Orrin", "NNP", "nsubj", 1),
        (verb, "VBD", "ROOT", 1),
        ("to", "TO", "mark", 3),
        ("sail", "VB", "xcomp", 1),
        ("on", "IN", "case", 5),
        ("Friday", "NNP", "obl", 3),
    )
    doc[1].lemma_ = verb.removesuffix("d")
    assert dated(doc) == [("Friday", value)]


def test_said_on_monday_is_past_whatever_it_introduces() -> None:
    doc = parsed(
        ("Vek", "NNP", "nsubj", 1),
        ("said", "VBD", "ccomp", 6),
        ("on", "IN", "case", 3),
        ("Friday", "NNP", "obl", 6),
        ("ships", "NNS", "nsubj", 6),
        ("will", "MD", "aux", 6),
        ("sail", "VB", "ROOT", 6),
    )
    assert dated(doc) == [("Friday", "2022-03-04")]


def test_in_three_weeks_is_a_date_only_of_what_will_be() -> None:
    doc = parsed(
        ("It", "PRP", "nsubj", 2),
        ("will", "MD", "aux", 2),
        ("open", "VB", "ROOT", 2),
        ("in", "IN", "case", 5),
        ("three", "CD", "nummod", 5),
        ("weeks", "NNS", "obl", 2),
    )
    assert dated(doc) == [("in three weeks", "2022-W13")]
    assert dated("It opened in three weeks.") == []


def test_a_number_that_counts_what_follows_is_no_year() -> None:
    doc = parsed(
        ("Rations", "NNS", "ROOT", 0),
        ("for", "IN", "case", 3),
        ("2000", "CD", "nummod", 3),
        ("soldiers", "NNS", "nmod", 0),
    )
    assert dated(doc) == []


# -- by the entities ---------------------------------------------------------------------------------


def test_an_entity_labelled_date_makes_a_date_of_a_bare_year_or_month() -> None:
    text = "The 2014 law and the June data."
    assert dated(text) == []
    assert dated(entity(text, "2014", "DATE")) == [("2014", "2014")]
    assert dated(entity(text, "June", "DATE")) == [("June", "2021-06")]


def test_a_date_within_a_name_is_none_unless_it_is_written_out() -> None:
    text = "The Tuesday Group met in March 2021."
    assert dated(entity(text, "The Tuesday Group", "ORG")) == [("March 2021", "2021-03")]
    assert dated(entity("The March 3, 2021 attacks.", "March 3, 2021 attacks", "EVENT")) == [
        ("March 3, 2021", "2021-03-03")
    ]


# -- any text ----------------------------------------------------------------------------------------

WORDS = [
    "February", "14", "and", "15", "2022", "Monday", ",", "last", "week", "two", "days", "ago", "in", "May", "31", "-",
    "to", "yesterday", "(", "🛥", "é", "\u200b", ".", "\n\n", "of", "this", "year", "99999999 years ago", "0",
    "29 February",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.dates(), st.booleans())
def test_any_words_of_dates_give_dates_in_order_none_over_another(text: str, day: date, stated: bool) -> None:
    doc = ENGLISH.make_doc(text)
    dated(doc, day, stated=stated)
    _in_order(doc)


@given(st.text(max_size=80))
def test_any_text_is_survived(finder: Language, text: str) -> None:
    doc = finder.make_doc(text)
    doc._.reference_date = WEDNESDAY
    _in_order(finder(doc))


def _in_order(doc: Doc) -> None:
    found: Sequence[Span] = doc._.dates
    assert all(one.end <= following.start for one, following in pairwise(found))
    for one in found:
        assert doc.text[one.start : one.end] == one.text
        if len(one.value) == 10:
            date.fromisoformat(one.value)
