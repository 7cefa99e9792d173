"""The component ``wire_dates``: a document's dates, resolved against the day it was written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.article import ResolvedDate
from pipeline.enrichment import reading  # noqa: F401 - registers the day of writing
from pipeline.enrichment.dates.resolution import Reference, anchor, resolve
from pipeline.enrichment.dates.tense import Governed, Tenses
from pipeline.enrichment.dates.written import Written, find

NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "MISC"})
"""Labels of entities in whose names a date is no date: "the Tuesday Group"."""

Doc.set_extension("dates", default=None, force=True)


class Dates:
    """Sets ``doc._.dates``, a list of `ResolvedDate` in the order of the text, none overlapping another.

    Reads ``doc._.reference_date`` (`datetime.date`, the day of writing; without one there are no relative dates),
    ``doc._.reference_is_stated`` and, where there are any, tags, parse and entities.
    """

    def __call__(self, doc: Doc) -> Doc:  # noqa: D102
        doc._.dates = dates(doc)
        return doc


@Language.factory("wire_dates", assigns=["doc._.dates"])
def make_dates(nlp: Language, name: str) -> Dates:  # noqa: ARG001
    """The component; it has no settings."""
    return Dates()


class _Intervals:
    """Spans that don't overlap, asked by character."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted((span.start_char, span.end_char) for span in spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def meets(self, start: int, end: int) -> bool:
        number = bisect_right(self._starts, end - 1) - 1
        return number >= 0 and self._ends[number] > start


def dates(doc: Doc) -> list[ResolvedDate]:
    """The dates of a document; see `Dates`."""
    text = doc.text
    written = find(text)
    if not written:
        return []
    tenses = Tenses(doc)
    written = _supported(doc, tenses, written)
    told = [tenses.of(one.start, one.end) for one in written]
    stated = _reference(doc)
    reference = _anchored(written, told, stated) if stated else Reference(date.min, stated=True)
    found = []
    named: tuple[int, int] | None = None  # the year last written, and the sentence it stands in
    for one, (tense, by_verb) in zip(written, told, strict=True):
        sentence, dated = tenses.sentence(one.start), one
        if one.needs == "future" and not (tense == "future" and by_verb):
            continue
        if one.year:
            named = one.year, sentence
        elif one.month and not one.unit and named and named[1] == sentence and tense == "past":
            dated = replace(one, year=named[0])
        elif not stated:
            continue
        if value := resolve(dated, tense, reference):
            found.append(ResolvedDate(start=one.start, end=one.end, text=text[one.start : one.end], value=value))
    return found


def _reference(doc: Doc) -> Reference | None:
    day = doc._.reference_date
    return Reference(day, stated=bool(doc._.reference_is_stated)) if isinstance(day, date) else None


def _anchored(written: Sequence[Written], told: Sequence[Governed], stated: Reference) -> Reference:
    """The day of writing, from the text where it tells it; what it says is still to come tells it less surely."""
    for ahead in (False, True):
        for one, (tense, _) in zip(written, told, strict=True):
            if (tense == "future") == ahead and (day := anchor(one, tense, stated)):
                return Reference(day, stated=True)
    return stated


def _supported(doc: Doc, tenses: Tenses, written: Iterable[Written]) -> list[Written]:
    """Without dates that are part of a name, and without months and years that nothing shows to be such."""
    labelled = _Intervals(ent for ent in doc.ents if ent.label_ == "DATE")
    names = _Intervals(ent for ent in doc.ents if ent.label_ in NAMES)
    kept = []
    for one in written:
        dated = labelled.meets(one.start, one.end)
        in_name = names.meets(one.start, one.end) and not (one.year and one.month)
        if not in_name and (dated or (one.needs != "entity" and not _counts_things(doc, tenses, one))):
            kept.append(one)
    return kept


def _counts_things(doc: Doc, tenses: Tenses, one: Written) -> bool:
    """A number taken for a year that counts what follows: "for 2000 soldiers"."""
    if not one.year or one.month:
        return False
    number = doc[tenses.word(one.end - 1)]
    return bool(number.head.i > number.i and number.head.tag_ in {"NNS", "NNPS"})
