"""Words as the encoder reads them: in pieces, with the shape of their letters, in windows of limited length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

SHAPES = ("none", "lower", "title", "upper", "initial", "mixed", "digits", "letters and digits", "other")
"""What is told of a word's letters beside its pieces, which are without case."""

WINDOW = 126
"""Pieces the encoder reads at a time, its two marks left out."""

_ENDS = frozenset('.!?"”»')


@dataclass(frozen=True, slots=True)
class Window:
    """A run of words that the encoder reads at once.

    Attributes:
        ids: the pieces' numbers, with the marks at both ends.
        shapes: a number of `SHAPES` for each piece.
        words: the index of each word that has pieces, in the sequence given.
        firsts: the position of each such word's first piece in ``ids``.
    """

    ids: list[int]
    shapes: list[int]
    words: list[int]
    firsts: list[int]


def shape(word: str) -> int:
    """The number of a word's shape in `SHAPES`."""
    if word.isdigit():
        return 6
    if not word.isalpha():
        if any(c.isdigit() for c in word):
            return 7
        if not any(c.isalpha() for c in word):
            return 8
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 4
    return 2 if word[0].isupper() and word[1:].islower() else 5


def windows(tokenizer: Tokenizer, words: Sequence[str], longest: int = WINDOW) -> Iterator[Window]:
    """Cut a sequence of words into windows, at ends of sentences where there are any.

    A word without pieces (white space, control characters) is in no window.
    """
    encoding = tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
    pieces: dict[int, list[int]] = {}
    for number, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is not None:
            pieces.setdefault(word, []).append(number)
    begin, end = tokenizer.encode("").ids
    spelled = [(word, numbers[:longest]) for word, numbers in pieces.items()]
    for start, stop in _cuts(
        [len(numbers) for _, numbers in spelled], [words[w] in _ENDS for w, _ in spelled], longest
    ):
        window = Window([begin], [0], [], [])
        for word, numbers in spelled[start:stop]:
            window.words.append(word)
            window.firsts.append(len(window.ids))
            window.ids.extend(numbers)
            window.shapes.extend([shape(words[word])] * len(numbers))
        window.ids.append(end)
        window.shapes.append(0)
        yield window


def _cuts(sizes: Sequence[int], ends: Sequence[bool], longest: int) -> Iterator[tuple[int, int]]:
    """Where windows begin and end: full ones are cut after the last end of a sentence in their second half."""
    start = size = 0
    after_end = 0
    for index, pieces in enumerate(sizes):
        if size + pieces > longest:
            stop = after_end if sum(sizes[start:after_end]) > longest // 2 else index
            yield start, stop
            start, size = stop, sum(sizes[stop:index])
        size += pieces
        if ends[index]:
            after_end = index + 1
    if start < len(sizes):
        yield start, len(sizes)
