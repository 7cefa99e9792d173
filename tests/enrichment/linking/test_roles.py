"""Roles beside names, and descriptions that stand for a name."""

from __future__ import annotations

from pipeline.article import Entity
from tests.enrichment.linking.notation import linked


def entity(name: str, *paragraphs: str) -> Entity:
    (found,) = [e for e in linked(*paragraphs) if e.name == name]
    return found


def nominals(found: Entity) -> list[str]:
    return [mention.text for mention in found.mentions if mention.kind == "nominal"]


def test_a_title_before_the_name_is_a_role_and_no_mention() -> None:
    found = entity(
        "Ivo Brandt", "[British/JJ]NORP Minister/NNP of/IN Defense/NNP [Ivo/NNP Brandt/NNP]PERSON left/VBD ./."
    )
    assert found.roles == ["British Minister of Defense"]
    assert [m.text for m in found.mentions] == ["Ivo Brandt"]


def test_an_apposition_is_a_role_and_a_mention() -> None:
    found = entity(
        "Ana Ruiz", "[Ana/NNP Ruiz/NNP]PERSON ,/, the/DT foreign/JJ minister/NN of/IN [Chile/NNP]GPE ,/, spoke/VBD ./."
    )
    assert found.roles == ["foreign minister of Chile"]
    assert nominals(found) == ["the foreign minister of Chile"]


def test_a_phrase_before_a_subject_is_no_apposition() -> None:
    found = entity(
        "Ivo Brandt",
        "After/IN talks/NNS with/IN the/DT [Chilean/JJ]NORP president/NN ,/, [Ivo/NNP Brandt/NNP]PERSON left/VBD ./.",
    )
    assert found.roles == []


def test_roles_are_kept_in_their_longest_form() -> None:
    found = entity(
        "Ana Ruiz",
        "President/NNP [Ana/NNP Ruiz/NNP]PERSON spoke/VBD ./.",
        "[Chilean/JJ]NORP President/NNP [Ana/NNP Ruiz/NNP]PERSON left/VBD ./.",
    )
    assert found.roles == ["Chilean President"]


def test_a_later_description_is_linked_by_office_and_country() -> None:
    text = (
        "[Chilean/JJ]NORP President/NNP [Ana/NNP Ruiz/NNP]PERSON met/VBD [German/JJ]NORP Chancellor/NNP"
        " [Ivo/NNP Brandt/NNP]PERSON ./. | The/DT [Chilean/JJ]NORP president/NN left/VBD ./."
        " | The/DT chancellor/NN stayed/VBD ./."
    )
    assert nominals(entity("Ana Ruiz", text)) == ["The Chilean president"]
    assert nominals(entity("Ivo Brandt", text)) == ["The chancellor"]


def test_an_office_that_no_apposition_gives_goes_to_whom_the_text_leaves() -> None:
    text = (
        "[Ana/NNP Ruiz/NNP]PERSON flew/VBD to/TO [Berlin/NNP]GPE ./.",
        "The/DT [Chilean/JJ]NORP president/NN met/VBD [Ivo/NNP Brandt/NNP]PERSON ./.",
        "[Ana/NNP Ruiz/NNP]PERSON told/VBD the/DT [German/JJ]NORP president/NN of/IN it/PRP ./.",
    )
    assert nominals(entity("Ana Ruiz", *text)) == ["The Chilean president"]
    assert nominals(entity("Ivo Brandt", *text)) == ["the German president"]


def test_an_unnamed_minister_takes_the_next_bare_one() -> None:
    text = (
        "[Chilean/JJ]NORP Minister/NNP [Ana/NNP Ruiz/NNP]PERSON spoke/VBD ./.",
        "The/DT [Peruvian/JJ]NORP minister/NN answered/VBD ./. | The/DT minister/NN left/VBD ./.",
    )
    assert nominals(entity("Ana Ruiz", *text)) == []


def test_a_counterpart_holds_the_office_of_whose_counterpart_it_is() -> None:
    text = (
        "[Chilean/JJ]NORP President/NNP [Ana/NNP Ruiz/NNP]PERSON received/VBD her/PRP$ [German/JJ]NORP"
        " counterpart/NN [Ivo/NNP Brandt/NNP]PERSON ./."
    )
    assert entity("Ivo Brandt", text).roles == ["German President"]


def test_a_company_is_meant_by_what_it_is() -> None:
    found = entity("Meridian Ltd", "[Meridian/NNP Ltd/NNP]ORG lost/VBD money/NN ./. | The/DT company/NN closed/VBD ./.")
    assert nominals(found) == ["The company"]
