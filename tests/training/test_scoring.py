"""Scores are what they say: exact spans, perfect for the gold itself."""

from __future__ import annotations

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from training.scoring import entity_scores, words_per_second

WORDS = ["Orsola", "Vint", "met", "the", "Harbour", "Council", "in", "Lomé", "."]


def _ruler(patterns: list[dict[str, str]]) -> Language:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", name="wire_entities")
    ruler.add_patterns(patterns)
    return nlp


def _gold(nlp: Language) -> Doc:
    doc = Doc(nlp.vocab, words=WORDS, spaces=[True] * 7 + [False, False])
    doc.ents = [Span(doc, 0, 2, "PERSON"), Span(doc, 4, 6, "ORG"), Span(doc, 7, 8, "LOC")]
    return doc


def test_only_exact_spans_with_the_right_label_count() -> None:
    nlp = _ruler(
        [
            {"label": "PERSON", "pattern": "Orsola Vint"},  # right
            {"label": "ORG", "pattern": "the Harbour Council"},  # one word too long
            {"label": "ORG", "pattern": "Lomé"},  # wrong label
        ]
    )
    scores = entity_scores(nlp, [_gold(nlp)])
    assert scores["ents_f_PERSON"] == 1
    assert scores["ents_f_ORG"] == scores["ents_f_LOC"] == 0
    assert abs(scores["ents_f"] - 1 / 3) < 1e-9
    assert scores["ents_f_raw"] == scores["ents_f"]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, len(WORDS) - 1), unique=True, min_size=1))
def test_gold_against_itself_is_perfect(places: list[int]) -> None:
    nlp = _ruler([{"label": "ORG", "pattern": WORDS[place]} for place in places])
    doc = Doc(nlp.vocab, words=WORDS, spaces=[True] * 7 + [False, False])
    doc.ents = [Span(doc, place, place + 1, "ORG") for place in places]
    scores = entity_scores(nlp, [doc])
    assert scores["ents_f"] == scores["ents_f_raw"] == scores["ents_f_ORG"] == 1


def test_speed_is_counted_in_tokens() -> None:
    assert words_per_second(spacy.blank("en"), ["Ferries to the island were late again."] * 100) > 0
