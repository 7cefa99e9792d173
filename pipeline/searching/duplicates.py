"""One hit for each cluster of duplicates, and what is said of the others.

Elasticsearch collapses the hits by ``dup.clusterId``, which every article has: its own uri where it is a copy of no
other. Of each cluster the hit that comes first is shown; the others are counted, and nothing is dropped. They are the
ones that match the search: a rewrite without the words asked for is not among them. ``total`` of such an answer still
counts articles; `stories` counts what is listed. Such a search can't be paged by ``search_after``, but by ``from``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NAME = "copies"
_STORIES = "stories"
_MOST = 100
"""Others of a cluster that are named at most: Elasticsearch's own limit of what it gives back within a hit."""

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
    """The others of a hit's cluster: how many match the search, and up to a hundred of them, the original first."""

    total: int = 0
    named: tuple[Copy, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.total > 0


def collapsed() -> dict[str, Any]:
    """The arguments of a search that lists one article of each cluster; merge them into the others."""
    inner = {
        "name": _NAME,
        "size": _MOST,
        "_source": ["uri", "wire.provider", "dup.role"],
        "sort": [{"dup.role": "asc"}, {"receivedAt": "asc"}, {"uri": "asc"}],
    }
    counted = {"cardinality": {"field": "dup.clusterId", "precision_threshold": _EXACT}}
    return {"collapse": {"field": "dup.clusterId", "inner_hits": inner}, "aggs": {_STORIES: counted}}


def copies_of(hit: Mapping[str, Any]) -> Copies:
    """The others of a hit's cluster; none of a search that was not collapsed."""
    inner = hit.get("inner_hits", {}).get(_NAME)
    if not inner:
        return Copies()
    sources = [each["_source"] for each in inner["hits"]["hits"] if each["_id"] != hit["_id"]]
    named = tuple(Copy(one["uri"], one["dup"]["role"], one.get("wire", {}).get("provider")) for one in sources)
    return Copies(inner["hits"]["total"]["value"] - 1, named)


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
