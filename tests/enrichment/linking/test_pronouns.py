"""Pronouns: who they stand for, and when they are better left alone."""

from __future__ import annotations

from tests.enrichment.linking.notation import groups

ANA = "[Ana/NNP/compound/1 Ruiz/NNP/nsubj/2]PERSON"


def test_gender_decides() -> None:
    found = groups(
        "[Ana/NNP/compound/1 Ruiz/NNP/nsubj/2]PERSON met/VBD/ROOT/2"
        " [Peter/NNP/compound/4 Brandt/NNP/obj/2]PERSON ././punct/2",
        "She/PRP/nsubj/1 thanked/VBD/ROOT/1 him/PRP/obj/1 ././punct/1",
    )
    assert found == {"Ana Ruiz": ["Ana Ruiz", "She"], "Peter Brandt": ["Peter Brandt", "him"]}


def test_the_object_is_not_the_subject_of_its_verb() -> None:
    found = groups(f"{ANA} praised/VBD/ROOT/2 her/PRP/obj/2 ././punct/2")
    assert found == {"Ana Ruiz": ["Ana Ruiz"]}


def test_an_opening_phrase_looks_forward() -> None:
    found = groups(
        "[Vera/NNP/compound/1 Lind/NNP/nsubj/2]PERSON left/VBD/ROOT/2 ././punct/2",
        "For/IN/case/2 her/PRP$/nmod:poss/2 part/NN/obl/6 ,/,/punct/6 [Ana/NNP/compound/5 Ruiz/NNP/nsubj/6]PERSON"
        " stayed/VBD/ROOT/6 ././punct/6",
    )
    assert found == {"Vera Lind": ["Vera Lind"], "Ana Ruiz": ["her", "Ana Ruiz"]}


def test_it_is_a_company_but_no_weather() -> None:
    found = groups(
        "[Meridian/NNP/nsubj/1]ORG lost/VBD/ROOT/1 ././punct/1",
        "It/PRP/nsubj/1 closed/VBD/ROOT/1 ././punct/1",
        "It/PRP/nsubj/1 seems/VBZ/ROOT/1 so/RB/advmod/1 ././punct/1",
    )
    assert found == {"Meridian": ["Meridian", "It"]}


def test_a_nearer_common_noun_keeps_the_pronoun() -> None:
    found = groups(
        "[Ana/NNP/compound/1 Ruiz/NNP/nsubj/2]PERSON spoke/VBD/ROOT/2 ././punct/2",
        "A/DT/det/1 woman/NN/nsubj/2 shouted/VBD/ROOT/2 ././punct/2",
        "She/PRP/nsubj/1 left/VBD/ROOT/1 ././punct/1",
    )
    assert found == {"Ana Ruiz": ["Ana Ruiz"]}


def test_who_speaks_is_not_he_but_i_inside_the_quote() -> None:
    found = groups(
        "[Paul/NNP/compound/1 Lind/NNP/nsubj/2]PERSON met/VBD/ROOT/2"
        " [Peter/NNP/compound/4 Brandt/NNP/obj/2]PERSON ././punct/2",
        "“/``/punct/2 I/PRP/nsubj/2 trust/VBP/ccomp/6 him/PRP/obj/2 ”/''/punct/6 ,/,/punct/6 said/VBD/ROOT/6"
        " [Paul/NNP/compound/8 Lind/NNP/nsubj/6]PERSON ././punct/6",
    )
    assert found == {"Paul Lind": ["Paul Lind", "I", "Paul Lind"], "Peter Brandt": ["Peter Brandt", "him"]}
