"""Holders and targets: whose entity a word is, what an owner does, who can hold a stance at all."""

from __future__ import annotations

import pytest

from tests.enrichment.stances.reader import Reader


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kenya condemned Ethiopia's invasion of the islands.", "Ethiopia's invasion of the islands"),
        ("Kenya rejected Ethiopia's plan.", "Ethiopia's plan"),
        ("Kenya condemned the policies of Ethiopia.", "the policies of Ethiopia"),
        ("Kenya praised the contribution made by Ethiopia.", "the contribution made by Ethiopia"),
        ("Kenya praised Ethiopia's steadfastness.", "Ethiopia's steadfastness"),
    ],
)
def test_an_act_is_its_owners_and_keeps_its_words(reader: Reader, text: str, words: str) -> None:
    doc = reader.doc(text)
    ethiopia = next(entity.id for entity in doc._.entities if entity.name == "Ethiopia")
    found = reader.statements(text)[0]
    assert (found.target.entity, found.target.text.text) == (ethiopia, words)


def test_what_is_against_ones_own_is_a_phrase(reader: Reader) -> None:
    found = reader.one("Orsola Vint sacked her government.")
    assert (found.target.entity, found.target.text.text) == (None, "her government")


def test_a_capital_is_its_government_where_the_country_is_named(reader: Reader) -> None:
    told = reader.told("Kenya slammed Washington on Monday.", "The United States said nothing.")
    assert told == [("Kenya", "United States", "against")]
    assert reader.told("Kenya slammed Washington on Monday.") == [("Kenya", "Washington", "against")]


def test_what_is_no_act_is_not_its_owners(reader: Reader) -> None:
    found = reader.one("Kenya condemned Ethiopia's weather.")
    assert found.target.entity is None
    assert found.target.text.text == "Ethiopia's weather"


def test_who_calls_for_a_release_is_for_the_prisoner(reader: Reader) -> None:
    assert reader.told("Kenya called for the release of Orsola Vint.") == [("Kenya", "Orsola Vint", "favor")]


def test_a_people_stands_for_its_country(reader: Reader) -> None:
    told = reader.told("Kenya condemned Ethiopian aggression on Monday.", "Ethiopia said nothing.")
    assert told == [("Kenya", "Ethiopia", "against")]


def test_a_seat_of_power_is_its_government(reader: Reader) -> None:
    paragraphs = "The Kremlin condemned Ethiopia on Monday.", "Russia has an embassy there."
    assert reader.one(*paragraphs).holder.text.text == "Kremlin"
    assert reader.told(*paragraphs) == [("Russia", "Ethiopia", "against")]


@pytest.mark.parametrize(
    "who", ["The minister", "Residents", "The pilots' union", "Geologists", "All", "The ministry", "The senator"]
)
def test_whoever_can_think_holds_a_stance(reader: Reader, who: str) -> None:
    assert [told[0] for told in reader.told(f"{who} condemned Ethiopia on Monday.")] == [who]


@pytest.mark.parametrize("what", ["The earthquake", "It", "This", "The figure"])
def test_things_hold_none(reader: Reader, what: str) -> None:
    assert reader.told(f"{what} supports Ethiopia.") == []


def test_nobody_is_for_or_against_itself(reader: Reader) -> None:
    assert reader.told("Ethiopia condemned Ethiopia's invasion of the islands.") == [
        ("Ethiopia", "the islands", "against")
    ]


def test_a_long_phrase_is_cut(reader: Reader) -> None:
    long = "the blockade " + " ".join(f"of the port of Lomba{n}" for n in range(20))
    found = reader.statements(f"Kenya condemned {long}.")
    assert all(one.target.end - one.target.head <= 12 for one in found)
    assert len(found) == 1
