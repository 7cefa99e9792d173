"""Spans without a tagger: what the parse, the quote marks and the cue words alone say is source, cue and content."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from spacy.tokens import Doc

from pipeline.enrichment.quotes.clauses import (
    SOURCE_WORDS,
    Clause,
    clauses,
    names_no_content,
    noun_phrase,
    subject_phrase,
    trimmed,
)
from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.lexicon import Lexicon
from pipeline.enrichment.quotes.marks import Quoted
from pipeline.enrichment.quotes.spans import Extent

_LEAD_IN = frozenset({",", ":", "that", "-", "–", "—"})
_NAME_WORDS = 6
_HEADLINE_WORDS = 25
_ADDRESSEE_WORDS = 12
_LONGEST_CONTENT = 400


class Quotations:
    """The quotations of an article, to be asked which one a word stands in."""

    def __init__(self, quotations: list[Quoted]) -> None:
        self.all = quotations
        self._starts = [one.start for one in quotations]

    def at(self, place: int) -> Quoted | None:
        """The quotation that holds this word."""
        before = bisect_right(self._starts, place) - 1
        found = self.all[before] if before >= 0 else None
        return found if found and place < found.end else None

    def all_in(self, start: int, end: int) -> list[Quoted]:
        """The quotations that begin between two words."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def reported(doc: Doc, layout: Layout, quotes: Quotations, words: Lexicon) -> list[Clause]:
    """The clauses that report speech, none within the content of another, with source and contents.

    Args:
        doc: the article.
        layout: its sentences, paragraphs and parse.
        quotes: what stands between its quote marks.
        words: the cue words.
    """
    found = [clause for clause in clauses(doc, layout, words) if quotes.at(clause.cue.start) is None]
    found += _according(doc, layout, words, quotes)
    found += _named_before_colon(doc, layout, quotes)
    claimed = {layout.sentence[clause.cue.start] for clause in found if clause.contents}
    found += _led_in(doc, layout, quotes, claimed)
    for clause in found:
        _complete(doc, layout, quotes, clause)
    _to_sentence_end(doc, layout, found)
    return _outermost(doc, quotes, found)


def _according(doc: Doc, layout: Layout, words: Lexicon, quotes: Quotations) -> Iterator[Clause]:
    """ "According to X, ..." and "..., according to X"."""
    firsts = {phrase[0] for phrase in words.sources}
    for start, token in enumerate(doc):
        if token.lower_ not in firsts:
            continue
        phrase = next((p for p in words.sources if _stands(doc, start, p)), None)
        if phrase is None or layout.paragraph[start] < 0 or quotes.at(start):
            continue
        cue = Extent(start, start + len(phrase))
        begin, finish = layout.sentences[layout.sentence[start]]
        limit = min(finish, cue.end + SOURCE_WORDS)
        comma = next((place for place in range(cue.end, limit) if doc[place].text in {",", ".", ";"}), limit)
        source = noun_phrase(doc, cue.end, limit) or trimmed(doc, cue.end, comma)
        if source is None:
            continue
        before = trimmed(doc, begin, start)
        after = trimmed(doc, source.end, finish)
        content = before if before and before.end - before.start > 2 else after
        yield Clause(cue, "source", source, [content] if content else [])


def _stands(doc: Doc, start: int, phrase: tuple[str, ...]) -> bool:
    return doc[start].lower_ == phrase[0] and tuple(t.lower_ for t in doc[start : start + len(phrase)]) == phrase


def _named_before_colon(doc: Doc, layout: Layout, quotes: Quotations) -> Iterator[Clause]:
    """ "NAME: ..." at the start of a paragraph, as in a transcript or a headline."""
    for number, (start, end) in enumerate(layout.paragraphs):
        first = start
        while first < end and (doc[first].is_punct or doc[first].is_space):
            first += 1
        colon = next((place for place in range(first, min(first + _NAME_WORDS, end)) if doc[place].text == ":"), None)
        if colon is None or colon == first or colon + 1 >= end:
            continue
        if all(token.pos_ == "PROPN" or token.is_upper for token in doc[first:colon]) and (
            doc[first:colon].text.isupper() or quotes.at(colon + 1) or (number == 0 and end - start <= _HEADLINE_WORDS)
        ):
            content = trimmed(doc, colon + 1, end)
            yield Clause(Extent(colon, colon + 1), "source", Extent(first, colon), [content] if content else [])


def _led_in(doc: Doc, layout: Layout, quotes: Quotations, claimed: set[int]) -> Iterator[Clause]:
    """A quotation led in by a colon or an infinitive of a sentence that no verb of speech holds.

    "The minister has set his red lines: "..."", "She came to Lima to "open a door"".
    """
    for quotation in quotes.all:
        number = layout.sentence[max(quotation.start - 1, 0)]
        begin, finish = layout.sentences[number]
        if not quotation.opened or number in claimed or quotation.start <= begin:
            continue
        colon = doc[quotation.start - 1].text == ":"
        if not colon and (quotation.start + 1 >= len(doc) or doc[quotation.start + 1].tag_ != "VB"):
            continue
        words = doc[max(begin, quotation.start - SOURCE_WORDS) : quotation.start]
        subject = next((t for t in words if t.dep_ == "nsubj" and t.head.pos_ == "VERB"), None)
        if subject is None or not subject.i < subject.head.i < quotation.start:
            continue
        source = subject_phrase(doc, layout, subject)
        cue = Extent(subject.head.i, quotation.start if colon else subject.head.i + 1)
        end = max((q.end for q in quotes.all_in(quotation.start, finish)), default=quotation.end)
        claimed.add(number)
        yield Clause(cue, "source", source, [Extent(quotation.start, max(end if colon else 0, quotation.end))])


def _complete(doc: Doc, layout: Layout, quotes: Quotations, clause: Clause) -> None:
    """Contents by quote marks and by order, where the parse gives none or only a part."""
    begin, _ = layout.sentences[layout.sentence[clause.cue.start]]
    if clause.kind == "say":
        before, after = _quoted_beside(doc, quotes, clause)
        if before and not any(one.start < clause.start for one in clause.contents):
            start = min(before.start, begin) if before.start >= begin else before.start
            clause.contents.append(Extent(start, before.end))
        if after and not any(one.end > clause.end for one in clause.contents):
            clause.contents.append(Extent(after.start, after.end))
        if not clause.contents and clause.source:
            content = _by_order(doc, layout, quotes, clause)
            clause.contents += [content] if content else []
        clause.contents = [_without_adjunct(doc, quotes, one) for one in clause.contents]
    clause.contents = [_widened(quotes, one) for one in clause.contents]


def _by_order(doc: Doc, layout: Layout, quotes: Quotations, clause: Clause) -> Extent | None:
    """What stands before ", X said", or after "X said" from "that" or a quotation up to the end of the sentence."""
    begin, finish = layout.sentences[layout.sentence[clause.cue.start]]
    if clause.start > begin and doc[clause.start - 1].text == ",":
        return trimmed(doc, begin, clause.start)
    for place in range(clause.end, min(clause.end + _ADDRESSEE_WORDS, finish)):
        if doc[place].text == "that":
            return trimmed(doc, place, finish)
        if quotation := quotes.at(place):
            return Extent(place, quotation.end)
    return None if names_no_content(doc, clause.cue) else trimmed(doc, clause.end, finish)


def _to_sentence_end(doc: Doc, layout: Layout, found: list[Clause]) -> None:
    """A clause after its cue runs on to the end of the sentence, or to the next cue after a comma or "and"."""
    starts = sorted(clause.start for clause in found if clause.kind != "source")
    for clause in found:
        if clause.kind not in {"say", "think"} or not clause.contents:
            continue
        last = max(clause.contents)
        _, finish = layout.sentences[layout.sentence[clause.cue.start]]
        if last.start < clause.end or last.end >= finish:
            continue
        at = bisect_right(starts, last.end - 1)
        limit = min(finish, starts[at]) if at < len(starts) else finish
        rest = doc[last.end : limit]
        if limit == finish and not any(token.text in {",", ";", "—", "–", "(", "“", '"'} for token in rest):
            wider = trimmed(doc, last.start, limit)
            clause.contents[clause.contents.index(last)] = wider or last


def _quoted_beside(doc: Doc, quotes: Quotations, clause: Clause) -> tuple[Quoted | None, Quoted | None]:
    before = after = None
    place = clause.start - 1
    while place >= max(clause.start - 3, 0) and before is None:
        before = quotes.at(place)
        if doc[place].text not in _LEAD_IN:
            break
        place -= 1
    place = clause.end
    while place < min(clause.end + 4, len(doc)) and after is None:
        after = quotes.at(place)
        if doc[place].text not in _LEAD_IN:
            break
        place += 1
    return before, after


def _without_adjunct(doc: Doc, quotes: Quotations, content: Extent) -> Extent:
    """Of "X said “A” before B" only the quotation is said."""
    first = quotes.at(content.start)
    if first and first.closed and first.end < content.end and doc[first.end].pos_ in {"ADP", "SCONJ"}:
        return Extent(content.start, first.end)
    return content


def _widened(quotes: Quotations, content: Extent) -> Extent:
    """The content with the quotations it cuts through."""
    first, last = quotes.at(content.start), quotes.at(content.end - 1)
    start = min(content.start, first.start) if first else content.start
    end = max(content.end, last.end) if last else content.end
    return Extent(start, end)


def _outermost(doc: Doc, quotes: Quotations, found: list[Clause]) -> list[Clause]:
    """The clauses worth keeping: what is reported within another's content is that content's.

    But where a reporter is named after words that themselves quote somebody ("..., reports our correspondent"), the
    one quoted counts.
    """
    kept = [clause for clause in found if clause.contents and (clause.source or clause.kind == "say")]
    kept.sort(key=lambda one: one.cue)
    quoting = [clause.cue.start for clause in kept if clause.kind == "say" and quotes.at(clause.contents[-1].start)]
    kept = [clause for clause in kept if not _trails(clause, quoting)]
    owner = [-1] * len(doc)
    for number, clause in enumerate(kept):
        if owner[clause.cue.start] >= 0:
            continue
        for content in clause.contents:
            for place in range(content.start, min(content.end, content.start + _LONGEST_CONTENT)):
                if owner[place] < 0:
                    owner[place] = number
    return [clause for number, clause in enumerate(kept) if owner[clause.cue.start] in {-1, number}]


def _trails(clause: Clause, quoting: list[int]) -> bool:
    content = clause.contents[-1]
    if clause.kind != "say" or content.start > clause.cue.start or len(clause.contents) > 1:
        return False
    at = bisect_left(quoting, content.start)
    return at < len(quoting) and quoting[at] < content.end
