"""One label a word: spans from several finders put side by side, none over another."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc

from pipeline.enrichment.quotes.clauses import Clause
from pipeline.enrichment.quotes.marks import Quoted
from pipeline.enrichment.quotes.spans import Extent, Labelled

LONG = 4
"""A quotation of more words than this is speech; a shorter one by itself may be a title or a scare quote."""


class Flat:
    """Labelled spans of a document that never overlap; what comes first holds its words.

    Args:
        size: words of the document.
        labelled: spans to begin with, which don't overlap.
    """

    def __init__(self, size: int, labelled: Iterable[Labelled] = ()) -> None:
        self._taken = bytearray(size)
        self._found: list[Labelled] = []
        for extent, label in labelled:
            self._put(extent, label)

    def free(self, extent: Extent) -> bool:
        """Whether no word of the extent is taken."""
        return not any(self._taken[extent.start : extent.end])

    def put_clause(self, clause: Clause) -> None:
        """Put a clause's cue and source where they are free, its contents as far as they are."""
        if self.free(clause.cue):
            self.put_parts(clause)

    def put_parts(self, clause: Clause, *, source: bool = True) -> None:
        """Put what is free of a clause, without its source where that isn't wanted."""
        if self.free(clause.cue):
            self._put(clause.cue, "CUE")
        if source and clause.source and self.free(clause.source):
            self._put(clause.source, "SOURCE")
        for content in clause.contents:
            self._put(content, "CONTENT")

    def put_content(self, content: Extent | None) -> None:
        """Put a content if all of it is free."""
        if content and self.free(content):
            self._put(content, "CONTENT")

    def put_quotations(self, doc: Doc, quotations: Iterable[Quoted]) -> None:
        """Put each quotation that is free and too long to be a title or a scare quote."""
        for one in quotations:
            start, end = one.inner
            whole = Extent(one.start, one.end)
            if end - start > LONG and self.free(whole) and sum(not t.is_punct for t in doc[start:end]) > LONG:
                self._put(whole, "CONTENT")

    def spans(self) -> list[Labelled]:
        """All spans in the order of the text."""
        return sorted(self._found)

    def _put(self, extent: Extent, label: str) -> None:
        """The longest part of the extent that is free."""
        best, start = Extent(extent.start, extent.start), extent.start
        for place in range(extent.start, extent.end + 1):
            if place == extent.end or self._taken[place]:
                if place - start > best.end - best.start:
                    best = Extent(start, place)
                start = place + 1
        if best.start < best.end:
            self._taken[best.start : best.end] = b"\1" * (best.end - best.start)
            self._found.append(Labelled(best, label))
