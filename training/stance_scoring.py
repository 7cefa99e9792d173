"""Scores of the reader of stance on pairs and targets that are given: macro-averaged F1 and polarity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from en_wire_core.stance import LABELS
from spacy.language import Language
from spacy.tokens import Doc

Scores: TypeAlias = dict[str, float]

_READ = ["wire_encoder", "wire_pairs", "wire_syntax"]


def stance_scores(nlp: Language, rows: Iterable[dict[str, Any]]) -> Scores:
    """Of rows with ``text``, ``holder``, ``target`` and ``label``: macro-F1 of three labels, F1 of each; the share of
    polarities that are right where the model has to choose between favor and against."""
    gold, likely = [], []
    for doc, row in _docs(nlp, rows):
        pair = (_words(doc, row["holder"]), _words(doc, row["target"]))
        likely.append(nlp.get_pipe("wire_pairs").stances(doc, [pair])[0])
        gold.append(LABELS.index(row["label"]))
    return _scores(np.array(gold), np.array(likely))


def tone_scores(nlp: Language, rows: Iterable[dict[str, Any]]) -> Scores:
    """The same of rows without a holder: the author's tone toward the target."""
    gold, likely = [], []
    for doc, row in _docs(nlp, rows):
        likely.append(nlp.get_pipe("wire_pairs").tones(doc, [_words(doc, row["target"])])[0])
        gold.append(LABELS.index(row["label"]))
    return _scores(np.array(gold), np.array(likely))


def _docs(nlp: Language, rows: Iterable[dict[str, Any]]) -> Iterable[tuple[Doc, dict[str, Any]]]:
    with nlp.select_pipes(enable=_READ):
        yield from nlp.pipe(((row["text"], row) for row in rows), as_tuples=True)


def _words(doc: Doc, span: Sequence[int]) -> tuple[int, int]:
    words = doc.char_span(span[0], span[1], alignment_mode="expand")
    return (words.start, words.end) if words is not None else (0, 0)


def _scores(gold: np.ndarray[Any, Any], likely: np.ndarray[Any, Any]) -> Scores:
    chosen = likely.argmax(-1)
    found = {f"{name}_f": f1(gold == number, chosen == number) for number, name in enumerate(LABELS)}
    polar = gold != LABELS.index("neutral")
    forced = likely[:, :2].argmax(-1)[polar] == gold[polar]
    return {"macro_f": sum(found.values()) / len(LABELS), **found, "polarity": float(forced.mean())}


def f1(gold: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> float:
    """F1 of two masks."""
    both = int((gold & found).sum())
    return 2 * both / max(1, int(gold.sum()) + int(found.sum()))
