"""The words of keyphrases, from ``configs/language/keyphrases.toml``, and how words are compared."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.tokens import Token

from pipeline.config import configs_dir
from pipeline.enrichment.dates.words import MONTHS, WEEKDAYS

WORD = re.compile(r"[^\W\d_][\w’'.&-]*")
"""A word that begins with a letter."""

CALENDAR = frozenset(name.lower() for name in (*MONTHS, *WEEKDAYS))
"""Names of months and days, which tell nothing of what a story is about."""

TOP = 60
"""Words of the top of a story, whose names and phrases need not come again."""


@dataclass(frozen=True, slots=True)
class Table:
    """The lists of the file, by the names they have there."""

    generic: frozenset[str]
    roles: frozenset[str]
    weak: frozenset[str]
    parting: frozenset[str]
    agencies: frozenset[str]


@cache
def table() -> Table:
    """The lists, read once a process."""
    with (configs_dir() / "language" / "keyphrases.toml").open("rb") as file:
        lists: dict[str, Any] = tomllib.load(file)
    return Table(**{name: frozenset(words) for name, words in lists.items()})


def lemma(token: Token) -> str:
    """The word as words are compared: its lemma, or itself where there is none, in lower case."""
    word: str = token.lemma_ or token.text
    return word.lower()
