"""What turns or weakens a cue: negation, verbs of not doing, doubt, conditions, "an end to"."""

from __future__ import annotations

import pytest

from tests.enrichment.stances.reader import Reader


@pytest.mark.parametrize(
    ("text", "label", "why"),
    [
        ("Kenya did not condemn Ethiopia.", "neutral", ("negated",)),
        ("Kenya never condemned Ethiopia.", "neutral", ("negated",)),
        ("Kenya refused to condemn Ethiopia.", "neutral", ("negated",)),
        ("Kenya did not support Ethiopia.", "against", ("negated",)),
        ("Kenya voiced no support for Ethiopia.", "against", ("negated",)),
        ("Kenya stopped supporting Ethiopia.", "against", ("negated",)),
        ("Kenya did not refuse to support Ethiopia.", "favor", ("negated twice",)),
        ("Kenya denied accusing Ethiopia of theft.", "neutral", ("negated", "denied")),
    ],
)
def test_negation(reader: Reader, text: str, label: str, why: tuple[str, ...]) -> None:
    found = reader.one(text)
    assert (found.label, found.why) == (label, why)


def test_nobody_turns_it_too(reader: Reader) -> None:
    assert reader.one("No minister supports Ethiopia.").label == "against"


@pytest.mark.parametrize(
    "text",
    [
        "Kenya does not attack Ethiopia.",
        "Kenya did not threaten Ethiopia.",
    ],
)
def test_a_deed_that_is_not_done_says_nothing(reader: Reader, text: str) -> None:
    assert reader.statements(text) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Kenya may support Ethiopia.", "doubted"),
        ("Kenya could support Ethiopia.", "doubted"),
        ("Kenya seems to support Ethiopia.", "doubted"),
        ("Kenya would be angry if Uganda supported Ethiopia.", "conditional"),
        ("Does Kenya support Ethiopia?", "conditional"),
    ],
)
def test_doubt_makes_it_less_sure(reader: Reader, text: str, why: str) -> None:
    found = reader.one(text)
    assert found.label == "favor"
    assert why in found.why
    assert found.certainty < reader.one("Kenya supports Ethiopia.").certainty - 0.2


def test_what_depends_on_something_is_less_sure(reader: Reader) -> None:
    plain = reader.one("Kenya will support the plan.")
    found = reader.one("Kenya will support the plan if the price falls.")
    assert (found.label, found.why) == ("favor", ("conditional",))
    assert found.certainty < plain.certainty - 0.2


@pytest.mark.parametrize(
    ("text", "target", "label"),
    [
        ("Kenya called for the blockade.", "the blockade", "favor"),
        ("Kenya called for an end to the blockade.", "the blockade", "against"),
        ("Kenya called for the lifting of the blockade.", "the blockade", "against"),
        ("Kenya called for a resumption of the talks.", "the talks", "favor"),
        ("Kenya rejected an end to the blockade.", "the blockade", "favor"),
        ("Kenya demanded the minister's resignation.", "the minister", "against"),
    ],
)
def test_an_end_to_something_turns_what_is_meant_for_it(reader: Reader, text: str, target: str, label: str) -> None:
    found = reader.one(text)
    assert (found.target.text.text, found.label) == (target, label)
