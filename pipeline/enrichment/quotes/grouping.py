"""From loose SOURCE, CUE and CONTENT spans to attributions: which words are whose, said by which cue."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise

from spacy.tokens import Doc

from pipeline.enrichment.quotes.fit import NO_FIT, Cue, Fit
from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.marks import DOUBLE, Quoted
from pipeline.enrichment.quotes.spans import Attribution, Extent, Labelled, gap

NEIGHBOURS = 4
"""How many cues before and after a span are looked at."""

# What speaks for a content that goes on with the one before it, or with a quotation that its cue has broken off.
_GOES_ON = 2.5
_RESUMES = 1.5


def group(doc: Doc, layout: Layout, quotations: list[Quoted], labelled: Iterable[Labelled]) -> list[Attribution]:
    """The attributions these spans make, in the order of the text.

    Every cue is one attribution. It takes the source and the contents that fit it best by the parse, by order and
    by nearness. What fits no cue stands by itself.

    Args:
        doc: the article.
        layout: its sentences and paragraphs.
        quotations: what stands between quote marks.
        labelled: flat spans in the order of the text.
    """
    spans, runs = _joined(list(labelled), quotations)
    grouping = _Grouping(doc, layout, spans)
    grouping.give_sources()
    grouping.give_contents()
    found = [*(cue.attribution() for cue in grouping.cues), *grouping.left]
    for one in found:
        one.contents = [piece for content in one.contents for piece in runs.get(content, [content])]
    return sorted(found, key=lambda one: one.start)


def _joined(labelled: list[Labelled], quotations: list[Quoted]) -> tuple[list[Labelled], dict[Extent, list[Extent]]]:
    """The spans with touching contents of one quotation made one, and the pieces of those."""
    spans = labelled[:1]
    runs: dict[Extent, list[Extent]] = {}
    ends = [one.end for one in quotations]
    for before, span in pairwise(labelled):
        at = bisect_right(ends, span.extent.start)
        one_quotation = at < len(quotations) and quotations[at].start < span.extent.start
        touching = before.label == span.label == "CONTENT" and gap(before.extent, span.extent) == 0
        if touching and one_quotation:
            last = spans.pop().extent
            whole = Extent(last.start, span.extent.end)
            pieces = runs.pop(last, [last])
            pieces.append(span.extent)
            runs[whole] = pieces
            spans.append(Labelled(whole, "CONTENT"))
        else:
            spans.append(span)
    return spans, runs


class _Grouping:
    def __init__(self, doc: Doc, layout: Layout, spans: list[Labelled]) -> None:
        self._doc = doc
        self._layout = layout
        self._spans = spans
        self._fit = Fit(doc, layout, spans)
        self.cues = self._fit.cues()
        self.left: list[Attribution] = []
        self._places = [cue.place for cue in self.cues]

    def _scored(self, places: list[int], fit: Callable[[int, Cue], float]) -> list[tuple[float, int, Cue]]:
        """Scores of the spans at these places with the cues near them, best first."""
        scored = []
        for place in places:
            at = bisect_left(self._places, place)
            near = self.cues[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS]
            scored += [(score, place, cue) for cue in near if (score := fit(place, cue)) > NO_FIT]
        return sorted(scored, key=lambda one: (-one[0], one[1], one[2].place))

    def give_sources(self) -> None:
        """Each source goes to the cue it fits best, then each cue without one shares the source it fits best."""
        sources = [place for place, span in enumerate(self._spans) if span.label == "SOURCE"]
        scored = self._scored(sources, self._fit.source)
        used = set()
        for _, place, cue in scored:
            if cue.source is None and place not in used:
                cue.source = self._spans[place].extent
                used.add(place)
        for _, place, cue in scored:
            source = self._spans[place].extent
            # "X said ..., adding that ...", or "..., said X, adding that ..." where "adding" has taken X
            shared = source < cue.extent or source.start == cue.extent.end
            if cue.source is None and shared and self._fit.same_sentence(source, cue):
                cue.source = source
        self.left += [Attribution(source=self._spans[place].extent) for place in sources if place not in used]

    def give_contents(self) -> None:
        """Each cue takes the content that fits it best, then each content left over goes to the cue it fits best."""
        contents = [place for place, span in enumerate(self._spans) if span.label == "CONTENT"]
        scored = self._scored(contents, self._fit.content)
        owner: dict[Extent, Cue] = {}
        near: dict[int, list[tuple[float, Cue]]] = {}
        for score, place, cue in scored:
            near.setdefault(place, []).append((score, cue))
            content = self._spans[place].extent
            if not cue.contents and content not in owner:
                cue.contents.append(content)
                owner[content] = cue
        for place in contents:
            content = self._spans[place].extent
            if content in owner:
                continue
            found = self._best(place, near.get(place, []), owner)
            if found is None:
                self.left.append(Attribution(contents=[content]))
            else:
                found.contents.append(content)
                owner[content] = found

    def _best(self, place: int, near: list[tuple[float, Cue]], owner: dict[Extent, Cue]) -> Cue | None:
        """The cue of a content that is not the first of any."""
        before = self._goes_on(place, owner)
        if before is not None:
            near = [*near, (max(self._fit.content(place, before), NO_FIT) + _GOES_ON, before)]
        content = self._spans[place].extent
        if self._doc[content.start].text in DOUBLE:
            near = [(score + _RESUMES * self._resumes(content, cue), cue) for score, cue in near]
        return max(near, key=lambda one: one[0])[1] if near else None

    def _resumes(self, content: Extent, cue: Cue) -> bool:
        """Whether a quotation goes on after its cue: "A," he said, in reply to B. "C"."""
        first = cue.contents[0] if cue.contents else content
        same = self._layout.paragraph[first.start] == self._layout.paragraph[content.start]
        return same and first < cue.extent < content and self._doc[first.start].text in DOUBLE

    def _goes_on(self, place: int, owner: dict[Extent, Cue]) -> Cue | None:
        """The cue of the content just before, where this one goes on with it: the next sentence or paragraph."""
        here = self._spans[place].extent
        number = self._layout.paragraph[here.start]
        ahead = next((span.extent for span in self._spans[place + 1 : place + 3] if span.label != "CONTENT"), None)
        leads = ahead is not None and self._layout.paragraph[ahead.start] == number
        for before in reversed(self._spans[max(place - 3, 0) : place]):
            if before.label == "CONTENT":
                touching = gap(before.extent, here) == 0
                next_paragraph = self._layout.paragraph[before.extent.start] < number
                return owner.get(before.extent) if touching or (next_paragraph and not leads) else None
        return None
