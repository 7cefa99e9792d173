"""Labels of given pairs against annotated ones: by cues alone, by the classifier alone, and by both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc

from pipeline.config import EnrichmentSettings
from pipeline.enrichment.stances.classifier import LABELS
from pipeline.enrichment.stances.labelling import GivenPair, Labelled, PairLabeller
from pipeline.enrichment.stances.lexicon import lexicon
from pipeline.enrichment.stances.pairs import Pair, stated
from pipeline.enrichment.stances.polarity import Label
from pipeline.enrichment.stances.weighing import Verdict, weigh

PRECISION = 0.9
"""At which recall is asked for."""

Masks = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the cues and the classifier say of a pair; either may say nothing."""

    cue: tuple[Label, float] | None
    likely: list[float] | None

    def verdict(self, *, cues: bool, classifier: bool, forced: bool = False) -> Verdict:
        """What they come to, one of them left out if asked; ``forced`` to choose between favor and against."""
        cue, likely = self.cue if cues else None, self.likely if classifier else None
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


class OpinionLabeller(PairLabeller):
    """A labeller that keeps what its verdicts come from, pair by pair."""

    def __init__(self, settings: EnrichmentSettings) -> None:
        super().__init__(settings)
        self.opinions: list[Opinion] = []

    def _labelled(self, doc: Doc, pair: GivenPair) -> Labelled:
        found = stated(doc, Pair(pair.holder, pair.target), lexicon())
        cue = (found.label, found.certainty) if found is not None else None
        self.opinions.append(Opinion(cue, self._likely(doc, pair)))
        return super()._labelled(doc, pair)


def pair_table(path: Path, settings: EnrichmentSettings) -> Iterator[str]:
    """The figures of a file of annotated pairs, in percent."""
    lines = path.read_bytes().splitlines()
    gold: list[str] = [json.loads(line)["label"] for line in lines]
    labeller = OpinionLabeller(settings)
    labels = [one.label for one in labeller.label(map(GivenPair.from_json, lines))]
    columns = ("macro F", *LABELS, "polarity", f"R at P{PRECISION:.0%}")
    yield f"{f'given pairs ({len(gold)})':<26}" + "".join(f"{title:>12}" for title in columns)
    for title, cues, classifier in (("cues", True, False), ("classifier", False, True), ("both", True, True)):
        verdicts = [one.verdict(cues=cues, classifier=classifier) for one in labeller.opinions]
        forced = [one.verdict(cues=cues, classifier=classifier, forced=True) for one in labeller.opinions]
        if cues and classifier:
            assert [one.label for one in verdicts] == labels
        found = pair_scores(gold, verdicts, forced)
        figures = (found.macro, *(found.f[label] for label in LABELS), found.polarity, found.recall)
        yield f"{f'  {title}':<26}" + "".join(f"{100 * one:>12.1f}" for one in figures)


def pair_scores(gold: Sequence[str], found: Sequence[Verdict], forced: Sequence[Verdict]) -> PairScores:
    """Figures of verdicts on pairs whose labels are known."""
    right, given = np.array(gold), np.array([one.label for one in found])
    f = {label: _f1(right == label, given == label) for label in LABELS}
    polar = [(label, one.label) for label, one in zip(gold, forced, strict=True) if label != "neutral"]
    polarity = sum(label == other for label, other in polar) / max(1, len(polar))
    return PairScores(sum(f.values()) / len(f), f, polarity, _recall(right, found))


def _f1(gold: Masks, found: Masks) -> float:
    return 2 * int((gold & found).sum()) / max(1, int(gold.sum()) + int(found.sum()))


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
