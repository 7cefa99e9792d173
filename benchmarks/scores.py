"""Pairing what was found with what was wanted, and the figures of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

_REQUIRED_FIRST = 100.0


class Figures(NamedTuple):
    """Precision, recall and their harmonic mean F, each from 0 to 1."""

    precision: float
    recall: float
    f: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Figures:
        """Both with their F."""
        return cls(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


class GoldThing(Protocol):
    """Anything of a gold annotation; what is optional a careful reader may leave out."""

    @property
    def optional(self) -> bool:
        """Whether it may be left out."""


GoldItem = TypeVar("GoldItem", bound=GoldThing)
FoundItem = TypeVar("FoundItem")


@dataclass
class Score(Generic[GoldItem, FoundItem]):
    """What was found of what was wanted.

    Attributes:
        hits: pairs of a wanted item and the one found for it.
        excused: the same for optional items; they count neither way.
        misses: wanted items that were not found.
        false: found items that nobody wanted.
    """

    hits: list[tuple[GoldItem, FoundItem]] = field(default_factory=list)
    excused: list[tuple[GoldItem, FoundItem]] = field(default_factory=list)
    misses: list[GoldItem] = field(default_factory=list)
    false: list[FoundItem] = field(default_factory=list)

    @property
    def figures(self) -> Figures:
        """Optional items left out."""
        return self._figures(len(self.hits) + len(self.false))

    @property
    def strict(self) -> Figures:
        """Optional items counted as false finds."""
        return self._figures(len(self.hits) + len(self.false) + len(self.excused))

    def _figures(self, given: int) -> Figures:
        found = len(self.hits)
        return Figures.of(found / max(given, 1), found / max(found + len(self.misses), 1))


def score(
    gold: Sequence[GoldItem], found: Sequence[FoundItem], worth: Callable[[GoldItem, FoundItem], float]
) -> Score[GoldItem, FoundItem]:
    """Pair items one to one for the highest sum of ``worth``, required ones first; a worth of 0 is no match."""
    table = np.array([[worth(g, f) for f in found] for g in gold], dtype=float).reshape(len(gold), len(found))
    bonus = np.array([0.0 if g.optional else _REQUIRED_FIRST for g in gold]).reshape(len(gold), 1)
    rows, columns = linear_sum_assignment(np.where(table > 0, table + bonus, 0.0), maximize=True)
    pairs = {int(row): int(column) for row, column in zip(rows, columns, strict=True) if table[row, column] > 0}
    result: Score[GoldItem, FoundItem] = Score()
    for row, column in pairs.items():
        (result.excused if gold[row].optional else result.hits).append((gold[row], found[column]))
    result.misses = [g for n, g in enumerate(gold) if n not in pairs and not g.optional]
    result.false = [f for n, f in enumerate(found) if n not in set(pairs.values())]
    return result


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> Figures:
    """Of mentions, each with its gold and its found entity (Bagga and Baldwin 1998)."""
    both = Counter(pairs)
    golds, founds = Counter(gold for gold, _ in pairs), Counter(found for _, found in pairs)
    precise = sum(n * n / founds[found] for (_, found), n in both.items())
    recalled = sum(n * n / golds[gold] for (gold, _), n in both.items())
    return Figures.of(precise / max(len(pairs), 1), recalled / max(len(pairs), 1))
