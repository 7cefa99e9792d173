"""One hit for each cluster of duplicates, and what is said of the others.

Elasticsearch collapses the hits by ``dup.clusterId``, which every article has: its own uri where it is a copy of no
other. Of each cluster the hit that comes first is shown; the others are told of, whether they match the search or not,
and nothing is dropped. They are asked for by themselves: within the hits Elasticsearch would run the whole search anew
for each of them, which took most of its time. ``total`` of such an answer still counts articles; `stories` counts what
is listed. Such a search can't be paged by ``search_after``, but by ``from``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

_CLUSTER = "dup.clusterId"
_STORIES = "stories"
_MOST = 200
"""Others that are named at most, of all clusters of a page together."""

_EXACT = 40_000
"""Clusters up to which they are counted, and beyond which they are estimated."""

_SHOWN_PROVIDERS = 4
_ROLES = ("original", "reprint", "rewrite")


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of a hit's cluster; ``role`` is original, reprint or rewrite."""

    uri: str
    role: str
    provider: str | None


@dataclass(frozen=True, slots=True)
class Copies:
    """The others of a hit's cluster: how many there are, and the first of them, the original before all."""

    total: int = 0
    named: tuple[Copy, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.total > 0


def collapsed() -> dict[str, Any]:
    """The arguments of a search that lists one article of each cluster; merge them into the others."""
    counted = {"cardinality": {"field": _CLUSTER, "precision_threshold": _EXACT}}
    return {"collapse": {"field": _CLUSTER}, "aggs": {_STORIES: counted}}


def copies_of(client: Elasticsearch, articles: str, hits: Sequence[Mapping[str, Any]]) -> Mapping[str, Copies]:
    """The others of the clusters of hits that were collapsed, by the uri of each hit.

    Args:
        client: a client of Elasticsearch.
        articles: the alias, through which only those are seen that may be read.
        hits: the hits, at most one of each cluster.
    """
    shown = {source["dup"]["clusterId"]: source["uri"] for hit in hits if "dup" in (source := hit["_source"])}
    if not shown:
        return {}
    answer = client.search(
        index=articles,
        query={
            "bool": {
                "filter": [{"terms": {_CLUSTER: [*shown]}}],
                "must_not": [{"terms": {"uri": [*shown.values()]}}],
            }
        },
        size=_MOST,
        source_includes=["uri", "wire.provider", "dup"],
        sort=[{"dup.role": "asc"}, {"receivedAt": "asc"}, {"uri": "asc"}],
        aggs={_CLUSTER: {"terms": {"field": _CLUSTER, "size": len(shown)}}},
    )
    named: dict[str, list[Copy]] = {}
    for source in (hit["_source"] for hit in answer["hits"]["hits"]):
        copy = Copy(source["uri"], source["dup"]["role"], source.get("wire", {}).get("provider"))
        named.setdefault(source["dup"]["clusterId"], []).append(copy)
    counts = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][_CLUSTER]["buckets"]}
    return {shown[cluster]: Copies(total, tuple(named.get(cluster, ()))) for cluster, total in counts.items()}


def stories(answer: Mapping[str, Any]) -> int | None:
    """How many clusters a collapsed search has found; None of one that was not collapsed."""
    counted = answer.get("aggregations", {}).get(_STORIES)
    return counted["value"] if counted else None


def told(copies: Copies) -> str:
    """What is said under a hit: ``and the original (Nordwire), 3 reprints (AFP, Kestrel), 1 rewrite (dpa)``.

    Providers are named as the feeds name them, which may hold what a terminal would obey.
    """
    if not copies:
        return ""
    parts = []
    for role in _ROLES:
        those = [one for one in copies.named if one.role == role]
        if those:
            count = "the original" if role == "original" else f"{len(those)} {role}{'s' if len(those) > 1 else ''}"
            parts.append(count + _providers(those))
    if more := copies.total - len(copies.named):
        parts.append(f"{more} more")
    return "and " + ", ".join(parts)


def as_json(copies: Copies) -> dict[str, Any]:
    """The same for a machine: how many, and who they are."""
    named = [
        {"uri": one.uri, "role": one.role} | ({"provider": one.provider} if one.provider else {})
        for one in copies.named
    ]
    return {"total": copies.total, "articles": named}


def _providers(those: Iterable[Copy]) -> str:
    names = list(dict.fromkeys(one.provider for one in those if one.provider))
    shown = ", ".join(names[:_SHOWN_PROVIDERS]) + (", ..." if len(names) > _SHOWN_PROVIDERS else "")
    return f" ({shown})" if shown else ""
