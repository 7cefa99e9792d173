"""The tail of an article: credits, end marks, when it was sent, feed tags, links to other articles."""

from __future__ import annotations

import re

from pipeline.article import Association, Subject
from pipeline.cleaning.draft import Draft, Passage
from pipeline.moments import time_sent

TAIL = 6
"""Passages from the end among which lines of the tail are looked for."""

_FEED_TAG = re.compile(r"^[a-z]{2,6}-\d{1,4}-[a-z][a-z0-9-]{1,40}$")
_ROUTING = re.compile(r"(?=(?:.*\b[A-Z]+\d|.*\b\d+[A-Z]){1})(?:[A-Z0-9]{2,9} ){4,}[A-Z0-9]{2,9}$")
"""ANSA: `51 77 03 CRO01 1113 APE4800 GEST QBXB`"""

_NAMED_END = re.compile(r"={1,2}[A-Z][a-z]+$|[-–—]{1,2} ?[A-Z]{3,12}$|[A-Z][\w-]{1,11}/(?:[Ff]im|[Ff]in|[Ee]nde)$")
_PLAIN_END = re.compile(
    r"[-–—(\[*#/\s]*(?:ends?|end ?it(?:em)?|fin|ende|schluss|slut|slutt|loppu)[-–—)\]*#/.\s]*$|-30-$|-0-$|NNNN$|=+$",
    re.IGNORECASE,
)
_RULE = re.compile(r"_{3,}$|-{3,}$|#{2,}$|\*{3,}$|(?:[-*#_] ){2,}[-*#_]$|={3,}$|~{3,}$")
_MORE = re.compile(
    r"[-–—(\[\s]*(?:more(?: (?:follows|to follow|to come))?|mf|segue|suite|à suivre|sigue|continúa|folgt|"
    r"forts(?:\.|etzung folgt)?|"
    r"wird fortgesetzt|fortsættes|fortsätter|meer volgt)[-–—)\]\s.]*$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[-–—(\[]|MORE|mf$|[Mm]ore follows|[Ff]olgt|[Ss]egue$")

_INITIALS = r"[a-z]{2,4}(?:-[a-z]{2,4})?"
_ROLES = (
    r"(?:(?:Additional |Further |Writing and |Reporting and )?"
    r"(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Tt]ranslat(?:ed|ion|ing)|[Cc]ompiled|[Gg]raphics?|[Pp]roduction|[Pp]hotos?|"
    r"[Ee]dited|[Rr]eported|[Ww]ritten|[Rr]édigé|[Tt]exte|[Rr]edacción))"
)
_CREDIT = re.compile(
    rf"[(\[]{_ROLES}\s.*\b(?:by|par|por)\b.*[)\]]\.?$|"
    r"[(\[][A-Z]{2,6}(?:[-/][A-Za-z]{2,8})+[)\]]$|[(\[][a-z]{2,4}(?:/[a-z]{2,4}){1,3}[)\]]$|"
    r"[(\[](?:Keystone-)?[A-Z]{2,8}(?:[/ -][A-Za-z]{2,10})*[)\]]\.?$"
)
_BARE_CREDIT = re.compile(
    rf"{_ROLES} by [A-ZÀ-Þ][^.]*(?:[.;] ?(?:{_ROLES}|Additional {_ROLES}) by [A-ZÀ-Þ][^.]*)*\.?$|"
    r"[-–—]{1,2}\s?With (?:assistance|reporting|contributions) (?:from|by) .*|"
    r"[A-ZÀ-Þ].{3,220}\bcontributed (?:to this (?:report|story|article|dispatch)|(?:reporting )?from .{2,60})\.?$"
)
_CREDIT_MOST = 400
_INITIALS_LINE = re.compile(
    rf"(?:bur-)?{_INITIALS}(?:/{_INITIALS}){{1,6}}$|(?:[A-Z]{{2,4}}-)?[A-Z]{{2,4}}(?: ?/{{1,2}} ?[A-Z]{{2,4}})+\.?$|"
    rf"burs?-{_INITIALS}$|"
    r"[a-z]{2,5} /[A-Z]{2,5}$|\((?:Schluss|Forts\.)\) [a-z]{2,4}(?:/[a-z]{2,4})*$"
)
_DESK_AND_INITIALS = re.compile(r"(?:[A-Z]{2,4}\b ?)?(?:[a-z]{2,3}(?:/[a-z]{2,3})*)?")
_SIGNED_MOST = 30
_SIGN_OFF = re.compile(r"^[a-z]{2,5}(?:/[a-z]{2,5})?(?: [a-z][a-z0-9]{1,3}){1,7}$")
_AGENCY_LINE = re.compile(
    r"(?:[-–—/(\[©]{1,2}\s?)?(?:[A-Z]{2,7}|[Rr]itzau|[Rr]euters)(?:[-/][A-Za-z]{2,8})?(?:\s?[-–—/)\]]{1,2})?$|"
    r"\([A-Z][A-Za-z]{2,20}\)$"
)
_INLINE_CREDIT = re.compile(
    r"(?<=[.!?\"”»])(?:"
    r"\s*[(\[/]{1,2}(?:©\s?)?(?:[A-Z]{2,7}|[a-z]{2,4})(?:[-/ ][A-Za-z]{2,6})*[)\]/]{1,2}\.?|"
    r"\s[A-Z]{2,6}(?:\s[A-Z]{2,4}){0,5})$"
)
_INLINE_END = re.compile(r"(?<=[.!?\"”»])\s+(?:Enditem|Endit|\((?:END|ends?|Schluss|fin)\)|-30-|-0-)\.?$")
_INLINE_MOST = 40
_COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|Copyright|COPYRIGHT)\s?(?:©|\([cC]\)|Copyright)?\s*(?:by )?"
    r"(?:[^\W\d_a-z][\w.&-]*(?: [\w.&-]+){0,3},? )?(?:19|20)\d\d\b|"
    r"(?:©|\([cC]\) ?)\s?[^\W\d_a-z][\w /&.-]{1,40}$|Copyright\b.*All rights reserved"
)
_RIGHTS = re.compile(
    r"All rights reserved\.?|Todos los derechos reservados|Tous droits réservés|Alle Rechte vorbehalten"
)
_COPYRIGHT_MOST = 500
_KEYWORDS = re.compile(r"(?:Keywords?|KEYWORDS?|Stichworte|Schlagworte|Mots-clés)\s*:\s*(?P<words>.+)$")
_SENT = re.compile(
    r"(?:[A-Z][A-Za-z-]{1,11}[ -])?(?:\d{6} |[A-Z]{2}-\d\d-\d\d-\d\d(?:\d\d)? |[A-Z]{3}-\d\d:\d\d-)|"
    r"[A-Z]{3}\d{4}\s+\d{4}-\d\d-\d\d/\d\d:\d\d|"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, )?\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d:\d\d\s*RTRS"
)
_SENT_MOST = 90

_LINK_WORDS = (
    r"(?:(?:To |Also )?(?:read|listen|watch|see|hear)(?: (?:also|more|too))?|"
    r"Related(?: (?:articles?|stories|coverage))?|"
    r"(?:À |A )?(?:lire|écouter|voir|regarder) (?:aussi|également))"
)
_CROSS_LINK = re.compile(rf"^{_LINK_WORDS}\s*:\s*(?P<name>\S.*)$|^(?:>{{1,3}}|→)\s*(?P<arrow>\S.*)$", re.IGNORECASE)
_ALSO = re.compile(r"^\W*(?:to |also )?(?:read|listen|watch|see|hear)\s*:", re.IGNORECASE)
_CROSS_LINK_MOST = 300


def feed_tag(draft: Draft) -> None:
    """The last line `rf-1-europe` names the feed: data, not text (24). So are the codes by which an item is sent on."""
    last = draft.passages[-1] if len(draft.passages) > 1 else None
    if last and last.kind == "paragraph" and _ROUTING.match(last.text):
        draft.remove(last, "feed-tag")
    for passage in draft.passages[-2:]:
        if _FEED_TAG.match(passage.text):
            draft.wire["feed_tag"] = passage.text
            draft.remove(passage, "feed-tag")
            return


def time_line(draft: Draft) -> None:
    """`HP-NY-11-19-26 0934EST`, `AGL 181512 GMT NOV 26`: when the message was sent (1)."""
    for passage in draft.passages[1:][-TAIL:]:
        line = passage.text.strip()
        if len(line) > _SENT_MOST or not _SENT.match(line):
            continue
        sent = time_sent(line)
        if sent and not (draft.article.version_created or draft.article.first_created):
            draft.fields["version_created"] = sent
        if sent:
            draft.remove(passage, "time-sent")


def end_marks(draft: Draft) -> None:
    """Marks that end the copy; `(MORE)` says that more of it follows (18)."""
    for passage in draft.passages[:0:-1]:
        if _RULE.match(passage.text):
            draft.remove(passage, "end-mark")
    for passage in draft.passages[:0:-1][:TAIL]:
        text = passage.text
        if len(text) > 30:
            continue
        more = _MORE.match(text) and (_MARKED.match(text) or passage is draft.passages[-1])
        if more:
            draft.wire["partial"] = True
        if more or _PLAIN_END.match(text) or (_NAMED_END.match(text) and passage is draft.passages[-1]):
            draft.remove(passage, "end-mark")
    _inline(draft, _INLINE_END, "end-mark")


def _inline(draft: Draft, shape: re.Pattern[str], rule: str) -> str | None:
    """Take a mark from the end of the last paragraph."""
    last = draft.passages[-1] if draft.passages else None
    found = shape.search(last.text, max(0, len(last.text) - _INLINE_MOST)) if last else None
    if not last or not found or not found.start():
        return None
    draft.remove(last, rule, found.start())
    return found.group()


def cross_links(draft: Draft) -> None:
    """`Read also: ...` at a line's start points at another article (23)."""
    for passage in list(draft.passages):
        found = _CROSS_LINK.match(passage.text)
        if not found or len(passage.text) > _CROSS_LINK_MOST or _is_speech(passage.text):
            continue
        name = found["name"] or found["arrow"]
        draft.associations.append(Association(rel="see-also", name=name.strip()))
        draft.remove(passage, "cross-link")


def _is_speech(text: str) -> bool:
    """`See: the vote was lost.` is a sentence; a link's name has no full stop."""
    return bool(_ALSO.match(text)) and text.rstrip().endswith(".")


def rights(draft: Draft) -> None:
    """Copyright lines and keywords below the text: fields, not text (15)."""
    for passage in draft.passages[:0:-1][:TAIL]:
        text = passage.text
        if len(text) <= _COPYRIGHT_MOST and (text[0] == "©" or _COPYRIGHT.match(text) or _RIGHTS.match(text)):
            if not draft.article.copyright_notice:
                known = draft.fields.get("copyright_notice")
                draft.fields["copyright_notice"] = f"{text} {known}" if known else text
            draft.remove(passage, "copyright")
        elif found := _KEYWORDS.match(text):
            words = [word.strip(" .") for word in re.split(r"[/;,]", found["words"])]
            known = draft.fields.get("subjects", draft.article.subjects)
            draft.fields["subjects"] = [*known, *(Subject(name=word, creator="provider") for word in words if word)]
            draft.remove(passage, "keywords")


def credit_lines(draft: Draft) -> None:
    """Who reported, wrote and edited, and the signatures of desks and agencies (15)."""
    credited: list[str] = []
    agencies = {draft.article.wire.provider, *([line.agency] if (line := draft.article.wire.dateline) else [])}
    for passage in draft.passages[:0:-1][:TAIL]:
        last = passage is draft.passages[-1]
        if _is_credit(passage, last=last) or (last and _signed_by(passage, agencies)):
            credited.insert(0, _bare(passage.text))
            draft.remove(passage, "credit")
    if inline := _inline(draft, _INLINE_CREDIT, "credit"):
        credited.insert(0, _bare(inline))
    if credited:
        draft.wire["credits"] = list(dict.fromkeys([*draft.article.wire.credits, *credited]))


def _is_credit(passage: Passage, *, last: bool) -> bool:
    text = passage.text
    if len(text) > _CREDIT_MOST or passage.kind != "paragraph":
        return False
    if _CREDIT.match(text) or _BARE_CREDIT.match(text) or _INITIALS_LINE.match(text):
        return True
    return last and bool(_SIGN_OFF.match(text) or _AGENCY_LINE.match(text))


def _signed_by(passage: Passage, agencies: set[str | None]) -> bool:
    """Whether it is the agency's own name, alone or before initials: `AAP RTV ar`."""
    agency, _, rest = passage.text.strip("()[]/–—- ").partition(" ")
    known = agency in agencies and passage.kind == "paragraph" and len(passage.text) < _SIGNED_MOST
    return known and _DESK_AND_INITIALS.fullmatch(rest) is not None


def _bare(text: str) -> str:
    bare = text.strip().strip("/–—- ")
    bare = bare.removesuffix(".") if bare.startswith(("(", "[")) else bare
    return bare[1:-1].strip("()[]") if bare.startswith(("(", "[")) and bare.endswith((")", "]")) else bare or text
