"""Mending the tagger's spans with what the quote marks and the parse say.

The tagger's spans are kept, and only edges of contents move, onto a quote mark close by; but where a quotation ends
before an inverted cue ("...”, added the minister") the rules are surer. The rules were tried on gold spans dropped and
shifted at random, which is kinder than a real tagger's errors.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.enrichment.quotes.clauses import Clause, names_no_content, trimmed, verb_group
from pipeline.enrichment.quotes.flat import Flat
from pipeline.enrichment.quotes.grouping import group
from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.rules import Quotations
from pipeline.enrichment.quotes.spans import Attribution, Extent, Labelled, root_of

SLACK = 2
"""Words an edge may be off a quote mark."""


def mended(
    doc: Doc, layout: Layout, quotes: Quotations, tagged: Sequence[Labelled], ruled: Sequence[Clause]
) -> list[Labelled]:
    """The tagger's spans, their edges on quote marks, with what it missed.

    Args:
        doc: the article.
        layout: its sentences and paragraphs.
        quotes: its quotations.
        tagged: the tagger's spans in the order of the text; empty where there is no tagger.
        ruled: what the rules find by themselves.
    """
    snapped = _overruled(doc, quotes, _snapped(quotes, tagged), ruled)
    flat = Flat(len(doc), snapped)
    if not tagged:
        for clause in ruled:
            flat.put_clause(clause)
    else:
        broken = [one for one in group(doc, layout, quotes.all, snapped) if not _whole(one)]
        _complete(doc, layout, flat, broken, ruled)
        for clause in ruled:
            if _missed(flat, quotes, clause):
                flat.put_clause(clause)
    flat.put_quotations(doc, quotes.all)
    return flat.spans()


def _snapped(quotes: Quotations, tagged: Sequence[Labelled]) -> list[Labelled]:
    found: list[Labelled] = []
    for place, (extent, label) in enumerate(tagged):
        if label != "CONTENT":
            found.append(Labelled(extent, label))
            continue
        floor = found[-1].extent.end if found else 0
        ceiling = tagged[place + 1].extent.start if place + 1 < len(tagged) else extent.end + SLACK
        found.append(Labelled(_onto_marks(quotes, extent, floor, ceiling), label))
    return found


def _overruled(doc: Doc, quotes: Quotations, labelled: Sequence[Labelled], ruled: Sequence[Clause]) -> list[Labelled]:
    """The spans, with the rule's in the place of those that clash with a plain "...”, added the minister"."""
    owner = [-1] * len(doc)
    for number, (extent, _) in enumerate(labelled):
        owner[extent.start : extent.end] = [number] * (extent.end - extent.start)

    def touching(*extents: Extent) -> set[int]:
        return {owner[place] for extent in extents for place in range(*extent)} - {-1}

    surer: list[Clause] = []
    dropped: set[int] = set()
    for clause in ruled:
        source = clause.source
        if source is None or not _follows_quotation(quotes, clause, source):
            continue
        said = touching(*clause.contents)
        # Where a source ends is not what the rules are sure of: its first word decides.
        saying = touching(Extent(clause.cue.start, source.start + 1))
        nested = any(labelled[number].label != "CONTENT" for number in said)
        if nested or any(labelled[number].label == "CONTENT" for number in saying):
            dropped |= said | saying | touching(source)
            surer.append(clause)
    flat = Flat(len(doc), (one for number, one in enumerate(labelled) if number not in dropped))
    for clause in surer:
        flat.put_clause(clause)
    return flat.spans()


def _follows_quotation(quotes: Quotations, clause: Clause, source: Extent) -> bool:
    """Whether a cue with its source right behind it stands directly after a closed quotation."""
    if clause.kind != "say" or source.start != clause.cue.end:
        return False
    content = max((one for one in clause.contents if one.end <= clause.cue.start), default=None)
    quotation = quotes.at(content.end - 1) if content else None
    return quotation is not None and quotation.closed and clause.cue.start - quotation.end <= 1


def _onto_marks(quotes: Quotations, extent: Extent, floor: int, ceiling: int) -> Extent:
    start, end = extent
    first, last = quotes.at(start), quotes.at(end - 1)
    if first and first.opened and floor <= first.start and 0 < start - first.start <= SLACK:
        start = first.start
    if last and last.closed and last.end <= ceiling and 0 < last.end - end <= SLACK:
        end = last.end
    return Extent(start, end)


def _whole(one: Attribution) -> bool:
    return bool(one.cue and one.source and one.contents)


def _complete(doc: Doc, layout: Layout, flat: Flat, broken: Sequence[Attribution], ruled: Sequence[Clause]) -> None:
    """Give a cue the content it lacks, and a source or a content the cue it lacks, where the parse has one."""
    by_word: dict[int, Clause] = {}
    for clause in ruled:
        by_word[clause.cue.start] = by_word[clause.cue.end - 1] = clause
        if clause.source:
            by_word.setdefault(clause.source.end - 1, clause)
        for content in clause.contents:
            by_word.setdefault(content.start, clause)
    for one in broken:
        parts = [part for part in (one.cue, one.source, *one.contents) if part]
        ends = [place for part in parts for place in (part.start, part.end - 1)]
        found = next((by_word[place] for place in ends if place in by_word), None)
        if found is not None:
            flat.put_parts(found, source=one.source is None)
        elif one.source and one.cue is None:
            verb = root_of(doc, one.source).head
            if verb.pos_ == "VERB" and layout.sentence[verb.i] == layout.sentence[one.source.start]:
                flat.put_parts(Clause(Extent(*verb_group(doc, verb)), "say"))
        if one.cue and not one.contents and not names_no_content(doc, one.cue):
            _, finish = layout.sentences[layout.sentence[one.cue.start]]
            flat.put_content(trimmed(doc, one.cue.end, finish))


def _missed(flat: Flat, quotes: Quotations, clause: Clause) -> bool:
    """Whether the tagger left plain speech unmarked: a whole report that quotes."""
    parts = [clause.cue, *clause.contents, *([clause.source] if clause.source else [])]
    quoting = any(quotes.at(content.start) or quotes.at(content.end - 1) for content in clause.contents)
    return clause.kind in {"say", "source"} and quoting and all(flat.free(part) for part in parts)
