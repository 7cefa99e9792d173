"""What a treebank adds to the public lemma tables."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from training.lemmas import lemmatizer_tables

GOLD: list[tuple[str, str, str, str]] = [
    ("Ministers", "NOUN", "Number=Plur", "minister"),
    ("have", "AUX", "Mood=Ind|VerbForm=Fin", "have"),
    ("n't", "PART", "Polarity=Neg", "not"),
    ("grombled", "VERB", "Tense=Past|VerbForm=Fin", "grumble"),
    ("The", "DET", "Definite=Def|PronType=Art", "the"),
    ("States", "PROPN", "Number=Plur", "State"),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    words, pos, morphs, lemmas = zip(*GOLD, strict=True)
    gold = Doc(nlp.vocab, words=list(words), pos=list(pos), morphs=list(morphs), lemmas=list(lemmas))
    nlp.add_pipe("lemmatizer", config={"mode": "rule"}).initialize(lookups=lemmatizer_tables([gold]))
    return nlp


@pytest.mark.parametrize(
    ("word", "pos", "morph", "lemma"),
    [
        *GOLD,
        ("N'T", "PART", "Polarity=Neg", "not"),  # listed forms in any case
        ("the", "DET", "Definite=Def|PronType=Art", "the"),
        ("agreements", "NOUN", "Number=Plur", "agreement"),  # the public rules still hold
        ("Kampala", "PROPN", "Number=Sing", "Kampala"),  # names keep their case
    ],
)
def test_lemma(nlp: Language, word: str, pos: str, morph: str, lemma: str) -> None:
    doc = nlp(Doc(nlp.vocab, words=[word], pos=[pos], morphs=[morph]))
    assert doc[0].lemma_ == lemma


def test_the_most_frequent_lemma_wins_and_ties_are_stable() -> None:
    vocab = spacy.blank("en").vocab
    doc = Doc(vocab, words=["folk"] * 4, pos=["NOUN"] * 4, morphs=["Number=Plur"] * 4, lemmas=["b", "a", "b", "a"])
    assert lemmatizer_tables([doc]).get_table("lemma_exc")["noun"]["folk"] == ["a"]
