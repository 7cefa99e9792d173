"""The component ``wire_keyphrases``: the phrases of a story, ranked.

Candidates are the names of the story's entities and runs of adjectives and nouns. They are ranked by how often their
words are used, how early, over how many paragraphs, and how much such words tell; what says the same twice goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log2, sqrt

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrichment.keyphrases.candidates import Candidate
from pipeline.enrichment.keyphrases.names import NAMES, names
from pipeline.enrichment.keyphrases.phrases import phrases, word_weights
from pipeline.enrichment.keyphrases.words import WORD
from pipeline.enrichment.reading import blocks_of

_EARLY = 120
"""Words after which the bonus for an early first use has fallen to a third."""

_LONE = 0.5
"""Weight of a single common noun against a phrase of several words."""

Doc.set_extension("keyphrases", default=None, force=True)


class Keyphrases:
    """Sets ``doc._.keyphrases``, a list of strings written as in the text, the most telling first.

    Reads tags and lemmas, entities (``doc._.entities`` where it is set, else ``doc.ents``) and blocks; without tags
    there are only names.

    Args:
        most: keyphrases of a document, at most.
        most_names: names among them, at most, where there are enough other phrases.
    """

    def __init__(self, most: int = 10, most_names: int = 6) -> None:
        self.most = most
        self.most_names = most_names

    def __call__(self, doc: Doc) -> Doc:  # noqa: D102
        doc._.keyphrases = keyphrases(doc, self.most, self.most_names)
        return doc


@Language.factory("wire_keyphrases", assigns=["doc._.keyphrases"], default_config={"most": 10, "most_names": 6})
def make_keyphrases(nlp: Language, name: str, most: int, most_names: int) -> Keyphrases:  # noqa: ARG001
    """The component; see `Keyphrases` for its settings."""
    return Keyphrases(most, most_names)


def keyphrases(doc: Doc, most: int, most_names: int) -> list[str]:
    """The keyphrases of a document; see `Keyphrases`."""
    blocks = blocks_of(doc)
    weights = word_weights(blocks)
    ranked = [(_name_score(name), name) for name in names(doc, blocks)]
    ranked += [(_phrase_score(phrase, weights), phrase) for phrase in phrases(doc, blocks, weights)]
    ranked.sort(key=lambda pair: (-pair[0], pair[1].first))
    return _chosen([candidate for _, candidate in ranked], most, most_names)


def _prominence(candidate: Candidate) -> float:
    """How much of the story it is in: early, often, in many paragraphs."""
    early = 1 + exp(-candidate.first / _EARLY)
    return early * (1 + log2(candidate.uses)) * sqrt(1 + len(candidate.blocks))


def _phrase_score(phrase: Candidate, weights: Mapping[str, float]) -> float:
    words = [word for word in phrase.words if WORD.match(word)]
    telling = sum(weights.get(word, 0.0) for word in words) / sqrt(len(words) or 1)
    return telling * (_LONE if len(words) == 1 else 1) * _prominence(phrase)


def _name_score(name: Candidate) -> float:
    return NAMES[name.label] * log2(1 + name.uses) * _prominence(name)


def _chosen(ranked: Iterable[Candidate], most: int, most_names: int) -> list[str]:
    """The best that say different things; names beyond ``most_names`` only where there is room at the end."""
    chosen: list[Candidate] = []
    spare: list[Candidate] = []
    seen = 0
    for candidate in ranked:
        if len(chosen) == most:
            break
        if any(_same(candidate, other) for other in chosen):
            continue
        if candidate.label and seen == most_names:
            spare.append(candidate)
            continue
        seen += bool(candidate.label)
        chosen.append(candidate)
    for candidate in spare:
        if len(chosen) == most:
            break
        if not any(_same(candidate, other) for other in chosen):
            chosen.append(candidate)
    return [candidate.text for candidate in chosen]


def _same(candidate: Candidate, other: Candidate) -> bool:
    """Whether it says what the other, better one says: a part of it, or most words shared. A phrase may hold a name."""
    mine, theirs = set(candidate.words), set(other.words)
    shared = len(mine & theirs)
    if not shared or mine <= theirs:
        return shared > 0
    return not (other.label and not candidate.label) and 2 * shared >= min(len(mine), len(theirs))
