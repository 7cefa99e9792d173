"""The body: what is a paragraph, a subhead, a list, a table."""

from __future__ import annotations

import re

from pipeline.cleaning.draft import Draft, Passage

_BULLET = re.compile(r"^(?:[*•‣▪–—-]|\d{1,2}[.)])\s+(?=\S)")
_DASH_BULLET = re.compile(r"^[–—-]\s")
_TABLE_MARK = re.compile(r"<#>|</?TABLE>|<[\^~]{3,}>?", re.IGNORECASE)
_COLUMNS = re.compile(r"\S(?: {3,}|\t+ *)\S")
_CLOSED = re.compile(r"[.!?:;,…][\"'”’»)\]\s]*$|[“«„]\s*$")
_SUBHEAD_MOST = 70
_SUBHEAD_WORDS = 10
_MUCH_LONGER = 2
_REPEATED_LEAST = 60


def tables(draft: Draft) -> None:
    """Rows of columns, and what stands between `<#>` and `<#>`: kept, and kept out of the language pipeline (20)."""
    _marked_tables(draft)
    if not any(_may_have_columns(passage.text) for passage in draft.passages):
        return
    for passage in draft.passages:
        rows = passage.text.split("\n")
        if passage.kind == "paragraph" and len(rows) > 1 and sum(map(_is_row, rows)) * 2 >= len(rows):
            passage.kind = "table"
    # Rows that stand apart, each a passage of its own, two or more below each other.
    for before, after in zip(draft.passages, draft.passages[1:], strict=False):
        if _is_row(before.text) and _is_row(after.text):
            before.kind = after.kind = "table"
    for passage in draft.passages:
        if passage.kind != "table" and _COLUMNS.search(passage.text):
            passage.substitute(re.compile(r"\s+"), " ")


def _marked_tables(draft: Draft) -> None:
    """Tables between marks; a mark without its partner marks nothing else."""
    marks = [number for number, passage in enumerate(draft.passages) if _TABLE_MARK.search(passage.text)]
    if not marks:
        return
    whole = draft.passages[marks[0] : marks[-1] + 1]
    for passage in whole if sum(len(_TABLE_MARK.findall(one.text)) for one in whole) > 1 else []:
        passage.kind = "table"
    for passage in whole:
        while passage.text and (mark := _TABLE_MARK.search(passage.text)):
            draft.remove(passage, "table-mark", mark.start(), mark.end())


def _is_row(text: str) -> bool:
    return len(text) < 160 and _may_have_columns(text) and _COLUMNS.search(text) is not None


def _may_have_columns(text: str) -> bool:
    return "   " in text or "\t" in text


def bullets(draft: Draft) -> None:
    """Lines that begin with a bullet are a list (19); one line with a dash alone is speech or a sentence."""
    marks = [bool(_BULLET.match(p.text)) and p.kind in {"paragraph", "list"} for p in draft.passages]
    for number, passage in enumerate(list(draft.passages)):
        if not marks[number]:
            continue
        beside = marks[max(0, number - 1) : number] + marks[number + 1 : number + 2]
        if any(beside) or not (_DASH_BULLET.match(passage.text) or passage.text[0].isdigit()):
            passage.kind = "list"
            found = _BULLET.match(passage.text)
            if found and not passage.text[0].isdigit():
                draft.remove(passage, "bullet", 0, found.end())


def repeated(draft: Draft) -> None:
    """A block that comes twice is kept once (28)."""
    seen: set[str] = set()
    for passage in list(draft.passages):
        words = " ".join(passage.text.split()).casefold()
        if len(words) >= _REPEATED_LEAST and words in seen:
            draft.remove(passage, "repeated")
            draft.warnings.append(f"a paragraph is repeated, kept once: {passage.text[:60] or words[:60]!r}")
        seen.add(words)


def subheads(draft: Draft) -> None:
    """A short line without closing punctuation before a longer paragraph is a subhead (27)."""
    for number in range(1, len(draft.passages) - 1):
        passage, after = draft.passages[number], draft.passages[number + 1]
        if passage.kind == "paragraph" and after.kind != "table" and _is_subhead(passage, after):
            passage.kind = "heading"


def _is_subhead(passage: Passage, after: Passage) -> bool:
    text = passage.text
    if len(text) > _SUBHEAD_MOST or len(text.split()) > _SUBHEAD_WORDS or _CLOSED.search(text):
        return False
    first = text.lstrip("“\"'«‘ ")[:1]
    return (first.isupper() or first.isdigit()) and len(after.text) > len(text) * _MUCH_LONGER
