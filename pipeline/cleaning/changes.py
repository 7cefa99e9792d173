"""What a version does to its story: tags of headlines, lines that count leads, kills and holds.

A format's own statement goes before the conventions of headlines; what these say besides fills it up.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from pipeline.article import Change, ChangeKind
from pipeline.cleaning.draft import HEAD, Draft
from pipeline.moments import written_day, written_time

_WORDS: dict[ChangeKind, str] = {
    "update": """UPDATED? UPDATES WRAP-?UP WRAP LEADALL LEAD LD-WRITETHRU LD WRITETHRU ROUNDUP ACTUALISATION ACTUALISÉ
        ACTUALIZACIÓN ACTUALIZA AMPLIACIÓN AMPLÍA AMP AKTUALISIERUNG AKTUALISIERT ATUALIZAÇÃO ATUALIZADA
        AGGIORNAMENTO OPPDATERT OPPDATERING UPPDATERAD""",
    "correction": """CORRECTED CORRECTION CORRECTS CORR OFFICIAL.CORRECTION BERICHTIGUNG KORREKTUR CORRECTIF
        RECTIFICATIF RECTIF CORRIGÉ CORRECCIÓN VERSIÓN.CORREGIDA CORREÇÃO CORREZIONE RETTELSE RETTET RETTING RÄTTELSE
        OIKAISU KORJAUS CORRECTIE RECTIFICATIE KOREKTA OPRAVA""",
    "refile": "REFILED? REFILES REFILING",
    "repeat": """RPT REPEATS? REPEATED REPEATING WIEDERHOLUNG WDH HERHALING RÉPÉTITION REPETICIÓN REPITE GENTAGELSE
        GENTAR RIPETIZIONE""",
    "kill": "MANDATORY.KILL KILL WITHDRAWN WITHDRAWAL STORY.WITHDRAWN ANNULATION ANULACIÓN RÜCKRUF",
    "new": "NEWSALERT ALERT SNAP FLASH URGENT BULLETIN EILMELDUNG EIL BLITZ URGENTE ALERTE HASTER HAST BREAKING",
}
"""Words that tag a headline, or stand alone above the text, by what they say. A full stop stands for a space."""

_RANK: tuple[ChangeKind, ...] = ("new", "update", "refile", "repeat", "correction", "hold", "release", "kill")

_WORD = {
    kind: "|".join(sorted((word.replace(".", " ") for word in words.split()), key=len, reverse=True))
    for kind, words in _WORDS.items()
}
_ANY = "|".join(f"(?P<{kind}>{words})" for kind, words in _WORD.items())
_ORDINAL = r"(?:(?P<ordinal>\d{1,2})(?:st|nd|rd|th|\.)?[ -]?)?"
_NUMBER = r"(?:\s*-?\(?OFFICIAL\)?)?(?:\s?(?:No\.? ?)?(?P<number>\d{1,2})(?:st|nd|rd|th)?)?"
_TAGS = (
    # UPDATE 2-, CORRECTED-(OFFICIAL)-, RPT-
    re.compile(
        r"(?:(?P<update>UPDATE|WRAPUP|WRAP-UP)|(?P<correction>OFFICIAL CORRECTION|CORRECTED|CORRECTION)|"
        rf"(?P<refile>REFILE)|(?P<repeat>RPT|REPEAT)|(?P<kill>WITHDRAWN)|ADVISORY){_NUMBER}-\s?(?=\S)"
    ),
    # LEAD:, 2nd LD:, UPDATE1:, CORRECTED -
    re.compile(rf"(?:{_ORDINAL}(?:{_ANY}){_NUMBER}|ADVISORY)(?:\s[-–—]\s|\s?:\s)(?=\s*\S)"),
    # (LEAD), (2nd LD), (AMPLIACIÓN)
    re.compile(rf"[(\[]{_ORDINAL}(?:{_ANY}){_NUMBER}[)\]][:\s]*(?=\S)"),
    # Correction:, Berichtigung:, Update 2:
    re.compile(
        rf"{_ORDINAL}(?:(?P<update>Update|Aktualisierung)|(?P<correction>{_WORD['correction'].title()}))"
        r"(?: (?P<number>\d))?:\s(?=\S)"
    ),
    # 2ND LEAD Minister resigns; NY2
    re.compile(r"(?P<ordinal>\d{1,2})(?:ST|ND|RD|TH) (?P<update>LEAD|NET|ROUNDUP|LD)\b[-:]?\s+(?=\S)"),
    re.compile(r"(?P<update>NY|Ny) ?(?P<number>\d{1,2})(?:\s?[:-])?\s+(?=\S)"),
)
_TRAILING_TAGS = (
    re.compile(rf"\s*[(\[](?:{_ANY}){_NUMBER}[)\]]$"),
    re.compile(
        r"\s*[(\[](?:(?P<update>[Uu]pdated?|[Aa]ktualisiert)(?: (?P<number>\d))?|"
        r"(?P<repeat>[Hh]erhaling|[Ww]iederholung)|(?P<correction>[Cc]orrected|[Rr]ettet|[Bb]erichtigung|[Kk]orrigiert))[)\]]$"
    ),
)
_LINE = re.compile(
    rf"[(\[*+\s]*{_ORDINAL}(?:{_ANY})(?:[ -](?:{'|'.join(_WORD.values())}))*{_NUMBER}"
    r"(?:\s*[:\-–—]\s*(?P<reason>[^\n]+?))?[)\]*+=\s]*",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?P<time>\d\d:\d\d)(?::\d\d)? (?P<day>\d{1,2}) ?(?P<month>[A-Z][a-z]{2}) ?(?P<year>\d\d) "
    r"(?:[A-Z]{3,5} ?)?-\s?(?=\S)"
)
"""What terminals show before a headline: `12:34 20Nov26 RTRS-`"""

_COUNTED = re.compile(r"\bversion \S+$|^PreviousRevision ")
"""The evidence of a change that only a count of versions tells of."""

_URGENCY = {"FLASH": 1, "BLITZ": 1}
_URGENT = 2

_SHOUTED: dict[ChangeKind, re.Pattern[str]] = {
    "kill": re.compile(
        r"(?:\W*(?:MANDATORY |URGENT )?KILL\b){2,}|\W*(?:MANDATORY )?KILL\W*$|"
        r"(?:ADVISORY\W+)?(?:STORY|ITEM|REPORT) WITHDRAWN\b"
    ),
    "hold": re.compile(r"(?:\W*HOLD\b){2,}\W*$"),
    "release": re.compile(r"(?:\W*RELEASED?\b){2,}\W*$"),
}
_WITHDRAWN = re.compile(r"(?:Advisory\W+)?(?:Story|Item|Report) (?:withdrawn|removed)\s*(?:$|[:–—-])", re.IGNORECASE)
_ITEM = (
    r"(?:item|story|report|message|alert|headline|article|copy|lead|dispatch|meldung|dépêche|nota|noticia|melding)"
    r"(?:s|en)?"
)
_BEGINS = r"(?:(?:editors?|attention(?: editors?)?|please|bitte|prière|ruego|rogamos|merci|veuillez|achtung)\b[\s,:]*)+"
_NO_MORE = r"(?:zurückgezogen|gestrichen|annulliert|annulée|anulada|withdrawn|killed|nicht)"
_ORDERS: dict[ChangeKind, re.Pattern[str]] = {
    "kill": re.compile(
        rf"{_BEGINS}(?:kill|disregard|delete|do not use|withdraw|(?:d.)?annuler|anul(?:en|ar))\b[^.]{{0,60}}?"
        rf"\b(?:{_ITEM}|BC-)\b|"
        rf"{_BEGINS}(?:verwenden sie )?[^.]{{0,40}}\b{_ITEM}\b[^.]{{0,80}}\b{_NO_MORE}\b|"
        rf"(?:die|la|the) {_ITEM}\b[^.]{{0,60}} (?:wird|ist|est|is|has been|queda) (?:hereby )?{_NO_MORE}\b|"
        rf"(?:[A-Z]{{2,6}}|wir|vi) (?:trekker|zieht|ziehen|drar)\b[^.]{{0,60}}\b{_ITEM}\b|"
        rf"kill (?:the )?(?:{_ITEM}|BC-)\b",
        re.IGNORECASE,
    ),
    "hold": re.compile(rf"{_BEGINS}hold\b[^.]{{0,60}}?\b{_ITEM}\b", re.IGNORECASE),
    "release": re.compile(rf"{_BEGINS}release\b[^.]{{0,60}}?\b{_ITEM}\b", re.IGNORECASE),
}
"""Orders to the desks; a paragraph of a story may tell of a withdrawn report, but does not begin like this."""

_TARGET = re.compile(
    rf"\b{_ITEM}\b(?: (?:n[or°º]\.?|number))? (?P<number>\d{{2,6}})\b|"
    rf"\b{_ITEM}\b[ \w.]{{0,12}}?[ (](?P<target>[A-Za-z][\w-]{{0,9}}[ -]?\d{{1,6}})\b",
    re.IGNORECASE,
)
_SERVICE_NUMBER = re.compile(r"[A-Za-z]\d{4}")
"""How ANPA 1312 counts: within a service that one letter names."""

_SHORT = 1500
"""Characters an order has at most."""


def headline_tag(draft: Draft) -> None:
    """What the headline says this version does to its story (6, 7, 9)."""
    headline = draft.headline
    if not headline:
        return
    tags = []
    stamp = _STAMP.match(headline)
    position = stamp.end() if stamp else 0
    if stamp and not (draft.article.version_created or draft.article.first_created):
        draft.fields["version_created"] = _stamped(stamp)
    while tag := next(filter(None, (shape.match(headline, position) for shape in _TAGS)), None):
        tags.append(tag)
        position = tag.end()
    for tag in tags:
        _note(draft, tag, headline[stamp.end() if stamp else 0 : position].strip(" -–—:"))
    trailing = next(filter(None, (shape.search(headline, position) for shape in _TRAILING_TAGS)), None)
    if trailing and trailing.start() > position:
        _note(draft, trailing, trailing.group().strip())
        headline = headline[: trailing.start()]
    write_headline(draft, headline[position:])


def _stamped(stamp: re.Match[str]) -> datetime | None:
    day = written_day(f"{stamp['day']} {stamp['month']} 20{stamp['year']}", date.min)
    return written_time(stamp["time"], day) if day else None


def lead_lines(draft: Draft) -> None:
    """`2ND LEAD`, `(Eil)`, `URGENT`, `(Berichtigung: ...)` on lines of their own above the text (9)."""
    for passage in list(draft.passages[:HEAD]):
        found = _LINE.fullmatch(passage.text) if len(passage.text) <= 300 else None
        if not found or (found["reason"] and not passage.text.startswith(("(", "["))):
            continue
        if not found["reason"] and passage.text.islower() and "lead" not in passage.text:
            continue
        _note(draft, found, passage.text.strip("=*+ "), found["reason"])
        if found["reason"]:
            draft.note(found["reason"])
        draft.remove(passage, "lead-line")


def retraction(draft: Draft) -> None:
    """`KILL KILL KILL ... Please kill item dpa 157`: what is not to be used any more, or not yet (10)."""
    kind, evidence = _shouted(draft)
    for passage in draft.passages[:3] if kind else []:
        if passage.text == evidence and len(draft.passages) > 1:
            draft.remove(passage, "retraction")
    order = None
    if sum(len(passage.text) for passage in draft.passages) <= _SHORT:
        for passage in draft.passages[:4]:
            said = next((one for one, shape in _ORDERS.items() if shape.match(passage.text)), None)
            if said and kind in {None, said}:
                kind, order = said, passage.text
                break
    if kind and not draft.article.wire.change:
        _retract(draft, kind, evidence or (order or "")[:200], order)


def _shouted(draft: Draft) -> tuple[ChangeKind | None, str | None]:
    """An order in capitals: the headline, or a line of its own."""
    headline = draft.headline or ""
    if _WITHDRAWN.match(headline):
        return "kill", headline
    for line in [headline, *(passage.text for passage in draft.passages[:3] if len(passage.text) < 100)]:
        if kind := next((kind for kind, shape in _SHOUTED.items() if shape.match(line)), None):
            return kind, line
    change = draft.change
    return ("kill", change.evidence) if change and change.kind == "kill" else (None, None)


def _retract(draft: Draft, kind: ChangeKind, evidence: str, order: str | None) -> None:
    texts = [order] if order else [passage.text for passage in draft.passages[:4]]
    named = next(filter(None, map(_TARGET.search, texts)), None)
    target = _target(named, draft.article.wire.provider) if named else None
    found = {"kind": kind, "evidence": evidence, "reason": order, "target": target}
    draft.wire["change"] = Change.model_validate({name: value for name, value in found.items() if value})
    if kind != "release":
        draft.fields["pub_status"] = "canceled" if kind == "kill" else "withheld"


def _target(named: re.Match[str], provider: str | None) -> str | None:
    """The agency's own name of an item; where an order gives a number alone, its agency's."""
    if number := named["number"]:
        return f"{provider} {number}" if provider else None
    target: str = named["target"]
    return f"{provider}-{target}" if provider and _SERVICE_NUMBER.fullmatch(target) else target


def _note(draft: Draft, found: re.Match[str], evidence: str, reason: str | None = None) -> None:
    """Note what a tag says; of several tags the first says what is done, each may count."""
    groups = found.groupdict()
    kind: ChangeKind | None = next((kind for kind in _WORDS if groups.get(kind)), None)
    if not kind:
        return
    counted = groups.get("number") or groups.get("ordinal")
    if kind == "new":
        urgency = _URGENCY.get((groups["new"] or "").upper(), _URGENT)
        draft.fields.setdefault("urgency", draft.article.urgency or urgency)
    state(draft, Change(kind=kind, number=int(counted) if counted else None, evidence=evidence, reason=reason))


def state(draft: Draft, change: Change) -> None:
    """Note a change; of several the gravest counts, and what it leaves open the others say."""
    known = draft.change
    stated = draft.article.wire.change
    # A higher version alone says nothing but that there was another: what a headline says goes before it.
    own = stated is not None and not _COUNTED.search(stated.evidence or "")
    if known and (own or _RANK.index(known.kind) >= _RANK.index(change.kind)):
        known, change = change, known
    if known:
        missing = {name: value for name, value in known if getattr(change, name, None) is None}
        if own and known.kind != change.kind:
            missing.pop("evidence", None)
        change = change.model_copy(update=missing)
    draft.wire["change"] = change


def write_headline(draft: Draft, headline: str) -> None:
    """Put what is left of the first headline in its place, if anything is."""
    headlines = draft.fields.get("headlines", draft.article.headlines)
    if headline.strip() and headline.strip() != headlines[0].value:
        first = headlines[0].model_copy(update={"value": headline.strip()})
        draft.fields["headlines"] = [first, *headlines[1:]]
