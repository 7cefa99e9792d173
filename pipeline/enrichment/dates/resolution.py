"""Which day, month or year of the calendar a written date means, seen from the day of writing."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from pipeline.enrichment.dates.tense import Tense
from pipeline.enrichment.dates.written import Written

_CYCLE = 40
"""Years within which every day of the calendar falls on every day of the week (29 February takes the longest)."""

_NEAR = timedelta(days=10)
"""An item that writes of a day no farther off came in with the news: the day it came in stays the reference."""


_TOP = 30
"""Characters from the start of a text in which a date is that of the article: what is left of a dateline."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The day of writing; ``stated`` is false where it is only the day the item came in, possibly years later."""

    day: date
    stated: bool


def resolve(one: Written, tense: Tense | None, reference: Reference) -> str | None:
    """The date in ISO 8601: a day (2022-02-07), week (2022-W06), month (2022-02) or year (2022); None if there is none.

    Args:
        one: the date as written.
        tense: whether what it dates is behind or ahead of the day of writing, if known.
        reference: the day of writing.
    """
    try:
        return _resolve(one, tense, reference)
    except (ValueError, OverflowError):  # 31 February; two million days ago
        return None


def _resolve(one: Written, tense: Tense | None, reference: Reference) -> str | None:
    today = reference.day
    if one.month and one.day:
        day = _day_of_month(one, tense, reference)
        return day.isoformat() if day else None
    if one.month:
        return _month(one, tense, today)
    if one.year:
        return f"{one.year:04}"
    if one.weekday is not None:
        return _weekday(one, tense, today).isoformat()
    return _counted(one, today)


def anchor(one: Written, tense: Tense | None, reference: Reference) -> date | None:
    """The day of writing as the text itself tells it, where that is far from the day the item came in.

    It tells it by a weekday with its date, or "today" with its date. A date with its year may be of any past: it tells
    only where the text begins with it, or "this" or "today" stands before it.
    """
    if reference.stated or not (one.month and one.day):
        return None
    if one.relation != "this" and (one.start > _TOP if one.year else one.weekday is None):
        return None
    found = resolve(one, tense, reference)
    day = date.fromisoformat(found) if found else None
    return day if day and abs(day - reference.day) > _NEAR else None


def _day_of_month(one: Written, tense: Tense | None, reference: Reference) -> date | None:
    month, day, today = one.month or 1, one.day or 1, reference.day
    if one.year:
        return date(one.year, month, day)
    if one.unit == "year":
        return date(today.year + one.offset, month, day)
    if one.weekday is not None and not reference.stated:
        days = [found for found in _days(month, day, today) if found.weekday() == one.weekday]
        latest = date.max if tense == "future" else today + (timedelta(0) if tense == "past" else _NEAR)
        days = [found for found in days if found <= latest]
        if days:
            return min(days, key=lambda found: abs(found - today))
    near = [found for found in _days(month, day, today) if abs(found.year - today.year) <= 1]
    if tense == "past":
        near = [found for found in near if found <= today] or near
    elif tense == "future":
        near = [found for found in near if found >= today] or near
    return min(near, key=lambda found: abs(found - today), default=None)


def _days(month: int, day: int, today: date) -> list[date]:
    """This day of the month in all years from long before ``today`` to one year after."""
    years = range(max(MINYEAR, today.year - _CYCLE), min(MAXYEAR, today.year + 1) + 1)
    return [date(year, month, day) for year in years if 1 <= month <= 12 and day <= monthrange(year, month)[1]]


def _month(one: Written, tense: Tense | None, today: date) -> str:
    month = one.month or 1
    if one.year:
        return f"{one.year:04}-{month:02}"
    if one.unit == "year":
        return f"{today.year + one.offset:04}-{month:02}"
    year = today.year
    if one.relation == "last":
        year -= month >= today.month
    elif one.relation == "next" or (tense == "future" and one.relation is None):
        year += month < today.month or (month == today.month and one.relation == "next")
    elif one.relation is None:
        year -= month > today.month
    return f"{year:04}-{month:02}"


def _weekday(one: Written, tense: Tense | None, today: date) -> date:
    weekday = one.weekday or 0
    if one.unit == "week":
        return today + timedelta(weeks=one.offset, days=weekday - today.weekday())
    back = (today.weekday() - weekday) % 7
    ahead = (weekday - today.weekday()) % 7
    if one.relation == "last":
        return today - timedelta(days=back or 7)
    if one.relation == "next":
        return today + timedelta(days=ahead or 7)
    return today + timedelta(days=ahead) if tense == "future" else today - timedelta(days=back)


def _counted(one: Written, today: date) -> str | None:
    if one.unit == "day":
        return (today + timedelta(days=one.offset)).isoformat()
    if one.unit == "week":
        year, week, _ = (today + timedelta(weeks=one.offset)).isocalendar()
        return f"{year:04}-W{week:02}"
    if one.unit == "month":
        months = today.year * 12 + today.month - 1 + one.offset
        return date(months // 12, months % 12 + 1, 1).isoformat()[:7]
    if one.unit == "year":
        return date(today.year + one.offset, 1, 1).isoformat()[:4]
    return None
