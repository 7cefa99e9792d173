"""Windows: what the encoder reads at once, whole sentences with a mark between them where the boundary is known.

A boundary that is certain (told by the document, or by punctuation) is marked with the encoder's own separator, so that
neighbouring sentences give context without blurring into one another. Where none is certain the encoder's
head for sentence starts decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WINDOW = 126
"""Pieces of a window that holds more than one sentence, marks left out."""

LONGEST = 254
"""Pieces of a window that holds one sentence; a longer sentence is cut."""

_TERMINAL = frozenset(".!?")
_MARKS = frozenset("\"“”‘’'«»()[]")


@dataclass(slots=True)
class Window:
    """A run of words that the encoder reads at once.

    Attributes:
        ids: the pieces' numbers, with the marks at both ends and between sentences.
        shapes: the number of a shape (see `en_wire_core.words`) for each piece; 0 for marks.
        words: the index of each word in the document.
        firsts: the position of each word's first piece in ``ids``.
        starts: for each word, whether it is known to begin a sentence.
    """

    ids: list[int]
    shapes: list[int] = field(default_factory=lambda: [0])
    words: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    starts: list[bool] = field(default_factory=list)


def certain_starts(words: Sequence[str], spaces: Sequence[bool]) -> list[bool]:
    """For each word whether it certainly begins a sentence: by line ends, or a full stop and a capital.

    Args:
        words: the document's words, white space among them.
        spaces: for each word, whether a space follows it.
    """
    starts = [False] * len(words)
    line_ended, sentence_ended = True, False
    for index, word in enumerate(words):
        if "\n" in word:
            line_ended = True
        if not word.strip():
            continue
        if line_ended:
            starts[index] = True
        elif sentence_ended:
            marked = word in _MARKS
            if marked and not spaces[index - 1]:
                continue  # it closes what has ended
            following = words[index + 1] if marked and index + 1 < len(words) else word
            starts[index] = following[:1].isupper()
        line_ended, sentence_ended = False, word in _TERMINAL
    return starts


def windows(
    pieces: Sequence[Sequence[int]],
    shapes: Sequence[int],
    starts: Sequence[bool],
    marks: tuple[int, int],
    longest: int = WINDOW,
) -> Iterator[Window]:
    """Pack words into windows of whole sentences.

    Args:
        pieces: the numbers of each word's pieces; a word without pieces is in no window.
        shapes: the number of each word's shape.
        starts: for each word, whether it is known to begin a sentence.
        marks: the numbers of the encoder's first mark and of its separator.
        longest: pieces of a window of several sentences.
    """
    window = Window([marks[0]])
    for sentence in _sentences(pieces, starts):
        size = sum(len(pieces[word]) for word in sentence)
        if window.words and len(window.ids) - 1 + size > longest:
            yield _ended(window, marks)
            window = Window([marks[0]])
        if window.words:
            window.ids.append(marks[1])
            window.shapes.append(0)
        for place, word in enumerate(sentence):
            window.words.append(word)
            window.firsts.append(len(window.ids))
            window.starts.append(place == 0)
            window.ids.extend(pieces[word])
            window.shapes.extend([shapes[word]] * len(pieces[word]))
    if window.words:
        yield _ended(window, marks)


def _ended(window: Window, marks: tuple[int, int]) -> Window:
    window.ids.append(marks[1])
    window.shapes.append(0)
    return window


def _sentences(pieces: Sequence[Sequence[int]], starts: Sequence[bool]) -> Iterator[list[int]]:
    """The words between known starts that have pieces, cut where there are too many for one window."""
    sentence: list[int] = []
    size = 0
    for word, numbers in enumerate(pieces):
        if sentence and (starts[word] or size + len(numbers) > LONGEST):
            yield sentence
            sentence, size = [], 0
        if numbers:
            sentence.append(word)
            size += len(numbers)
    if sentence:
        yield sentence
