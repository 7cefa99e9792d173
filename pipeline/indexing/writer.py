"""The bulk writer: every operation ends as an outcome, however often Elasticsearch says "not now"."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import orjson
import structlog
from elasticsearch import ApiError, AsyncElasticsearch, TransportError

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal, Misconfigured
from pipeline.indexing.operations import Disposition, IndexOperation

log = structlog.get_logger(__name__)

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_TOO_LARGE = 413
_CONFLICT = 409
_REFUSES_US = frozenset({401, 403})
_WARN_EVERY_SECONDS = 10.0

LONGEST_ID = 512
"""Bytes of a document's id that Elasticsearch takes; a longer one fails the whole request."""

LONGEST_REASON = 400
"""Characters of a refusal that are kept, and of its cause: both quote the value refused."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended; a dead one with a short cause and Elasticsearch's reason."""

    disposition: Disposition
    cause: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class _Line:
    """One action of a bulk request and the status Elasticsearch answered it with."""

    action: dict[str, Any]
    document: bytes
    status: int = 0
    error: dict[str, Any] | None = None

    @property
    def size(self) -> int:
        return len(self.document) + 300


class ArticleWriter:
    """Writes articles, each to the monthly index its story has been in from its first version on.

    That home is kept in a registry, one document a uri: versions of a story state different dates,
    or none, and must still replace each other.
    """

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._client = client
        self._settings = settings
        self._warned = 0.0

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
        homes = await self._homes(operations)
        lines = [
            _Line(
                {
                    "index": {
                        "_index": f"{self._settings.articles}-{homes[op.uri]}",
                        "_id": op.uri,
                        "version": op.version,
                        "version_type": "external_gte" if op.overwrite_equal else "external",
                    }
                },
                op.document,
            )
            for op in operations
        ]
        await self._send(lines)
        return [_outcome(op, line) for op, line in zip(operations, lines, strict=True)]

    async def _homes(self, operations: Sequence[IndexOperation]) -> dict[str, str]:
        """The month of each uri's index; a uri that has none yet gets that of its first operation."""
        months: dict[str, str] = {}
        for op in operations:
            months.setdefault(op.uri, op.month)
        homes = await self._known(list(months))
        new = [uri for uri in months if uri not in homes]
        if new:
            lines = [
                _Line(
                    {"create": {"_index": self._settings.stories, "_id": uri}},
                    orjson.dumps({"uri": uri, "month": months[uri]}),
                )
                for uri in new
            ]
            await self._send(lines)
            for uri, line in zip(new, lines, strict=True):
                if line.status < 300:
                    homes[uri] = months[uri]
                elif line.status != _CONFLICT:
                    raise Fatal(f"the registry of stories refuses {uri}: {line.error}", "see Elasticsearch's log")
            # Somebody else was faster: theirs counts.
            homes |= await self._known([uri for uri in new if uri not in homes])
        if homeless := months.keys() - homes.keys():
            raise Fatal(f"the registry of stories does not give {min(homeless)} back", "see Elasticsearch's log")
        return homes

    async def _known(self, uris: list[str]) -> dict[str, str]:
        if not uris:
            return {}

        async def look() -> Any:
            return await self._client.mget(index=self._settings.stories, ids=uris, source_includes=["month"])

        try:
            answer = await self._persistently(look)
        except ApiError as error:
            raise _fatal(error) from error
        return {doc["_id"]: doc["_source"]["month"] for doc in answer["docs"] if doc.get("found")}

    async def _send(self, lines: Sequence[_Line]) -> None:
        """Send lines until each has an answer that is final."""
        waiting = list(lines)
        attempt = 0
        while waiting:
            for chunk in _chunks(waiting, self._settings.bulk_bytes):
                await self._bulk(chunk)
            waiting = [line for line in waiting if line.status in _PASSING]
            if waiting:
                attempt += 1
                await self._pause(attempt, f"{len(waiting)} documents answered with {waiting[0].status}")

    async def _bulk(self, lines: list[_Line]) -> None:
        # The client takes lines that are serialized already, which its annotations don't say.
        body: Any = [part for line in lines for part in (orjson.dumps(line.action), line.document)]

        async def send() -> Any:
            return await self._client.bulk(operations=body)

        try:
            answer = await self._persistently(send)
        except ApiError as error:
            if error.status_code != _TOO_LARGE:
                raise _fatal(error) from error
            await self._halve(lines, error)
            return
        for line, item in zip(lines, answer["items"], strict=True):
            result = next(iter(item.values()))
            line.status, line.error = result["status"], result.get("error")
            if line.status in _REFUSES_US or (line.error or {}).get("type") == "index_closed_exception":
                raise _refused(line)

    async def _halve(self, lines: list[_Line], error: ApiError) -> None:
        if len(lines) == 1:
            lines[0].status = _TOO_LARGE
            lines[0].error = {
                "type": "too-large",
                "reason": f"Elasticsearch takes no request this large: {error.message}",
            }
            return
        half = len(lines) // 2
        await self._bulk(lines[:half])
        await self._bulk(lines[half:])

    async def _persistently(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Call until Elasticsearch answers with anything but "not now"."""
        attempt = 0
        while True:
            try:
                return await call()
            except ApiError as error:
                if error.status_code not in _PASSING:
                    raise
                reason = f"Elasticsearch answers {error.status_code}"
            except TransportError as error:
                reason = f"Elasticsearch does not answer: {type(error).__name__}"
            attempt += 1
            await self._pause(attempt, reason)

    async def _pause(self, attempt: int, reason: str) -> None:
        longest = min(self._settings.retry_max, self._settings.retry_initial * 2.0 ** min(attempt, 16))
        now = asyncio.get_running_loop().time()
        if now - self._warned > _WARN_EVERY_SECONDS:
            self._warned = now
            log.warning("waiting for Elasticsearch", reason=reason, attempt=attempt)
        await asyncio.sleep(random.uniform(longest / 2, longest))


def _chunks(lines: list[_Line], limit: int) -> Iterator[list[_Line]]:
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        if chunk and size + line.size > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += line.size
    if chunk:
        yield chunk


def _outcome(op: IndexOperation, line: _Line) -> Outcome:
    if line.status < 300:
        return Outcome(op.disposition)
    if line.status == _CONFLICT:
        return Outcome("superseded")
    error = line.error or {}
    reasons = [error.get("reason", "no reason given"), (error.get("caused_by") or {}).get("reason")]
    reason = ": ".join(shorten(said, LONGEST_REASON) for said in reasons if said)
    return Outcome("dead", str(error.get("type", line.status)).replace("_", "-"), f"Elasticsearch refuses it: {reason}")


def _uri_too_long(op: IndexOperation) -> Outcome:
    return Outcome("dead", "uri-too-long", f"its uri has {len(op.uri.encode())} bytes, {LONGEST_ID} are allowed")


def _refused(line: _Line) -> Fatal:
    """What is wrong with our rights or with the index, not with the article: nothing may be given up for it."""
    said = (line.error or {}).get("reason", "no reason given")
    index = next(iter(line.action.values()))["_index"]
    if line.status in _REFUSES_US:
        return Misconfigured(
            f"Elasticsearch lets us not write to {index}: {said}", "check the index's blocks and our role"
        )
    return Fatal(f"Elasticsearch does not write to {index}: {said}", "open the index again")


def _fatal(error: ApiError) -> Fatal:
    if error.status_code in _REFUSES_US:
        return Misconfigured(
            f"Elasticsearch refuses our credentials: {error.message}", "check elasticsearch.api_key and its role"
        )
    return Fatal(f"Elasticsearch refuses a request: {error.status_code} {error.message}", "see its log")
