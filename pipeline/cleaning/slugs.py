"""Lines that name the story for desks and systems: slugs, and copies of the title that look like slugs."""

from __future__ import annotations

import re

from pipeline.article import Change, Headline
from pipeline.cleaning.changes import state
from pipeline.cleaning.draft import Draft
from pipeline.cleaning.takes import take

_AMONG = 4
"""Passages from the top among which a slug is looked for."""

_LONGEST = 120
_SUBHEADLINE = re.compile(r"(?:Utl|Sub-?head(?:line)?)\.?:\s*(?P<headline>\S.*)$")
_LONGEST_SUBHEADLINE = 250
_NOT_WORDS = re.compile(r"[\W_]+")
_CYCLE = r"(?:(?:BC|AM|PM|AP)s?-+(?:[A-Z]{2}--)?)"
_SURE_CYCLE = r"(?:(?:BCs?-+|(?:AM|PM|AP)s?-(?:[A-Z]{2,3}-)?-)(?:[A-Z]{2}--)?)"
"""Associated Press: for morning papers, evening papers, both; the state. `AM-FM` and `AP-NORC` are words."""

_LEAD = (
    r"(?:(?P<lead>\d{1,2})(?:st|nd|rd|th) (?:Ld|Lead|LD|LEAD)(?:-?(?:Writethru|WRITETHRU|Write Thru))?|"
    r"(?:Take|TAKE) (?P<take>\d{1,2})|(?P<nth>\d)(?:st|nd|rd|th) (?:Take|TAKE)|(?P<add>\d)(?:st|nd|rd|th) (?:Add|ADD)|"
    r"(?P<other>Writethru|Advisory|Adv\d*|Correction|KILL|Sub|HOLD)[^,<]{0,20})"
)
_SLUG_LINES = (
    # BC-Skarland-Trawler, 1st Ld-Writethru,331
    re.compile(rf"\^?{_CYCLE}?(?P<slug>[A-Z][\w./' -]{{1,80}}), ?{_LEAD}(?:, ?[\w /-]+)?(?:, ?\d{{1,5}})?<?$"),
    re.compile(rf"\^?{_SURE_CYCLE}(?P<slug>[^\W_][^,<.]{{2,60}})(?:, ?\d{{2,5}})?<?$"),
    re.compile(r"\^?(?P<slug>[A-Z]\w*(?:[- ]\w+)*-\w+(?: \w+)*|[A-Z]\w*(?: \w+){0,4}(?=,\d)), ?\d{2,5}<?$"),
    # SKARLAND-TRAWLER/SEIZURE (UPDATE 1)
    re.compile(r"(?P<slug>[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*/[A-Z0-9-]*)(?: \([A-Z][A-Z, ]*(?P<lead>\d{1,2})?[A-Z, ]*\))?$"),
    # LETHONIA-RATES
    re.compile(r"(?P<slug>[A-Z]{3,}(?:-[A-Z]{3,}){1,4})$"),
    # Skarland-vote-fisheries,2ndlead-WRAP
    re.compile(
        r"(?P<slug>[A-Z][\w']*(?:-[\w']+)+?)[,-](?:(?P<lead>\d)(?:st|nd|rd|th))?(?P<word>lead|LEAD|alert|ALERT|urgent|URGENT|"
        r"add|ADD|prev|PREV|sched|SCHED|wrap|WRAP|newseries|update|UPDATE|focus|FOCUS|feature|FEATURE)(?:[,-][\w-](?:[\w-]|,(?=[\w-]))*)?$"
    ),
    # Politics/Germany/
    re.compile(r"(?P<slug>[A-ZÀ-Þ][\w-]*(?:/[\w -]+)+)/$"),
)


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
    """`BC-Skarland-Trawler, 1st Ld-Writethru,331`: slug, and number of the lead (8, 9)."""
    if slugline := draft.article.slugline:
        _count(draft, slugline)
    for passage in draft.passages[:-1][:_AMONG]:
        if len(passage.text) > _LONGEST or passage.text.endswith("."):
            return
        if found := _shape(passage.text):
            if not draft.article.slugline:
                draft.fields["slugline"] = found["slug"].strip("/")
            draft.slugged = True
            _count(draft, passage.text)
            draft.remove(passage, "slug-line")
            return


def subheadline(draft: Draft) -> None:
    """`Utl.: Trains run again from Monday`: the second headline, as the Austrian agency marks it."""
    for passage in draft.passages[:_AMONG]:
        found = _SUBHEADLINE.match(passage.text) if len(passage.text) <= _LONGEST_SUBHEADLINE else None
        if found and draft.headline and len(draft.passages) > 1:
            headlines = draft.fields.get("headlines", draft.article.headlines)
            second = Headline.model_validate({"value": found["headline"], "role": "subheadline"})
            draft.fields["headlines"] = [*headlines, second]
            draft.remove(passage, "subheadline")
            return


def _count(draft: Draft, line: str) -> None:
    parts = found.groupdict() if (found := _shape(line)) else {}
    word = (parts.get("word") or "").lower()
    if part := parts.get("take") or parts.get("nth"):
        take(draft, int(part))
    elif parts.get("add"):
        take(draft, int(parts["add"]) + 1)
    elif word == "add":
        take(draft, int(parts.get("lead") or 1) + 1)
    if word != "add" and (parts.get("lead") or word in {"lead", "wrap", "update"}):
        number = int(parts["lead"]) if parts.get("lead") else None
        state(draft, Change(kind="update", number=number, evidence=line))
    elif word in {"alert", "urgent"}:
        draft.fields.setdefault("urgency", draft.article.urgency or 2)
        state(draft, Change(kind="new", evidence=line))
    elif parts.get("other") == "Correction":
        state(draft, Change(kind="correction", evidence=line))


def _shape(line: str) -> re.Match[str] | None:
    return next(filter(None, (shape.match(line) for shape in _SLUG_LINES)), None) if len(line) <= _LONGEST else None


def _words(text: str) -> str:
    return _NOT_WORDS.sub("", text.casefold())
