"""The bulk writer: every operation ends as an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from elasticsearch import AsyncElasticsearch

from pipeline.config import IndexingSettings
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.operations import Disposition, IndexOperation
from pipeline.indexing.registry import StoryRegistry
from pipeline.indexing.stance_writer import LONGEST_ID, StanceWriter

LONGEST_REASON = 400
"""Characters of a refusal that are kept, and of its cause: both quote the value refused."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended; a dead one with a short cause and Elasticsearch's reason."""

    disposition: Disposition
    cause: str | None = None
    reason: str | None = None


class ArticleWriter:
    """Writes articles and their stances, each story to the month it has been in from its first version on."""

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._settings = settings
        self._bulk = BulkClient(client, settings)
        self._registry = StoryRegistry(self._bulk, settings)
        self._stances = StanceWriter(self._bulk, self._registry, settings)

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
        months = await self._registry.enter(operations)
        articles = [(op, self._article(op, months[op.uri])) for op in operations]
        await self._bulk.send([line for _, line in articles])
        refused = await self._stances.write(articles, months)
        # A stance that is refused is a defect of ours: its article ends among the dead letters, where it is seen.
        final = {id(op): line for op, line in articles} | {id(op): line for op, line in refused}
        return [_outcome(op, final[id(op)]) for op in operations]

    def _article(self, op: IndexOperation, month: str) -> Line:
        action = {
            "_index": f"{self._settings.articles}-{month}",
            "_id": op.uri,
            "version": op.version,
            "version_type": op.version_type,
        }
        return Line({"index": action}, op.document)


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
