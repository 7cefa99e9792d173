"""The dateline: where, when and by whom, before the first sentence.

Its parts are told by their shape, not by lists of cities and agencies: a new agency needs no new rule.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from pipeline.article import Dateline
from pipeline.cleaning.draft import Draft, Passage
from pipeline.moments import written_day
from pipeline.months import MONTH

_MONTH = rf"(?i:{MONTH})\b\.?"
_DATE = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?\s+(?:de\s+|of\s+)?{_MONTH}(?:,?\s+(?:de\s+)?\d{{4}})?|"
    rf"\d{{4}}\.\s+{_MONTH}\s+\d{{1,2}}\.(?:,\s+[^\W\d_]+)?|"
    r"\d{1,2}[./]\d{1,2}(?:[./](?:\d{4})?)?|\d{4}-\d\d-\d\d)"
)
_WORD = r"[^\W\d_][\w.'’/-]*"
_PLACE = (
    rf"(?:{_WORD}(?:\s{_WORD}){{0,3}}(?:,\s{_WORD}(?:\s{_WORD}){{0,3}}){{0,2}}(?:\s\([^()\d]{{2,40}}\)(?=,?\s[\d(]))?)"
)
_DASH = r"(?:--|[-–—_])"
_DATELINE = re.compile(
    rf"^(?:(?P<place>{_PLACE}?)[,.]?\s+)??(?P<date>{_DATE})?,?\s*"
    rf"(?:\((?P<agency>[^()\n]{{2,40}})\)\s*(?:\.?{_DASH}\s*|[=:](?=\s)\s*)?|"
    rf"(?P<bare>[A-Z][\w./-]{{1,20}}(?: [A-Z][\w./-]{{1,20}}){{0,2}})?\s*{_DASH}\s+)"
)
_SLASHED = re.compile(
    rf"^(?P<place>{_PLACE})[,.]\s+(?P<date>{_DATE})[.,]?\s*/(?P<agency>[^/\n]{{2,40}})/\.?\s*(?:{_DASH}\s*)?"
)
"""TASS: `MOSCOW, January 21. /TASS/.`"""

_NORDIC = re.compile(rf"^(?P<place>{_PLACE})\s+/(?P<agency>[^\W\d_]{{2,20}})/\s*(?:[:.]|{_DASH})\s+")
"""Ritzau: `Aarhus /ritzau/:`"""

_AGENCY_FIRST = re.compile(
    rf"^\((?P<agency>[A-Z][\w./ -]{{1,20}})\)\s*{_DASH}\s*(?P<place>{_PLACE}),?\s+(?:(?P<date>{_DATE})\s*)?{_DASH}\s+"
)
"""ANSA: `(ANSA) - ROMA, 21 GEN -`"""

_NO_PLACES = frozenset({"FILE", "FOTO", "PHOTO", "VIDEO", "ARCHIV", "ARCHIVE", "UPDATE", "NOTE", "WATCH", "OPINION"})
"""Words in capitals before a dash that name no place: captions and labels begin with them."""

_DASHES = ("-", "–", "—", "_", "=", ":")
_DATE_ONLY = re.compile(rf"^{_DATE}$")
_DATE_WITHIN = re.compile(rf"(?<!\w){_DATE}")
_SMALL = frozenset(
    {"de", "of", "la", "el", "al", "and", "the", "del", "du", "les", "sur", "am", "an", "der", "den", "do"}
)
_FEED_NAME = re.compile(rf"^(?P<agency>[A-Za-z][\w./ -]{{1,40}}?),?\s+(?P<date>{_DATE})\s+{_DASH}\s+")
_ALONE = re.compile(
    r"(?P<place>[^\W\d_a-zß-öø-ÿ]{2}[^\W\d_a-zß-öø-ÿ .'/-]{1,30}) \((?P<agency>[A-Z]{2,8}(?:[-/][A-Z]{2,8})*)\)\.?$"
)
"""On a line of its own, as in the Nordic countries: `STOCKHOLM (TT)`"""

_MAY_BE = re.compile(r"\)|[-–—_]\s|/")
"""What ends each of them."""

_DIGIT = re.compile(r"\d")
_SHORTENED = 5
_AMONG = 4
_SHORT = 120
"""Characters of a line that may still stand above the first sentence."""


def dateline(draft: Draft) -> None:
    """Where, when and by whom, before the first sentence; only near the top (14).

    What the format states goes before the text; a date without its year is of the year about the item's own day.
    """
    said = draft.article.version_created or draft.article.first_created
    near = said.date() if said else None
    _above_the_text(draft, near)
    line: Dateline | None = draft.wire.get("dateline", draft.article.wire.dateline)
    written = _DATE_WITHIN.search(line.raw) if line and not line.date else None
    if line and written and (day := _full_date(written.group(), near)):
        draft.wire["dateline"] = line.model_copy(update={"date": day.isoformat()})


def _above_the_text(draft: Draft, near: date | None) -> None:
    article, stated = draft.article, draft.article.wire.dateline
    paragraphs = [passage for passage in draft.passages if passage.kind == "paragraph"]
    for number, passage in enumerate(paragraphs[:_AMONG]):
        if found := _dateline(passage, near):
            end, line = found
            told = stated.model_dump(exclude_none=True) if stated else {}
            if stated and not stated.place:
                told.pop("raw")  # `January 21`, the time of publication: the text tells more
            draft.wire["dateline"] = line.model_copy(update=told)
            if line.place and not article.located:
                draft.fields["located"] = line.place
            if line.date and not near:
                draft.fields["version_created"] = datetime.fromisoformat(line.date).replace(tzinfo=UTC)
            if line.agency and not article.wire.provider:
                draft.wire["provider"] = line.agency
            draft.remove(passage, "dateline", 0, end)
            return
        if stated and stated.agency and passage.text.startswith(stated.raw):
            draft.remove(passage, "dateline", 0, len(stated.raw))  # marked as one, and without a dash
            return
        if number and len(passage.text) > _SHORT:
            return


def _dateline(passage: Passage, near: date | None) -> tuple[int, Dateline] | None:
    start = passage.text[:160]
    if not _MAY_BE.search(start):
        return None
    if alone := _ALONE.match(passage.text):
        return len(passage.text), Dateline(raw=passage.text, place=alone["place"], agency=alone["agency"])
    certain = _certain(start)
    found = certain or _DATELINE.match(start)
    if not found or not found.group().strip(" -–—_"):
        return None
    parts = found.groupdict()
    place, when = parts.get("place"), parts.get("date")
    agency = parts.get("agency") or parts.get("bare")
    bracketed = not certain and parts.get("agency")
    if bracketed and agency and _DATE_ONLY.match(agency):
        when = agency
    if not certain and not _plausible(place, when, agency, bracketed=bool(bracketed), matched=found.group()):
        return None
    if place is None and agency and not bracketed and not certain:
        place, agency = agency, None  # `LISBON -`: a word in capitals before the dash is the place
    rest = passage.text[found.end() :].lstrip()
    if not rest or rest[0].islower():
        return None
    if agency == when:
        agency = None
    raw = found.group().strip()
    if place:
        place = _with_its_stop(place, raw)
    stated = _full_date(when, near)
    return found.end(), Dateline(
        raw=raw, place=place or None, date=stated.isoformat() if stated else None, agency=agency
    )


def _with_its_stop(place: str, raw: str) -> str:
    """The full stop of `CHATHAM, Mass.` is of the place, that of `MOSCOW. Jan 21` is not."""
    bare = place.removesuffix(".")
    shortened = len(bare.split()[-1]) < _SHORTENED
    if shortened and "," in bare and raw.startswith(f"{bare}."):
        return f"{bare}."
    return place if shortened else bare


def _certain(start: str) -> re.Match[str] | None:
    """A dateline of a shape that nothing else has."""
    if start.startswith("("):
        return _AGENCY_FIRST.match(start)
    if "/" in start and (nordic := _NORDIC.match(start)):
        return nordic
    if not _DIGIT.search(start, 0, 80):
        return None
    return (_SLASHED.match(start) if "/" in start else None) or _FEED_NAME.match(start)


def _plausible(place: str | None, when: str | None, agency: str | None, *, bracketed: bool, matched: str) -> bool:
    """Tell a dateline from a sentence that begins with a name and a dash or a bracket."""
    if not bracketed:
        first = (place or agency or "").replace(",", " ").split()
        shouted = bool(first) and first[0].isupper() and len(first[0]) > 2 and first[0] not in _NO_PLACES
        return bool(when and (place or agency)) or shouted
    agency = agency or ""
    if len(agency.split()) > 3 or (any(c.isdigit() for c in agency) and not _DATE_ONLY.match(agency)):
        return False
    words = re.sub(r"[,()]", " ", place or "").split()
    if len(words) > 6 or not all(w[0].isupper() or w in _SMALL for w in words):
        return False
    # Without a dash, `Party (ABC) has ...` looks the same: only a date or a desk's lower case tells.
    return matched.rstrip().endswith(_DASHES) or when is not None or (bool(place) and agency.islower())


def _full_date(when: str | None, near: date | None) -> date | None:
    """A written date; ``near`` is the day about which it is taken to be where it names no year."""
    if not when or not (near or re.search(r"\d{4}", when)):
        return None
    if figures := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./]?", when):
        when = f"{figures[1]}.{figures[2]}.{near.year if near else ''}"
    if turned := re.match(rf"(\d{{4}})\. ({MONTH}) (\d{{1,2}})", when, re.IGNORECASE):
        when = f"{turned[3]} {turned[2]} {turned[1]}"
    return written_day(when, near or date.min)
