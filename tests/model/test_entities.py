"""Tags to spans, and the component in a pipeline."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import numpy as np
import pytest
import spacy
from en_wire_core.entities import allowed, best_tags, spans, tags_of
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

TAGS = tags_of(["ORG", "PERSON"])
FOLLOWS = allowed(TAGS)
TEXTS = [
    "Foreign minister Lena Orsolics told reporters in Paris on Monday that 40 rebels had left Kenya.",
    "",
    "The Blue Shelf Trust praised Katla Reymond.",
    "\n \t",
    "a" * 5000,
    "’" * 50,
    "東京 🙂 ÄÖÜ",
    "Ada Lamont of the Kestrel Union said so. " * 60,
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("en_wire_core", enable=["wire_entities"])


@given(st.lists(st.lists(st.floats(-9, 9, width=32), min_size=len(TAGS), max_size=len(TAGS)), max_size=5))
def test_the_best_tags_are_the_best_of_those_that_make_whole_spans(rows: list[list[float]]) -> None:
    scores = np.array(rows, dtype=np.float32).reshape(-1, len(TAGS))
    path = best_tags(scores, FOLLOWS)
    found = [TAGS[tag] for tag in path]
    assert whole(found)
    if len(rows) <= 3:
        best = max(
            sum(float(scores[i, tag]) for i, tag in enumerate(tags))
            for tags in itertools.product(range(len(TAGS)), repeat=len(rows))
            if whole([TAGS[tag] for tag in tags])
        )
        assert sum(float(scores[i, tag]) for i, tag in enumerate(path)) == pytest.approx(best, abs=1e-3)


def whole(tags: list[str]) -> bool:
    """Whether tags open and close each span, as a simple reading of them goes."""
    inside = None
    for tag in tags:
        part, label = tag[0], tag[2:] or None
        if (part in "IE") != (inside is not None) or (part in "IE" and label != inside):
            return False
        inside = label if part in "BI" else None
    return inside is None


def test_spans_are_first_word_and_word_after_the_last() -> None:
    tags = ["O", "B-PERSON", "E-PERSON", "S-ORG", "B-ORG", "I-ORG", "E-ORG", "O"]
    assert list(spans(tags)) == [(1, 3, "PERSON"), (3, 4, "ORG"), (4, 7, "ORG")]


def test_the_same_is_found_alone_and_among_others(nlp: Language) -> None:
    alone = [[(ent.text, ent.label_) for ent in nlp(text).ents] for text in TEXTS]
    together = [[(ent.text, ent.label_) for ent in doc.ents] for doc in nlp.pipe(TEXTS)]
    assert alone == together
    assert ("Katla Reymond", "PERSON") in alone[2]
    assert len([name for name, _ in alone[-1] if name == "Ada Lamont"]) == 60


def test_it_survives_a_folder_and_a_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    component = pickle.loads(pickle.dumps(nlp.get_pipe("wire_entities")))  # noqa: S301 - our own
    for again in (spacy.load(tmp_path)(TEXTS[0]), component(nlp.make_doc(TEXTS[0]))):
        assert [ent.text for ent in again.ents] == [ent.text for ent in nlp(TEXTS[0]).ents]


def test_capitals_throughout_are_read_too(nlp: Language) -> None:
    found = {ent.text for ent in nlp("FOREIGN MINISTER LENA ORSOLICS ARRIVED IN PARIS ON MONDAY.").ents}
    assert {"LENA ORSOLICS", "PARIS"} <= found
