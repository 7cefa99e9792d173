"""Static word vectors: what a small sentence encoder knows of each word alone, in few dimensions.

The treebanks hold few words; the encoder has read billions. Each word is put through it by itself, and what comes
out is reduced to its principal components: a table that costs one look-up a word at run time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
import torch
from spacy.strings import StringStore
from spacy.vectors import Vectors
from tokenizers import Tokenizer

from training.corpora import Corpora
from training.encoder import LAYERS, WIDTH, Encoder, pretrained

Matrix = npt.NDArray[np.float32]

DIMENSIONS = 96
"""Components kept of a word's 1,152 values."""

_ROWS = 256


class WordEncoder:
    """The encoder on single words."""

    def __init__(self) -> None:
        self._model = Encoder(1, 1).eval()
        self._model.load_pretrained()
        self._tokenizer = Tokenizer.from_file(str(pretrained() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def whole_words(self) -> list[str]:
        """The words of letters that the encoder has a piece of their own for."""
        return [word for word in self._tokenizer.get_vocab() if word.isalpha()]

    def __call__(self, words: Sequence[str]) -> Matrix:
        """One row of 1,152 values a word: its pieces' mean in the embedding, the middle and the last layer."""
        pieces = [self._tokenizer.encode(word).ids for word in words]
        rows = np.zeros((len(words), 3 * WIDTH), dtype=np.float32)
        by_length: dict[int, list[int]] = {}
        for index, ids in enumerate(pieces):
            by_length.setdefault(len(ids), []).append(index)
        for indices in by_length.values():
            for start in range(0, len(indices), _ROWS):
                chosen = indices[start : start + _ROWS]
                rows[chosen] = self._encode(torch.tensor([pieces[index] for index in chosen]))
        return rows

    @torch.no_grad()
    def _encode(self, ids: torch.Tensor) -> Matrix:
        levels = list(self._model.levels(ids, torch.zeros_like(ids), torch.ones_like(ids)))
        kept = [levels[number][:, 1:-1].mean(dim=1) for number in (0, LAYERS // 2, LAYERS)]
        encoded: Matrix = torch.cat(kept, dim=1).numpy()
        return encoded


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
