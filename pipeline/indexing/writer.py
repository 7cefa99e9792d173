"""The bulk writer: every operation ends as an outcome, and every article it bears on stands as its story says.

In this order, which makes it right whoever else writes at the same time and wherever a process dies:

1. The versions are entered in the registry, which tells what else is known of their stories.
2. They are written, each as it stands by that: a version whose kill came before it is written without its text.
3. The registry is asked again. If a version has come since, and wherever a story has several uris, all its articles are
   compared with their standing, and written anew under their own version where they differ; until nothing has come.
   The same is done with all whose place among their duplicates is another than their document tells; see `duplicates`.

Whoever writes an article last looks at the registry after that, and finds the article as the registry has it; whatever
is entered later is written later. Who dies on the way has acknowledged nothing: its message comes again, and all steps
are done again, which changes nothing where they were done. Stances have steps of their own: see `stance_writer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

import structlog
from elasticsearch import AsyncElasticsearch

from pipeline.config import IndexingSettings
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.clusters import Entry, Place
from pipeline.indexing.duplicates import DuplicateRegistry, place_told, with_place
from pipeline.indexing.names import LONGEST_ID
from pipeline.indexing.operations import Disposition, IndexOperation, found_as, rewrite, settled
from pipeline.indexing.registry import StoryRegistry
from pipeline.indexing.stance_writer import StanceWriter
from pipeline.indexing.story import Standing, Version, newest, standing

log = structlog.get_logger(__name__)

_STANDING = ["pubStatus", "supersededBy", "article.pubStatus", "dup"]
LONGEST_REASON = 400
"""Characters of a refusal that are kept, and of its cause: both quote the value refused."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended; a dead one with a short cause and Elasticsearch's reason."""

    disposition: Disposition
    cause: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class _Places:
    """Where articles belong among their duplicates, and where their documents say they belong, as far as is known."""

    entries: dict[str, Entry]
    told: dict[str, Place]


class ArticleWriter:
    """Writes articles and their stances, each story to the month it has been in from its first version on."""

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._settings = settings
        self._bulk = self.bulk = BulkClient(client, settings)
        self._registry = StoryRegistry(self._bulk, settings)
        self._stances = StanceWriter(self._bulk, self._registry, settings)
        self._duplicates = DuplicateRegistry(self._bulk, settings)

    async def write(self, operations: Sequence[IndexOperation]) -> list[Outcome]:
        """Write operations in order; returns one outcome each.

        Whatever passes by itself is retried for as long as it takes: 429, 5xx, lost connections.

        Raises:
            Misconfigured: Elasticsearch refuses our credentials.
            Fatal: it refuses the request as such.
        """
        outcomes = {id(op): _uri_too_long(op) for op in operations if len(op.uri.encode()) > LONGEST_ID}
        takeable = [op for op in operations if id(op) not in outcomes]
        if takeable:
            outcomes |= zip(map(id, takeable), await self._write(takeable), strict=True)
        return [outcomes[id(op)] for op in operations]

    async def _write(self, operations: Sequence[IndexOperation]) -> list[Outcome]:
        entered = await self._registry.enter(operations)
        for name in entered.unmet:
            log.warning("an order is kept for an item that has not come", item=name.removeprefix("name:"))
        told = [settled(op, standing(op.told, entered.stories[entered.story[op.uri]])) for op in operations]
        places = _Places({}, {})
        lines = await self._send(told, entered.months, places)
        await self._settle(entered.stories, places)
        return [_outcome(op, line) for op, line in zip(told, lines, strict=True)]

    async def _send(
        self, operations: Sequence[IndexOperation], months: Mapping[str, str], places: _Places
    ) -> list[Line]:
        """Write articles and their stances; returns a line for each: of the article, or of a stance that is refused."""
        places.entries |= await self._duplicates.enter(operations)
        articles = [(op, self._article(op, months[op.uri], places.entries[op.uri])) for op in operations]
        await self._bulk.send([line for _, line in articles])
        places.told |= {op.uri: places.entries[op.uri].place for op, line in articles if line.written}
        # What is not in the index is nobody's original.
        if dead := [op.unsigned() for op, line in articles if not line.written and not line.conflicts]:
            places.entries |= await self._duplicates.enter(dead)
        refused = await self._stances.write(articles, months)
        # A stance that is refused is a defect of ours: its article ends among the dead letters, where it is seen.
        final = {id(op): line for op, line in articles} | {id(op): line for op, line in refused}
        return [final[id(op)] for op in operations]

    async def _settle(self, stories: Mapping[str, tuple[Version, ...]], places: _Places) -> None:
        """Give every article of these stories that is in the index its standing, until no version has come since.

        And every one of their duplicates its place, until no place has changed since.
        """
        known = dict(stories)
        waiting = {name for name, versions in known.items() if len({one.uri for one in versions}) > 1}
        while True:
            found = await self._duplicates.settle(places.entries)
            places.entries |= found
            moved = [uri for uri, entry in found.items() if places.told.get(uri) != entry.place]
            if moved:
                theirs = await self._registry.stories_of(moved)
                known |= theirs
                waiting |= theirs.keys()
            if waiting:
                await self._restate([known[name] for name in waiting], places)
            entries = await self._registry.look_up(known)
            waiting = {name for name, entry in entries.items() if entry.versions != known[name]}
            if not waiting and not moved:
                return
            known |= {name: entries[name].versions for name in waiting}

    async def _restate(self, stories: Iterable[tuple[Version, ...]], places: _Places) -> None:
        """Write anew what is in the index and stands otherwise in its story than its document tells."""
        wanted = {uri: (one, versions) for versions in stories for uri, one in newest(versions).items()}
        entries = await self._registry.look_up(wanted)
        months = {uri: entry.month for uri, entry in entries.items() if entry.month}
        found = await self._bulk.get([self._at(uri, month) | {"_source": _STANDING} for uri, month in months.items()])
        stances = await self._stances.first({uri: months[uri] for uri in months if entries[uri].stances})
        changed: dict[str, Standing] = {}
        for uri, document in zip(months, found, strict=True):
            one, versions = wanted[uri]
            # What is not there yet, or newer than what we know, is its own writer's: it looks again after it wrote.
            if document.get("found") and document["_version"] == one.version:
                now = standing(one, versions)
                first = stances.get(uri, {})
                entry = places.entries.get(uri)
                differs = _differs(document["_source"], now, first.get("_source") if first.get("found") else None)
                if differs or (entry and _misplaced(document, entry)):
                    changed[uri] = now
        whole = await self._bulk.get([self._at(uri, months[uri]) for uri in changed])
        operations = [
            replace(rewrite(document["_source"], now), version=document["_version"])
            for now, document in zip(changed.values(), whole, strict=True)
            if document.get("found") and document["_version"] == wanted[document["_id"]][0].version
        ]
        # Whoever is not there in this version needn't be compared again: its writer will.
        places.told |= {uri: entry.place for uri, entry in places.entries.items() if uri in wanted}
        await self._send(operations, months, places)

    def _at(self, uri: str, month: str) -> dict[str, Any]:
        return {"_index": f"{self._settings.articles}-{month}", "_id": uri}

    def _article(self, op: IndexOperation, month: str, entry: Entry) -> Line:
        action = self._at(op.uri, month) | {"version": op.version, "version_type": op.version_type}
        return Line({"index": action}, with_place(op, entry))


def _differs(source: Mapping[str, Any], now: Standing, stance: Mapping[str, Any] | None) -> bool:
    """Whether a document or its first stance tells another standing; what is killed stays so, its text is gone."""
    status = source["pubStatus"]
    if status == "canceled":
        return stance is not None and stance["pubStatus"] != status
    wanted = found_as(source["article"].get("pubStatus", status), now)
    told = [source, stance] if stance and stance["pubStatus"] != "canceled" else [source]
    return any((one["pubStatus"], one.get("supersededBy")) != wanted for one in told)


def _misplaced(document: Mapping[str, Any], entry: Entry) -> bool:
    """Whether a document tells another place, or is one of which the registry of duplicates doesn't know the best."""
    source = document["_source"]
    unknown = document["_version"] != entry.version or (source["pubStatus"] == "canceled" and not entry.retracted)
    return unknown or place_told(source) != entry.place


def _outcome(op: IndexOperation, line: Line) -> Outcome:
    if line.written:
        return Outcome(op.disposition)
    if line.conflicts:
        return Outcome("superseded")
    error = line.error or {}
    reasons = [error.get("reason", "no reason given"), (error.get("caused_by") or {}).get("reason")]
    reason = ": ".join(shorten(said, LONGEST_REASON) for said in reasons if said)
    return Outcome("dead", str(error.get("type", line.status)).replace("_", "-"), f"Elasticsearch refuses it: {reason}")


def _uri_too_long(op: IndexOperation) -> Outcome:
    return Outcome("dead", "uri-too-long", f"its uri has {len(op.uri.encode())} bytes, {LONGEST_ID} are allowed")
