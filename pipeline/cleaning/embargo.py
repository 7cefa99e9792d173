"""Embargoes written into copy: a time before which nothing may be published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

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

_MOST = 200
_NOTICE_IN_CAPITALS = re.compile(r"[\W_]*[^\W\d_]+\b")


def embargo(draft: Draft) -> None:
    """`EMBARGOED UNTIL 0001 GMT November 5`; one that can't be read holds the item back (22).

    A time that the format states goes before the one in the text.
    """
    for passage in draft.passages[:HEAD]:
        found = _EMBARGO.match(passage.text) if len(passage.text) <= _MOST else None
        if not found or not _is_notice(passage.text):
            continue
        until = None
        if not draft.article.embargoed_until:
            until = _moment(found["when"] or found["until"] or "", _near(draft))
            draft.fields["pub_status"] = "withheld"
            if until:
                draft.fields["embargoed_until"] = until
            else:
                draft.warnings.append(f"the embargo can't be read, so the item is withheld: {passage.text!r}")
        draft.note(passage.text)
        draft.remove(passage, "embargo")
        return


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
