"""Dependency trees from scores of arcs: the best tree with one root."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from ufal.chu_liu_edmonds import chu_liu_edmonds

ROOT = 0


def best_heads(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """The heads of the best tree with exactly one root.

    Most often the best head of each word makes a tree already; else the maximum spanning tree is found by Chu-Liu and
    Edmonds' algorithm (`ufal.chu_liu_edmonds`), once for each word that could be its root.

    Args:
        scores: words by 1 + words; column 0 is the root, column ``j`` word ``j - 1``.

    Returns:
        For each word its head: 0 for the root, else 1 + the head's index.
    """
    size = len(scores)
    own = np.arange(size)
    scores = scores.astype(np.float64)
    scores[own, own + 1] = -np.inf
    heads: npt.NDArray[np.int64] = scores.argmax(axis=1)
    if is_tree(heads):
        return heads
    likely = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    square = np.full((size + 1, size + 1), np.nan)
    square[1:] = np.where(np.isneginf(likely), np.nan, likely)
    found = _spanning(square)
    roots = np.flatnonzero(found == ROOT)
    if len(roots) == 1:
        return found
    return max((_spanning(_rooted(square, int(root))) for root in roots), key=lambda tree: likely[own, tree].sum())


def is_tree(heads: npt.NDArray[np.int64]) -> bool:
    """Whether heads (0 the root, else 1 + index) have exactly one root and no circle."""
    if np.count_nonzero(heads == ROOT) != 1:
        return False
    up = np.concatenate([[ROOT], heads])
    for _ in range(len(heads).bit_length() + 1):  # doubles the way gone up each time
        up = up[up]
    return not up.any()


def _spanning(square: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    heads, _ = chu_liu_edmonds(square)
    return np.asarray(heads[1:], dtype=np.int64)


def _rooted(square: npt.NDArray[np.float64], root: int) -> npt.NDArray[np.float64]:
    """The same arcs, without those from the root to any other word than ``root``."""
    only = square.copy()
    only[1:, ROOT] = np.nan
    only[root + 1, ROOT] = square[root + 1, ROOT]
    return only
