"""Names: which of them are one person, one body, one place."""

from __future__ import annotations

import pytest

from tests.enrichment.linking.notation import groups, linked


def test_full_name_surname_initial_and_title_are_one_person() -> None:
    found = groups(
        "[Marta/NNP Oduya/NNP]PERSON arrived/VBD ./. | President/NNP [Oduya/NNP]PERSON spoke/VBD ./. |"
        " [M./NNP Oduya/NNP]PERSON left/VBD ./."
    )
    assert found == {"Marta Oduya": ["Marta Oduya", "Oduya", "M. Oduya"]}


def test_a_surname_before_the_full_name_is_the_same_person() -> None:
    assert groups("[Oduya/NNP]PERSON wins/VBZ ./. | [Marta/NNP Oduya/NNP]PERSON took/VBD it/PRP") == {
        "Marta Oduya": ["Oduya", "Marta Oduya"]
    }


def test_two_people_with_one_surname_stay_two() -> None:
    found = groups(
        "[Marta/NNP Oduya/NNP]PERSON and/CC her/PRP$ brother/NN [Felix/NNP Oduya/NNP]PERSON spoke/VBD ./."
        " | [Marta/NNP Oduya/NNP]PERSON won/VBD ./. | [Oduya/NNP]PERSON thanked/VBD voters/NNS ./."
    )
    assert set(found) == {"Marta Oduya", "Felix Oduya"}
    assert found["Felix Oduya"] == ["Felix Oduya"]
    assert "Oduya" in found["Marta Oduya"]


def test_a_title_tells_two_spouses_apart() -> None:
    found = groups(
        "[Daniel/NNP Brandt/NNP]PERSON and/CC [Clara/NNP Brandt/NNP]PERSON came/VBD ./."
        " | Mrs/NNP [Brandt/NNP]PERSON spoke/VBD ./. | Mr/NNP [Brandt/NNP]PERSON left/VBD ./."
    )
    assert found == {"Daniel Brandt": ["Daniel Brandt", "Brandt"], "Clara Brandt": ["Clara Brandt", "Brandt"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dmytro Kouleba", "Kuleba"),
        ("Dmitri Peskov", "Dmitry Peskov"),
        ("Volodymyr Zelensky", "Zelenskyy"),
        ("Muammar Gaddafi", "Qadhafi"),
        ("Mohammed Alhadi", "Muhammad Alhadi"),
        ("José Marén", "Jose Maren"),
    ],
)
def test_spellings_of_one_name_are_one_person(one: str, other: str) -> None:
    assert len(linked(f"[{one}]PERSON spoke . | [{other}]PERSON left .")) == 1


@pytest.mark.parametrize(("one", "other"), [("Anna Meyer", "Jonas Meyer"), ("Ivo Petrov", "Ivo Petersen")])
def test_different_names_are_two_people(one: str, other: str) -> None:
    assert len(linked(f"[{one}]PERSON spoke . | [{other}]PERSON left .")) == 2


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("North Atlantic Treaty Organization", "NATO"),
        ("Kestrel Harbour Workers Union", "KHWU"),
        ("Meridian Shipping Ltd", "Meridian"),
        ("Meridian Shipping Ltd", "Meridian Shipping"),
        ("the Kestrel Group", "Kestrel"),
    ],
)
@pytest.mark.parametrize("is_full_first", [True, False])
def test_short_forms_and_acronyms_are_the_organisation(full: str, short: str, is_full_first: bool) -> None:
    first, second = (full, short) if is_full_first else (short, full)
    (entity,) = linked(f"[{first}]ORG met . | [{second}]ORG signed .")
    assert entity.name == full.removeprefix("the ")


def test_a_general_start_is_no_short_form() -> None:
    assert len(linked("[Ministry of Fisheries]ORG and [Ministry]ORG met . | [Sweden Bank]ORG and [Bank]ORG .")) == 4


def test_a_country_under_its_names_is_one_entity() -> None:
    (entity,) = linked("The [United States]GPE agreed . | The [U.S.]GPE and the [US]GPE signed .")
    assert (entity.name, entity.key) == ("United States", "place:usa")


def test_peoples_are_grouped_by_country_apart_from_it() -> None:
    found = {e.key: [m.text for m in e.mentions] for e in linked("[Kenyan]NORP and [Kenyans]NORP in [Kenya]GPE .")}
    assert found == {"norp:ken": ["Kenyan", "Kenyans"], "place:ken": ["Kenya"]}


def test_headings_make_no_entities_and_dates_have_no_key() -> None:
    found = linked("[Ana Ruiz]PERSON wins", "[Ana Ruiz]PERSON won on [Monday]DATE .", kinds={0: "heading"})
    assert [(e.key, [m.start for m in e.mentions]) for e in found] == [("person:ana-ruiz", [15]), (None, [31])]
