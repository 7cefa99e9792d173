"""The best tree with one root, against trying every tree there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from en_wire_core.trees import best_heads, is_tree
from hypothesis import given
from hypothesis import strategies as st


def squares(size: int) -> st.SearchStrategy[list[list[float]]]:
    row = st.lists(st.floats(-5, 5, width=32), min_size=size + 1, max_size=size + 1)
    return st.lists(row, min_size=size, max_size=size)


@given(st.integers(1, 5).flatmap(squares))
def test_no_tree_with_one_root_is_better(rows: list[list[float]]) -> None:
    scores = np.array(rows, dtype=np.float32)
    found = best_heads(scores)
    assert is_tree(found)
    assert value(scores, found) == pytest.approx(max(value(scores, tree) for tree in trees(len(rows))), abs=1e-3)


def trees(size: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    every = (np.array(heads, dtype=np.int64) for heads in itertools.product(range(size + 1), repeat=size))
    return [heads for heads in every if is_tree(heads)]


def value(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float32]], heads: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    own = np.arange(len(heads))
    bare = scores.astype(np.float64)
    bare[own, own + 1] = -np.inf
    likely = bare - np.logaddexp.reduce(bare, axis=1, keepdims=True)
    return float(likely[own, heads].sum())


@pytest.mark.parametrize(
    ("heads", "answer"),
    [
        ([0], True),
        ([0, 1, 1], True),
        ([2, 3, 0], True),
        ([0, 0], False),
        ([2, 1], False),
        ([0, 3, 2], False),
        ([2, 2, 0], False),
    ],
)
def test_a_tree_has_one_root_and_no_circle(heads: list[int], answer: bool) -> None:
    assert is_tree(np.array(heads)) is answer
