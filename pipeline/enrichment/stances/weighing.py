"""How a cue and the classifier together decide on a label, and how sure that is.

The logarithms of the classifier's probabilities and the cue's log-odds are added, as in a multinomial logistic
regression. The weights were fitted on the validation part of Park et al. (Findings of ACL 2021), 1,416 pairs; see
docs/stance.md for what that is worth by cross-validation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.enrichment.stances.classifier import LABELS
from pipeline.enrichment.stances.polarity import Label

_CLASSIFIER, _CUE, _NEUTRAL_CUE = 0.56, 1.14, 0.3
_BIAS = {"favor": -0.38, "against": -0.17, "neutral": 0.0}
_FLOOR, _CUE_FLOOR = 1e-6, 0.01
"""Least probability a label is given, and where a cue speaks: the classifier alone does not silence a plain word."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A label, its probability, and what decided it: ``cue``, ``classifier`` or both."""

    label: Label
    confidence: float
    by: str


def weigh(cue: tuple[Label, float] | None, likely: Sequence[float] | None) -> Verdict:
    """Weigh a cue's label and certainty against the classifier's probabilities, either of which may be missing.

    Args:
        cue: what a cue says, and how sure that is, 0 to 1.
        likely: probabilities of `LABELS`.
    """
    if likely is None:
        return Verdict(*cue, "cue") if cue is not None else Verdict("neutral", 1.0, "nothing")
    scores = {}
    floor = _FLOOR if cue is None else _CUE_FLOOR
    for label, probability in zip(LABELS, likely, strict=True):
        scores[label] = _CLASSIFIER * math.log(max(float(probability), floor)) + _BIAS[label]
    if cue is not None:
        label, certainty = cue
        odds = math.log(certainty / (1.0 - certainty + 1e-3))
        scores[label] += odds * (_NEUTRAL_CUE if label == "neutral" else _CUE)
    total = sum(math.exp(score) for score in scores.values())
    best = max(scores, key=lambda name: scores[name])
    confidence = math.exp(scores[best]) / total
    agreed = cue is not None and LABELS[max(range(len(LABELS)), key=lambda n: likely[n])] == best
    by = "classifier" if cue is None or cue[0] != best else "cue and classifier" if agreed else "cue"
    return Verdict(best, confidence, by)
