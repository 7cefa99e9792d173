"""The learned classifier of stance, where the language pipeline has one: asked in words of the article.

The classifier is the pipeline's component ``wire_pairs``: it answers for the paragraph documents that the pipeline
made, which `pipeline.enrichment.reading` leaves with the article's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrichment.reading import paragraphs_of
from pipeline.enrichment.stances.polarity import Label

COMPONENT = "wire_pairs"
LABELS: tuple[Label, ...] = ("favor", "against", "neutral")

Extent = tuple[int, int]
"""Words ``start`` to ``end`` (exclusive)."""

Likely = npt.NDArray[np.float32]
"""Probabilities of `LABELS`, a row a question."""


class Classifier(Protocol):
    """What is asked of the component."""

    def stances(self, doc: Doc, pairs: Sequence[tuple[Extent, Extent]]) -> Likely:
        """Probabilities of `LABELS` for (holder, target) pairs of a document."""

    def tones(self, doc: Doc, targets: Sequence[Extent]) -> Likely:
        """Probabilities of `LABELS` for the author's tone toward words of a document."""


def classifier_of(nlp: Language) -> Classifier | None:
    """The classifier of a language pipeline, if it has one."""
    component: Classifier | None = nlp.get_pipe(COMPONENT) if COMPONENT in nlp.pipe_names else None
    return component


class Asked:
    """Asks a classifier about an article's words.

    Args:
        classifier: of the language pipeline.
        doc: the article, as `pipeline.enrichment.reading.read` makes it.
    """

    def __init__(self, classifier: Classifier, doc: Doc) -> None:
        self._classifier = classifier
        self._paragraphs = paragraphs_of(doc)

    def stances(self, pairs: Sequence[tuple[Extent, Extent]]) -> list[npt.NDArray[np.float32] | None]:
        """Probabilities for each pair; None where its words are not of one paragraph."""
        return self._ask(pairs, self._classifier.stances)

    def tones(self, targets: Sequence[Extent]) -> list[npt.NDArray[np.float32] | None]:
        """Probabilities for each target."""

        def ask(doc: Doc, pairs: Sequence[tuple[Extent, Extent]]) -> Likely:
            return self._classifier.tones(doc, [target for _, target in pairs])

        return self._ask([(target, target) for target in targets], ask)

    def _ask(
        self,
        pairs: Sequence[tuple[Extent, Extent]],
        ask: Callable[[Doc, Sequence[tuple[Extent, Extent]]], Likely],
    ) -> list[npt.NDArray[np.float32] | None]:
        found: list[npt.NDArray[np.float32] | None] = [None] * len(pairs)
        inside: dict[int, list[int]] = {}
        for number, (holder, target) in enumerate(pairs):
            first, last = min(holder[0], target[0]), max(holder[1], target[1])
            for place, (start, doc) in enumerate(self._paragraphs):
                if start <= first and last <= start + len(doc):
                    inside.setdefault(place, []).append(number)
        for place, numbers in inside.items():
            start, doc = self._paragraphs[place]
            asked = [tuple((a - start, b - start) for a, b in pairs[number]) for number in numbers]
            for number, row in zip(numbers, ask(doc, [(one[0], one[1]) for one in asked]), strict=True):
                found[number] = row
        return found
