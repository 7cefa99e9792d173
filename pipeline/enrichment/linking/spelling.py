"""Names as written: cut into words, and freed of articles, possessives and marks."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.enrichment.linking.transliteration import plain

_WORD = re.compile(r"\w+(?:['’ʼ]\w+)*")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_EDGES = re.compile(r"^(?:the|a|an|this|that)\s+|\s*(?:['’]s|['’])$", re.IGNORECASE)
_MARKS = " \t\n\r\u200b\"“”„«»'‘’,;:!?()[]"
_SPACE = re.compile(r"\s+")

LONGEST = 200
"""Characters of a name that are looked at: nothing longer is one."""


@lru_cache(maxsize=8192)
def display(name: str) -> str:
    """A name without determiner, possessive and marks around it; as it came where nothing would be left."""
    bare = _SPACE.sub(" ", name[:LONGEST]).strip(_MARKS)
    bare = _EDGES.sub("", bare).strip(_MARKS)
    return bare or name.strip() or name


@lru_cache(maxsize=8192)
def words_in(name: str) -> tuple[str, ...]:
    """The comparable words of a name: no case, accents, dots or hyphens; "U.S." is one word."""
    joined = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", name[:LONGEST])
    return tuple(filter(None, (plain(word) for word in _WORD.findall(joined))))
