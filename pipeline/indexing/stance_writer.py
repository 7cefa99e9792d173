"""Writing the stances of articles, one document each, so that in the end there are those of the newest version.

A story's stances have numbered documents: ``uri:0``, ``uri:1`` and so on, written under the article's own external
version. A version with fewer stances than another writes the rest as empty documents, which no reader sees. They stay,
because Elasticsearch forgets a deletion and its version after a minute, and an older version might come later.

Three steps, in this order, make it right whoever else writes at the same time and wherever a process dies:

1. The registry is told of the stances of this version, before its article is written.
2. The article is written. Only who finds it in the index in just this version goes on.
3. The registry is asked for the most stances any version has, and so many documents are written. It needn't be asked
   where no version of the article was in the index before.

An older version that got past step 2 did so before ours did; so it was in the registry before we ask in step 3, and
every document it may still write is one that we write too, under a higher version. Who dies on the way leaves its
message unacknowledged: it comes again, finds its article in its own version, and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from pipeline.config import IndexingSettings
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.names import LONGEST_ID
from pipeline.indexing.operations import IndexOperation
from pipeline.indexing.registry import StoryRegistry

_STANDING = ["pubStatus", "supersededBy"]
_EMPTY = "canceled"
"""The status of a document that holds no stance: the alias hides it as it hides a canceled article."""

Sent = tuple[IndexOperation, Line]
"""An operation and a line that was sent for it, with its answer."""


class StanceWriter:
    """Steps 2 and 3, for articles that have been sent."""

    def __init__(self, bulk: BulkClient, registry: StoryRegistry, settings: IndexingSettings) -> None:
        self._bulk = bulk
        self._registry = registry
        self._settings = settings

    async def write(self, articles: Sequence[Sent], months: Mapping[str, str]) -> list[Sent]:
        """Write the stances of those articles that are in the index in this version.

        Args:
            articles: all that were sent, in order.
            months: the month of each uri.

        Returns:
            Documents of stances that Elasticsearch refuses.
        """
        newest = _newest(articles)
        new = {op.uri for op, line in newest if line.created}
        current = await self._in_the_index(newest, months)
        stories = await self._registry.look_up([op.uri for op in current if op.uri not in new])
        lines = []
        for op in current:
            story = stories.get(op.uri)
            documents = max(len(op.stances), story.stances if story else 0)
            index = f"{self._settings.stances}-{months[op.uri]}"
            lines += [(op, line) for line in _lines(op, index, documents)]
        await self._bulk.send([line for _, line in lines])
        return [(op, line) for op, line in lines if not line.written and not line.conflicts]

    async def first(self, months: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """The first stance of each of these uris as it is in the index now, or what Elasticsearch says if it isn't."""
        at = [
            {"_index": f"{self._settings.stances}-{month}", "_id": stance_id(uri, 0), "_source": _STANDING}
            for uri, month in months.items()
        ]
        return dict(zip(months, await self._bulk.get(at), strict=True))

    async def _in_the_index(self, articles: Sequence[Sent], months: Mapping[str, str]) -> list[IndexOperation]:
        """Those just written, and those that are there since a delivery before, which may not have got further."""
        written = [op for op, line in articles if line.written]
        conflicting = [op for op, line in articles if line.conflicts]
        found = await self._bulk.get(
            [
                {"_index": f"{self._settings.articles}-{months[op.uri]}", "_id": op.uri, "_source": False}
                for op in conflicting
            ]
        )
        there = zip(conflicting, found, strict=True)
        return written + [op for op, answer in there if answer.get("_version") == op.version]


def _newest(articles: Sequence[Sent]) -> list[Sent]:
    """Of each story the newest version that was not refused; of equal ones what was written, and the last."""
    newest: dict[str, Sent] = {}
    for op, line in articles:
        if not line.written and not line.conflicts:
            continue
        before = newest.get(op.uri)
        if before is None or (op.version, line.written) >= (before[0].version, before[1].written):
            newest[op.uri] = op, line
    return list(newest.values())


def _lines(op: IndexOperation, index: str, documents: int) -> Iterator[Line]:
    """All documents of a story's stances: those of this version, and empty ones for the rest."""
    empty = orjson.dumps({"uri": op.uri, "pubStatus": _EMPTY})
    for number in range(documents):
        action = {
            "_index": index,
            "_id": stance_id(op.uri, number),
            "version": op.version,
            "version_type": op.version_type,
        }
        yield Line({"index": action}, op.stances[number] if number < len(op.stances) else empty)


def stance_id(uri: str, number: int) -> str:
    """The id of a stance's document; a uri that leaves no room for the number is named by its SHA-256."""
    name = f"{uri}:{number}"
    return name if len(name.encode()) <= LONGEST_ID else f"{sha256(uri.encode()).hexdigest()}:{number}"
