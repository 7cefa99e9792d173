"""Names with several spellings: which others a word or two of a question stand for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.config import configs_dir

Key = tuple[str, ...]


@cache
def _spellings() -> Mapping[Key, tuple[str, ...]]:
    """All spellings of each name, by each of them."""
    with (configs_dir() / "search" / "spellings.toml").open("rb") as file:
        sections: Mapping[str, Mapping[str, list[str]]] = tomllib.load(file)
    groups = [(name, *others) for section in sections.values() for name, others in section.items()]
    return {_key(name.split()): group for group in groups for name in group}


@cache
def _longest() -> int:
    return max(len(key) for key in _spellings())


def spelled(words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The longest name that begins these words: how many of them it is, 0 if there is none; its other spellings."""
    for length in range(min(_longest(), len(words)), 0, -1):
        key = _key(words[:length])
        if group := _spellings().get(key):
            return length, tuple(name for name in group if _key(name.split()) != key)
    return 0, ()


def _key(words: Sequence[str]) -> Key:
    from pipeline.enrichment.linking.transliteration import plain

    return tuple(plain(word) for word in words)
