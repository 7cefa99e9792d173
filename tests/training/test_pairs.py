"""Pairs as the reader of stance learns from them: where holder and target are, and what a batch holds."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import spacy
from en_wire_core.stance import LABELS
from tokenizers import Tokenizer

from training.corpora import Corpora

torch = pytest.importorskip("torch", reason="only training needs torch: make train")
pairs = pytest.importorskip("training.pairs")

TEXT = "Kenya condemned Ethiopia. Orsola Vint, a Lombanese, praised it."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(spacy.load("en_wire_core").path / "wire_encoder" / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpora:
    """A folder with two corpora of one row each and more; the other files are not looked for."""
    monkeypatch.setattr(Corpora, "__post_init__", lambda _: None)
    rows: dict[str, list[dict[str, Any]]] = {
        "directed": [
            {"text": TEXT, "holder": _at("Kenya"), "target": _at("Ethiopia"), "label": "against"},
            {"text": TEXT, "holder": _at("Orsola Vint"), "target": _at("it"), "label": "favor"},
            {"text": "Rain. " * 200 + "Vint spoke.", "holder": [0, 4], "target": [1200, 1204], "label": "neutral"},
        ],
        "target": [{"text": TEXT, "target": _at("Ethiopia"), "label": "neutral"}],
    }
    (tmp_path / "stance").mkdir()
    for name, found in rows.items():
        (tmp_path / "stance" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)) + "\n", encoding="utf-8")
    return Corpora(tmp_path)


def _at(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def test_rows_have_the_pieces_of_their_spans(tokenizer: Tokenizer, corpora: Corpora) -> None:
    texts = pairs.Texts(tokenizer)
    first, second = texts.marked(corpora, "stance/directed")
    ids = texts._texts[first.text].ids

    def words(extent: tuple[int, int]) -> str:
        return str(tokenizer.decode(ids[slice(*extent)])).lower()

    assert (words(first.holder), words(first.target)) == ("kenya", "ethiopia")
    assert (words(second.holder), words(second.target)) == ("orsola vint", "it")
    assert (LABELS[first.label], LABELS[second.label]) == ("against", "favor")


def test_a_span_beyond_what_is_read_is_left_out(tokenizer: Tokenizer, corpora: Corpora) -> None:
    texts = pairs.Texts(tokenizer)
    assert len(texts.marked(corpora, "stance/directed")) == 2
    # The mark before a last sentence and the one behind it may come on top.
    assert all(len(text.ids) <= pairs.LONGEST + 2 for text in texts._texts)


def test_a_text_is_kept_once_and_a_target_has_no_holder(tokenizer: Tokenizer, corpora: Corpora) -> None:
    texts = pairs.Texts(tokenizer)
    directed = texts.marked(corpora, "stance/directed")
    (alone,) = texts.marked(corpora, "stance/target")
    assert {row.text for row in [*directed, alone]} == {0}
    assert alone.holder == (0, 0)


def test_sentences_are_parted_as_the_encoder_parts_them(tokenizer: Tokenizer, corpora: Corpora) -> None:
    texts = pairs.Texts(tokenizer)
    texts.marked(corpora, "stance/target")
    (text,) = texts._texts
    first, separator = tokenizer.encode("").ids
    assert text.ids[0] == first
    assert text.ids.count(separator) == 2
    assert len(text.ids) == len(text.shapes)


def test_the_other_way_round_nobody_praises() -> None:
    row = pairs.Marked(0, (1, 2), (4, 6), LABELS.index("favor"))
    assert row.turned() == pairs.Marked(0, (4, 6), (1, 2), LABELS.index("neutral"))


@pytest.mark.parametrize("rng", [None, random.Random(3)], ids=["in order", "shuffled"])
def test_batches_hold_every_row_once_and_no_more_than_fits(rng: random.Random | None) -> None:
    sizes = [7, 250, 90, 31, 120, 12]
    states = [torch.zeros((size, 1)) for size in sizes]
    rows = [pairs.Marked(number % 6, (1, 2), (3, 4), number % 3) for number in range(120)]
    found = pairs.batches(rows, states, rng)
    assert sorted(row.text for batch in found for row in batch) == sorted(row.text for row in rows)
    for batch in found:
        assert len(batch) * max(sizes[row.text] for row in batch) <= pairs.PIECES


def test_tensors_mark_who_is_meant(tokenizer: Tokenizer) -> None:
    states = [torch.ones((5, pairs.WIDTH)), torch.ones((3, pairs.WIDTH))]
    rows = [pairs.Marked(0, (1, 2), (3, 5), 0), pairs.Marked(1, (0, 0), (1, 2), 2)]
    given, mask, holder, target = pairs.tensors(rows, states)
    assert given.shape == (2, 5, pairs.WIDTH)
    assert mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
    assert holder.tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert target.tolist() == [[0, 0, 0, 1, 1], [0, 1, 0, 0, 0]]
    assert given[1, 3:].abs().sum() == 0
