"""Spans as tags of words: outside, or begin, inside, end or single of a label (BIOES), and the best whole sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

_IMPOSSIBLE = np.float32(-1e9)


def tags_of(labels: Sequence[str]) -> list[str]:
    """The tags of a word: outside, or begin, inside, end or single of each label."""
    return ["O", *(f"{part}-{label}" for label in labels for part in "BIES")]


def allowed(tags: Sequence[str]) -> Scores:
    """0 where a tag may follow another (row before column), else a number that rules it out."""
    follows = np.full((len(tags), len(tags)), _IMPOSSIBLE, dtype=np.float32)
    for i, before in enumerate(tags):
        for j, after in enumerate(tags):
            open_label = before[2:] if before[0] in "BI" else None
            continues = after[2:] if after[0] in "IE" else None
            if open_label == continues:
                follows[i, j] = 0
    return follows


def best_tags(scores: Scores, follows: Scores) -> list[int]:
    """The best sequence of tags that is one of whole spans (Viterbi).

    Args:
        scores: a row a word, a column a tag.
        follows: see `allowed`.
    """
    if not len(scores):
        return []
    best = scores.argmax(axis=1)
    outside = follows[0]  # what may follow "O" may begin a text
    closed = follows[:, 0]  # what "O" may follow may end one
    if not (follows[best[:-1], best[1:]].any() or outside[best[0]] or closed[best[-1]]):
        return list(map(int, best))  # the best tag of each word, and nothing speaks against it
    total = scores[0] + outside
    came: list[npt.NDArray[np.int64]] = []
    for row in scores[1:]:
        ways = total[:, None] + follows
        came.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + row
    tag = int((total + closed).argmax())
    path = [tag]
    for backward in reversed(came):
        tag = int(backward[tag])
        path.append(tag)
    return path[::-1]


def spans(tags: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """First word, word after the last, and label of each span of a sequence of tags."""
    start = 0
    for index, tag in enumerate(tags):
        if tag[0] in "BS":
            start = index
        if tag[0] in "ES":
            yield start, index + 1, tag[2:]
