"""Corpora of stance as its reader learns from them: texts as the encoder's states, with holder and target marked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import spacy
import torch
from en_wire_core.stance import LABELS
from en_wire_core.windows import certain_starts
from en_wire_core.words import pieces, shape
from spacy.tokens import Doc
from tokenizers import Tokenizer
from torch import Tensor

from training.corpora import Corpora
from training.encoder import WIDTH, Encoder

Extent = tuple[int, int]
"""Pieces ``start`` to ``end`` (exclusive) of a text; (0, 0) where nobody is marked."""

LONGEST = 250
"""Pieces of a text, marks counted; what comes after is not read."""

PIECES = 4096
"""Of a batch, padding counted."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A pair, or a target alone, in a text.

    Attributes:
        text: the number of the text.
        holder: its pieces.
        target: its pieces.
        label: index in `en_wire_core.stance.LABELS`.
    """

    text: int
    holder: Extent
    target: Extent
    label: int

    def turned(self) -> Marked:
        """The pair the other way round; nobody who is praised praises thereby."""
        return Marked(self.text, self.target, self.holder, LABELS.index("neutral"))


@dataclass(frozen=True, slots=True)
class _Text:
    doc: Doc
    ids: list[int]
    shapes: list[int]
    places: dict[int, Extent]
    """Pieces of each word."""


class Texts:
    """Texts in pieces, each once.

    Args:
        tokenizer: of the encoder's pieces.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._nlp = spacy.blank("en")
        self._numbers: dict[str, int] = {}
        self._texts: list[_Text] = []

    def marked(self, corpora: Corpora, name: str) -> list[Marked]:
        """The rows of a corpus whose spans are words that are read; adds its texts."""
        found = []
        for row in corpora.rows(name):
            number = self._add(row["text"])
            holder = self._extent(number, row["holder"]) if "holder" in row else (0, 0)
            target = self._extent(number, row["target"])
            if holder is not None and target is not None:
                found.append(Marked(number, holder, target, LABELS.index(row["label"])))
        return found

    def _add(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self._texts)
            self._texts.append(self._read(text))
        return self._numbers[text]

    def _read(self, text: str) -> _Text:
        doc = self._nlp.make_doc(text)
        words = [token.text for token in doc]
        starts = certain_starts(words, [bool(token.whitespace_) for token in doc])
        first, separator = self._tokenizer.encode("").ids
        ids, shapes, places = [first], [0], {}
        for number, numbers in enumerate(pieces(self._tokenizer, words)):
            if len(ids) + len(numbers) + 2 > LONGEST:
                break
            if not numbers:
                continue
            if starts[number] and len(ids) > 1:
                ids.append(separator)
                shapes.append(0)
            places[number] = (len(ids), len(ids) + len(numbers))
            ids += numbers
            shapes += [shape(words[number])] * len(numbers)
        return _Text(doc, [*ids, separator], [*shapes, 0], places)

    def _extent(self, number: int, span: Sequence[int]) -> Extent | None:
        text = self._texts[number]
        words = text.doc.char_span(span[0], span[1], alignment_mode="expand")
        read = [text.places[word.i] for word in words if word.i in text.places] if words is not None else []
        return (read[0][0], read[-1][1]) if read else None

    @torch.no_grad()
    def states(self, encoder: Encoder) -> list[Tensor]:
        """The encoder's shared states of every text, pieces by width, in half precision."""
        encoder.eval()
        found: list[Tensor] = [torch.empty(0)] * len(self._texts)
        order = sorted(range(len(found)), key=lambda number: len(self._texts[number].ids))
        for group in _groups(order, [len(text.ids) for text in self._texts]):
            width = max(len(self._texts[number].ids) for number in group)
            ids, shapes, mask = (torch.zeros((len(group), width), dtype=torch.int64) for _ in range(3))
            for row, number in enumerate(group):
                text = self._texts[number]
                size = len(text.ids)
                ids[row, :size], shapes[row, :size], mask[row, :size] = (
                    torch.tensor(text.ids), torch.tensor(text.shapes), torch.tensor(1)
                )  # fmt: skip
            with torch.autocast("cpu", dtype=torch.bfloat16):
                shared, _ = encoder(ids, shapes, mask)
            for row, number in enumerate(group):
                found[number] = shared[row, : len(self._texts[number].ids)].to(torch.float16).clone()
        return found


def _groups(order: Sequence[int], sizes: Sequence[int]) -> Iterator[list[int]]:
    """Texts in order of their size, as many at a time as a batch holds."""
    group: list[int] = []
    for number in order:
        if group and sizes[number] * (len(group) + 1) > PIECES:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def batches(rows: Sequence[Marked], states: Sequence[Tensor], rng: random.Random | None) -> list[list[Marked]]:
    """The rows in batches of texts of like length, in random order where there is a ``rng``."""
    jitter = {number: rng.random() * 8 for number in range(len(rows))} if rng else {}
    order = sorted(range(len(rows)), key=lambda number: len(states[rows[number].text]) + jitter.get(number, 0.0))
    sizes = [len(states[row.text]) for row in rows]
    found = []
    group: list[int] = []
    longest = 0
    for number in order:
        longest = max(longest, sizes[number])
        if group and longest * (len(group) + 1) > PIECES:
            found.append([rows[one] for one in group])
            group, longest = [], sizes[number]
        group.append(number)
    if group:
        found.append([rows[one] for one in group])
    if rng:
        rng.shuffle(found)
    return found


def tensors(rows: Sequence[Marked], states: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """States (rows by pieces by width), mask, holder and target (rows by pieces)."""
    longest = max(len(states[row.text]) for row in rows)
    given = torch.zeros((len(rows), longest, WIDTH))
    mask, holder, target = (torch.zeros((len(rows), longest)) for _ in range(3))
    for number, row in enumerate(rows):
        size = len(states[row.text])
        given[number, :size] = states[row.text].float()
        mask[number, :size] = 1.0
        holder[number, row.holder[0] : row.holder[1]] = 1.0
        target[number, row.target[0] : row.target[1]] = 1.0
    return given, mask, holder, target
