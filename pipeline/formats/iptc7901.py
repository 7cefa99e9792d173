"""IPTC 7901: SOH, the header, the slug, STX, the copy, ETX, when it was sent, EOT.

The header counts twice: the message in its service (`eca062`) and in its agency (`dpa 061`). A kill names the
latter, so it makes the identity, together with service and day. Source: IPTC Recommendation 7901, revision 5
(1995), and dpa's description of its text service.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from pipeline.article import AltId, Article
from pipeline.errors import Poison
from pipeline.formats.agency_copy import article_of, category, copy_of
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import sequence_uri
from pipeline.formats.layout import lines_of
from pipeline.formats.transmission import HEADER, in_envelope
from pipeline.headers import Hints
from pipeline.moments import time_sent

_HEADER = re.compile(rf"[\ufeff\x00\x16\x7f\xff\s]*+\x01?[ \t]*+{HEADER}")
_FILLER = re.compile(r"([a-z])\1{2,}+\w*+(?: |$)")
"""The letters for older typesetting machines: `ccccb`, `vvvvb`."""

_COUNTED = re.compile(r"(?P<agency>[^\W\d][\w.&-]*) +(?P<number>\d[\w#/.-]{0,20})")
_AGENCY_MARK = re.compile(r"(?:^| )/?(?P<agency>[A-Z]{2,5})-[A-Z]{2}\d{2,4}\b")
_SLUG = re.compile(r"[^\W\d_]\w*(?:[-/][\w.]+)+/?")
_KEYWORDS = re.compile(r"(?:[^\s/.:]+(?: [^\s/.:]+)?/)+(?:[^\s/.:]+(?: [^\s/.:]+){0,2})?$")
_SENT_LINE = re.compile(r"\n[^\n]{0,12}\b\d{6}[^\n]{6,20}\s*(?:NNNN)?\s*$")
_KILL = re.compile(r"\bKILL\b|\bkill (?:the )?(?:item|story|message)\b")
_TARGET = re.compile(
    r"\b(?:item|story|message|Meldung|dépêche|nota)s?\b[ \w.]{0,12}?"
    r"[ (](?P<agency>[A-Za-z][\w-]*)[ -]?(?P<number>\d{1,6})\b"
)


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """The header is like nothing else; without the control characters a little less so."""
    if not _HEADER.match(item.text):
        return 0.0
    return 0.95 if in_envelope(item.text) else 0.85


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The article of one message.

    Raises:
        Poison: ``not-an-article``.
    """
    text = item.text
    header = _HEADER.match(text)
    if not header:
        raise Poison(
            "the message has no header of IPTC 7901", "ask its sender for a whole copy", cause="not-an-article"
        )
    slug, start, end = _parts(text, header.end())
    copy = copy_of(text, start, end)
    fields, wire, number = header_fields(header)
    sent = time_sent(text[end:])
    keywords = [part.strip() for part in re.split(r"[/\r\n]+", slug or "") if part.strip()]
    if keywords:
        fields["slugline"] = "/".join(keywords)
    fields |= {"version_created": sent, "first_created": sent}
    if sent:
        fields["uri"] = identity(wire, number, text[start:end], sent.date())
    return [article_of(copy, fields, {**wire, "format": "iptc7901"}, item, hints, rule="envelope")]


def header_fields(header: re.Match[str]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """What a header says: fields of the article, those under ``wire``, and the number that makes the identity."""
    priority, rest = header["priority"], header["rest"].strip()
    if filler := _FILLER.match(rest):
        rest = rest[filler.end() :].strip()
    number = header["number"]
    fields: dict[str, Any] = {
        "urgency": int(priority) if priority.isdecimal() and priority != "0" else None,
        "subjects": [category(header["category"])],
        "wordCount": int(header["words"]),
    }
    wire: dict[str, Any] = {"service": header["service"], "sequence": number, "priority_raw": priority}
    if counted := _COUNTED.match(rest):
        wire["provider"] = counted["agency"]
        number, _, revision = counted["number"].partition("#")
        fields["alt_ids"] = [AltId(role="agency-sequence", value=f"{counted['agency']} {number}")]
        fields["version"] = revision
    elif mark := _AGENCY_MARK.search(rest):
        wire["provider"] = mark["agency"]
    elif _SLUG.fullmatch(rest):
        fields["slugline"] = rest.rstrip("/")
    elif rest.isalpha():
        wire["provider"] = rest
    return fields, wire, number


def identity(wire: dict[str, Any], number: str, text: str, day: date) -> str:
    """The uri of a message sent on ``day``; that of a kill is its target's."""
    if _KILL.search(text) and (target := _TARGET.search(text)):
        # Numbers begin anew each day: one that is still to come today is yesterday's.
        if number.isdecimal() and int(target["number"]) > int(number):
            day -= timedelta(days=1)
        number = target["number"]
    return sequence_uri(wire.get("provider") or "", wire["service"], number, day)


def _parts(text: str, position: int) -> tuple[str | None, int, int]:
    """The slug's lines, and from where to where the copy goes."""
    stx = text.find("\x02", position)
    etx = text.find("\x03", max(stx, position))
    end = _without_end(text, etx if etx >= 0 else len(text))
    if stx >= 0:
        return text[position:stx].strip("\x00\x16\x7f \r\n") or None, stx + 1, end
    lines = lines_of(text, position, end)
    slug = lines[0] if len(lines) > 1 and _KEYWORDS.match(text[slice(*lines[0])]) else None
    return (text[slice(*slug)], slug[1], end) if slug else (None, position, end)


def _without_end(text: str, end: int) -> int:
    """Where the copy ends: before the line that says when it was sent, where that stands before ETX or without it."""
    start = max(0, end - 120)
    found = _SENT_LINE.search(text[start:end])
    return start + found.start() if found and time_sent(found.group()) else end
