"""Where an entity begins and ends: what a news archive would not file as part of the name is cut off.

Cut off are a leading "the", the possessive, quote marks, stray punctuation and a bracket whose partner is outside. A
capital "The" stays with works and products, and within a sentence with organisations: "told The New York Times".
"""

from __future__ import annotations

from pipeline.enrichment.types.found import Found, Words, is_mark

_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "`s", "'", "’"})
_WORKS = frozenset({"MISC", "PRODUCT"})
_TITLED = frozenset({"ORG", "FAC", *_WORKS})
_WITH_ARTICLE = frozenset({"Hague"})
_AMOUNTS = frozenset({"MONEY", "DATE"})
_BRACKETS = {"(": ")", "[": "]"}
_NEAR = 50  # words within which a bracket's partner is looked for
_CLOSING = {")": "(", "]": "["}


def trimmed(found: Found, words: Words) -> Found | None:
    """The entity without what is no part of its name; None where nothing is left."""
    start, end, label = found
    while start < end and _is_stray_start(start, end, label, words):
        start += 1
    while end > start and _is_stray_end(start, end, label, words):
        end -= 1
    return Found(start, end, label) if start < end else None


def _is_stray_start(start: int, end: int, label: str, words: Words) -> bool:
    text = words.text[start]
    if text in _BRACKETS:
        return _BRACKETS[text] not in words.text[start + 1 : min(end, start + _NEAR)]
    if is_mark(text):
        return text not in "#@&"
    if label in _AMOUNTS or end - start == 1 or words.text[start + 1] in _WITH_ARTICLE:
        return False
    return text == "the" or (text == "The" and (label not in _TITLED or (words.first[start] and label not in _WORKS)))


def _is_stray_end(start: int, end: int, label: str, words: Words) -> bool:
    text = words.text[end - 1]
    if text in _POSSESSIVES:
        return label not in _AMOUNTS
    if text in _CLOSING:
        return _CLOSING[text] not in words.text[max(start, end - _NEAR) : end - 1]
    if text == "." and end - start > 1 and _is_abbreviated(words.text[end - 2]):
        return False
    return is_mark(text) and text not in "%‰"


def _is_abbreviated(text: str) -> bool:
    """Whether a dot after it may be its own: "U.S" and "Jr", where the tokenizer cut the dot off."""
    return "." in text or (len(text) <= 3 and text[0].isupper())
