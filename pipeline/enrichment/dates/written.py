"""Where dates stand in a text and what is written of each: months, days, weekdays, years, "two weeks ago".

Only what is written is noted here; which day of the calendar it means is a matter of `resolution`.
Every search is bounded to a few characters around a telling word, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pipeline.enrichment.dates.words import MONTHS, WEEKDAYS, words

Unit = Literal["day", "week", "month", "year"]
Relation = Literal["last", "this", "next"]


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: offsets in characters, and what it names; absent means not written.

    ``month`` is 1 to 12, ``weekday`` 0 (Monday) to 6. ``unit`` and ``offset`` count from the day of writing: -2 weeks
    is "two weeks ago". ``relation`` is the word before a weekday or month. ``needs`` says what must support a reading
    that is not certain by itself: an entity labelled DATE ("entity"), or a verb in the future ("future").
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    unit: Unit | None = None
    offset: int = 0
    relation: Relation | None = None
    needs: Literal["entity", "future"] | None = None


_BEFORE = 60
"""Characters before a telling word that may belong to its date."""

_MONTH = "|".join(f"{name}|{name.upper()}" for name in MONTHS)
_SHORT = "|".join(f"{name[:3]}|{name[:3].upper()}" for name in MONTHS if name != "May")
_WEEKDAY = "|".join(WEEKDAYS)
_SHORT_WEEKDAY = "Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w%:]|[.,]\d{1,3}(?!\d))"
_YEAR = r"(?:1[0-9]|20|21)\d\d(?![\w%]|[.,:]\d)"
_RANGE = r"\s?(?:to|through|until|till|[-–—])\s?"
_JOINT = rf"(?:{_RANGE}|,?\s(?:and|or|&)\s|\s?[&/]\s?|,\s)"
_WHICH = r"(?:of\s)?(?P<which>last|this|next)\syear\b"

_MONTHS_FOUND = re.compile(
    rf"(?:(?P<month>{_MONTH})|(?P<short>{_SHORT}|Sept|SEPT)\b\.?)(?![a-z])"
    rf"(?:(?:\s?|-)(?P<days>{_DAY}(?:{_JOINT}{_DAY}){{0,6}}))?"
    rf"(?:\s?\((?:{_WEEKDAY})\))?"
    rf"(?:(?:,?\s|\sof\s|,|\s\()(?P<year>{_YEAR})|\s{_WHICH})?"
)
_OTHER_YEAR = re.compile(r"\s(?:of\s)?(?:that|the)\s(?:same\s|following\s|previous\s|next\s)?year\b", re.IGNORECASE)
"""After a month: the year of some other date, which we don't follow up."""

_DAYS_BEFORE = re.compile(rf"(?<![\w.,:$€£/–-])(?P<days>(?:{_DAY}{_JOINT}){{0,6}}{_DAY})[\s-]?(?:of\s)?$")
_WEEKDAY_BEFORE = re.compile(
    rf"\b(?:(?P<today>today),?\s\(?|(?:(?P<relation>this|last|next|past|coming)\s)?"
    rf"(?P<weekday>(?:{_WEEKDAY})\b|(?:{_SHORT_WEEKDAY})\b\.?)(?:\s(?:morning|afternoon|evening|night)\b)?,?\s?[(\s]?(?:on\s)?(?:the\s)?)$",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"\b(?:early|late|mid|(?:the\s)?(?:beginning|start|middle|end)\sof|(?P<relation>this|last|next|past|coming))[\s-]$",
    re.IGNORECASE,
)
_BETWEEN = frozenset({" ", "-", "\u00a0"})
_ONE_DAY = re.compile(_DAY)
_ENDS_DAY = re.compile(
    r"\s?(?:$|[-–—.,;:)\n”\"’']|(?:after|and|are|as|at|before|by|during|for|from|has|have|he|in|is|last|next|of\s(?:last|this|next)"
    r"|on|or|respectively|she|that|the|they|this|to|was|were|when|where|which|while|will|with|would|year)\b"
    rf"|(?:{_MONTH}|{_SHORT})\b|{_YEAR})"
)

_WEEKDAYS_FOUND = re.compile(
    rf"(?P<weekday>{_WEEKDAY})(?!\w)(?:\s(?:of\s)?(?P<which>last|this|next)\sweek\b)?", re.IGNORECASE
)
_RELATION_BEFORE = re.compile(r"\b(?P<relation>this|last|next)(?:\s(?:past|coming))?\s$", re.IGNORECASE)

_YEARS_FOUND = re.compile(rf"(?<![\w.,:$€£#/])(?P<year>{_YEAR})(?:(?P<dash>[-–—])(?P<other>{_YEAR}))?(?![-–—/]\d)")

_NUMERIC_FOUND = re.compile(
    r"(?<![\w./-])(?:(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)"
    r"|(?P<a>\d\d?)(?P<t>[/.-])(?P<b>\d\d?)(?P=t)(?P<z>(?:19|20)\d\d))(?![\w/-]|\.\d)"
)


def find(text: str) -> list[Written]:
    """The dates of a text, in order, none over another: of two readings, the one that starts first or is longer."""
    found = [*_months(text), *_weekdays(text), *_numeric(text), *_years(text), *_counted(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Written] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return _years_shared(text, kept)


def _months(text: str) -> Iterator[Written]:
    for match in _MONTHS_FOUND.finditer(text):
        start = match.start()
        if (start and (text[start - 1].isalpha() or text[start - 1] == "_")) or _OTHER_YEAR.match(text, match.end()):
            continue
        name = match["month"] or match["short"]
        month = next(number for number, full in enumerate(MONTHS, 1) if full[:3] == name[:3].capitalize())
        one = Written(start, match.end(), month=month, year=_number(match["year"]))
        if match["which"]:
            one = replace(one, unit="year", offset=_OFFSETS[match["which"].lower()])
        if match["days"]:
            yield from _month_first(text, one, match)
        elif days := _DAYS_BEFORE.search(text[max(0, start - _BEFORE) : start]):
            yield from _day_first(text, one, days, max(0, start - _BEFORE))
        elif found := _month_alone(text, one, short=match["short"] is not None):
            yield found


def _month_first(text: str, month: Written, match: re.Match[str]) -> Iterator[Written]:
    """February 14; February 14 and 15, 2022: each day a date, the month with the first, the year with the last."""
    days = written_days = list(_ONE_DAY.finditer(text, *match.span("days")))
    for number, day in enumerate(days[1:], 1):
        if not _ENDS_DAY.match(text, day.end()):  # "February 14 and 15 soldiers"
            days = days[:number]
            month = replace(month, year=None, unit=None)
            break
    whole = len(days) == len(written_days)
    dates = [replace(month, start=day.start(), end=day.end(), day=_day(day)) for day in days]
    dates[0] = _with_weekday(text, replace(dates[0], start=month.start))
    if whole:
        dates[-1] = replace(dates[-1], end=match.end())
    return iter(dates)


def _day_first(text: str, month: Written, match: re.Match[str], offset: int) -> Iterator[Written]:
    """14 February; from 14 to 15 February 2022."""
    first, last = (offset + at for at in match.span("days"))
    days = list(_ONE_DAY.finditer(text, first, last))
    dates = [replace(month, start=day.start(), end=day.end(), day=_day(day)) for day in days]
    dates[-1] = replace(dates[-1], end=month.end)
    dates[0] = _with_weekday(text, dates[0])
    return iter(dates)


def _with_weekday(text: str, one: Written) -> Written:
    offset = max(0, one.start - _BEFORE)
    match = _WEEKDAY_BEFORE.search(text[offset : one.start])
    if not match:
        return one
    if match["today"]:
        return replace(one, start=offset + match.start(), relation="this")
    return replace(one, start=offset + match.start(), weekday=_weekday(match["weekday"]), relation=_relation(match))


def _month_alone(text: str, one: Written, *, short: bool) -> Written | None:
    offset = max(0, one.start - _BEFORE)
    match = _PART_BEFORE.search(text[offset : one.start])
    if match:
        one = replace(one, start=offset + match.start(), relation=_relation(match))
    if match or one.year or one.unit:
        return one
    before = _word_before(text, one.start)
    cues = words().firm if short or one.month == 5 else words().month
    return one if before in cues else replace(one, needs="entity")


def _weekdays(text: str) -> Iterator[Written]:
    for match in _WEEKDAYS_FOUND.finditer(text):
        start = match.start()
        if (start and text[start - 1].isalnum()) or _word_before(text, start) in words().not_a_weekday:
            continue
        one = Written(start, match.end(), weekday=_weekday(match["weekday"]))
        if match["which"]:
            one = replace(one, unit="week", offset=_OFFSETS[match["which"].lower()])
        offset = max(0, start - _BEFORE)
        if before := _RELATION_BEFORE.search(text[offset:start]):
            one = replace(one, start=offset + before.start(), relation=_relation(before))
        yield one


def _years(text: str) -> Iterator[Written]:
    for match in _YEARS_FOUND.finditer(text):
        year = int(match["year"])
        part = _PART_BEFORE.search(text[max(0, match.start() - _BEFORE) : match.start()])
        start = max(0, match.start() - _BEFORE) + part.start() if part else match.start()
        if not part and text[match.start() - 1 : match.start()] in {"-", "–"}:
            continue  # COVID-2019
        cued = part or (1900 <= year < 2100 and _word_before(text, match.start()) in words().year)
        one = Written(start, match.end("year"), year=year, needs=None if cued else "entity")
        yield one
        if match["other"]:
            yield replace(one, start=match.start("other"), end=match.end(), year=int(match["other"]))


def _numeric(text: str) -> Iterator[Written]:
    """2022-02-07, 7.2.2022, and with strokes only where the order of day and month is certain (13/2/2022)."""
    for match in _NUMERIC_FOUND.finditer(text):
        if match["y"]:
            year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        else:
            year, day, month = int(match["z"]), int(match["a"]), int(match["b"])
            if month > 12:
                day, month = month, day
            elif day <= 12 and day != month and match["t"] != ".":
                continue
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Written(match.start(), match.end(), year=year, month=month, day=day)


_OFFSETS = {"last": -1, "this": 0, "next": 1}


@cache
def _counted_found() -> re.Pattern[str]:
    """Yesterday, last week, earlier this month, two days ago, in three weeks, five years from now."""
    table = words()
    days = "|".join(sorted(table.days, key=len, reverse=True)).replace(" ", r"\s")
    count = rf"(?:\d{{1,3}}|{'|'.join(sorted(table.numbers, key=len, reverse=True))})"
    unit = r"(?:day|week|month|year)"
    return re.compile(
        rf"\b(?:(?P<day>{days})"
        rf"|(?P<which>(?:(?:earlier|later)\s)?this|last|next)\s(?P<of>week|month|year)"
        rf"|(?:(?P<in>in)\s)?(?P<count>{count})\s(?P<unit>{unit})s?(?P<ago>\sago|\sfrom\s(?:now|today))?)\b(?!-)",
        re.IGNORECASE,
    )


def _counted(text: str) -> Iterator[Written]:
    for match in _counted_found().finditer(text):
        start, end = match.span()
        before = _word_before(text, start)
        if match["day"]:
            name = " ".join(match["day"].lower().split())
            if match["day"][0].isupper() and text[max(0, start - 2) : start].strip(" ")[-1:].isalpha():
                continue  # the newspaper Kestrel Today
            yield Written(start, end, unit="day", offset=words().days[name])
        elif match["which"]:
            if before != "the":  # "the last year": twelve months, not that of the calendar
                yield Written(start, end, unit=_unit(match["of"]), offset=_OFFSETS[match["which"].lower().split()[-1]])
        elif match["ago"] and before not in words().open:
            count = _count(match["count"])
            past = match["ago"].lower().endswith("ago")
            begin = match.start("count") if past else start
            yield Written(begin, end, unit=_unit(match["unit"]), offset=-count if past else count)
        elif match["in"] and not match["ago"]:
            yield Written(start, end, unit=_unit(match["unit"]), offset=_count(match["count"]), needs="future")


_LINK = re.compile(rf"(?:{_JOINT}|\s(?:and|to|until)\s)", re.IGNORECASE)


def _years_shared(text: str, found: list[Written]) -> list[Written]:
    """In "from 28 April to 3 May 2022" the year belongs to both."""
    shared = list(found)
    for number in range(len(shared) - 2, -1, -1):
        one, following = shared[number], shared[number + 1]
        bare = (
            one.month
            and not (one.year or one.unit)
            and following.month
            and (following.year or following.unit == "year")
        )
        if bare and _LINK.fullmatch(text[one.end : following.start]):
            later = (one.month or 0, one.day or 0) > (following.month or 0, following.day or 99)
            if following.year:
                shared[number] = replace(one, year=following.year - later, needs=None)
            else:
                shared[number] = replace(one, unit="year", offset=following.offset - later, needs=None)
    return shared


def _word_before(text: str, at: int) -> str:
    """The word right before, parted by a space or hyphen, in lower case; empty where there is none."""
    before = text[max(0, at - 20) : at]
    words_before = before.replace("-", " ").split() if before[-1:] in _BETWEEN else []
    return words_before[-1].lower() if words_before else ""


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _day(match: re.Match[str]) -> int:
    return int(match.group().rstrip("stndrh"))


def _weekday(name: str) -> int:
    return next(number for number, full in enumerate(WEEKDAYS) if full[:3].lower() == name[:3].lower())


def _relation(match: re.Match[str]) -> Relation | None:
    found = (match["relation"] or "").lower()
    relations: dict[str, Relation] = {"last": "last", "past": "last", "this": "this", "next": "next", "coming": "next"}
    return relations.get(found)


def _unit(name: str) -> Unit:
    units: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
    return units[name.lower()]


def _count(written: str) -> int:
    return int(written) if written.isdigit() else words().numbers[written.lower()]
