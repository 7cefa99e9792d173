"""Batches of windows for one task: shuffled, of like length, some words recased, some pieces masked.

Other cases than the corpus's and masked pieces keep the encoder from leaning on capitals or single words. Some known
sentence starts are hidden, so that the head for them has something to learn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from en_wire_core.windows import WINDOW, Window, windows
from en_wire_core.words import shape
from torch import Tensor

from training.samples import IGNORED, Sample

PIECES = 2048
"""Of a batch, padding counted."""

MASKED, RECASED = 0.04, 0.06
HIDDEN_STARTS = 0.25
SHORT_WINDOWS = 0.3
"""Share of windows that end early: the encoder meets single sentences too."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors.

    Attributes:
        inputs: ids, shapes and mask (rows by pieces), firsts (rows by words).
        sentences: the number of each word's sentence in its row, -1 for padding.
        targets: for each head a number a word, `IGNORED` for padding; under ``governor`` 1 + the head's place in
            the row, 0 for the root.
    """

    inputs: tuple[Tensor, Tensor, Tensor, Tensor]
    sentences: Tensor
    targets: dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class _Row:
    sample: Sample
    window: Window


def batches(samples: Sequence[Sample], marks: tuple[int, int], mask_id: int, rng: random.Random) -> Iterator[Batch]:
    """All the samples once, in random order.

    Args:
        samples: documents of one task.
        marks: the numbers of the encoder's first mark and of its separator.
        mask_id: the number of its masked piece.
        rng: decides everything that is random.
    """
    rows = [row for sample in samples for row in _rows(sample, marks, rng)]
    rows.sort(key=lambda row: len(row.window.ids) + rng.random() * 12)
    groups: list[list[_Row]] = [[]]
    longest = 0
    for row in rows:
        longest = max(longest, len(row.window.ids))
        if groups[-1] and longest * (len(groups[-1]) + 1) > PIECES:
            groups.append([])
            longest = len(row.window.ids)
        groups[-1].append(row)
    rng.shuffle(groups)
    for group in groups:
        yield _batch(group, mask_id, rng)


def _rows(sample: Sample, marks: tuple[int, int], rng: random.Random) -> Iterator[_Row]:
    starts = [start and rng.random() >= HIDDEN_STARTS for start in sample.starts]
    shapes = [shape(word) for word in sample.words]
    longest = WINDOW if rng.random() >= SHORT_WINDOWS else rng.randint(1, WINDOW)
    for first, last in _paragraphs(sample):
        found = windows(sample.pieces[first:last], shapes[first:last], starts[first:last], marks, longest)
        for window in found:
            window.words = [first + word for word in window.words]
            yield _Row(sample, window)


def _paragraphs(sample: Sample) -> Iterator[tuple[int, int]]:
    start = 0
    for index, word in enumerate(sample.words):
        if "\n" in word:
            yield start, index
            start = index + 1
    yield start, len(sample.words)


def _batch(rows: Sequence[_Row], mask_id: int, rng: random.Random) -> Batch:
    width = max(len(row.window.ids) for row in rows)
    most = max(len(row.window.words) for row in rows)
    ids, shapes, mask = (torch.zeros((len(rows), width), dtype=torch.int64) for _ in range(3))
    firsts = torch.zeros((len(rows), most), dtype=torch.int64)
    sentences = torch.full((len(rows), most), -1, dtype=torch.int64)
    targets = {name: torch.full((len(rows), most), IGNORED, dtype=torch.int64) for name in rows[0].sample.targets}
    for index, (sample, window) in enumerate((row.sample, row.window) for row in rows):
        size, words = len(window.ids), len(window.words)
        ids[index, :size] = torch.tensor([_masked(number, mask_id, rng) for number in window.ids])
        shapes[index, :size] = torch.tensor(_recased(sample, window, rng))
        mask[index, :size] = 1
        firsts[index, :words] = torch.tensor(window.firsts)
        sentences[index, :words] = torch.tensor([sample.starts[word] for word in window.words]).cumsum(0)
        for name, target in targets.items():
            target[index, :words] = torch.tensor(_target(name, sample, window))
    return Batch((ids, shapes, mask, firsts), sentences, targets)


def _target(name: str, sample: Sample, window: Window) -> list[int]:
    values = sample.targets[name]
    if name == "sentence":  # what the window gives away is not to be learned
        pairs = zip(window.words, window.starts, strict=True)
        return [IGNORED if known else values[word] for word, known in pairs]
    if name == "governor":
        places = {word: place for place, word in enumerate(window.words, 1)}
        heads = ((word, values[word]) for word in window.words)
        return [0 if word == head else places.get(head, IGNORED) for word, head in heads]
    return [values[word] for word in window.words]


def _masked(number: int, mask_id: int, rng: random.Random) -> int:
    return mask_id if number > mask_id and rng.random() < MASKED else number


def _recased(sample: Sample, window: Window, rng: random.Random) -> list[int]:
    if rng.random() >= RECASED:
        return window.shapes
    change = rng.choice((str.lower, str.upper, str.title))
    shapes = list(window.shapes)
    ends = [*window.firsts[1:], len(shapes) - 1]
    for word, first, end in zip(window.words, window.firsts, ends, strict=True):
        changed = shape(change(sample.words[word]))
        shapes[first:end] = [changed if old else 0 for old in shapes[first:end]]
    return shapes
