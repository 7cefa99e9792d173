"""Tags to spans, and the best sequence of those that make whole ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from en_wire_core.bioes import allowed, best_tags, spans, tags_of
from hypothesis import given
from hypothesis import strategies as st

TAGS = tags_of(["ORG", "PERSON"])
FOLLOWS = allowed(TAGS)


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
