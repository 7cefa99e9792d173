"""The word lists of linking, from ``configs/language``: read once, never changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.config import configs_dir


@dataclass(frozen=True, slots=True)
class Tables:
    """What ``roles.toml``, ``linking.toml`` and ``names.toml`` hold, ready for look-ups; all words in lower case.

    ``offices`` gives the canonical office of a head ("premier": "prime minister"); ``compounds`` the heads of several
    words, as tuples; ``portfolios`` the canonical field of an office ("defense": "defence"); ``titles`` the gender a
    title tells, or ""; ``genders`` the gender a noun tells; ``groups`` the kind a common noun of groups and places
    names; ``given`` the gender of given names; ``variants`` the one spelling of a name with many.
    """

    offices: Mapping[str, str]
    persons: frozenset[str]
    plain: frozenset[str]
    relatives: frozenset[str]
    compounds: frozenset[tuple[str, ...]]
    portfolios: Mapping[str, str]
    titles: Mapping[str, str]
    courtesies: frozenset[str]
    genders: Mapping[str, str]
    groups: Mapping[str, str]
    locative: frozenset[str]
    metonym_verbs: frozenset[str]
    metonym_nouns: frozenset[str]
    partner_nouns: frozenset[str]
    suffixes: frozenset[str]
    generic: frozenset[str]
    pronouns: Mapping[str, str]
    expletive_verbs: frozenset[str]
    expletive_adjectives: frozenset[str]
    given: Mapping[str, str]
    variants: Mapping[str, str]


def _read(name: str) -> dict[str, Any]:
    with (configs_dir() / "language" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _canonical(lists: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: canonical for canonical, words in lists.items() for word in [canonical, *words]}


def _labelled(lists: Mapping[str, str]) -> dict[str, str]:
    return {word: label for label, words in lists.items() for word in words.split()}


@cache
def tables() -> Tables:
    """The tables, loaded once a process."""
    roles, linking, names = _read("roles"), _read("linking"), _read("names")
    given = _labelled(names["given"])
    both = set(names["given"]["m"].split()) & set(names["given"]["f"].split())
    persons = roles["persons"]
    return Tables(
        offices=_canonical(roles["offices"]),
        persons=frozenset(persons["nouns"].split()),
        plain=frozenset(persons["plain"].split()),
        relatives=frozenset(persons["relatives"].split()),
        compounds=frozenset(tuple(words.split()) for words in persons["compounds"].split(";")),
        portfolios=_canonical(roles["portfolios"]),
        titles=roles["titles"],
        courtesies=frozenset(roles["courtesies"]["words"].split()),
        genders=_labelled(roles["genders"]),
        groups=_labelled(roles["groups"]),
        locative=frozenset(linking["places"]["locative"].split()),
        metonym_verbs=frozenset(linking["metonyms"]["verbs"].split()),
        metonym_nouns=frozenset(linking["metonyms"]["nouns"].split()),
        partner_nouns=frozenset(linking["metonyms"]["partners"].split()),
        suffixes=frozenset(linking["organisations"]["suffixes"].split()),
        generic=frozenset(linking["organisations"]["generic"].split()),
        pronouns=linking["pronouns"],
        expletive_verbs=frozenset(linking["expletive"]["verbs"].split()),
        expletive_adjectives=frozenset(linking["expletive"]["adjectives"].split()),
        given={name: gender for name, gender in given.items() if name not in both},
        variants=_canonical(names["variants"]),
    )
