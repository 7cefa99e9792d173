"""The reader of pairs: probabilities, windows, and its graph on disk."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import spacy
from en_wire_core.stance import LABELS, ROWS, Extent, WirePairs
from spacy.language import Language
from spacy.tokens import Doc

TEXT = "Kenya condemned Ethiopia on Monday. Orsola Vint, the minister, praised Jonas Vek and the pilots of Lomba."
NEUTRAL = [0.0, 0.0, 1.0]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("en_wire_core")


@pytest.fixture(scope="module")
def pairs(nlp: Language) -> WirePairs:
    component: WirePairs = nlp.get_pipe("wire_pairs")
    return component


def words(doc: Doc, text: str) -> Extent:
    at = doc.text.index(text)
    span = doc.char_span(at, at + len(text))
    assert span is not None
    return span.start, span.end


def asked(doc: Doc, *sides: tuple[str, str]) -> list[tuple[Extent, Extent]]:
    return [(words(doc, holder), words(doc, target)) for holder, target in sides]


SIDES = [("Kenya", "Ethiopia"), ("Ethiopia", "Kenya"), ("Orsola Vint", "Jonas Vek"), ("Orsola Vint", "the pilots")]


def test_each_row_is_a_distribution(nlp: Language, pairs: WirePairs) -> None:
    doc = nlp(TEXT)
    for rows in (pairs.stances(doc, asked(doc, *SIDES)), pairs.tones(doc, [words(doc, "Kenya"), words(doc, "Lomba")])):
        assert rows.shape[1] == len(LABELS)
        assert (rows >= 0).all()
        assert rows.sum(-1) == pytest.approx(1, abs=1e-5)


def test_plain_words_are_read_right(nlp: Language, pairs: WirePairs) -> None:
    doc = nlp(TEXT)
    found = pairs.stances(doc, asked(doc, *SIDES[:3])).argmax(-1)
    assert [LABELS[number] for number in found] == ["against", "neutral", "favor"]


def test_no_pairs_no_rows(nlp: Language, pairs: WirePairs) -> None:
    doc = nlp(TEXT)
    assert pairs.stances(doc, []).shape == pairs.tones(doc, []).shape == (0, len(LABELS))


def test_a_pair_that_was_not_read_at_once_is_neutral(nlp: Language, pairs: WirePairs) -> None:
    doc = nlp(TEXT + " The rain fell on the harbour all day long." * 60 + " Jonas Vek condemned Uganda.")
    assert len(doc.user_data["wire_pairs"]) > 1
    far, near = asked(doc, ("Kenya", "Uganda"), ("Kenya", "Ethiopia"))
    rows = pairs.stances(doc, [far, near])
    assert rows[0].tolist() == NEUTRAL
    assert rows[1].tolist() != NEUTRAL


def test_a_document_that_was_not_read_is_neutral(nlp: Language, pairs: WirePairs) -> None:
    doc = Doc(nlp.vocab, words=["Kenya", "condemned", "Ethiopia"], sent_starts=[True, False, False])
    assert pairs.stances(doc, [((0, 1), (2, 3))]).tolist() == [NEUTRAL]


def test_a_pair_is_read_alike_alone_and_among_others(nlp: Language, pairs: WirePairs) -> None:
    """More than a run of the graph holds, and with texts of other lengths beside it: only rounding may differ."""
    doc = nlp(TEXT)
    given = asked(doc, *SIDES) * ROWS
    together = pairs.stances(doc, given)
    alone = np.concatenate([pairs.stances(doc, [one]) for one in given[: len(SIDES)]])
    assert np.abs(together[: len(SIDES)] - alone).max() < 0.05
    assert np.abs(together - np.tile(together[: len(SIDES)], (ROWS, 1))).max() < 0.05


def test_the_holder_and_the_target_are_told_apart(nlp: Language, pairs: WirePairs) -> None:
    doc = nlp("Kenya praised Ethiopia on Monday.")
    there, back = pairs.stances(doc, asked(doc, ("Kenya", "Ethiopia"), ("Ethiopia", "Kenya")))
    assert there[LABELS.index("favor")] > back[LABELS.index("favor")]


@pytest.mark.parametrize("how", ["folder", "pickle"])
def test_it_survives_a_folder_and_a_pickle(nlp: Language, pairs: WirePairs, tmp_path: Path, how: str) -> None:
    if how == "folder":
        pairs.to_disk(tmp_path / "pairs")
        again = WirePairs("again").from_disk(tmp_path / "pairs")
    else:
        again = pickle.loads(pickle.dumps(pairs))  # noqa: S301 - our own
    doc = nlp(TEXT)
    given: Sequence[tuple[Extent, Extent]] = asked(doc, *SIDES)
    assert again.stances(doc, given).tolist() == pairs.stances(doc, given).tolist()
