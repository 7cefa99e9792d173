"""Where the words of a raw text stand in its cleaned one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

Place = tuple[int, int]
"""Start and end (exclusive) in characters."""

_WORD = re.compile(r"\w+")
_LEADING = {"the", "a", "an"}


class Alignment:
    """Maps places of a raw text to the same words of its cleaned text.

    Words are aligned, not characters: what cleaning does to quote marks and the space around them moves no word.
    """

    def __init__(self, raw: str, cleaned: str) -> None:
        self._raw, self._cleaned = raw, cleaned
        self._places = [match.span() for match in _WORD.finditer(raw)]
        places = [match.span() for match in _WORD.finditer(cleaned)]
        blocks = SequenceMatcher(
            None, _texts(raw, self._places), _texts(cleaned, places), autojunk=False
        ).get_matching_blocks()
        self._new = {
            self._places[old + n]: places[new + n] for old, new, length in blocks for n in range(length) if length
        }

    def place(self, start: int, end: int) -> Place:
        """The words of ``raw[start:end]`` in the cleaned text, from the first word's start to the last word's end.

        Raises:
            ValueError: there is no word there, or cleaning dropped or changed one.
        """
        words = [word for word in self._places if start <= word[0] and word[1] <= end]
        if not words:
            raise ValueError(f"no word at {start} to {end} of the raw text")
        if lost := [word for word in words if word not in self._new]:
            raise ValueError(f"cleaning dropped or changed the words at {lost} of the raw text")
        first, last = self._new[words[0]][0], self._new[words[-1]][1]
        if _WORD.findall(self._cleaned[first:last]) != _texts(self._raw, words):
            raise ValueError(f"cleaning changed the words from {start} to {end} of the raw text")
        return first, last


def edges(text: str, place: Place) -> Place:
    """A place without the marks at its edges, a leading article and a possessive ``'s``.

    Two annotators who differ in nothing else agree on what is named.
    """
    words = [(place[0] + match.start(), place[0] + match.end()) for match in _WORD.finditer(text[place[0] : place[1]])]
    if len(words) > 1 and text[slice(*words[0])].lower() in _LEADING:
        words = words[1:]
    if len(words) > 1 and text[slice(*words[-1])] == "s" and text[words[-1][0] - 1] in "'’":
        words = words[:-1]
    return (words[0][0], words[-1][1]) if words else place


def shared(one: Iterable[Place], other: Iterable[Place]) -> float:
    """Dice coefficient of the characters at two lists of places, from 0 to 1."""
    a, b = ({at for place in places for at in range(*place)} for places in (one, other))
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _texts(text: str, places: Iterable[Place]) -> list[str]:
    return [text[start:end] for start, end in places]
