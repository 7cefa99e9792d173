"""Entities in the making: mentions, what is known of each entity, and the roles people are described by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["name", "nominal", "pronoun", "metonym"]
Family = Literal["person", "org", "place", "norp", "other"]

FAMILIES: dict[str, Family] = {
    "PERSON": "person",
    "ORG": "org",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "norp",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention, in words: ``start`` to ``end`` (exclusive), its head word, and how it mentions."""

    start: int
    end: int
    head: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is: "the French president" is office "president" of country FRA.

    ``office`` is canonical; ``country`` an alpha-3 code, or the folded adjective of another region; ``portfolios``
    the field of a minister; ``qualifiers`` all other words; ``text`` the role as written, without determiner.
    """

    office: str
    country: str | None = None
    portfolios: frozenset[str] = frozenset()
    qualifiers: frozenset[str] = frozenset()
    former: bool = False
    text: str = ""


@dataclass(slots=True, eq=False)
class Cluster:
    """An entity in the making.

    ``names`` are the spellings used, each as its comparable words; ``identity`` what the gazetteer knows it as;
    ``country`` is nationality for people; ``gender`` is m, f or empty.
    """

    family: Family
    references: list[Reference] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)
    identity: tuple[str, ...] = ()
    country: str | None = None
    gender: str = ""
    roles: list[Role] = field(default_factory=list)

    def add(self, reference: Reference) -> None:
        """Note one more mention."""
        self.references.append(reference)

    @property
    def fullest(self) -> tuple[str, ...]:
        """The comparable words of the fullest name."""
        return max(self.names, key=len, default=())

    @property
    def first(self) -> int:
        """Where the first mention starts, in words."""
        return min(reference.start for reference in self.references)

    def last_before(self, word: int) -> Reference | None:
        """The nearest mention that starts before a word."""
        before = [reference for reference in self.references if reference.start < word]
        return max(before, key=lambda reference: reference.start, default=None)
