"""Products by rule and lexicon: "F-16", "Boeing 737", "iPhone 14", "Sputnik V"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.config import configs_dir
from pipeline.enrichment.gazetteer import fold
from pipeline.enrichment.types.found import Found, Words

_MODEL = re.compile(r"[A-Z]{0,2}\d[\w-]*$")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``configs/language/products.toml``: designations, lines of products, folded names with their first words."""

    designation: re.Pattern[str]
    lines: frozenset[str]
    names: frozenset[str]
    first_words: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """The lexicon of products, read once a process."""
    with (configs_dir() / "language" / "products.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    names = frozenset(fold(name) for name in table["names"])
    first_words: dict[str, int] = {}
    for name in names:
        first, size = name.split()[0], len(name.split())
        first_words[first] = max(size, first_words.get(first, 0))
    prefixes = "|".join(map(re.escape, table["prefixes"]))
    return Lexicon(
        re.compile(rf"(?:{prefixes})-\d{{1,4}}[A-Z]{{0,3}}s?$"), frozenset(table["lines"]), names, first_words
    )


def named_products(words: Words) -> Iterator[Found]:
    """Products that are written in the document, whatever the model found, in order and without overlaps."""
    at = 0
    for index in range(len(words)):
        if index >= at and (end := _end(index, words)):
            yield Found(index, end, "PRODUCT")
            at = end


def _end(start: int, words: Words) -> int | None:
    """The end of the product that begins at a word, if one does."""
    known, text = lexicon(), words.text
    following = text[start + 1] if start + 1 < len(words) else ""
    if known.designation.match(text[start]):
        return start + 1
    if text[start] in known.lines and _MODEL.match(following) and len(following) < 8:
        return start + 2
    longest = known.first_words.get(fold(text[start]), 0) if text[start] != text[start].lower() else 0
    ends = range(min(start + longest, len(words)), start, -1)
    return next((end for end in ends if fold(words.span(start, end)) in known.names), None)


def with_products(entities: Sequence[Found], words: Words) -> list[Found]:
    """The entities with their products, in the place of what lies inside them; none that crosses another's edge."""
    owner = [-1] * len(words)
    for number, entity in enumerate(entities):
        owner[entity.start : entity.end] = [number] * (entity.end - entity.start)
    replaced: set[int] = set()
    added: list[Found] = []
    for product in named_products(words):
        inside = {number for number in owner[product.start : product.end] if number >= 0}
        if all(product.start <= entities[one].start and entities[one].end <= product.end for one in inside):
            replaced |= inside
            added.append(product)
    kept = [entity for number, entity in enumerate(entities) if number not in replaced]
    return sorted([*kept, *added])
