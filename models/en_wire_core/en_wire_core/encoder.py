"""The component that runs the encoder: one pass over a document, scores for every head that decodes after it.

The graph (ONNX, int8) takes ``ids``, ``shapes`` and ``mask`` (rows by pieces) and ``firsts`` (rows by words: the
position of each word's first piece), and gives one array a head, rows by words first. See `training.export`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from tokenizers import Tokenizer

from en_wire_core.windows import Window, certain_starts, windows
from en_wire_core.words import pieces, shape

OUTPUTS = ("entities", "attribution", "tag", "morph", "sentence", "arc", "dependent", "governor", "shared")
"""What the graph gives: scores of tags, numbers of the best tag and morphology, a score for beginning a sentence,
scores of heads, features of a word as dependent and as head of a labelled arc; and under ``shared`` the states of a
middle layer, a row a piece, from which `en_wire_core.stance` reads on."""

_GRAPH, _TOKENIZER = "graph.onnx", "tokenizer.json"
_KEY = "wire_encoder"


@dataclass(slots=True)
class Encoded:
    """A window of a document and what each head says of its words.

    Attributes:
        window: the words.
        told: whether the document told where its sentences begin.
        scores: a row a word (``shared``: a row a piece), by the names of `OUTPUTS`.
    """

    window: Window
    told: bool
    scores: dict[str, npt.NDArray[Any]]


def encoded(doc: Doc) -> list[Encoded]:
    """What the encoder left with a document, in the order of its text; empty where it did not run."""
    left: list[Encoded] = doc.user_data.get(_KEY, [])
    return left


def forget(doc: Doc, *outputs: str) -> None:
    """Drop what has been decoded; nothing is left once every head's was."""
    left = encoded(doc)
    for one in left:
        for name in outputs:
            one.scores.pop(name, None)
    if not any(one.scores for one in left):
        doc.user_data.pop(_KEY, None)


def session(graph: bytes) -> Any:
    """A graph ready to run, in one thread: a process a core is the unit of scale."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@Language.factory("wire_encoder", default_config={"outputs": list(OUTPUTS)})
def make_encoder(nlp: Language, name: str, outputs: Sequence[str]) -> WireEncoder:
    """The component as spaCy makes it; its graph comes with `from_disk`."""
    return WireEncoder(nlp.vocab, name, tuple(outputs))


class WireEncoder:
    """A spaCy component that runs the graph over documents; the components after it decode what it says.

    Sentence starts that a document brings along are kept; else the certain ones are taken from its punctuation.

    Args:
        vocab: the pipeline's.
        name: the component's.
        outputs: which outputs of the graph are wanted; those without a component that decodes them cost time.
    """

    def __init__(self, vocab: Vocab, name: str, outputs: Sequence[str] = OUTPUTS) -> None:
        self.vocab = vocab
        self.name = name
        self.outputs = tuple(outputs)
        self._files: dict[str, bytes] = {}
        self._session: Any = None

    def __call__(self, doc: Doc) -> Doc:
        """Encode one document."""
        doc.user_data[_KEY] = [self._run(window) for window in self._windows(doc)]
        return doc

    def _windows(self, doc: Doc) -> Iterator[Encoded]:
        words = [token.text for token in doc]
        told = doc.has_annotation("SENT_START")
        if told:
            starts = [bool(token.is_sent_start) for token in doc]
        else:
            starts = certain_starts(words, [bool(token.whitespace_) for token in doc])
        shapes = [shape(word) for word in words]
        for window in windows(pieces(self._tokenizer, words), shapes, starts, self._marks):
            yield Encoded(window, told, {})

    def _run(self, one: Encoded) -> Encoded:
        """Fill in the scores of a window.

        Each window runs alone: nothing is padded, and int8's scales, which are set anew in each run, don't depend on
        what else is read at the time. Runs of many windows are no faster on one thread.
        """
        window = one.window
        given = {
            "ids": np.array([window.ids], dtype=np.int64),
            "shapes": np.array([window.shapes], dtype=np.int64),
            "mask": np.ones((1, len(window.ids)), dtype=np.int64),
            "firsts": np.array([window.firsts], dtype=np.int64),
        }
        results = self._session.run(list(self.outputs), given)
        one.scores = {name: result[0] for name, result in zip(self.outputs, results, strict=True)}
        return one

    # -- on disk -----------------------------------------------------------------------------------

    def set_files(self, graph: bytes, tokenizer: bytes) -> None:
        """Take a graph and the tokenizer of its pieces."""
        self._files = {_GRAPH: graph, _TOKENIZER: tokenizer}
        self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        first, separator = self._tokenizer.encode("").ids
        self._marks = (first, separator)
        self._session = session(graph)

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write the graph and the tokenizer to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self._files.items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> WireEncoder:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        folder = Path(path)
        self.set_files((folder / _GRAPH).read_bytes(), (folder / _TOKENIZER).read_bytes())
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes load the graph anew: a session does not travel."""
        return _restored, (self.vocab, self.name, self.outputs, dict(self._files))


def _restored(vocab: Vocab, name: str, outputs: Sequence[str], files: dict[str, bytes]) -> WireEncoder:
    component = WireEncoder(vocab, name, outputs)
    component.set_files(files[_GRAPH], files[_TOKENIZER])
    return component
