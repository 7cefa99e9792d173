"""Who is for or against whom by the words that say so: verbs, nouns, adjectives, people, prepositions."""

from __future__ import annotations

import pytest

from tests.enrichment.stances.reader import Reader

AGAINST = [("Kenya", "Ethiopia", "against")]
FAVOR = [("Kenya", "Ethiopia", "favor")]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya condemned Ethiopia on Monday.",
        "Ethiopia was condemned by Kenya on Monday.",
        "Kenya hit out at Ethiopia on Monday.",
        "Kenya protested against Ethiopia on Monday.",
        "Kenya's criticism of Ethiopia came on Monday.",
        "The criticism of Ethiopia by Kenya came on Monday.",
        "Ethiopia drew criticism from Kenya on Monday.",
        "Kenya imposed sanctions on Ethiopia.",
        "Kenya decided to impose sanctions on Ethiopia.",
        "Kenya is critical of Ethiopia.",
        "Kenya is against Ethiopia.",
        "Kenya, which condemned Ethiopia, sent an envoy.",
        "Ethiopia, which Kenya condemned, sent an envoy.",
        # The parse hangs the object on the clause that follows.
        "Kenya accused Ethiopia of shelling the dam.",
        "Kenya criticised Ethiopia for not being able to help.",
        "Ethiopia is facing criticism from Kenya.",
        "A statement by Kenya condemned Ethiopia.",
        "Kenya called Ethiopia a liar.",
        "Ethiopia was described by Kenya as dishonest.",
        "Kenya is at odds with Ethiopia.",
        "Kenya severed ties with Ethiopia.",
        "Kenya said Ethiopia had ignored the warnings.",
    ],
)
def test_against(reader: Reader, text: str) -> None:
    assert reader.told(text) == AGAINST


@pytest.mark.parametrize(
    "text",
    [
        "Kenya supports Ethiopia.",
        "Ethiopia is supported by Kenya.",
        "Kenya sided with Ethiopia on Monday.",
        "Kenya voiced support for Ethiopia on Monday.",
        "Kenya is grateful to Ethiopia.",
        "Kenya sent weapons to Ethiopia on Monday.",
        "Kenya sent Ethiopia weapons on Monday.",
        "Weapons were sent to Ethiopia by Kenya.",
        "Kenya lifted sanctions on Ethiopia.",
        "Kenya signed an agreement with Ethiopia.",
    ],
)
def test_favor(reader: Reader, text: str) -> None:
    assert reader.told(text) == FAVOR


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kenya and Ethiopia clashed on Monday.", "against"),
        ("Kenya and Ethiopia signed an agreement on Monday.", "favor"),
        ("The agreement between Kenya and Ethiopia came on Monday.", "favor"),
    ],
)
def test_what_is_mutual_goes_both_ways(reader: Reader, text: str, label: str) -> None:
    assert reader.told(text) == [("Kenya", "Ethiopia", label), ("Ethiopia", "Kenya", label)]


def test_who_accuses_behind_a_comma_is_who_acts(reader: Reader) -> None:
    told = reader.told("Jonas Vek filed a complaint against Orsola Vint, accusing her of theft.")
    assert told == [("Jonas Vek", "Orsola Vint", "against")]


def test_what_was_received_comes_from_the_holder(reader: Reader) -> None:
    assert reader.told("The minister won praise from France.") == [("France", "The minister", "favor")]


@pytest.mark.parametrize(
    "text",
    ["Orsola Vint, a critic of Kenya, arrived on Monday.", "Orsola Vint, a Kenya critic, arrived on Monday."],
)
def test_people_are_called_after_their_stance(reader: Reader, text: str) -> None:
    assert reader.told(text) == [("Orsola Vint", "Kenya", "against")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya and Uganda criticised Ethiopia.", [("Kenya", "Ethiopia"), ("Uganda", "Ethiopia")]),
        ("Kenya condemned Ethiopia and Uganda on Monday.", [("Kenya", "Ethiopia"), ("Kenya", "Uganda")]),
        ("Kenya and Uganda condemned the blockade.", [("Kenya", "the blockade"), ("Uganda", "the blockade")]),
        ("Mr Vint and Jonas Vek criticised Ethiopia.", [("Vint", "Ethiopia"), ("Jonas Vek", "Ethiopia")]),
        # A phrase beside an entity is not split off, nor are two phrases.
        ("Kenya condemned Ethiopia and the delays at the port.", [("Kenya", "Ethiopia")]),
        ("Kenya condemned the blockade and the delays.", [("Kenya", "the blockade and the delays")]),
    ],
)
def test_coordinated_entities_are_split_and_phrases_are_not(
    reader: Reader, text: str, expected: list[tuple[str, str]]
) -> None:
    assert [told[:2] for told in reader.told(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plan is unacceptable for Kenya.", ("Kenya", "The plan", "against")),
        ("Kenya is against the plan.", ("Kenya", "the plan", "against")),
        ("Kenya called for the blockade.", ("Kenya", "the blockade", "favor")),
        # What somebody is urged to do is the stance of who urges.
        ("Kenya urged Iran to stop supporting rebels.", ("Kenya", "rebels", "against")),
        ("Kenya urged Iran to end the war.", ("Kenya", "the war", "against")),
        ("Kenya called on Iran to lift the blockade.", ("Kenya", "the blockade", "against")),
        ("Kenya is in favour of the plan.", ("Kenya", "the plan", "favor")),
        ("Kenya voted in favour of the plan.", ("Kenya", "the plan", "favor")),
        ("Kenya stressed the need for talks.", ("Kenya", "talks", "favor")),
        ("Kenya expressed concern over the blockade.", ("Kenya", "the blockade", "against")),
        ("Orsola Vint resigned over the plan.", ("Orsola Vint", "the plan", "against")),
        ("Kenya wants to avoid war.", ("Kenya", "war", "against")),
        ("Kenya wants to build trust.", ("Kenya", "trust", "favor")),
    ],
)
def test_phrases_are_targets(reader: Reader, text: str, expected: tuple[str, str, str]) -> None:
    assert reader.told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya met Ethiopia on Monday.",
        "Ethiopia was condemned on Monday.",
        "The ship sailed from Mombasa to Massawa.",
        "Support grew.",
        "It was condemned.",
        "Kenya executed the search.",
        "Kenya pulled pupils out of class.",
        "Kenya is worried about children.",
        "",
    ],
)
def test_nothing_is_found_where_nobody_says_so(reader: Reader, text: str) -> None:
    assert reader.told(text) == []


def test_headings_state_nothing(reader: Reader) -> None:
    assert reader.told(("heading", "Kenya condemned Ethiopia"), "It rained.") == []
