"""Facets: of whom and what there is how much among all articles a question finds.

People, organisations, places, holders and targets are counted by key, so that one person's spellings are one entry; the
name shown is the one most of these articles have for it. Counts are of articles.

All keys are counted at once, and beside them the names: to count names within keys took Elasticsearch twice as long,
and the names within keys are those of all who share an article with somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ENTRIES = 8
"""Entries of a facet that are shown."""

_NAMED = {"person": ("person", ("PERSON",)), "org": ("org", ("ORG",)), "place": ("place", ("GPE", "LOC", "FAC"))}
"""Facets of entities: their field of names, and the types that have their keys there."""

_PLAIN = {
    "country": "entities.country",
    "provider": "wire.provider",
    "feed": "wire.feedTag",
    "urgency": "urgency",
    "change": "wire.change",
}
_STATED = ("holder", "target", "label")
_KEYS = 150
"""Keys of all kinds that are counted, the most frequent ones: enough for those of each kind that are shown."""
_NAMES = 50
"""Names of each kind among which those of the keys are sought, the most frequent ones."""

ORDER = ("person", "org", "place", "country", *_STATED, "provider", "feed", "urgency", "change")
"""The facets, in the order in which they are shown; each is called as its field in the query language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet: as it is shown, its key where it has one, and how many articles have it."""

    name: str
    articles: int
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field."""

    name: str
    entries: list[Entry]


def aggregations(statements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What Elasticsearch is to count.

    Args:
        statements: conditions on statements, if the question has any: holders, targets and labels are then counted
            among the statements that were asked for.
    """
    counted: dict[str, Any] = {name: _terms(field) for name, field in _PLAIN.items()}
    counted["keys"] = _terms("entities.key", size=_KEYS)
    counted |= {name: _terms(f"entities.{field}", size=_NAMES) for name, (field, _) in _NAMED.items()}
    asked = {"bool": {"should": list(statements)}} if statements else {"match_all": {}}
    sides = {side: _side(side) for side in _STATED}
    stated = {"asked": {"filter": asked, "aggs": sides}}
    counted["statements"] = {"nested": {"path": "stances"}, "aggs": stated}
    return counted


def read(answer: Mapping[str, Any]) -> list[Facet]:
    """The facets of an answer; one without entries is left out."""
    found = {name: [Entry(str(one["key"]), one["doc_count"]) for one in _buckets(answer[name])] for name in _PLAIN}
    for kind in _NAMED:
        keys = [one for one in _buckets(answer["keys"]) if one["key"].startswith(f"{kind}:")][:ENTRIES]
        names = _names(kind, [one["key"] for one in _buckets(answer[kind])] if keys else [])
        found[kind] = [Entry(_name(one["key"], names), one["doc_count"], one["key"]) for one in keys]
    stated = answer["statements"].get("asked", {})
    for side in _STATED:
        buckets = _buckets(stated.get(side, {}))
        found[side] = [_party(one) for one in sorted(buckets, key=lambda b: -b["articles"]["doc_count"])][:ENTRIES]
    return [Facet(name, found[name]) for name in ORDER if found[name]]


def _terms(field: str, *, size: int = ENTRIES) -> dict[str, Any]:
    return {"terms": {"field": field, "size": size}}


def _side(side: str) -> dict[str, Any]:
    """Holders or targets by key, or labels: Elasticsearch counts statements, and within them their articles."""
    articles: dict[str, Any] = {"articles": {"reverse_nested": {}}}
    if side == "label":
        return {**_terms("stances.label"), "aggs": articles}
    names = {"names": _terms(f"stances.{side}.name", size=1)}
    return {**_terms(f"stances.{side}.key", size=2 * ENTRIES), "aggs": articles | names}


def _party(bucket: Mapping[str, Any]) -> Entry:
    articles = bucket["articles"]["doc_count"]
    if "names" not in bucket:
        return Entry(bucket["key"], articles)
    return Entry(next((one["key"] for one in _buckets(bucket["names"])), bucket["key"]), articles, bucket["key"])


def _names(kind: str, names: Sequence[str]) -> Mapping[str, str]:
    """The most frequent name of each key, of names in the order of their frequency."""
    from pipeline.enrichment.linking.keys import key

    found: dict[str, str] = {}
    for name in names:
        for type_ in _NAMED[kind][1]:
            found.setdefault(key(name, type_), name)
    return found


def _name(key: str, names: Mapping[str, str]) -> str:
    return names.get(key) or key.partition(":")[2].replace("-", " ").title()


def _buckets(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(answer.get("buckets", []))
