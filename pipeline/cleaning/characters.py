"""Characters: one form for each, and one space between words."""

from __future__ import annotations

import re
import unicodedata
from array import array

from pipeline.article import Headline
from pipeline.cleaning.draft import Draft, Passage

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ue000\ue001\ufeff\x00-\x08\x0e-\x1f\x7f-\x9f]+"
)
_SPACES = re.compile(r"[ \t\r\n\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK = r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_IN_TABLE = re.compile(rf"(?<!{_BLANK}){_BLANK}++(?=\n|$)")
_SINGLE_SPACE = re.compile(r"(?! )[\t\r\n\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]| {2,}|^ | $")


def normalise(draft: Draft) -> None:
    """Compose characters (NFC), drop the invisible ones, make all space single (29)."""
    for passage in list(draft.passages):
        _compose(passage)
        passage.substitute(_INVISIBLE, "")
        if passage.kind == "table" or "\t" in passage.text or "   " in passage.text:
            passage.substitute(_IN_TABLE, "")  # columns are made of space
        elif _SINGLE_SPACE.search(passage.text):
            passage.substitute(_SPACES, " ")
        passage.strip()
        if not passage.text:
            draft.passages.remove(passage)
    if draft.article.headlines:
        draft.fields["headlines"] = [
            one.model_copy(update={"value": value}) for one in draft.article.headlines if (value := _headline(one))
        ]


def _headline(headline: Headline) -> str:
    value = _INVISIBLE.sub("", unicodedata.normalize("NFC", headline.value))
    return _SPACES.sub(" ", value).strip()


def _compose(passage: Passage) -> None:
    """NFC, character by character where the text is not composed already."""
    if unicodedata.is_normalized("NFC", passage.text):
        return
    pieces: list[str] = []
    origins: array[int] = array("L")
    start = 0
    length = len(passage.text)
    while start < length:
        end = start + 1
        while end < length and unicodedata.combining(passage.text[end]):
            end += 1
        piece = unicodedata.normalize("NFC", passage.text[start:end])
        pieces.append(piece)
        origins += passage.origins[start : start + 1] * len(piece)
        start = end
    passage.text, passage.origins = "".join(pieces), origins


_TELETYPE_QUOTES = ((re.compile("``"), "“"), (re.compile("''"), "”"))
_TELETYPE_SINGLE = re.compile(r"(?<![\w`])`([^`'\n]{1,100})'(?!\w)")


def teletype_quotes(draft: Draft) -> None:
    """Two backquotes and two apostrophes, as teletypes wrote quotation marks (2)."""
    for passage in draft.passages if "`" in draft.raw else []:
        if "``" in passage.text or "''" in passage.text:
            for shape, mark in _TELETYPE_QUOTES:
                passage.substitute(shape, mark)
        while single := _TELETYPE_SINGLE.search(passage.text):
            passage.replace(single.end() - 1, single.end(), "’")
            passage.replace(single.start(), single.start() + 1, "‘")
    headlines = draft.fields.get("headlines", draft.article.headlines)
    if any("`" in one.value for one in headlines):
        draft.fields["headlines"] = [one.model_copy(update={"value": _curled(one.value)}) for one in headlines]


def _curled(text: str) -> str:
    for shape, mark in _TELETYPE_QUOTES:
        text = shape.sub(mark, text)
    return _TELETYPE_SINGLE.sub("‘\\1’", text)
