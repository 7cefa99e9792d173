"""Given pairs: what the cues say of two marked spans, whether the text has them as entities or not."""

from __future__ import annotations

import pytest

from pipeline.enrichment.stances.lexicon import lexicon
from pipeline.enrichment.stances.pairs import Pair, stated
from pipeline.enrichment.stances.statements import Statement
from tests.enrichment.stances.reader import Reader


def _stated(reader: Reader, text: str, holder: str, target: str) -> Statement | None:
    spans = [(text.index(words), text.index(words) + len(words)) for words in (holder, target)]
    return stated(reader.doc(text), Pair(spans[0], spans[1]), lexicon())


@pytest.mark.parametrize(
    ("text", "holder", "target", "label"),
    [
        ("Kenya condemned Ethiopia on Monday.", "Kenya", "Ethiopia", "against"),
        ("Ethiopia was praised by Kenya on Monday.", "Kenya", "Ethiopia", "favor"),
        ("The Kenyan government's clampdown drew criticism from Uganda.", "Uganda", "Kenyan", "against"),
        # Named with the party.
        ("The Kenyan minister condemned Ethiopia's weather.", "Kenyan", "Ethiopia", "against"),
        # Neither is an entity.
        ("The pilots condemned the blockade.", "pilots", "blockade", "against"),
        ("The pilots did not condemn the blockade.", "pilots", "blockade", "neutral"),
    ],
)
def test_the_label_of_a_pair(reader: Reader, text: str, holder: str, target: str, label: str) -> None:
    found = _stated(reader, text, holder, target)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("text", "holder", "target"),
    [
        ("Kenya condemned Ethiopia on Monday.", "Ethiopia", "Kenya"),
        ("Kenya condemned Ethiopia and met Uganda on Monday.", "Kenya", "Uganda"),
        ("Kenya met Ethiopia on Monday.", "Kenya", "Ethiopia"),
        ("Kenya condemned Ethiopia on Monday.", "Kenya", "Kenya"),
        ("Kenya condemned Ethiopia on Monday.", "Kenya", "Monday"),
    ],
)
def test_nothing_is_said_of_other_pairs(reader: Reader, text: str, holder: str, target: str) -> None:
    assert _stated(reader, text, holder, target) is None


def test_the_entities_of_the_document_stay_as_they_are(reader: Reader) -> None:
    text = "The pilots condemned the blockade."
    doc = reader.doc(text)
    before = list(doc._.entities)
    stated(doc, Pair((4, 10), (25, 33)), lexicon())
    assert doc._.entities == before


def test_half_a_word_is_taken_for_the_word(reader: Reader) -> None:
    text = "The pilots condemned the blockade."
    found = stated(reader.doc(text), Pair((5, 7), (26, 29)), lexicon())
    assert found is not None
    assert found.label == "against"
