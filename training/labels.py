"""What the heads tell apart, read from the corpora."""

from __future__ import annotations

from dataclasses import dataclass

import spacy

from training.corpora import Corpora

ATTRIBUTION = ("SOURCE", "CUE", "CONTENT")
"""The parts of an attribution."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What each head tells apart, in the order of its scores.

    Attributes:
        entities: types of entities.
        attribution: parts of an attribution.
        tags: Penn Treebank tags.
        morphs: UPOS and features, written "NOUN|Number=Sing".
        deps: labels of arcs.
    """

    entities: tuple[str, ...]
    attribution: tuple[str, ...]
    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    deps: tuple[str, ...]


def labels_of(corpora: Corpora) -> Labels:
    """The labels of the corpora, each list in alphabetical order."""
    vocab = spacy.blank("en").vocab
    syntax = [token for doc in corpora.docs("syntax/train", vocab) for token in doc]
    entities = corpora.docs("ner/worldwide_train", vocab)
    return Labels(
        entities=tuple(sorted({ent.label_ for doc in entities for ent in doc.ents})),
        attribution=ATTRIBUTION,
        tags=tuple(sorted({token.tag_ for token in syntax})),
        morphs=tuple(sorted({morph_of(token.pos_, str(token.morph)) for token in syntax})),
        deps=tuple(sorted({token.dep_ for token in syntax})),
    )


def morph_of(pos: str, features: str) -> str:
    """UPOS and features as one label."""
    return f"{pos}|{features}" if features else pos
