"""The article's own voice: whom it is asked about, and what several mentions come to."""

from __future__ import annotations

import pytest

from pipeline.article import Entity
from pipeline.enrichment.stances.tone import ENTITIES, MENTIONS
from tests.enrichment.stances.reader import Reader
from tests.enrichment.stances.stubs import Opinion
from tests.enrichment.stances.test_component import finder

NEUTRAL = (0.0, 0.0, 1.0)


def _entities(reader: Reader, opinion: Opinion | None, *paragraphs: str) -> dict[str, Entity]:
    doc = finder(opinion)(reader.doc(*paragraphs))
    return {entity.name: entity for entity in doc._.entities}


def test_the_tone_is_the_classifiers_over_narrated_mentions(reader: Reader) -> None:
    opinion = Opinion(NEUTRAL, tone=(0.25, 0.5, 0.25))
    found = _entities(reader, opinion, "Kenya sailed on Monday. Kenya sailed on Tuesday.")
    tone = found["Kenya"].tone
    assert tone is not None
    assert (tone.label, tone.confidence, tone.mentions) == ("against", 0.5, 2)
    assert opinion.targets == ["Kenya", "Kenya"]


def test_without_a_classifier_there_is_none(reader: Reader) -> None:
    assert _entities(reader, None, "Kenya sailed on Monday.")["Kenya"].tone is None


def test_what_sources_say_is_not_the_articles_voice(reader: Reader) -> None:
    opinion = Opinion(NEUTRAL)
    found = _entities(reader, opinion, "“Ethiopia robbed us,” Orsola Vint said on Monday.")
    assert opinion.targets == ["Orsola Vint"]
    assert found["Ethiopia"].tone is None


def test_only_the_main_entities_and_so_many_of_their_mentions_are_asked_about(reader: Reader) -> None:
    countries = ["Kenya", "Uganda", "Ethiopia", "Chad", "Ghana"]
    opinion = Opinion(NEUTRAL)
    found = _entities(reader, opinion, *(f"{country} sailed on Monday. " * 5 for country in countries))
    toned = [entity for entity in found.values() if entity.tone is not None]
    assert len(toned) == ENTITIES
    assert {entity.tone.mentions for entity in toned if entity.tone} == {MENTIONS}
    assert len(opinion.targets) == ENTITIES * MENTIONS


@pytest.mark.parametrize("text", ["The ship sailed on Monday.", ""])
def test_no_entity_no_question(reader: Reader, text: str) -> None:
    opinion = Opinion(NEUTRAL)
    _entities(reader, opinion, text)
    assert opinion.targets == []
