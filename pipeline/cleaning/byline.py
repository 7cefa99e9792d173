"""Who wrote it, on a line of its own."""

from __future__ import annotations

import re

from pipeline.cleaning.draft import Draft

_AMONG = 5
"""Passages from the top among which a byline is looked for."""

_LONGEST = 140
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_PARTICLE = r"(?:and|und|et|y|e|og|och|en|de|da|do|dos|van|von|der|den|del|di|du|la|le|bin|al|in|for|für|pour|à|&)"
_AGENCY = r"[a-z]{2,5}(?:[-/][a-z]{2,5})?"
_AT_END = r"(?=\s*=?$|,|\s+(?:and|und|et|y)\b)"
_BYLINE = re.compile(
    r"(?:By|BY|by|Von|VON|von|Par|PAR|par|Por|POR|Da|Di|Door|Av|Af|Autor|Author|Written by|Text):?\s+"
    rf"(?P<by>{_NAME}(?:,?\s+(?:{_NAME}|{_PARTICLE}|{_AGENCY}{_AT_END})){{0,14}}(?:, ?{_AGENCY})?)\s*=?$"
)
_AGENCY_LINE = re.compile(
    rf"{_NAME}(?: [\w.&'’-]+){{0,3}}=?$|"
    rf"{_NAME}(?: [\w.&'’-]+){{0,6}} (?:Writers?|Correspondents?|Editors?|Reporters?|Staff)=?$"
)
"""What follows a byline on a line of its own: whom the reporter writes for."""

_NAME_AND_AGENCY = re.compile(rf"(?P<by>{_NAME}(?: (?:{_NAME}|{_PARTICLE})){{1,4}}, (?:{_AGENCY}|[A-Z]{{2,6}}))\s*=$")
_NAME_IN_CAPITALS = re.compile(r"[A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){1,2}$")
_FULL_STOP = re.compile(r"(?<![A-Z])(?<! [JS]r)\.$")


def byline(draft: Draft) -> None:
    """`By CHARLES SMITH=`, `Von Andrej Lund, kns`; a name in capitals above the text (13)."""
    for number, passage in enumerate(draft.passages[:_AMONG]):
        text = passage.text if len(passage.text) <= _LONGEST else ""
        found = _BYLINE.match(text) or _NAME_AND_AGENCY.match(text)
        if found and _FULL_STOP.search(found["by"]) and " " not in found["by"]:
            found = None  # `By Saturday.`
        shouted = not found and number == 0 and not draft.headline and _is_name(text)
        if (found or shouted) and len(draft.passages) > number + 1:
            if not draft.article.by:
                draft.fields["by"] = _FULL_STOP.sub("", found["by"].strip(" ,")) if found else passage.text
            draft.remove(passage, "byline")
            if found:
                _agency_line(draft, number)
            return


def _is_name(text: str) -> bool:
    """A name in capitals; words that come twice are none."""
    words = text.split()
    return _NAME_IN_CAPITALS.match(text) is not None and len(set(words)) == len(words)


def _agency_line(draft: Draft, number: int) -> None:
    """The line below a byline, unless it is all there is."""
    if number + 1 < len(draft.passages):
        below = draft.passages[number]
        if _AGENCY_LINE.match(below.text) and len(below.text) <= 50:
            draft.remove(below, "byline")
