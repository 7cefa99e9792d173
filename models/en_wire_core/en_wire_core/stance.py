"""Stance of marked pairs: a small graph of its own that reads on from the shared encoder's states.

The shared encoder runs once a paragraph and leaves the states of one of its middle layers; two more layers, which know
who is marked as holder and who as target, run for each pair over its sentences. The graph (ONNX, int8) takes ``states``
(rows by pieces by width), ``mask``, ``holder`` and ``target`` (rows by pieces), and gives ``stance`` and ``tone``, rows
by the labels of `LABELS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from en_wire_core.encoder import encoded, forget, session
from en_wire_core.windows import Window

LABELS = ("favor", "against", "neutral")
"""What the columns of its results mean."""

ROWS = 16
"""Pairs in one run of the graph."""

Extent = tuple[int, int]
"""Words ``start`` to ``end`` (exclusive) of a document."""

_GRAPH = "graph.onnx"
_KEY = "wire_pairs"


@Language.factory("wire_pairs")
def make_pairs(nlp: Language, name: str) -> WirePairs:  # noqa: ARG001 - spaCy passes it
    """The component as spaCy makes it; its graph comes with `from_disk`."""
    return WirePairs(name)


@dataclass(frozen=True, slots=True)
class _Row:
    """A pair's place: the states it is read from, and which of them are marked."""

    number: int
    states: npt.NDArray[Any]
    holder: npt.NDArray[np.float32]
    target: npt.NDArray[np.float32]


class WirePairs:
    """A spaCy component that keeps the encoder's states with a document, and classifies pairs when asked.

    Args:
        name: the component's.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._graph = b""
        self._session: Any = None

    def __call__(self, doc: Doc) -> Doc:
        """Keep the states of the document's words, in half precision."""
        # As plain lists and arrays, which travel with a document to another process.
        doc.user_data[_KEY] = [
            [one.window.words, one.window.firsts, _ends(one.window), one.scores["shared"].astype(np.float16)]
            for one in encoded(doc)
        ]
        forget(doc, "shared")
        return doc

    def stances(self, doc: Doc, pairs: Sequence[tuple[Extent, Extent]]) -> npt.NDArray[np.float32]:
        """Probabilities of `LABELS` for (holder, target) pairs, a row each.

        A pair whose words the encoder did not read at once is given to ``neutral`` wholly.
        """
        return self._run(doc, pairs, "stance")

    def tones(self, doc: Doc, targets: Sequence[Extent]) -> npt.NDArray[np.float32]:
        """Probabilities of `LABELS` for the author's tone toward each of some words of the text, a row each."""
        return self._run(doc, [((0, 0), target) for target in targets], "tone")

    def _run(self, doc: Doc, pairs: Sequence[tuple[Extent, Extent]], output: str) -> npt.NDArray[np.float32]:
        found = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
        found[:, LABELS.index("neutral")] = 1.0
        rows = [row for number, (holder, target) in enumerate(pairs) if (row := _row(doc, number, holder, target))]
        rows.sort(key=lambda row: len(row.states))
        for start in range(0, len(rows), ROWS):
            batch = rows[start : start + ROWS]
            (scores,) = self._session.run([output], _padded(batch))
            likely = np.exp(scores - scores.max(-1, keepdims=True))
            found[[row.number for row in batch]] = likely / likely.sum(-1, keepdims=True)
        return found

    # -- on disk -----------------------------------------------------------------------------------

    def set_graph(self, graph: bytes) -> None:
        """Take the graph."""
        self._graph = graph
        self._session = session(graph)

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write the graph to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _GRAPH).write_bytes(self._graph)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> WirePairs:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        self.set_graph((Path(path) / _GRAPH).read_bytes())
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes load the graph anew: a session does not travel."""
        return _restored, (self.name, self._graph)


def _restored(name: str, graph: bytes) -> WirePairs:
    component = WirePairs(name)
    component.set_graph(graph)
    return component


def _row(doc: Doc, number: int, holder: Extent, target: Extent) -> _Row | None:
    """A pair in the states of the window that holds its sentences; None where there is no such window."""
    marked = [one for one in (holder, target) if one[0] < one[1]]
    first = doc[min(start for start, _ in marked)].sent.start
    last = doc[max(end for _, end in marked) - 1].sent.end
    for words, firsts, ends, states in doc.user_data.get(_KEY, ()):
        pieces = {word: (firsts[n], ends[n]) for n, word in enumerate(words) if first <= word < last}
        if not pieces:
            continue
        begin, end = min(pieces.values())[0], max(pieces.values())[1]
        marks = [_marks(pieces, one, begin, end) for one in (holder, target)]
        if all(mark.any() for mark, one in zip(marks, (holder, target), strict=True) if one[0] < one[1]):
            # The first state, the sentences', and the mark behind them.
            return _Row(number, np.concatenate([states[:1], states[begin : end + 1]]), marks[0], marks[1])
        return None
    return None


def _ends(window: Window) -> list[int]:
    """For each word the position after its last piece."""
    following = zip(window.firsts[1:], window.starts[1:], strict=True)
    return [first - int(start) for first, start in following] + [len(window.ids) - 1]


def _marks(pieces: dict[int, tuple[int, int]], extent: Extent, begin: int, end: int) -> npt.NDArray[np.float32]:
    marks = np.zeros(end - begin + 2, dtype=np.float32)
    for word in range(*extent):
        if (place := pieces.get(word)) is not None:
            marks[1 + place[0] - begin : 1 + place[1] - begin] = 1.0
    return marks


def _padded(rows: Sequence[_Row]) -> dict[str, npt.NDArray[np.float32]]:
    longest, width = max(len(row.states) for row in rows), rows[0].states.shape[1]
    states = np.zeros((len(rows), longest, width), dtype=np.float32)
    mask, holder, target = (np.zeros((len(rows), longest), dtype=np.float32) for _ in range(3))
    for number, row in enumerate(rows):
        size = len(row.states)
        states[number, :size], mask[number, :size] = row.states, 1.0
        holder[number, :size], target[number, :size] = row.holder, row.target
    return {"states": states, "mask": mask, "holder": holder, "target": target}
