"""Labels of given pairs against annotated ones: by cues alone, by the classifier alone, and by both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.config import EnrichmentSettings
from pipeline.enrichment.stances.classifier import LABELS
from pipeline.enrichment.stances.labelling import GivenPair, PairLabeller
from pipeline.enrichment.stances.polarity import Label
from pipeline.enrichment.stances.weighing import Verdict, weigh
from training.stance_scoring import f1

PRECISION = 0.9
"""At which recall is asked for."""


def verdict(cue: tuple[Label, float] | None, likely: Sequence[float] | None, *, forced: bool = False) -> Verdict:
    """What a cue and the classifier come to, either of which may be missing; ``forced``: favor or against."""
    if forced:
        cue = cue if cue is not None and cue[0] != "neutral" else None
        likely = [p * (label != "neutral") for label, p in zip(LABELS, likely, strict=True)] if likely else None
    return weigh(cue, likely)


@dataclass(frozen=True, slots=True)
class PairScores:
    """Figures from 0 to 1.

    Attributes:
        macro: mean of the F1 of the three labels.
        f: F1 of each label.
        polarity: the share of favor and against pairs that are right when neutral is no choice.
        recall: of favor and against, of the surest verdicts, as many as have a precision of `PRECISION`.
    """

    macro: float
    f: Mapping[Label, float]
    polarity: float
    recall: float


def pair_table(path: Path, settings: EnrichmentSettings) -> Iterator[str]:
    """The figures of a file of annotated pairs, in percent."""
    lines = path.read_bytes().splitlines()
    gold: list[str] = [json.loads(line)["label"] for line in lines]
    opinions = list(PairLabeller(settings).opinions(map(GivenPair.from_json, lines)))
    columns = ("macro F", *LABELS, "polarity", f"R at P{PRECISION:.0%}")
    yield f"{f'given pairs ({len(gold)})':<26}" + "".join(f"{title:>12}" for title in columns)
    for title, cues, classifier in (("cues", True, False), ("classifier", False, True), ("both", True, True)):
        asked = [(one.cue if cues else None, one.likely if classifier else None) for one in opinions]
        verdicts = [verdict(*one) for one in asked]
        forced = [verdict(*one, forced=True) for one in asked]
        found = pair_scores(gold, verdicts, forced)
        figures = (found.macro, *(found.f[label] for label in LABELS), found.polarity, found.recall)
        yield f"{f'  {title}':<26}" + "".join(f"{100 * one:>12.1f}" for one in figures)


def pair_scores(gold: Sequence[str], found: Sequence[Verdict], forced: Sequence[Verdict]) -> PairScores:
    """Figures of verdicts on pairs whose labels are known."""
    right, given = np.array(gold), np.array([one.label for one in found])
    f = {label: f1(right == label, given == label) for label in LABELS}
    polar = [(label, one.label) for label, one in zip(gold, forced, strict=True) if label != "neutral"]
    polarity = sum(label == other for label, other in polar) / max(1, len(polar))
    return PairScores(sum(f.values()) / len(f), f, polarity, _recall(right, found))


def _recall(gold: np.ndarray[Any, Any], found: Sequence[Verdict]) -> float:
    """Recall of favor and against where the surest of them have the precision; the best such cut is taken."""
    polar = [n for n, one in enumerate(found) if one.label != "neutral"]
    polar.sort(key=lambda n: -found[n].confidence)
    right = np.cumsum([found[n].label == gold[n] for n in polar])
    precise = [count for count, hits in enumerate(right, 1) if hits >= PRECISION * count and _cut(found, polar, count)]
    hits = int(right[precise[-1] - 1]) if precise else 0
    return hits / max(1, int((gold != "neutral").sum()))


def _cut(found: Sequence[Verdict], polar: Sequence[int], count: int) -> bool:
    """Whether the confidence tells the first ``count`` from those after them."""
    return count == len(polar) or found[polar[count - 1]].confidence > found[polar[count]].confidence
