"""ANPA 1312: SOH, two lines of header, STX, the copy, ETX, agency and time, EOT.

The first line has service, number and selector, the second priority, category, format, keyword, date and words.

The text between STX and ETX carries its own marks (see `agency_copy`), so copy that has lost its envelope is
known by them. After ETX stand the agency and when it was sent. Source: ANPA Bulletin 1312 (1979, as of 1989).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pipeline.article import AltId, Article
from pipeline.errors import Poison
from pipeline.formats.agency_copy import Copy, article_of, category, copy_of
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import sequence_uri
from pipeline.formats.transmission import in_envelope
from pipeline.headers import Hints
from pipeline.moments import time_sent

_FIRST = re.compile(
    r"[\ufeff\x00\x16\x7f\xff\s]*\x01(?P<service>[A-Za-z]?)(?P<number>\d{3,5})(?P<agency>[A-Z]{2,15})?[ -]{0,40}\x1f?"
    r"(?P<selector>[\w-]{0,60})[ \t]{0,40}[\r\n]+"
)
_SECOND = re.compile(
    r"[ \t]{0,8}(?P<priority>[A-Za-z]) (?P<category>[A-Za-z])[ \t]{0,8}(?P<type>[\x11-\x14]{0,2})[ \t]{0,8}"
    r"(?:(?:am|pm|bc|ap)s?-{1,3})?(?P<keyword>[^\s\x02]{1,40})(?P<version>[^\r\n\x02]{0,80}?)"
    r"(?: {1,8}(?P<month>\d{1,2})-(?P<day>\d{1,2}))?(?: {1,8}(?P<words>\d{1,5}))?[ \t]{0,8}(?=[\r\n\x02])",
    re.IGNORECASE,
)
_BARE_FIRST = re.compile(r"\s*(?P<service>[A-Za-z])(?P<number>\d{4})(?P<agency>)(?P<selector>[\w-]{0,60})[ \t]*[\r\n]+")
"""The first line where a system on the way has dropped the control characters."""

_MARKED_LINE = re.compile(r"[\ufeff\s]*(?:\^[^\n]{2,150}[<=]|[A-Z][^\n]{2,80},\d{2,5}<)[ \t]*(?:[\r\n]|$)")
_SLUG_LINE = re.compile(r"(?:BC|AM|PM|AP)s?-+(?:[A-Z]{2}--)?(?P<slug>[^,<]{2,60})(?:,|$)")
_AGENCY = re.compile(r"\x03?\s*(?P<agency>[A-Z]{2,12})-[A-Z]{2}-\d\d-\d\d-\d\d")
_KILL = re.compile(r"\bKILL\b|,KILL\b|\b[Kk]ill (?:the )?(?:story|BC-)")
_TARGET = re.compile(r"\b(?P<service>[A-Za-z])(?P<number>\d{4})\b")

_URGENCY = {"f": 1, "u": 2, "b": 3, "r": 4, "d": 5, "a": 5, "s": 5, "w": 6, "z": 6}
"""Flash, urgent, bulletin, regular, deferred, advances for weekdays and Sundays, ordinary."""

_TABULAR = "\x12"


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """The envelope is like nothing else; the marks are like little else."""
    first, second = _header(item.text)
    if first:
        return 0.96 if second else 0.9
    return 0.7 if _MARKED_LINE.match(item.text) else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The article of one message.

    Raises:
        Poison: ``not-an-article``.
    """
    text = item.text
    first, second = _header(text)
    begins = second.end() if second else first.end() if first else 0
    stx, etx = text.find("\x02", begins), text.rfind("\x03")
    start = stx + 1 if stx >= 0 else begins
    end = etx if etx >= start else len(text)
    copy = copy_of(text, start, end, tabular=bool(second and _TABULAR in second["type"]))
    closing = end if etx >= start else text.rstrip().rfind("\n") + 1
    agency = _AGENCY.search(text, closing) or (first and first["agency"] and first)
    sent = time_sent(text[closing:])
    wire: dict[str, Any] = {"format": "anpa", "provider": agency["agency"] if agency else None}
    fields: dict[str, Any] = {"version_created": sent, "first_created": sent}
    if first:
        wire |= {"service": first["service"] or None, "sequence": first["number"]}
        if agency and first["service"]:
            number = f"{agency['agency']}-{first['service']}{first['number']}"
            fields["alt_ids"] = [AltId(role="agency-sequence", value=number)]
    if second:
        priority = second["priority"].lower()
        wire["priority_raw"] = second["priority"]
        fields |= {
            "urgency": _URGENCY.get(priority),
            "subjects": [category(second["category"])],
            "slugline": _slug(text, copy) or second["keyword"],
            "wordCount": int(second["words"]) if second["words"] else None,
        }
    if first and sent:
        fields["uri"] = _identity(wire, text[start:end], sent)
    return [article_of(copy, fields, wire, item, hints, rule="envelope")]


def _header(text: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The two lines of the header; without control characters the second must be whole, with its date."""
    if in_envelope(text) and (first := _FIRST.match(text)):
        return first, _SECOND.match(text, first.end())
    bare = _BARE_FIRST.match(text)
    second = _SECOND.match(text, bare.end()) if bare else None
    return (bare, second) if second and second["month"] and second["words"] else (None, None)


def _slug(text: str, copy: Copy) -> str | None:
    """The slug as the copy's first line has it: the header's is cut and in lower case."""
    first = text[copy.blocks[0].start : copy.blocks[0].end] if copy.blocks else ""
    found = _SLUG_LINE.match(first)
    return found["slug"].strip() if found else None


def _identity(wire: dict[str, Any], text: str, sent: datetime) -> str:
    """The uri of a message; that of a kill is its target's."""
    service, number = wire["service"] or "", wire["sequence"]
    if _KILL.search(text) and (target := _TARGET.search(text)):
        service, number = target.groups()
    return sequence_uri(wire["provider"] or "", service, number, sent.date())
