"""Names of organisations: acronyms and their expansions, short forms, and firms without their legal form."""

from __future__ import annotations

from collections import defaultdict

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import Cluster
from pipeline.enrichment.linking.spelling import words_in
from pipeline.enrichment.linking.tables import tables

_FUNCTION_WORDS = frozenset({"the", "of", "for", "and", "de", "la", "du", "des", "in", "on", "to"})
LONGEST_ACRONYM = 8
"""Letters of an acronym at most."""

WELL_KNOWN = 200_000
"""People a city has whose name alone means the city, not a firm named after it."""


def initials(words: tuple[str, ...]) -> set[str]:
    """What a name of several words may be abbreviated to, in lower case: with and without its small words."""
    content = [word for word in words if word not in _FUNCTION_WORDS]
    return {"".join(word[0] for word in words), "".join(word[0] for word in content)}


def bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the legal form at its end: "meridian shipping ltd" gives "meridian shipping"."""
    kept = list(words)
    while len(kept) > 1 and kept[-1] in tables().suffixes:
        kept.pop()
    return tuple(kept)


class OrganisationNames:
    """The organisations of a document, by name; full names are added before single words."""

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self._by_name: dict[tuple[str, ...], Cluster] = {}
        self._by_start: dict[tuple[str, ...], list[Cluster]] = defaultdict(list)
        self._by_initials: dict[str, Cluster] = {}

    def add(self, spelling: str) -> Cluster:
        """The cluster of a name; a new one where it is new."""
        known = gazetteer().organisation(spelling)
        words = words_in(known or spelling) or (spelling.casefold(),)
        cluster = self._find(words, spelling)
        if cluster is None:
            cluster = Cluster("org", identity=("org", *words) if known else ())
            self.clusters.append(cluster)
        self._note(words_in(spelling) or words, cluster)
        self._note(words, cluster)
        return cluster

    def join_acronyms(self) -> None:
        """Note what the full names may be abbreviated to."""
        for cluster in self.clusters:
            for words in cluster.names:
                if len(words) > 1:
                    for letters in initials(words) | initials(bare(words)):
                        if 1 < len(letters) <= LONGEST_ACRONYM:
                            self._by_initials.setdefault(letters, cluster)

    def _note(self, words: tuple[str, ...], cluster: Cluster) -> None:
        if words in cluster.names:
            return
        cluster.names.append(words)
        self._by_name.setdefault(bare(words), cluster)
        for length in range(1, min(len(words), 5)):
            if cluster not in self._by_start[words[:length]]:
                self._by_start[words[:length]].append(cluster)

    def _find(self, words: tuple[str, ...], spelling: str) -> Cluster | None:
        exact = self._by_name.get(bare(words))
        if exact:
            return exact
        if len(words) == 1 and spelling.replace(".", "").isupper() and words[0] in self._by_initials:
            return self._by_initials[words[0]]
        if _tells(words):
            longer = self._by_start.get(words, [])
            if len(longer) == 1:
                return longer[0]
        return self._shorter(words)

    def _shorter(self, words: tuple[str, ...]) -> Cluster | None:
        """A cluster known by the start of this name: "Meridian Shipping" before "Meridian Shipping Services"."""
        for length in range(len(words) - 1, 1, -1):
            if words[:length] in self._by_name and _tells(words[:length]):
                return self._by_name[words[:length]]
        return None


def _tells(words: tuple[str, ...]) -> bool:
    """Whether the start of a name tells the whole: it is more than general words, places and peoples."""
    places = gazetteer()
    generic = tables().generic
    whole = " ".join(words)
    if places.demonym(whole) or places.country(whole):
        return False
    place = places.place(whole)
    if place and (place.population == 0 or place.population >= WELL_KNOWN):
        return False
    return not all(word in generic or places.demonym(word) for word in words)
