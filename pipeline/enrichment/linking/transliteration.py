"""Names of one sound under many spellings: folding what transliterations into English do differently.

The folding is our own, made from what differs between usual romanisations (BGN/PCGN, French and German practice) of
Cyrillic and Arabic names. It serves identity, not pronunciation: what it makes of a name is only ever compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from pipeline.enrichment.linking.tables import tables

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(\w+ou\w+)ine$", r"\1in"),  # French: Poutine
        (r"off$", "ov"),
        (r"tch|tsch", "ch"),  # Tchernenko, Chernenko
        (r"ck", "k"),
        (r"ph", "f"),
        (r"dh", "d"),
        (r"dj", "j"),
        (r"gu(?=[ei])", "g"),  # French: Sergueï
        (r"x", "ks"),
        (r"q", "k"),
        (r"ou|oo", "u"),
        (r"ee", "i"),
        (r"^ye|^ie|^je(?=l)", "e"),  # Yeltsin, Jelzin
        (r"(?<=[aeiou])j", "i"),
        (r"y", "i"),
        (r"ij$", "i"),
        (r"([a-z])\1+", r"\1"),
    )
)
_VOWELS = re.compile(r"[aeiouyj]")
_CLASSES = str.maketrans({"g": "k", "q": "k", "c": "k", "z": "s", "f": "v", "w": "v", "h": ""})

SIMILAR = 0.7
"""Least Levenshtein similarity of two spellings of one name whose consonants agree."""


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """A word without case, accents and marks: letters and digits only."""
    word = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return "".join(c for c in word.translate(_LETTERS) if c.isalnum())


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """One spelling for all usual spellings of a word of a name: "Kouleba" and "Kuleba" give "kuleba"."""
    word = plain(word)
    canonical = tables().variants.get(word)
    word = canonical or word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """The consonants of a folded word, near ones as one: what vowels and doubling can't change."""
    return _VOWELS.sub("", word.translate(_CLASSES)) or word


def similar(one: str, other: str) -> bool:
    """Whether two folded words are spellings of one name: the same consonants and few other differences."""
    if one == other:
        return True
    if min(len(one), len(other)) < 4 or skeleton(one) != skeleton(other) or len(skeleton(one)) < 3:
        return False
    return float(Levenshtein.normalized_similarity(one, other)) >= SIMILAR
