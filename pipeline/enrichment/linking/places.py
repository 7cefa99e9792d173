"""Capitals and seats of power that stand for a government: metonyms."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.enrichment.gazetteer import Place, gazetteer
from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.words import Words

_DETERMINERS = frozenset({"the", "a", "an"})
_PARTNERS = frozenset({"with", "between", "and", "against"})


def metonyms(words: Words, clusters: list[Cluster]) -> None:
    """Add to each country the mentions of its capital and seats that mean its government.

    The mention stays on the place too. A country that the document doesn't name gets a cluster of its own, at the
    end of ``clusters``.
    """
    countries = {cluster.identity: cluster for cluster in clusters if cluster.identity[:1] == ("country",)}
    places = gazetteer()
    for cluster in [cluster for cluster in clusters if cluster.family == "place"]:
        name = cluster.spellings[0]
        seat = places.seat(name)
        country = seat or (places.capital(name) if cluster.identity[:1] != ("country",) else None)
        if country is None or not country.country:
            continue
        found = [r for r in cluster.references if r.kind == "name" and _means_government(r, words, seat is not None)]
        if found:
            _add(found, country, countries, clusters)


def _add(
    found: Sequence[Reference], country: Place, countries: dict[tuple[str, ...], Cluster], clusters: list[Cluster]
) -> None:
    identity = ("country", country.country or country.name)
    target = countries.get(identity)
    if target is None:
        target = countries[identity] = Cluster(
            "place", types=["GPE"], spellings=[country.name], identity=identity, country=country.country
        )
        clusters.append(target)
    for reference in found:
        target.add(Reference(reference.start, reference.end, reference.head, "metonym"))


def _means_government(reference: Reference, words: Words, is_seat: bool) -> bool:
    """Whether a capital or a seat acts here: as subject, agent, owner of a policy or partner in talks."""
    before = reference.start - 1
    while before >= 0 and words.lower[before] in _DETERMINERS:
        before -= 1
    preposition = (
        words.lower[before] if before >= 0 and words.sentence[before] == words.sentence[reference.start] else ""
    )
    if preposition in tables().locative:
        return False
    if preposition == "by":
        return True
    if _owns(reference, words, is_seat):
        return True
    if preposition in _PARTNERS and _partner_before(before, words):
        return True
    return _acts(reference, words, is_seat)


def _owns(reference: Reference, words: Words, is_seat: bool) -> bool:
    """ "Moscow's demands", "the Kremlin spokesman"."""
    after = reference.end
    inside = words.text[reference.end - 1]
    possessive = inside in {"'s", "’s"} or (after < len(words) and words.text[after] in {"'s", "’s", "'", "’"})
    at = after + 1 if possessive and inside not in {"'s", "’s"} else after
    if not possessive and not is_seat:
        return False
    for number in range(at, min(at + 4, len(words))):
        lemma = words.lemma[number]
        if lemma in tables().metonym_nouns or words.lower[number] in tables().metonym_nouns:
            return True
        if not words.tag[number].startswith(("JJ", "NN")):
            return False
    return False


def _partner_before(preposition: int, words: Words) -> bool:
    """ "the crisis with Moscow", "talks between London and Berlin"."""
    return any(words.lemma[number] in tables().partner_nouns for number in range(max(0, preposition - 4), preposition))


def _acts(reference: Reference, words: Words, is_seat: bool) -> bool:
    """Whether it is subject of what a government does."""
    if not words.parsed:
        after = min(reference.end, len(words) - 1)
        return words.lemma[after] in tables().metonym_verbs and words.tag[after][:2] in {"VB", ""}
    head, dep = reference.head, words.dep[reference.head]
    while dep == "conj" and words.head[head] != head:
        head = words.head[head]
        dep = words.dep[head]
    if not dep.startswith("nsubj"):
        return False
    verb = words.head[head]
    return is_seat or words.lemma[verb] in tables().metonym_verbs


def subject_country(word: int, words: Words) -> str | None:
    """The alpha-3 code of the country that is subject of a word's sentence, if it names one before the word."""
    sentence = words.span(words.sentence[word])
    for number in range(sentence.start, min(word, sentence.start + 40)):
        if words.ent[number] >= 0 and words.dep[number].startswith("nsubj"):
            start = number
            while start > sentence.start and words.ent[start - 1] == words.ent[number]:
                start -= 1
            country = gazetteer().country(" ".join(words.text[start : number + 1]))
            if country:
                return country.country
    return None
