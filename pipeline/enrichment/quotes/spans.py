"""What attribution is made of: spans of words, and the source, cue and content they make together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Doc, Token

from pipeline.enrichment.reading import ATTRIBUTION

LABELS = ("SOURCE", "CUE", "CONTENT")


class Extent(NamedTuple):
    """Words ``start`` to ``end`` (exclusive) of a document."""

    start: int
    end: int


class Labelled(NamedTuple):
    """A span the tagger found, with its label: SOURCE, CUE or CONTENT."""

    extent: Extent
    label: str


@dataclass
class Attribution:
    """Who (``source``) says (``cue``) what (``contents``, in order); a part that isn't there is None or empty."""

    source: Extent | None = None
    cue: Extent | None = None
    contents: list[Extent] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The first word of any part."""
        parts = [part.start for part in (self.source, self.cue, *self.contents) if part]
        return min(parts)


def tagged(doc: Doc) -> list[Labelled]:
    """The tagger's spans in the order of the text; of two that overlap the first stays."""
    found: list[Labelled] = []
    spans = sorted((span.start, span.end, span.label_) for span in doc.spans.get(ATTRIBUTION, ()))
    for start, end, label in spans:
        if label in LABELS and start < end and (not found or start >= found[-1].extent.end):
            found.append(Labelled(Extent(start, end), label))
    return found


def root_of(doc: Doc, extent: Extent) -> Token:
    """The word of a span that the others hang on; its first word where nothing is parsed."""
    for token in doc[extent.start : extent.end]:
        head = token.head.i
        if (head < extent.start or head >= extent.end or head == token.i) and not (token.is_punct or token.is_space):
            return token
    return doc[extent.start]


def gap(one: Extent, other: Extent) -> int:
    """Words between two spans, 0 where they touch or overlap."""
    return max(one.start - other.end, other.start - one.end, 0)


def overlap(one: Extent, other: Extent) -> bool:
    """Whether two spans share a word."""
    return one.start < other.end and other.start < one.end
