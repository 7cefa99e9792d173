"""Scores of the reader of pairs: what counts as right, and that the shipped model reads plain words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import spacy
from en_wire_core.stance import LABELS
from spacy.language import Language

from training.stance_scoring import _scores, f1, stance_scores, tone_scores

NUMBER = {label: number for number, label in enumerate(LABELS)}


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("en_wire_core")


def _row(text: str, target: str, label: str, holder: str | None = None) -> dict[str, Any]:
    def span(words: str) -> list[int]:
        return [text.index(words), text.index(words) + len(words)]

    row = {"text": text, "target": span(target), "label": label}
    return row | ({"holder": span(holder)} if holder else {})


def _scored(gold: list[str], likely: list[list[float]]) -> dict[str, float]:
    return _scores(np.array([NUMBER[label] for label in gold]), np.array(likely))


def test_all_right_is_one() -> None:
    found = _scored(["favor", "against", "neutral"], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    assert set(found.values()) == {1.0}
    assert set(found) == {"macro_f", "polarity", *(f"{label}_f" for label in LABELS)}


def test_each_label_counts_alike() -> None:
    """Three of four are right; favor is not found at all."""
    found = _scored(
        ["favor", "against", "neutral", "neutral"],
        [[0.3, 0.2, 0.5], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.2, 0.2, 0.6]],
    )
    assert found["favor_f"] == 0
    assert found["against_f"] == 1
    assert found["neutral_f"] == pytest.approx(0.8)
    assert found["macro_f"] == pytest.approx((0 + 1 + 0.8) / 3)


def test_polarity_is_forced_and_leaves_neutral_gold_out() -> None:
    found = _scored(
        ["favor", "against", "neutral"], [[0.3, 0.1, 0.6], [0.3, 0.1, 0.6], [0.0, 0.9, 0.1]]
    )  # right, wrong, not counted
    assert found["polarity"] == 0.5


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [([1, 1, 0], [1, 1, 0], 1.0), ([1, 1, 0], [1, 0, 1], 0.5), ([0, 0, 0], [0, 0, 0], 0.0), ([1, 0], [0, 1], 0.0)],
)
def test_f1_of_masks(gold: list[int], found: list[int], expected: float) -> None:
    assert f1(np.array(gold, dtype=bool), np.array(found, dtype=bool)) == expected


def test_pairs_and_targets_of_our_own_are_scored(nlp: Language) -> None:
    pairs = [
        _row("Kenya condemned Ethiopia on Monday.", "Ethiopia", "against", "Kenya"),
        _row("Kenya praised Ethiopia on Monday.", "Ethiopia", "favor", "Kenya"),
        _row("Kenya met Ethiopia on Monday.", "Ethiopia", "neutral", "Kenya"),
    ]
    assert stance_scores(nlp, pairs)["polarity"] == 1
    turned = [row | {"label": {"favor": "against", "against": "favor"}.get(row["label"], "neutral")} for row in pairs]
    assert stance_scores(nlp, turned)["polarity"] == 0
    tones = [
        _row("The brilliant, generous Orsola Vint won every heart in Lomba.", "Orsola Vint", "favor"),
        _row("The corrupt and cruel Orsola Vint ruined Lomba with her lies.", "Orsola Vint", "against"),
    ]
    assert tone_scores(nlp, tones)["polarity"] == 1
