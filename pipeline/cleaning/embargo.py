"""Embargoes written into copy: a time before which nothing may be published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser

from pipeline.cleaning.draft import HEAD, Draft
from pipeline.moments import without_days, written_day, written_time

_EMBARGO = re.compile(
    r"[\W_]*(?:(?:STRICTLY|STRICT|SOUS|UNDER|BAJO|MIT|UNDER STRICT) )*(?:EMBARGO(?:ED|É|ÉE)?|SPERRFRIST|SPERRE?)\b"
    r"(?:[\s:]*(?:UNTIL|FOR RELEASE(?: AT| ON| UNTIL)?|TILL|TO|FOR|AT|BIS|JUSQU.AU|JUSQU.À|HASTA|TOT|TIL)\b)?[:\s]*"
    r"(?P<when>.*)$|"
    r"[\W_]*(?:HOLD FOR RELEASE|NOT FOR (?:RELEASE|PUBLICATION|USE) BEFORE|(?:DO )?NOT (?:PUBLISH|USE) BEFORE|"
    r"NE PAS (?:PUBLIER|DIFFUSER) AVANT|FREI AB|FREIGEGEBEN AB)\b[:\s]*(?P<until>.*)$",
    re.IGNORECASE,
)
_TIME_ALONE = re.compile(
    r"\W*(?:at |ab )?[\d:.]+\s?(?:hrs?|hours|h|uhr|[ap]\.?m\.?)?\s*\(?(?:[A-Z]{2,4})?\)?(?: today| heute)?\W*$",
    re.IGNORECASE,
)
"""Nothing but a time of day: a day that can't be read is no reason to publish on the next."""

_ZONE_STATED = re.compile(r"\d\s?(?:hrs? |hours )?\(?[A-Z]{2,4}\b|\bUhr\b|\bmidnight [A-Z]{2,4}\b")
_AT_HOME = {"pa": "Europe/London", "the press association": "Europe/London", "press association": "Europe/London"}
"""Agencies whose notices mean the time of their own country, by the provider's name in lower case."""

_MOST = 200
_NOTICE_IN_CAPITALS = re.compile(r"[\W_]*[^\W\d_]+\b")


def embargo(draft: Draft) -> None:
    """`EMBARGOED UNTIL 0001 GMT November 5`; one that can't be read holds the item back (22).

    A time that the format states goes before the one in the text; a note to editors may tell what the format doesn't.
    """
    _of_notes(draft)
    for passage in draft.passages[:HEAD]:
        found = _EMBARGO.match(passage.text) if len(passage.text) <= _MOST else None
        if not found or not _is_notice(passage.text):
            continue
        until = None
        if not draft.article.embargoed_until:
            until = _until(found, draft)
            draft.fields["pub_status"] = "withheld"
            if until:
                draft.fields["embargoed_until"] = until
            else:
                draft.warnings.append(f"the embargo can't be read, so the item is withheld: {passage.text!r}")
        draft.note(passage.text)
        draft.remove(passage, "embargo")
        return


def _of_notes(draft: Draft) -> None:
    """The time of an embargo that the format only calls one: PA's `Embargoed to 0001 Friday March 06`."""
    article = draft.article
    if article.pub_status != "withheld" or article.embargoed_until:
        return
    for line in (article.ed_note or "").splitlines():
        found = _EMBARGO.match(line.strip()) if len(line) <= _MOST else None
        if found and (until := _until(found, draft)):
            draft.fields["embargoed_until"] = until
            return


def _until(found: re.Match[str], draft: Draft) -> datetime | None:
    notice = found["when"] or found["until"] or ""
    until = _moment(notice, _near(draft))
    home = _AT_HOME.get((draft.article.wire.provider or "").casefold())
    if until and home and not _ZONE_STATED.search(notice):
        return until.replace(tzinfo=ZoneInfo(home)).astimezone(UTC)
    return until


def _is_notice(text: str) -> bool:
    """A headline or a sentence may begin with the word too: "Embargo on arms is extended"."""
    first = _NOTICE_IN_CAPITALS.match(text)
    shouted = first is not None and first.group().strip("*_- ").isupper()
    return shouted or any(c.isdigit() for c in text) or ":" in text


def _near(draft: Draft) -> datetime:
    article = draft.article
    return article.version_created or article.first_created or article.ingest.received_at


def _moment(text: str, near: datetime) -> datetime | None:
    """The moment a notice names. A day without year is the nearest; a time without day comes next."""
    day = written_day(text, near.date())
    if day:
        until = written_time(without_days(text), day)
        if until:
            return until
    elif _TIME_ALONE.match(text):
        until = written_time(text, near.date())
        if until:
            return until if until >= near - timedelta(hours=1) else until + timedelta(days=1)
    return _parsed(text)


def _parsed(text: str) -> datetime | None:
    moment = dateparser.parse(
        text.strip(" .:"),
        languages=["en"],
        settings={"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True, "REQUIRE_PARTS": ["day", "month", "year"]},
    )
    return moment.astimezone(UTC) if moment else None
