"""The head of an article: tags, slugs, advisories, byline."""

from __future__ import annotations

import re
from datetime import UTC

import dateparser

from pipeline.article import Change, ChangeKind, Headline
from pipeline.cleaning.draft import Draft

HEAD = 6
"""Passages from the top among which lines of the head are looked for."""

_NOT_WORDS = re.compile(r"[\W_]+")

_TAG = re.compile(
    r"^(UPDATE|WRAPUP|WRAP-UP|CORRECTED|CORRECTION|REFILE|RPT|REPEAT|ADVISORY|OFFICIAL CORRECTION)"
    r"(?:\s*\(OFFICIAL\))?(?:\s+(\d{1,2}))?(?:\s*-\s*|:\s+)(?=\S)"
)
_KIND: dict[str, ChangeKind] = {
    "UPDATE": "update",
    "WRAPUP": "update",
    "WRAP-UP": "update",
    "CORRECTED": "correction",
    "CORRECTION": "correction",
    "OFFICIAL CORRECTION": "correction",
    "REFILE": "refile",
    "RPT": "repeat",
    "REPEAT": "repeat",
}
_KILL = re.compile(r"^(?:KILL(?: KILL)*|STORY WITHDRAWN|MANDATORY KILL)\b", re.IGNORECASE)

_FRAME = re.compile(r"^(?:ZCZC|NNNN)\b.*$")
_EMBARGO = re.compile(
    r"^(?:STRICTLY )?(?:EMBARGO(?:ED)?(?: UNTIL| FOR RELEASE)?|HOLD FOR RELEASE|NOT FOR RELEASE BEFORE)\b[:\s]*(.*)$",
    re.IGNORECASE,
)
_EDS = re.compile(
    r"^(?:Eds?|Editors?|Note to editors|Editor's note|ATTENTION EDITORS)\b\.?\s*[:\-–—]\s*(?P<note>.+)$", re.IGNORECASE
)
_ADVISORY = re.compile(
    r"^\((?P<note>(?:Adds?|Updates?|Updating|Recasts?|Corrects?|Fixes|Repeats?|Refiles?|Removes?|Clarifies|Changes|"
    r"Releads?|In [A-Z][a-z]{2,8}\.? \d{1,2} (?:story|item))\b[^()]*)\)$"
)
_BYLINE = re.compile(
    r"^(?:By|Von|Par|Por)\s+(?P<by>(?:[A-ZÀ-Þ][\w.'’-]*|and|und|et|y|de|van|von|der|in|for|,|&|[a-z]{2,5}(?=\s*=?$))"
    r"(?:,?\s+(?:[A-ZÀ-Þ][\w.'’-]*|and|und|et|y|de|van|von|der|in|for|&|[a-z]{2,5}(?=\s*=?$))){0,11})\s*=?$"
)
_AGENCY_LINE = re.compile(r"^[A-Z][\w.&'’-]*(?: [\w.&'’-]+){0,3}=?$")
"""What follows a byline on a line of its own: whom the reporter writes for."""
_SLUG_LINES = (
    # Skarland-Trawler, 1st Ld-Writethru,331
    re.compile(
        r"^\^?(?P<slug>[A-Z]\w*(?:[- ]\w+)*-\w+(?: \w+)*|[A-Z]\w*(?: \w+){0,4}(?=,\d| ?, ?\d\w\w L))"
        r"(?:, ?(?P<lead>\d{1,2})(?:st|nd|rd|th) (?:Ld|Lead|LEAD)(?:-Writethru)?)?, ?\d{2,5}<?$"
    ),
    # SKARLAND-TRAWLER/SEIZURE (UPDATE 1)
    re.compile(
        r"^(?P<slug>[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*/[A-Z0-9-]*)(?: \((?:[A-Z]+(?:, )? ?)+(?P<lead>\d{1,2})?[A-Z, ]*\))?$"
    ),
)
_NAME_IN_CAPITALS = re.compile(r"^[A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){1,2}$")


def frame(draft: Draft) -> None:
    """Lines that only frame the transmission (1, 3)."""
    for passage in [*draft.passages[:2], *draft.passages[-2:]]:
        if passage in draft.passages and _FRAME.match(passage.text):
            draft.remove(passage, "frame")


def headline_tag(draft: Draft) -> None:
    """What the headline says this version does to its story (6, 7, 10)."""
    headline = draft.headline
    if not headline:
        return
    if _KILL.match(headline):
        draft.wire["change"] = Change(kind="kill", evidence=headline)
        draft.fields["pub_status"] = "canceled"
    elif tag := _TAG.match(headline):
        rest = draft.fields.get("headlines", draft.article.headlines)[1:]
        draft.fields["headlines"] = [Headline(value=headline[tag.end() :]), *rest]
        if kind := _KIND.get(tag[1]):
            number = int(tag[2]) if tag[2] else None
            draft.wire["change"] = Change(kind=kind, number=number, evidence=tag.group().strip(" -:"))


def slug_copy(draft: Draft) -> None:
    """A copy of the title without its punctuation, as made for web addresses (5)."""
    headline = draft.headline
    for passage in draft.passages[:2]:
        if headline and _words(passage.text) == _words(headline):
            if passage.text != headline and not draft.article.slugline:
                draft.fields["slugline"] = passage.text
            draft.remove(passage, "slug-copy")
            return


def slug_line(draft: Draft) -> None:
    """`Skarland-Trawler, 1st Ld-Writethru,331`, `SKARLAND-TRAWLER/SEIZURE (UPDATE 1)`: slug, number of the lead (8)."""
    for passage in draft.passages[:3]:
        found = next(filter(None, (shape.match(passage.text) for shape in _SLUG_LINES)), None)
        if found:
            if not draft.article.slugline:
                draft.fields["slugline"] = found["slug"].strip("/")
            if found["lead"] and not draft.wire.get("change"):
                draft.wire["change"] = Change(kind="update", number=int(found["lead"]), evidence=passage.text)
            draft.remove(passage, "slug-line")
            return


def _words(text: str) -> str:
    return _NOT_WORDS.sub("", text.casefold())


def embargo(draft: Draft) -> None:
    """A time before which nothing may be published; one that can't be read holds the item back (22)."""
    for passage in draft.passages[:HEAD]:
        found = _EMBARGO.match(passage.text)
        if not found or len(passage.text) > 160:
            continue
        moment = dateparser.parse(
            found[1].strip(" .:"),
            languages=["en"],
            settings={"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True, "REQUIRE_PARTS": ["day", "month", "year"]},
        )
        draft.fields["pub_status"] = "withheld"
        if moment:
            draft.fields["embargoed_until"] = moment.astimezone(UTC)
        else:
            draft.warnings.append(f"the embargo can't be read, so the item is withheld: {passage.text!r}")
        draft.note(passage.text)
        draft.remove(passage, "embargo")
        return


def editors_note(draft: Draft) -> None:
    """Lines from desk to desk: `Eds:` and advisories in brackets (11, 12)."""
    for passage in draft.passages[:HEAD]:
        found = _EDS.match(passage.text) or _ADVISORY.match(passage.text)
        if not found:
            continue
        note = found["note"].strip()
        draft.note(note)
        change: Change | None = draft.wire.get("change", draft.article.wire.change)
        if change and not change.reason:
            draft.wire["change"] = change.model_copy(update={"reason": note})
        draft.remove(passage, "editors-note")


def byline(draft: Draft) -> None:
    """`By CHARLES SMITH=` on a line of its own; a name in capitals above the text (13)."""
    for number, passage in enumerate(draft.passages[:3]):
        found = _BYLINE.match(passage.text) if len(passage.text) <= 120 else None
        shouted = not found and number == 0 and not draft.headline and _NAME_IN_CAPITALS.match(passage.text)
        if (found or shouted) and len(draft.passages) > number + 1:
            if not draft.article.by:
                draft.fields["by"] = found["by"].strip() if found else passage.text
            draft.remove(passage, "byline")
            if found and number < len(draft.passages) and _AGENCY_LINE.match(draft.passages[number].text):
                draft.remove(draft.passages[number], "byline")
            return
