"""Keys: one value for one entity however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrichment.linking.keys import key
from pipeline.enrichment.linking.transliteration import folded, similar

LABELS = st.sampled_from(["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC"])


@pytest.mark.parametrize(
    "spellings",
    [
        ["Dmitri Peskov", "Dmitry Peskov", "Dmitriy Peskov", "DMITRI PESKOV", "Dimitri Peskov"],
        ["Dmytro Kouleba", "Dmytro Kuleba"],
        [
            "Volodymyr Zelensky",
            "Volodymyr Zelenskyy",
            "Volodymyr Zelenskiy",
            "Volodymyr Zelenskyi",
            "Volodymyr Zelenskii",
        ],
        ["Mohammed Alhadi", "Muhammad Alhadi", "Mohamed Alhadi"],
        ["Muammar Gaddafi", "Muammar Qadhafi", "Muammar Kadhafi", "Muammar al-Gaddafi"],
        ["Bashar al-Assad", "Bashar Assad", "Bashar el-Assad"],
        ["José Marén", "Jose Maren", "José  Marén's", "Dr. José Marén", "José R. Marén Jr."],
        ["Vladimir Poutine", "Vladimir Putin"],
        ["Sergei Lavrov", "Sergey Lavrov", "Sergueï Lavrov"],
    ],
)
def test_spellings_of_one_person_have_one_key(spellings: list[str]) -> None:
    assert len({key(spelling, "PERSON") for spelling in spellings}) == 1


def test_keys_are_readable() -> None:
    assert key("Dmitry Peskov", "PERSON") == "person:dmitri-peskov"
    assert key("the Meridian Shipping Co. Ltd", "ORG") == "org:meridian-shipping"
    assert key("the U.S.", "GPE") == "place:usa"
    assert key("Kyiv", "GPE") == key("Kiev", "LOC") == "place:kyiv-ukr"
    assert key("Kenyans", "NORP") == "norp:ken"


@pytest.mark.parametrize(("one", "other"), [("Anna Meyer", "Hanna Meyer"), ("Joe Brandt", "Jo Branch")])
def test_other_people_have_other_keys(one: str, other: str) -> None:
    assert key(one, "PERSON") != key(other, "PERSON")


@given(st.text(min_size=1, max_size=60), LABELS)
def test_every_name_has_a_key_of_one_word_with_its_family(name: str, label: str) -> None:
    made = key(name, label)
    assert ":" in made
    assert not any(c in made for c in " \t\n")


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzéüß", min_size=2, max_size=10), min_size=1, max_size=4))
def test_case_accents_and_possessives_change_no_key(words: list[str]) -> None:
    name = " ".join(words).title()
    assert key(name, "PERSON") == key(f"the {name}'s", "PERSON")
    assert key(name.replace("É", "E").replace("é", "e"), "PERSON") == key(name, "PERSON")


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_folding_keeps_what_is_alike_alike(word: str) -> None:
    assert similar(folded(word), folded(word.upper()))


def test_a_name_of_marks_alone_has_a_key_of_one_word() -> None:
    assert key("< {", "PERSON") == "person:<-{"
