"""A cue and the classifier weighed against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrichment.stances.classifier import LABELS
from pipeline.enrichment.stances.polarity import Label
from pipeline.enrichment.stances.weighing import weigh

CERTAINTIES = st.floats(0.01, 0.99)
LIKELY = st.tuples(*[st.floats(0, 1)] * 3).filter(lambda row: sum(row) > 0).map(lambda row: [x / sum(row) for x in row])


def test_without_the_classifier_the_cue_decides() -> None:
    verdict = weigh(("against", 0.9), None)
    assert (verdict.label, verdict.confidence, verdict.by) == ("against", 0.9, "cue")


def test_without_either_it_is_neutral() -> None:
    assert weigh(None, None).label == "neutral"


@pytest.mark.parametrize(("label", "likely"), [("favor", [0.9, 0.05, 0.05]), ("against", [0.05, 0.9, 0.05])])
def test_the_classifier_alone_decides_where_there_is_no_cue(label: Label, likely: list[float]) -> None:
    verdict = weigh(None, likely)
    assert (verdict.label, verdict.by) == (label, "classifier")


def test_agreement_is_surer_than_disagreement() -> None:
    agreed = weigh(("against", 0.9), [0.1, 0.8, 0.1])
    against_it = weigh(("against", 0.9), [0.1, 0.1, 0.8])
    assert agreed.confidence > against_it.confidence
    assert (agreed.by, against_it.by, against_it.label) == ("cue and classifier", "cue", "against")


def test_a_sure_classifier_does_not_silence_a_plain_cue() -> None:
    verdict = weigh(("against", 0.93), [0.0, 0.0, 1.0])
    assert verdict.label == "against"
    assert verdict.confidence < 0.6


def test_a_sure_classifier_outvotes_a_weak_cue() -> None:
    verdict = weigh(("favor", 0.55), [0.001, 0.001, 0.998])
    assert (verdict.label, verdict.by) == ("neutral", "classifier")


@given(label=st.sampled_from(LABELS), certainty=CERTAINTIES, likely=LIKELY)
def test_the_result_is_a_probability_and_the_best_of_three(label: Label, certainty: float, likely: list[float]) -> None:
    for verdict in (weigh((label, certainty), likely), weigh(None, likely)):
        assert verdict.label in LABELS
        assert 1 / 3 - 1e-9 <= verdict.confidence <= 1


@given(label=st.sampled_from(LABELS), low=CERTAINTIES, high=CERTAINTIES, likely=LIKELY)
def test_a_surer_cue_never_makes_its_label_less_likely(
    label: Label, low: float, high: float, likely: list[float]
) -> None:
    weak, strong = (weigh((label, certainty), likely) for certainty in sorted((low, high)))
    if weak.label == label:
        assert strong.label == label
        assert strong.confidence >= weak.confidence - 1e-9
