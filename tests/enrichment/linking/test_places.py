"""Metonyms: a capital or a seat of power that is both a place and a government."""

from __future__ import annotations

import pytest

from pipeline.article import Entity
from tests.enrichment.linking.notation import linked


def country(key: str, *paragraphs: str) -> Entity | None:
    return next((e for e in linked(*paragraphs) if e.key == key), None)


@pytest.mark.parametrize(
    "text",
    [
        "[Oslo/NNP/nsubj/1]GPE accused/VBD/ROOT/1 [Sweden/NNP/obj/1]GPE ././punct/1",
        "The/DT plan/NN rejected/VBN by/IN [Oslo/NNP]GPE failed/VBD ./.",
        "[Oslo/NNP]GPE 's/POS demands/NNS grew/VBD ./.",
        "The/DT talks/NNS with/IN [Oslo/NNP]GPE failed/VBD ./.",
    ],
)
def test_a_capital_that_acts_is_its_government(text: str) -> None:
    norway = country("place:nor", text)
    assert norway is not None
    assert [(m.text, m.kind) for m in norway.mentions] == [("Oslo", "metonym")]
    city = country("place:oslo-nor", text)
    assert city is not None
    assert [(m.text, m.kind) for m in city.mentions] == [("Oslo", "name")]


@pytest.mark.parametrize("preposition", ["in", "at", "to", "from", "near"])
def test_after_a_locative_it_is_the_place(preposition: str) -> None:
    assert country("place:nor", f"They/PRP met/VBD {preposition}/IN [Oslo/NNP]GPE ./.") is None


def test_a_country_named_anyway_gets_the_metonym_too() -> None:
    norway = country("place:nor", "[Norway/NNP]GPE agreed/VBD ./. | A/DT deal/NN signed/VBN by/IN [Oslo/NNP]GPE ./.")
    assert norway is not None
    assert [(m.text, m.kind) for m in norway.mentions] == [("Norway", "name"), ("Oslo", "metonym")]


def test_a_seat_acts_for_its_country_whatever_its_label() -> None:
    russia = country("place:rus", "The/DT/det/1 [Kremlin/NNP/nsubj/2]ORG answered/VBD/ROOT/2 ././punct/2")
    assert russia is not None
    assert [m.kind for m in russia.mentions] == ["metonym"]
