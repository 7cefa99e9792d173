"""Names in questions: an entity by its name or its key, whole or by words of it, however it is spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

Kind = Literal["person", "org", "place"]

_TYPES: dict[Kind, str] = {"person": "PERSON", "org": "ORG", "place": "GPE"}
"""The type under which a name that is asked for has its key."""

_PARTIES = ("PERSON", "ORG", "GPE", "NORP", "phrase")
"""The types under which holders and targets of stances have theirs: both may be anybody and anything."""

_SPEAKERS = ("PERSON", "ORG", "GPE")

_NO_WORDS = frozenset({"place", "norp"})
"""Families whose keys are not made of their own words alone: France is "fra", and Paris "paris-fra"."""


def named(kind: Kind, name: str, begins: bool = False) -> dict[str, Any]:
    """The condition that an article names somebody: a surname finds the person; with ``begins`` its beginning does.

    By its name neither case nor accents count; by its key neither does the spelling: Kuleba finds Kouleba.
    """
    return _anybody(f"entities.{kind}.folded", "entities.key", name, (_TYPES[kind],), begins)


def party(path: str, name: str, begins: bool = False) -> dict[str, Any]:
    """The condition that somebody, or something, is the holder or target of a stance; ``path`` is its field."""
    return _anybody(f"{path}.name.folded", f"{path}.key", name, _PARTIES, begins)


def quoted_from(name: str, begins: bool = False) -> dict[str, Any]:
    """The condition that an article quotes somebody."""
    return _anybody("quotes.speaker.folded", "quotes.key", name, _SPEAKERS, begins)


def spelled_like(word: str) -> dict[str, Any] | None:
    """The condition that a word is one of a person's name in another spelling, by the key, which folds them."""
    from pipeline.enrichment.linking.transliteration import folded

    sound = folded(composed(word))
    # Letters and digits only, so nothing in it is special to a regular expression.
    return {"regexp": {"entities.key": {"value": f"person:(.*-)?{sound}(-.*)?"}}} if len(sound) > 3 else None


def composed(text: str) -> str:
    """One character for a letter and its accent, as in the index."""
    return unicodedata.normalize("NFC", text)


def escaped(text: str) -> str:
    """Text of which no character stands for others in a wildcard."""
    return re.sub(r"[\\*?]", r"\\\g<0>", text)


def _anybody(field: str, key_field: str, name: str, types: Sequence[str], begins: bool) -> dict[str, Any]:
    name = composed(name)
    if begins:
        return {"regexp": {field: {"value": f"(.* )?{_literal(name)}.*"}}}
    whole_or_words = {"regexp": {field: {"value": f"(.* )?{_literal(name)}( .*)?"}}}
    conditions = [whole_or_words, *_by_key(key_field, name, types)]
    return {"bool": {"should": conditions, "minimum_should_match": 1}}


def _by_key(field: str, name: str, types: Sequence[str]) -> list[dict[str, Any]]:
    """The keys a name has under each type; of most families also those it is a word of."""
    from pipeline.enrichment.linking.keys import key  # its tables take a second, which other searches needn't wait

    keys = [made for type_ in types if not (made := key(name, type_)).endswith(":")]
    families: dict[str, list[str]] = {}
    for family, _, slug in (made.partition(":") for made in keys):
        if family not in _NO_WORDS:
            families.setdefault(slug, []).append(family)
    of_words = "|".join(f"({'|'.join(several)}):(.*-)?{_literal(slug)}(-.*)?" for slug, several in families.items())
    exact = [{"terms": {field: sorted(set(keys))}}] if keys else []
    return [*exact, *([{"regexp": {field: {"value": of_words}}}] if of_words else [])]


def _literal(text: str) -> str:
    """Text as a regular expression of Lucene; a mark that is not ASCII, which the index may fold to several, is any."""
    return "".join(c if c.isalnum() or c == " " else f"\\{c}" if c.isascii() else "." for c in text)
