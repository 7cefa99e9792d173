"""Entity spans to clusters by name alone: one cluster for all the names of one person, body or place."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Span

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import FAMILIES, Cluster, Family, Reference
from pipeline.enrichment.linking.organisations import OrganisationNames
from pipeline.enrichment.linking.people import PersonNames, person_name
from pipeline.enrichment.linking.spelling import display, words_in
from pipeline.enrichment.linking.transliteration import plain
from pipeline.enrichment.linking.words import Words


def linked_names(doc: Doc, words: Words, left_out: frozenset[str]) -> list[Cluster]:
    """The clusters of a document's entity spans, in the order of their first mention.

    Args:
        doc: with ``doc.ents``.
        words: its columns.
        left_out: labels that make no entities, such as DATE.
    """
    linker = _NameLinker(words)
    spans = [ent for ent in doc.ents if ent.label_ not in left_out and words.block[ent.start] >= 0]
    surnames = _surnames(spans)
    families = [_family(ent, surnames) for ent in spans]
    # Full names first, whatever their place: a bare surname may come before the name it is short for.
    for ent, family in zip(spans, families, strict=True):
        if family not in {"person", "org"} or _is_full(ent, family):
            linker.add(ent, family)
    linker.close()
    for ent, family in zip(spans, families, strict=True):
        if family in {"person", "org"} and not _is_full(ent, family):
            linker.add(ent, family)
    return linker.clusters()


class _NameLinker:
    """Takes spans one by one; names of several words are to come before bare ones."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._people = PersonNames(words)
        self._organisations = OrganisationNames()
        self._others: dict[tuple[str, ...], Cluster] = {}

    def add(self, ent: Span, family: Family) -> None:
        reference = _reference(ent, self._words)
        spelling = display(ent.text)
        if family == "person":
            cluster = self._people.add(ent, reference)
        elif family == "org":
            cluster = self._organisations.add(spelling)
        else:
            cluster = self._other(spelling, family, ent.label_)
        cluster.add(reference)
        cluster.types.append(ent.label_)
        cluster.spellings.append(spelling)

    def close(self) -> None:
        """All full names are in."""
        self._organisations.join_acronyms()

    def clusters(self) -> list[Cluster]:
        found = [*self._people.clusters, *self._organisations.clusters, *self._others.values()]
        return sorted(found, key=lambda cluster: cluster.first)

    def _other(self, spelling: str, family: Family, label: str) -> Cluster:
        identity, country = _identity(spelling, family, label)
        cluster = self._others.get(identity)
        if cluster is None:
            cluster = self._others[identity] = Cluster(family, identity=identity, country=country)
        cluster.names.append(tuple(words_in(spelling)))
        return cluster


def _reference(ent: Span, words: Words) -> Reference:
    inside = [number for number in range(ent.start, ent.end) if not ent.start <= words.head[number] < ent.end]
    head = inside[-1] if words.parsed and inside else ent.end - 1
    if words.tag[head] == "POS" and head > ent.start:
        head -= 1
    return Reference(ent.start, ent.end, head, "name")


def _surnames(spans: Iterable[Span]) -> frozenset[str]:
    people = (person_name(ent.text) for ent in spans if ent.label_ == "PERSON")
    return frozenset(name.surname for name in people if len(name.words) > 1)


def _family(ent: Span, surnames: frozenset[str]) -> Family:
    """The family of a span's label, where the name doesn't tell better."""
    places = gazetteer()
    family = FAMILIES.get(ent.label_, "other")
    name = display(ent.text)
    if family == "norp":
        return family
    if places.seat(name) or (family in {"org", "other"} and (places.country(name) or places.capital(name))):
        return "place"
    if family in {"place", "other"} and places.organisation(name):
        return "org"
    if family in {"org", "place"} and len(words_in(name)) == 1 and not places.places(name):
        return "person" if person_name(name).surname in surnames else family
    return family


def _is_full(ent: Span, family: Family) -> bool:
    return len(person_name(ent.text).words if family == "person" else words_in(display(ent.text))) > 1


def _identity(spelling: str, family: Family, label: str) -> tuple[tuple[str, ...], str | None]:
    """What makes two names of places, peoples or things the same, and the country they belong to."""
    places = gazetteer()
    if family == "norp":
        country = places.demonym(spelling) or places.country(spelling)
        if country:
            return ("norp", country.country or country.name), country.country
        return ("norp", _people(spelling)), None
    if family == "place":
        seat = places.seat(spelling)
        if seat:
            return ("place", *words_in(spelling)), seat.country
        country = places.country(spelling)
        if country:
            return ("country", country.country or country.name), country.country
        place = None if label == "FAC" else places.place(spelling)
        if place:
            return ("place", plain(place.name), place.country or ""), place.country
    return (family if family == "place" else label, *words_in(spelling)), None


def _people(spelling: str) -> str:
    """The stem of a people's or a group's name: "Westerners" and "Western" are one."""
    name = " ".join(words_in(spelling))
    for ending in ("ers", "er", "s"):
        if name.endswith(ending) and len(name) - len(ending) > 3:
            return name.removesuffix(ending)
    return name
