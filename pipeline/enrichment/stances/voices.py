"""In whose words a statement is made: the narrator's, or a source's, reported or between quote marks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

from pipeline.article import Quote

Voice = Literal["quoted", "reported", "narrated"]

_OPENING, _CLOSING = frozenset("“«„"), frozenset("”»")


class Voices:
    """Answers for the characters of one article.

    Args:
        text: the article's.
        quotes: its quotes.
    """

    def __init__(self, text: str, quotes: Sequence[Quote]) -> None:
        self._text = text
        pieces = sorted((piece.start, piece.end, number) for number, one in enumerate(quotes) for piece in one.content)
        self._pieces = pieces
        self._starts = [start for start, _, _ in pieces]
        self._quotes = quotes
        cues = sorted((one.cue.start, one.cue.end, number) for number, one in enumerate(quotes) if one.cue)
        self._cue_starts = [start for start, _, _ in cues]
        self._cues = [(end, number) for _, end, number in cues]

    def quote_at(self, place: int) -> Quote | None:
        """The innermost quote whose content a character is in."""
        for start, end, number in reversed(self._pieces[max(bisect_right(self._starts, place) - 4, 0) :][:4]):
            if start <= place < end:
                return self._quotes[number]
        return None

    def cue_at(self, place: int) -> Quote | None:
        """The quote whose cue a character is in: "X condemned ..."."""
        number = bisect_right(self._cue_starts, place) - 1
        if number < 0:
            return None
        end, quote = self._cues[number]
        return self._quotes[quote] if place < end else None

    def voice_at(self, place: int) -> Voice:
        """Whose words a character belongs to."""
        quote = self.quote_at(place)
        if quote is None:
            return "narrated"
        if quote.kind == "direct":
            return "quoted"
        if quote.kind == "indirect":
            return "reported"
        piece = next(piece for piece in quote.content if piece.start <= place < piece.end)
        before = self._text[piece.start : place]
        opened = sum(before.count(mark) for mark in _OPENING) - sum(before.count(mark) for mark in _CLOSING)
        return "quoted" if opened > 0 or before.count('"') % 2 else "reported"
