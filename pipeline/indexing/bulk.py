"""Requests to Elasticsearch that end with an answer for every line, however often it says "not now"."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from elasticsearch import ApiError, AsyncElasticsearch, TransportError

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal, Misconfigured

log = structlog.get_logger(__name__)

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_TOO_LARGE = 413
_CONFLICT = 409
_REFUSES_US = frozenset({401, 403})
_NO_INDEX = "index_not_found_exception"
_NO_SHARD = frozenset({"no_shard_available_action_exception", "unavailable_shards_exception"})
_WARN_EVERY_SECONDS = 10.0


@dataclass(slots=True)
class Line:
    """One action of a bulk request and what Elasticsearch answered: status, whether there was none before, error."""

    action: dict[str, Any]
    document: bytes
    status: int = 0
    created: bool = False
    error: dict[str, Any] | None = None

    @property
    def size(self) -> int:
        """Bytes it takes in a request, roughly."""
        return len(self.document) + 300

    @property
    def written(self) -> bool:
        """Whether Elasticsearch did what was asked."""
        return 0 < self.status < 300

    @property
    def conflicts(self) -> bool:
        """Whether what is there is as new, or newer."""
        return self.status == _CONFLICT


class BulkClient:
    """Sends and reads many documents at once; whatever passes by itself is retried for as long as it takes."""

    def __init__(self, client: AsyncElasticsearch, settings: IndexingSettings) -> None:
        self._client = client
        self._settings = settings
        self._warned = 0.0
        self.retries: Counter[str] = Counter()
        """How often something was asked again, by the status answered; ``no answer`` where there was none."""
        self.refusal: str | None = None
        """Why Elasticsearch is waited for now."""

    async def send(self, lines: Sequence[Line], *, refresh: bool = False) -> None:
        """Send lines until each has an answer that is final; with ``refresh`` every search after that sees them.

        Raises:
            Misconfigured: Elasticsearch refuses our credentials.
            Fatal: it refuses the request as such.
        """
        waiting = list(lines)
        attempt = 0
        while waiting:
            for chunk in _chunks(waiting, self._settings.bulk_bytes):
                await self._bulk(chunk, refresh=refresh)
            waiting = [line for line in waiting if line.status in _PASSING]
            if waiting:
                attempt += 1
                status = waiting[0].status
                await self._pause(attempt, f"{len(waiting)} documents answered with {status}", str(status))
        self.refusal = None

    async def get(self, documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Read documents as they are now, searchable or not, each named as `mget` names it; returns one answer each.

        Raises:
            Misconfigured: Elasticsearch refuses our credentials.
            Fatal: it refuses the request as such.
        """
        if not documents:
            return []

        async def look() -> Any:
            return await self._client.mget(docs=documents)

        attempt = 0
        while True:
            try:
                answer = await self._persistently(look)
            except ApiError as error:
                raise _fatal(error) from error
            found: list[dict[str, Any]] = answer["docs"]
            failed = [doc["error"] for doc in found if "error" in doc and doc["error"]["type"] != _NO_INDEX]
            if not failed:
                self.refusal = None
                return found
            if lasting := next((error for error in failed if error["type"] not in _NO_SHARD), None):
                raise Fatal(
                    f"Elasticsearch does not read {documents[0]['_index']}: {lasting.get('reason')}", "see its log"
                )
            attempt += 1
            await self._pause(attempt, f"{len(failed)} documents are in a shard that is away", "no shard")

    async def search(self, **request: Any) -> list[dict[str, Any]]:
        """The hits of a search, all shards having answered.

        Raises:
            Misconfigured: Elasticsearch refuses our credentials.
            Fatal: it refuses the request as such.
        """

        async def look() -> Any:
            return await self._client.search(**request, allow_partial_search_results=False, track_total_hits=False)

        try:
            answer = await self._persistently(look)
        except ApiError as error:
            raise _fatal(error) from error
        self.refusal = None
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits

    async def _bulk(self, lines: list[Line], *, refresh: bool) -> None:
        # The client takes lines that are serialized already, which its annotations don't say.
        body: Any = [part for line in lines for part in (orjson.dumps(line.action), line.document)]

        async def send() -> Any:
            return await self._client.bulk(operations=body, refresh=refresh)

        try:
            answer = await self._persistently(send)
        except ApiError as error:
            if error.status_code != _TOO_LARGE:
                raise _fatal(error) from error
            await self._halve(lines, error, refresh=refresh)
            return
        for line, item in zip(lines, answer["items"], strict=True):
            result = next(iter(item.values()))
            line.status, line.error = result["status"], result.get("error")
            line.created = result.get("result") == "created"
            if line.status in _REFUSES_US or (line.error or {}).get("type") == "index_closed_exception":
                raise _refused(line)

    async def _halve(self, lines: list[Line], error: ApiError, *, refresh: bool) -> None:
        if len(lines) == 1:
            lines[0].status = _TOO_LARGE
            lines[0].error = {
                "type": "too-large",
                "reason": f"Elasticsearch takes no request this large: {error.message}",
            }
            return
        half = len(lines) // 2
        await self._bulk(lines[:half], refresh=refresh)
        await self._bulk(lines[half:], refresh=refresh)

    async def _persistently(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Call until Elasticsearch answers with anything but "not now"."""
        attempt = 0
        while True:
            try:
                return await call()
            except ApiError as error:
                if error.status_code not in _PASSING:
                    raise
                reason, status = f"Elasticsearch answers {error.status_code}", str(error.status_code)
            except TransportError as error:
                reason, status = f"Elasticsearch does not answer: {type(error).__name__}", "no answer"
            attempt += 1
            await self._pause(attempt, reason, status)

    async def _pause(self, attempt: int, reason: str, status: str) -> None:
        self.refusal = reason
        self.retries[status] += 1
        longest = min(self._settings.retry_max, self._settings.retry_initial * 2.0 ** min(attempt, 16))
        now = asyncio.get_running_loop().time()
        if now - self._warned > _WARN_EVERY_SECONDS:
            self._warned = now
            log.warning("waiting for Elasticsearch", reason=reason, attempt=attempt)
        await asyncio.sleep(random.uniform(longest / 2, longest))


def _chunks(lines: list[Line], limit: int) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size = 0
    for line in lines:
        if chunk and size + line.size > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += line.size
    if chunk:
        yield chunk


def _refused(line: Line) -> Fatal:
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
