"""Names of people: their parts, and which of them are names of one person."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.spelling import display, words_in
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.transliteration import folded, similar, skeleton

if TYPE_CHECKING:  # keys of names are wanted without spaCy
    from spacy.tokens import Span

    from pipeline.enrichment.linking.words import Words

_GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})
_ARTICLES = frozenset({"al", "el", "as", "ad", "ash", "ar", "an"})
"""The Arabic article in its assimilated forms: written or not, the name is the same."""

CANDIDATES = 32
"""Clusters a name is compared with at most: hostile text can't make linking quadratic."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name: folded words without titles, and what its title tells."""

    words: tuple[str, ...]
    title: str = ""
    gender: str = ""

    @property
    def surname(self) -> str:
        """The last word."""
        return self.words[-1]


@lru_cache(maxsize=4096)
def person_name(text: str) -> PersonName:
    """The parts of a name as written: "Pres. Dmitri Peskov" has the words dmitri, peskov."""
    words = list(words_in(display(text)))
    titles = tables().titles
    title, gender = "", ""
    while len(words) > 1 and words[0] in titles:
        title, gender = words[0], titles[words[0]] or gender
        words.pop(0)
    while len(words) > 1 and words[-1] in _GENERATIONS:
        words.pop()
    kept = [word for word in words if word not in _ARTICLES] or words
    if len(kept) > 1 and not gender:
        gender = tables().given.get(kept[0], "")
    parts = tuple(folded(word) for word in kept) or (display(text).casefold(),)
    return PersonName(parts, title, gender)


def _given_agree(one: str, other: str) -> bool:
    """Whether two given names may be one: equal, an initial, or a short form ("Nick", "Nicholas")."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and (len(shorter) == 1 or len(shorter) >= 3):
        return True
    return similar(one, other)


def same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two full names (folded words) are names of one person."""
    if set(one) == set(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    if shorter[0] == longer[0] and set(shorter) < set(longer):
        return True
    return similar(one[-1], other[-1]) and _given_agree(one[0], other[0])


class PersonNames:
    """The people of a document, by name; full names are added before bare ones."""

    def __init__(self, words: Words) -> None:
        self.clusters: list[Cluster] = []
        self._words = words
        self._by_word: dict[str, list[Cluster]] = defaultdict(list)
        self._by_sound: dict[str, list[Cluster]] = defaultdict(list)
        self._settled: dict[str, Cluster] = {}

    def add(self, ent: Span, reference: Reference) -> Cluster:
        """The cluster of a name; a new one where no person of that name is known."""
        name = person_name(ent.text)
        gender = self._gender_before(ent.start) or name.gender
        cluster = self._find(name, gender, reference)
        if cluster is None:
            cluster = Cluster("person")
            self.clusters.append(cluster)
        if name.words not in cluster.names:
            cluster.names.append(name.words)
            for word in set(name.words):
                self._note(self._by_word[word], cluster)
            self._note(self._by_sound[skeleton(name.surname)], cluster)
        cluster.gender = cluster.gender or gender
        return cluster

    @staticmethod
    def _note(clusters: list[Cluster], cluster: Cluster) -> None:
        if not any(cluster is known for known in clusters[-CANDIDATES:]):
            clusters.append(cluster)

    def _gender_before(self, start: int) -> str:
        before = self._words.lower[start - 1].rstrip(".") if start else ""
        if before == "." and start > 1:
            before = self._words.lower[start - 2]
        return tables().titles.get(before, "")

    def _find(self, name: PersonName, gender: str, reference: Reference) -> Cluster | None:
        near = [
            *self._by_word[name.surname][:CANDIDATES],
            *self._by_word[name.words[0]][:CANDIDATES],
            *self._by_sound[skeleton(name.surname)][:CANDIDATES],
        ]
        near = [cluster for cluster in near if not (gender and cluster.gender and gender != cluster.gender)]
        if len(name.words) > 1:
            full = [c for c in near if any(len(n) > 1 and same_person(name.words, n) for n in c.names[:CANDIDATES])]
            return full[0] if full else None
        return self._bare(name.words[0], near, reference)

    def _bare(self, word: str, near: list[Cluster], reference: Reference) -> Cluster | None:
        """Who a single name means: surname before given name, who it meant before, who is much talked of."""
        ranked = [(self._rank(word, cluster), cluster) for cluster in near]
        best = max((rank for rank, _ in ranked), default=0)
        fitting = [cluster for rank, cluster in ranked if rank == best and rank > 0]
        if not fitting:
            return None
        settled = self._settled.get(word)
        if settled is None or settled not in fitting:
            settled = max(fitting, key=lambda cluster: _closeness(cluster, reference))
        self._settled[word] = settled
        return settled

    @staticmethod
    def _rank(word: str, cluster: Cluster) -> int:
        full = cluster.fullest
        if word == full[-1]:
            return 3
        if word in full:
            return 2
        return 1 if similar(word, full[-1]) else 0


def _closeness(cluster: Cluster, reference: Reference) -> tuple[bool, int, int]:
    """How well a cluster suits a bare name: named before it, named often, named lately."""
    starts = [other.start for other in cluster.references]
    before = bisect_left(sorted(starts), reference.start)
    return before > 0, before or len(starts), -min(abs(reference.start - start) for start in starts)
