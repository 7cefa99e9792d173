"""Moments as wire copy writes them: the time a message was sent, a day with a time of day, zones by their initials."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pipeline.months import MONTH, month_number

_HOURS = {
    "GMT": 0, "UTC": 0, "UT": 0, "TU": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "HNEC": 1,
    "CEST": 2, "MESZ": 2, "HAEC": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "GST": 4, "IST": 5.5, "WIB": 7, "ICT": 7,
    "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "NST": -3.5, "ADT": -3,
    "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
           "UHR": "Europe/Berlin"}  # fmt: skip
_ZONE = rf"(?:{'|'.join(sorted([*_HOURS, *_PLACES], key=len, reverse=True))})"

_SENT = re.compile(
    rf"(?<!\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d) ?(?P<zone>{_ZONE}\b)? ?(?P<month>{MONTH})\.? ?"
    r"(?P<year>\d{4}|\d\d)(?!\d)",
    re.IGNORECASE,
)
_SENT_IN_FIGURES = re.compile(
    r"(?<!\d)(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d(?:\d\d)?) (?P<hour>\d\d):?(?P<minute>\d\d) ?"
    rf"(?P<zone>{_ZONE}\b)?",
    re.IGNORECASE,
)
_SENT_FROM_A_ZONE = re.compile(
    rf"(?P<zone>{_ZONE})-(?P<hour>\d\d):(?P<minute>\d\d)-(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d\d)(?!\d)"
)

_SENT_WITH_SLASH = re.compile(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)/(?P<hour>\d\d):(?P<minute>\d\d)(?P<zone>(?!\d))"
)

_DAYS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)? (?:de |of )?(?P<month>{MONTH})\b\.?"
        r"(?:,? (?:de |del )?(?P<year>\d{4}))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<month>{MONTH})\b\.? (?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE
    ),
)
_TIMES = (
    re.compile(
        r"(?<![\d.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b\.?(?: \(?(?P<zone>[A-Z]{2,4})\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\d.])(?P<hour>\d{1,2})(?:[:h.]| heures ?)(?P<minute>\d\d)(?::\d\d)?(?![\d.]) ?(?:hrs? )?"
        r"\(?(?P<zone>[A-Z]{1,4}\b)?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d) ?(?:hrs? |hours )?\(?(?P<zone>[A-Z]{1,4}\b)?"),
    re.compile(r"(?<!\d)(?P<hour>\d{1,2}) ?(?:h\b|heures?\b|(?P<zone>Uhr|GMT|UTC)\b)", re.IGNORECASE),
)
_WORDS = {"midnight": (0, 0), "noon": (12, 0)}


def zone(initials: str) -> tzinfo | None:
    """The time zone that initials name; None if we don't know them."""
    name = initials.upper()
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    return ZoneInfo(_PLACES[name]) if name in _PLACES else None


def time_sent(text: str) -> datetime | None:
    """When a message says that it was sent, in UTC.

    The forms are `211634 GMT Nov 26` of IPTC 7901, `AP-NY-11-21-26 1134EST` of ANPA 1312, Kyodo's
    `JST-01:34-22-11-26` and APA's `2026-11-21/16:34`. No zone means UTC.
    """
    shapes = (_SENT, _SENT_FROM_A_ZONE, _SENT_IN_FIGURES, _SENT_WITH_SLASH)
    found = next(filter(None, (shape.search(text) for shape in shapes)), None)
    if not found:
        return None
    month = int(found["month"]) if found["month"].isdigit() else month_number(found["month"])
    year = int(found["year"])
    try:
        moment = datetime(
            year if year > 99 else year + (1900 if year >= 70 else 2000), month or 0, int(found["day"]),
            int(found["hour"]), int(found["minute"]), tzinfo=zone(found["zone"] or "UTC"),
        )  # fmt: skip
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written_day(text: str, near: date) -> date | None:
    """The first day that a text names; one without its year is taken to be the nearest to ``near``."""
    for shape in _DAYS:
        if found := shape.search(text):
            month = int(found["month"]) if found["month"].isdigit() else month_number(found["month"])
            years = [int(found["year"])] if found["year"] else [near.year - 1, near.year, near.year + 1]
            days = [day for year in years if (day := _day(year, month, int(found["day"])))]
            if days:
                return min(days, key=lambda day: abs(day - near))
    return None


def written_time(text: str, day: date) -> datetime | None:
    """The first time of day that a text names, on ``day``, in UTC; no zone, or one we don't know, means UTC."""
    for shape in _TIMES:
        if found := shape.search(text):
            parts = found.groupdict()
            hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
            if half := parts.get("half"):
                hour = hour % 12 + (12 if half in "pP" else 0)
            return _moment(day, hour, minute, zone(parts.get("zone") or "UTC") or UTC)
    for word, (hour, minute) in _WORDS.items():
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            found = re.search(rf"\b{word} ({_ZONE})\b", text, re.IGNORECASE)
            return _moment(day, hour, minute, (zone(found[1]) if found else UTC) or UTC)
    return None


def without_days(text: str) -> str:
    """The text without the days it names, so that a year is never taken for a time of day."""
    for shape in _DAYS:
        text = shape.sub(" ", text)
    return text


def _day(year: int, month: int | None, day: int) -> date | None:
    try:
        return date(year, month or 0, day)
    except ValueError:
        return None


def _moment(day: date, hour: int, minute: int, where: tzinfo) -> datetime | None:
    try:
        midnight = datetime(day.year, day.month, day.day, tzinfo=where)
        if hour > 24 or minute > 59:
            return None
        return (midnight + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
