"""Entities by a small transformer: one pass of an int8 ONNX graph, tags decoded to spans. No torch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from tokenizers import Tokenizer

from en_wire_core.words import Window, windows

Scores = npt.NDArray[np.float32]

ROWS = 16
"""Windows in one run of the graph."""

_GRAPH, _TOKENIZER, _LABELS = "graph.onnx", "tokenizer.json", "labels.json"
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
    outside = follows[0]  # what may follow "O" may begin a text
    closed = follows[:, 0]  # what "O" may follow may end one
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


@Language.factory("wire_entities", assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def make_entities(nlp: Language, name: str) -> EncoderEntities:
    """The component as spaCy makes it; its graph comes with `from_disk`."""
    return EncoderEntities(nlp.vocab, name)


class EncoderEntities:
    """A spaCy component that finds entities with an encoder of its own.

    Args:
        vocab: the pipeline's.
        name: the component's.
    """

    def __init__(self, vocab: Vocab, name: str) -> None:
        self.vocab = vocab
        self.name = name
        self.labels: tuple[str, ...] = ()
        self._files: dict[str, bytes] = {}
        self._session: Any = None

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Set the entities of documents, in order."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._find(docs)
            yield from docs

    def _find(self, docs: Sequence[Doc]) -> None:
        cut = [(doc, window) for doc in docs for window in windows(self._tokenizer, [token.text for token in doc])]
        cut.sort(key=lambda pair: len(pair[1].ids))  # windows of like length are padded little
        found: dict[int, list[Span]] = {id(doc): [] for doc in docs}
        for start in range(0, len(cut), ROWS):
            rows = cut[start : start + ROWS]
            scores = self._run([window for _, window in rows])
            for (doc, window), row in zip(rows, scores, strict=True):
                path = [self._tags[tag] for tag in best_tags(row[window.firsts], self._follows)]
                found[id(doc)] += [
                    Span(doc, window.words[first], window.words[last - 1] + 1, label)
                    for first, last, label in spans(path)
                ]
        for doc in docs:
            doc.set_ents(sorted(found[id(doc)], key=lambda span: span.start), default="outside")

    def _run(self, rows: Sequence[Window]) -> Scores:
        width = max(len(row.ids) for row in rows)
        ids, shapes, mask = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(3))
        for index, row in enumerate(rows):
            ids[index, : len(row.ids)] = row.ids
            shapes[index, : len(row.ids)] = row.shapes
            mask[index, : len(row.ids)] = 1
        (scores,) = self._session.run(["scores"], {"ids": ids, "shapes": shapes, "mask": mask})
        return scores  # type: ignore[no-any-return]  # onnxruntime has no annotations

    # -- on disk -----------------------------------------------------------------------------------

    def set_files(self, graph: bytes, tokenizer: bytes, labels: Sequence[str]) -> None:
        """Take a graph: inputs ids, shapes, mask; output scores, a column for each of `tags_of` the labels."""
        self._files = {_GRAPH: graph, _TOKENIZER: tokenizer, _LABELS: json.dumps(list(labels)).encode()}
        self.labels = tuple(labels)
        self._tags = tags_of(labels)
        self._follows = allowed(self._tags)
        for label in labels:
            self.vocab.strings.add(label)
        self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # a process a core, one thread each
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write the graph, the tokenizer and the labels to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self._files.items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> EncoderEntities:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        folder = Path(path)
        graph, tokenizer, labels = ((folder / name).read_bytes() for name in (_GRAPH, _TOKENIZER, _LABELS))
        self.set_files(graph, tokenizer, json.loads(labels))
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes load the graph anew: a session does not travel."""
        return _restored, (self.vocab, self.name, dict(self._files))


def _restored(vocab: Vocab, name: str, files: dict[str, bytes]) -> EncoderEntities:
    component = EncoderEntities(vocab, name)
    component.set_files(files[_GRAPH], files[_TOKENIZER], json.loads(files[_LABELS]))
    return component
