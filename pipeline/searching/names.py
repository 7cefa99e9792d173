"""Names in questions: an entity by its name or its key, whole or by words of it, however it is spelled."""

from __future__ import annotations

import re
from typing import Any, Literal

Kind = Literal["person", "org", "place"]
Side = Literal["holder", "target"]

_TYPES: dict[Kind, str] = {"person": "PERSON", "org": "ORG", "place": "GPE"}
"""The type under which a name that is asked for has its key."""

_PARTIES = ("PERSON", "ORG", "GPE", "NORP", "phrase")
"""The types under which holders and targets of stances have theirs: both may be anybody and anything."""

_NO_WORDS = frozenset({"place", "norp"})
"""Families whose keys are not made of their own words alone: France is "fra", and Paris "paris-fra"."""


def named(kind: Kind, name: str) -> dict[str, Any]:
    """The condition that an article names somebody: a surname finds the person.

    By its name neither case nor accents count; by its key neither does the spelling: Kuleba finds Kouleba.
    """
    return _any([*_whole_or_word(f"entities.{kind}.folded", name), *_by_key("entities.key", name, _TYPES[kind])])


def party(path: str, name: str) -> dict[str, Any]:
    """The condition that somebody, or something, is the holder or target of a stance; ``path`` is its field."""
    keys = [condition for type_ in _PARTIES for condition in _by_key(f"{path}.key", name, type_)]
    return _any([*_whole_or_word(f"{path}.name.folded", name), *keys])


def escaped(text: str) -> str:
    """Text of which no character stands for others in a wildcard."""
    return re.sub(r"[\\*?]", r"\\\g<0>", text)


def _any(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": conditions, "minimum_should_match": 1}}


def _by_key(field: str, name: str, type_: str) -> list[dict[str, Any]]:
    from pipeline.enrichment.linking.keys import key  # its tables take a second, which other searches needn't wait

    family, _, slug = key(name, type_).partition(":")
    if not slug:
        return []
    if family in _NO_WORDS:
        return [{"term": {field: {"value": f"{family}:{slug}"}}}]
    return _whole_or_word(field, slug, f"{family}:", "-")


def _whole_or_word(field: str, value: str, before: str = "", space: str = " ") -> list[dict[str, Any]]:
    """A value that is all of a keyword (after ``before``), or whole words of it between ``space``."""
    part = escaped(value)
    patterns = [f"{before}{part}{space}*", f"{before}*{space}{part}", f"{before}*{space}{part}{space}*"]
    return [
        {"term": {field: {"value": before + value, "case_insensitive": True}}},
        *({"wildcard": {field: {"value": pattern, "case_insensitive": True}}} for pattern in patterns),
    ]
