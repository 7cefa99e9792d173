"""How well a source or a content fits a cue: by the parse, by order, and by what lies between.

The weights were set by hand, looking at gold spans of the attribution corpus (training part and dev). What
matters is their order: what the parse says outweighs what lies between, and that outweighs distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from spacy.tokens import Doc, Token

from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.spans import LABELS, Attribution, Extent, Labelled, gap, root_of

NO_FIT = -5.0
"""What scores no better than this doesn't belong together."""

_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nmod:poss", "obl:agent", "csubj"})
_CLAUSES = frozenset({"ccomp", "xcomp", "parataxis", "obj", "advcl", "acl", "obl", "nmod", "csubj", "csubj:pass"})
_SHARES_SUBJECT = frozenset({"conj", "advcl", "xcomp"})

_SUBJECT_OF_CUE = 3.0
_CLAUSE_OF_CUE = 2.0
_CUE_MODIFIES = 2.0
_HANGS_ON_CUE = 1.5
_CUE_HANGS_ON = 1.5
_COMMON_HEAD = 1.0
_CUE_BETWEEN = 1.5
_SPAN_BETWEEN = 0.8
_CONTENT_BETWEEN = 1.0
_OTHER_SENTENCE = 3.0
_SAID_IN_OTHER_SENTENCE = 2.0
_LATER_PARAGRAPH = 1.0
_EARLIER_PARAGRAPH = 3.0
_SOURCE_AFTER_CUE = 0.3


@dataclass
class Cue:
    """A cue with what has been given to it: ``place`` is its number among the spans, ``root`` its head word."""

    extent: Extent
    root: Token
    place: int
    source: Extent | None = None
    contents: list[Extent] = field(default_factory=list)

    def attribution(self) -> Attribution:
        """What the cue and its parts make, contents in order."""
        return Attribution(self.source, self.extent, sorted(self.contents))


class Fit:
    """Scores of the spans of one document; higher is better, `NO_FIT` or less is none.

    Args:
        doc: the article.
        layout: its sentences and paragraphs.
        spans: its spans in the order of the text.
    """

    def __init__(self, doc: Doc, layout: Layout, spans: Sequence[Labelled]) -> None:
        self._layout = layout
        self._spans = spans
        self._roots = [root_of(doc, span.extent) for span in spans]
        self._before = {label: list(accumulate((span.label == label for span in spans), initial=0)) for label in LABELS}

    def cues(self) -> list[Cue]:
        """The cues among the spans."""
        return [Cue(s.extent, self._roots[n], n) for n, s in enumerate(self._spans) if s.label == "CUE"]

    def source(self, place: int, cue: Cue) -> float:
        """How well the source at a place fits a cue."""
        source = self._spans[place].extent
        if self._layout.paragraph[source.start] != self._layout.paragraph[cue.extent.start]:
            return NO_FIT
        score = self._source_by_parse(source, self._roots[place], cue)
        score -= 0.1 * min(gap(source, cue.extent), 30)
        score -= _CUE_BETWEEN * self._between(place, cue.place, "CUE")
        score -= _SPAN_BETWEEN * self._between(place, cue.place, "SOURCE")
        score -= _SPAN_BETWEEN * self._between(place, cue.place, "CONTENT")
        if not self.same_sentence(source, cue):
            score -= _OTHER_SENTENCE
        if source.start > cue.extent.start:
            score -= _SOURCE_AFTER_CUE
        return score

    def content(self, place: int, cue: Cue) -> float:
        """How well the content at a place fits a cue."""
        content = self._spans[place].extent
        root = self._roots[place]
        score = 0.0
        cues_between = self._between(place, cue.place, "CUE")
        if not cues_between and cue.extent.start <= root.head.i < cue.extent.end and root.dep_ in _CLAUSES:
            score += _CLAUSE_OF_CUE
        elif content.start <= cue.root.head.i < content.end and cue.root.dep_ in {"parataxis", "ccomp"}:
            score += _CUE_HANGS_ON
        score -= 0.05 * min(gap(content, cue.extent), 40)
        score -= _CUE_BETWEEN * cues_between
        score -= _CONTENT_BETWEEN * self._between(place, cue.place, "CONTENT")
        edge = content.start if content.start > cue.extent.start else content.end - 1
        if self._layout.sentence[edge] != self._layout.sentence[cue.extent.start]:
            score -= _SAID_IN_OTHER_SENTENCE
        paragraphs = self._layout.paragraph[content.start] - self._layout.paragraph[cue.extent.start]
        return score - (_LATER_PARAGRAPH * paragraphs if paragraphs >= 0 else _EARLIER_PARAGRAPH)

    def same_sentence(self, source: Extent, cue: Cue) -> bool:
        """Whether a source and a cue begin in one sentence."""
        return self._layout.sentence[source.start] == self._layout.sentence[cue.extent.start]

    def _source_by_parse(self, source: Extent, root: Token, cue: Cue) -> float:
        if cue.extent.start <= root.head.i < cue.extent.end:
            return _SUBJECT_OF_CUE if root.dep_ in _SUBJECTS else _HANGS_ON_CUE
        if source.start <= cue.root.head.i < source.end and cue.root.dep_.startswith("acl"):
            return _CUE_MODIFIES
        if root.dep_ == "nsubj" and root.head.i == cue.root.head.i and cue.root.dep_ in _SHARES_SUBJECT:
            return _COMMON_HEAD
        return 0.0

    def _between(self, one: int, other: int, label: str) -> int:
        low, high = min(one, other), max(one, other)
        return self._before[label][high] - self._before[label][low + 1]
