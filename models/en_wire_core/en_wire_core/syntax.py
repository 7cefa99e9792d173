"""Tags, morphology, sentences and dependencies, decoded from the encoder's scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import DEP, HEAD, MORPH, POS, TAG
from spacy.language import Language
from spacy.parts_of_speech import IDS as POS_IDS
from spacy.pipeline.dep_parser import parser_score
from spacy.pipeline.morphologizer import morphologizer_score
from spacy.pipeline.tagger import tagger_score
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from en_wire_core.encoder import Encoded, encoded, forget
from en_wire_core.trees import ROOT, best_heads

OUTPUTS = ("tag", "morph", "sentence", "arc", "dependent", "governor")
"""The heads of the encoder that are decoded here."""

_LABELS, _SCORER = "labels.json", "deps.npz"
_SPACE_TAG = "_SP"


@Language.factory(
    "wire_syntax",
    assigns=["token.tag", "token.pos", "token.morph", "token.head", "token.dep", "token.is_sent_start", "doc.sents"],
)
def make_syntax(nlp: Language, name: str) -> WireSyntax:
    """The component as spaCy makes it; its labels come with `from_disk`."""
    return WireSyntax(nlp.vocab, name)


class WireSyntax:
    """A spaCy component that tags and parses a document by what the encoder left with it.

    White space, which the encoder does not read, hangs on the word before it.

    Each sentence gets the best tree with one root; the label ``ROOT`` belongs to that root alone.

    Args:
        vocab: the pipeline's.
        name: the component's.
    """

    def __init__(self, vocab: Vocab, name: str) -> None:
        self.vocab = vocab
        self.name = name
        self._labels: dict[str, list[str]] = {"tags": [], "morphs": [], "deps": []}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of dependencies."""
        return tuple(self._labels["deps"])

    def __call__(self, doc: Doc) -> Doc:
        """Set tags, morphology, heads, labels and sentence starts."""
        words: list[int] = []
        rows: list[npt.NDArray[np.int64]] = []
        for one in encoded(doc):
            heads, labels = self._parsed(one)
            places = np.array(one.window.words, dtype=np.int64)
            words += one.window.words
            governors = np.where(heads == ROOT, places, places[heads - 1])
            rows.append(np.stack([one.scores["tag"], one.scores["morph"], governors, labels], axis=1))
        forget(doc, *OUTPUTS)
        return self._written(doc, words, np.concatenate(rows)) if rows else self._blank(doc)

    def _parsed(self, one: Encoded) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each word of a window: its head (0 the root, else 1 + place in the window), and the label's number."""
        scores = one.scores
        size = len(one.window.words)
        heads = np.zeros(size, dtype=np.int64)
        for start, end in _sentences(one):
            columns = np.r_[0, start + 1 : end + 1]
            found = best_heads(scores["arc"][start:end, columns])
            heads[start:end] = np.where(found == ROOT, ROOT, found + start)
        features = np.maximum(scores["dependent"] + scores["governor"][heads], 0)
        labels = features @ self._weight + self._bias
        labels[:, self._root] = -np.inf
        return heads, np.where(heads == ROOT, self._root, labels.argmax(axis=1))

    def _written(self, doc: Doc, words: Sequence[int], found: npt.NDArray[np.int64]) -> Doc:
        size = len(doc)
        table = np.zeros((size, 5), dtype=np.uint64)
        own = np.array(words, dtype=np.int64)
        table[own, 0] = self._tag_ids[found[:, 0]]
        table[own, 1] = self._pos_ids[found[:, 1]]
        table[own, 2] = self._morph_ids[found[:, 1]]
        table[own, 3] = (found[:, 2] - own).astype(np.uint64)
        table[own, 4] = self._dep_ids[found[:, 3]]
        for index in sorted(set(range(size)) - set(words)):  # white space and the like hangs on the word before it
            before = int(np.searchsorted(own, index)) - 1
            head = words[max(before, 0)]
            table[index] = self._space
            table[index, 3] = np.array(head - index, dtype=np.int64).astype(np.uint64)
        return doc.from_array([TAG, POS, MORPH, HEAD, DEP], table)

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """spaCy's scores of tags, morphology and dependencies, punctuation left out of the last."""
        given = list(examples)
        return {**tagger_score(given), **morphologizer_score(given), **parser_score(given)}

    def _blank(self, doc: Doc) -> Doc:
        """A document of white space and the like: all of it hangs on the first."""
        table = np.tile(self._space, (len(doc), 1))
        table[:, 3] = (-np.arange(len(doc))).astype(np.uint64)
        table[:1, 4] = self._dep_ids[self._root]
        return doc.from_array([TAG, POS, MORPH, HEAD, DEP], table) if len(doc) else doc

    # -- on disk -----------------------------------------------------------------------------------

    def set_labels(
        self, labels: dict[str, list[str]], weight: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]
    ) -> None:
        """Take the labels and the last layer of the network that labels arcs.

        Args:
            labels: ``tags``, ``morphs`` ("NOUN|Number=Sing") and ``deps``, in the order of training.
            weight: features by labels of dependencies.
            bias: one a label.
        """
        self._labels = labels
        self._weight, self._bias = weight, bias
        strings, morphology = self.vocab.strings, self.vocab.morphology
        split = [morph.partition("|") for morph in labels["morphs"]]
        self._tag_ids = np.array([strings.add(tag) for tag in labels["tags"]], dtype=np.uint64)
        self._pos_ids = np.array([POS_IDS[pos] for pos, _, _ in split], dtype=np.uint64)
        self._morph_ids = np.array([morphology.add(features) for _, _, features in split], dtype=np.uint64)
        self._dep_ids = np.array([strings.add(dep) for dep in labels["deps"]], dtype=np.uint64)
        self._root = labels["deps"].index("ROOT")
        none = morphology.add("")
        self._space = np.array(
            [strings.add(_SPACE_TAG), POS_IDS["SPACE"], none, 0, strings.add("dep")], dtype=np.uint64
        )

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write labels and weights to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LABELS).write_text(json.dumps(self._labels), encoding="utf-8")
        np.savez(folder / _SCORER, weight=self._weight, bias=self._bias)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> WireSyntax:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        folder = Path(path)
        with np.load(folder / _SCORER) as stored:
            self.set_labels(
                json.loads((folder / _LABELS).read_text(encoding="utf-8")), stored["weight"], stored["bias"]
            )
        return self


def _sentences(one: Encoded) -> Iterator[tuple[int, int]]:
    """First word and word after the last of each sentence in a window: the known ones, else the head decides."""
    likely = np.array(one.window.starts) | ((one.scores["sentence"] > 0) & (not one.told))
    likely[0] = True
    starts = np.flatnonzero(likely).tolist()
    yield from zip(starts, [*starts[1:], len(likely)], strict=True)
