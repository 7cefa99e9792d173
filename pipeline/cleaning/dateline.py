"""The dateline: where, when and by whom, before the first sentence.

Its parts are told by their shape, not by lists of cities and agencies: a new agency needs no new rule.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from pipeline.article import Dateline
from pipeline.cleaning.draft import Draft, Passage

_MONTHS = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = rf"(?:{_MONTHS}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTHS}(?:,?\s+\d{{4}})?)"
_WORD = r"[^\W\d_][\w.'’/-]*"
_PLACE = rf"(?:{_WORD}(?:\s{_WORD}){{0,3}}(?:,\s{_WORD}(?:\s{_WORD}){{0,3}}){{0,2}})"
_DASH = r"(?:--|[-–—_])"
_DATELINE = re.compile(
    rf"^(?:(?P<place>{_PLACE}?),?\s+)??(?P<date>{_DATE})?,?\s*"
    rf"(?:\((?P<agency>[^()\n]{{2,40}})\)\s*(?:{_DASH}\s*)?|"
    rf"(?P<bare>[A-Z][\w./-]{{1,20}}(?: [A-Z][\w./-]{{1,20}}){{0,2}})?\s*{_DASH}\s+)"
)
_DASHED = re.compile(rf"^[^()]*\([^()]*\)\s*{_DASH}\s")
_DATE_ONLY = re.compile(rf"^{_DATE}$")
_SMALL = frozenset({"de", "of", "la", "el", "al", "and", "the", "del", "du"})
_FEED_NAME = re.compile(rf"^(?P<agency>[A-Za-z][\w./ -]{{1,40}}?),?\s+(?P<date>{_DATE})\s+{_DASH}\s+")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def dateline(draft: Draft) -> None:
    """Where, when and by whom, before the first sentence; only near the top (14)."""
    paragraphs = [passage for passage in draft.passages if passage.kind == "paragraph"]
    for passage in paragraphs[:2]:
        said = draft.article.version_created or draft.article.first_created
        if found := _dateline(passage, said.year if said else None):
            end, line = found
            draft.wire["dateline"] = line
            if line.place and not draft.article.located:
                draft.fields["located"] = line.place
            if line.date and not said:
                draft.fields["version_created"] = datetime.fromisoformat(line.date).replace(tzinfo=UTC)
            draft.remove(passage, "dateline", 0, end)
            return


def _dateline(passage: Passage, year: int | None) -> tuple[int, Dateline] | None:
    start = passage.text[:160]
    feed = _FEED_NAME.match(start)
    found = feed or _DATELINE.match(start)
    if not found or not found.group().strip(" -–—_"):
        return None
    parts = found.groupdict()
    place, when = parts.get("place"), parts.get("date")
    agency = parts.get("agency") or parts.get("bare")
    bracketed = not feed and parts.get("agency")
    if bracketed and agency and _DATE_ONLY.match(agency):
        when = agency
    if not feed and not _plausible(place, when, agency, bracketed=bool(bracketed), text=start):
        return None
    if place is None and agency and not bracketed and not feed:
        place, agency = agency, None  # `LISBON -`: a word in capitals before the dash is the place
    rest = passage.text[found.end() :].lstrip()
    if not rest or rest[0].islower():
        return None
    if agency == when:
        agency = None
    raw = found.group().strip()
    stated = _full_date(when, year)
    return found.end(), Dateline(
        raw=raw, place=place or None, date=stated.isoformat() if stated else None, agency=agency
    )


def _plausible(place: str | None, when: str | None, agency: str | None, *, bracketed: bool, text: str) -> bool:
    """Tell a dateline from a sentence that begins with a name and a dash or a bracket."""
    if not bracketed:
        first = (place or agency or "").replace(",", " ").split()
        shouted = bool(first) and first[0].isupper() and len(first[0]) > 2
        return bool(when and (place or agency)) or shouted
    agency = agency or ""
    if len(agency.split()) > 3 or (any(c.isdigit() for c in agency) and not _DATE_ONLY.match(agency)):
        return False
    words = (place or "").replace(",", " ").split()
    if len(words) > 6 or not all(w[0].isupper() or w in _SMALL for w in words):
        return False
    # Without a dash, `Party (ABC) has ...` looks the same: only a date or a desk's lower case tells.
    return _DASHED.match(text) is not None or when is not None or (bool(place) and agency.islower())


def _full_date(when: str | None, year: int | None) -> date | None:
    """A written date; ``year`` is the one it is taken to be of where it names none."""
    month = re.search(r"[A-Za-z]{3}", when or "")
    numbers = [int(number) for number in re.findall(r"\d+", when or "")]
    if len(numbers) == 1 and year:
        numbers.append(year)
    if not month or len(numbers) != 2:
        return None
    try:
        return date(numbers[1], _MONTH_NAMES.index(month.group().lower()) + 1, numbers[0])
    except ValueError:
        return None
