"""Telex copy: from ``ZCZC`` to ``NNNN``, as teleprinters took it and gateways still write it.

After ``ZCZC`` there may be a header like that of IPTC 7901, or lines each opened by the mark of its field. What
is framed is copy like any other: with ANPA's marks, or plain.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.article import Article, Subject
from pipeline.errors import Poison
from pipeline.formats.agency_copy import article_of, copy_of
from pipeline.formats.decoding import Decoded
from pipeline.formats.iptc7901 import header_fields, identity
from pipeline.formats.layout import Offsets, lines_of
from pipeline.formats.transmission import HEADER
from pipeline.headers import Hints
from pipeline.moments import time_sent

_OPENS = re.compile(r"[\ufeff\s]*ZCZC\b[ \t]*(?P<header>[^\r\n]*)")
_CLOSES = re.compile(r"[\r\n][ \t]*NNNN\b")
_HEADER = re.compile(HEADER)
_HEADER_BELOW = re.compile(rf"\s+{HEADER}")
_MARKS = "$:=*&+#@%^"
_FIELD = re.compile(rf"([{re.escape(_MARKS)}])[ \t]*(?P<value>[^\s<][^\r\n<]*)$")
_AGENCY = re.compile(r"[A-Z]{2,6}$")
_TABULAR = "T"


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """No other text begins with these letters."""
    return 0.8 if _OPENS.match(item.text) else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The article of one message.

    Raises:
        Poison: ``not-an-article``.
    """
    text = item.text
    opens = _OPENS.match(text)
    if not opens:
        raise Poison("the message does not begin with ZCZC", "ask its sender for a whole copy", cause="not-an-article")
    closes = _CLOSES.search(text, opens.end())
    start, end = opens.end(), closes.start() if closes else len(text)
    fields: dict[str, Any] = {}
    wire: dict[str, Any] = {}
    sent = time_sent(text[max(start, end - 120) :])
    if header := _HEADER.match(text, opens.start("header")) or _HEADER_BELOW.match(text, opens.end("header")):
        start = header.end()
        fields, wire, number = header_fields(header)
        if sent:
            fields["uri"] = identity(wire, number, text[start:end], sent.date())
    elif agency := _AGENCY.match(opens["header"].strip()):
        wire["provider"] = agency.group()
    fields |= {"version_created": sent, "first_created": sent}
    marked = _marked_fields(text, start, end)
    if marked:
        start = marked[-1][1][1]
    copy = copy_of(text, start, end, tabular=any(mark == "*" and text[at] == _TABULAR for mark, (at, _) in marked))
    headline = next((at for mark, at in marked if mark == _headline_mark(marked)), None)
    if headline:
        copy.headline, copy.headline_at = " ".join(text[slice(*headline)].split()), [headline]
    fields |= _said(text, marked)
    wire["format"] = "anpa" if copy.marked else "text"
    return [article_of(copy, fields, wire, item, hints, rule="frame")]


Marked = list[tuple[str, Offsets]]


def _marked_fields(text: str, start: int, end: int) -> Marked:
    """The lines opened by a mark, each with its mark and where its value is; one line alone is no header."""
    found: Marked = []
    for first, last in lines_of(text, start, end):
        if last - first == 1 and text[first] in _MARKS:
            continue
        field = _FIELD.match(text, first, last)
        if not field:
            break
        found.append((field[1], (field.start("value"), last)))
    return found if len(found) > 1 and len({mark for mark, _ in found}) > 1 else []


def _headline_mark(marked: Marked) -> str | None:
    """``^`` marks the headline; where no line has it, ``:`` does, unless ``%`` names whom a press release is for."""
    marks = {mark for mark, _ in marked}
    return "^" if "^" in marks else ":" if "%" not in marks else None


def _said(text: str, marked: Marked) -> dict[str, Any]:
    slug = "#" if _headline_mark(marked) == ":" else ":"
    said = {mark: text[slice(*at)].strip() for mark, at in reversed(marked)}
    fields: dict[str, Any] = {"slugline": said[slug]} if slug in said else {}
    subjects = [
        Subject(uri=f"category:{said['$'].lower()}", name=said["$"], creator="provider") if "$" in said else None,
        Subject(uri=f"subj:{said['+']}", creator="provider") if "+" in said else None,
    ]
    if any(subjects):
        fields["subjects"] = [subject for subject in subjects if subject]
    return fields
