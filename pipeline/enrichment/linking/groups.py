"""Organisations and places by what they are: "the company", "the country", "the city"."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.words import Words

REACH = 5
"""Sentences back in which such a phrase finds what it means."""

WINDOW = 24
"""Names held in view."""

_DETERMINERS = frozenset({"the", "this", "that"})
_PLACE_KINDS = frozenset({"country", "city", "region"})


def link_groups(words: Words, clusters: Sequence[Cluster]) -> None:
    """Link definite phrases of one noun to the last organisation or place of that kind before them."""
    at = {
        reference.start: (cluster, reference)
        for cluster in clusters
        if cluster.family in {"org", "place"}
        for reference in cluster.references
        if reference.kind == "name"
    }
    kinds = tables().groups
    seen: deque[tuple[int, Cluster]] = deque(maxlen=WINDOW)
    for number in range(len(words)):
        if number in at:
            seen.append((number, at[number][0]))
        kind = kinds.get(words.lower[number])
        if kind is None or words.ent[number] >= 0 or not _stands_alone(number, words):
            continue
        found = _antecedent(number, kind, seen, words)
        if found:
            found.add(Reference(number - 1, number + 1, number, "nominal"))
            seen.append((number, found))


def _stands_alone(number: int, words: Words) -> bool:
    """Whether the phrase is a determiner and the noun: "the company", not "the company president" nor "... of"."""
    if number == 0 or words.block[number] < 0 or words.lower[number - 1] not in _DETERMINERS:
        return False
    if number + 1 == len(words):
        return True
    after = words.tag[number + 1]
    return not after.startswith(("NN", "JJ")) and words.lower[number + 1] not in {"of", "that", "which", "-", "where"}


def _antecedent(number: int, kind: str, seen: Sequence[tuple[int, Cluster]], words: Words) -> Cluster | None:
    noun = words.lower[number]
    near = [pair for pair in reversed(seen) if words.sentence[number] - words.sentence[pair[0]] <= REACH]
    fitting = [cluster for _, cluster in near if _is_a(cluster, kind)]
    named = [cluster for cluster in fitting if any(noun in name for name in cluster.names)]
    if named:
        return named[0]
    if kind in _PLACE_KINDS and words.lower[number - 2] in tables().locative:
        return fitting[0] if fitting else None
    if kind in _PLACE_KINDS:
        subjects = [cluster for at, cluster in near if _is_a(cluster, kind) and _is_subject(at, words)]
        return next(iter(subjects or fitting), None)
    plain = [cluster for cluster in fitting if not _names_another(cluster)]
    return plain[0] if plain else None


def _is_subject(start: int, words: Words) -> bool:
    return any(words.dep[n].startswith("nsubj") for n in range(start, min(start + 4, len(words))))


def _is_a(cluster: Cluster, kind: str) -> bool:
    if kind == "organisation":
        return cluster.family == "org"
    if cluster.family != "place" or (cluster.types and cluster.types[0] == "FAC"):
        return False
    is_country = cluster.identity[:1] == ("country",)
    if kind == "country":
        return is_country
    if is_country or gazetteer().seat(cluster.spellings[0]):
        return False
    known = gazetteer().place(cluster.spellings[0])
    is_city = known is not None and known.population > 0
    return is_city if kind == "city" else not is_city


def _names_another(cluster: Cluster) -> bool:
    """Whether a name says what it is, so that another noun for it is unlikely: "the company" is no university."""
    kinds = tables().groups
    return any(kinds.get(word) == "organisation" for name in cluster.names for word in name)
