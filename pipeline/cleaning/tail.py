"""The tail of an article: credits, end marks, feed tags, links to other articles."""

from __future__ import annotations

import re

from pipeline.article import Association
from pipeline.cleaning.draft import Draft

TAIL = 6
"""Passages from the end among which lines of the tail are looked for."""

_FEED_TAG = re.compile(r"^[a-z]{2,6}-\d{1,4}-[a-z][a-z0-9-]{1,40}$")
_END_MARK = re.compile(
    r"^(?:\(?ends?\)?|_{3,}|-{3,}|-30-|#{2,}|\*{3,}|\(?MORE\)?|\(?END\)?|\(FIN\)|=+)\.?$", re.IGNORECASE
)
_MORE = re.compile(r"^\(?MORE\)?$")
_CREDIT = re.compile(
    r"^[(\[](?:(?:Additional |Writing and )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Tt]ranslat(?:ed|ion|ing)|"
    r"[Cc]ompiled|[Gg]raphics?|[Pp]roduction)\s.*\bby\b.*|[A-Z]{2,6}(?:/[A-Za-z]{2,4})+|[a-z]{2,4}(?:/[a-z]{2,4}){1,3})[)\]]$"
)
_SIGN_OFF = re.compile(r"^[a-z]{2,5}(?: [a-z]{2,4}){1,5}$")
_NOT_FOR_PUBLICATION = re.compile(
    r"^(?:#\s*Notizblock|(?:The following|This) information is not (?:intended )?for publication|"
    r"(?:#|\*)?\s*Editorial contacts?\s*:?$|Not for publication\b)",
    re.IGNORECASE,
)
_LINK_WORDS = (
    r"(?:(?:To |Also )?(?:read|listen|watch|see|hear)(?: (?:also|more|too))?|"
    r"Related(?: (?:articles?|stories|coverage))?|"
    r"(?:À |A )?(?:lire|écouter|voir|regarder) (?:aussi|également))"
)
_CROSS_LINK = re.compile(rf"^{_LINK_WORDS}\s*:\s*(?P<name>\S.*)$|^(?:>{{1,3}}|→)\s*(?P<arrow>\S.*)$", re.IGNORECASE)
_ALSO = re.compile(r"^\W*(?:to |also )?(?:read|listen|watch|see|hear)\s*:", re.IGNORECASE)
_CROSS_LINK_MOST = 300


def feed_tag(draft: Draft) -> None:
    """The last line `rf-1-europe` names the feed: data, not text (24)."""
    for passage in draft.passages[-2:]:
        if _FEED_TAG.match(passage.text):
            draft.wire["feed_tag"] = passage.text
            draft.remove(passage, "feed-tag")
            return


def end_marks(draft: Draft) -> None:
    """Marks that end the copy; `(MORE)` says that more of it follows (18)."""
    for passage in draft.passages[:0:-1][:TAIL]:
        if not _END_MARK.match(passage.text):
            continue
        if _MORE.match(passage.text):
            draft.wire["partial"] = True
        draft.remove(passage, "end-mark")


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


def credit_lines(draft: Draft) -> None:
    """Who reported, wrote and edited, and desk signatures (15)."""
    credited: list[str] = []
    for passage in draft.passages[:0:-1][:TAIL]:
        last = passage is draft.passages[-1]
        if _CREDIT.match(passage.text) or (last and _SIGN_OFF.match(passage.text)):
            credited.insert(0, passage.text.strip("()[]"))
            draft.remove(passage, "credit")
    if credited:
        draft.wire["credits"] = [*draft.article.wire.credits, *credited]


def not_for_publication(draft: Draft) -> None:
    """From a line that says so to the end: notes and contacts for the desk only (16)."""
    for number, passage in enumerate(draft.passages):
        if number and _NOT_FOR_PUBLICATION.match(passage.text):
            for note in draft.passages[number:]:
                draft.note(note.text)
                draft.remove(note, "not-for-publication")
            return
