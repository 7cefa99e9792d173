"""A classifier that always says the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc

from pipeline.enrichment.stances.classifier import Extent, Likely


class Opinion:
    """Answers every question by the same probabilities, and keeps what it was asked.

    Args:
        stance: of favor, against, neutral, for every pair.
        tone: the same for every target.
    """

    def __init__(self, stance: Sequence[float], tone: Sequence[float] = (0.0, 0.0, 1.0)) -> None:
        self._stance, self._tone = stance, tone
        self.pairs: list[tuple[str, str]] = []
        self.targets: list[str] = []

    def stances(self, doc: Doc, pairs: Sequence[tuple[Extent, Extent]]) -> Likely:
        """The same row for each pair."""
        self.pairs += [(doc[slice(*holder)].text, doc[slice(*target)].text) for holder, target in pairs]
        return np.array([self._stance] * len(pairs), dtype=np.float32)

    def tones(self, doc: Doc, targets: Sequence[Extent]) -> Likely:
        """The same row for each target."""
        self.targets += [doc[slice(*target)].text for target in targets]
        return np.array([self._tone] * len(targets), dtype=np.float32)
