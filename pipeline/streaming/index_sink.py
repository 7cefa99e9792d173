"""The sink of the last stage: Elasticsearch. A module of its own, so that other stages needn't load its client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from elasticsearch import ApiError, AsyncElasticsearch, TransportError

from pipeline.config import Settings
from pipeline.errors import Poison, WireError, defect
from pipeline.headers import Headers
from pipeline.indexing import IndexOperation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter
from pipeline.streaming.sinks import Fate, Safe
from pipeline.streaming.stamps import with_times

log = structlog.get_logger(__name__)


class IndexSink:
    """Writes to Elasticsearch."""

    def __init__(self, settings: Settings) -> None:
        self._client = AsyncElasticsearch(**settings.elasticsearch.client_options())
        self._writer = ArticleWriter(self._client, settings.indexing)
        self._settings = settings.indexing

    @property
    def refusal(self) -> str | None:
        """See `Sink.refusal`."""
        return self._writer.bulk.refusal

    @property
    def retries(self) -> Mapping[str, int]:
        """See `Sink.retries`; by status, or ``no answer``."""
        return self._writer.bulk.retries

    async def start(self) -> None:
        """Create the templates and the registry if they are not there; see `set_up`."""
        await set_up(self._client, self._settings)

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Index in order; see `Sink.write`."""
        now = datetime.now(UTC)
        operations = [
            replace(output, document=with_times(output.document, headers, now))
            for output, headers in outputs
            if isinstance(output, IndexOperation)
        ]
        return await self._write(operations)

    async def _write(self, operations: Sequence[IndexOperation]) -> list[Fate]:
        """Write them together; if that shows a defect of ours, each alone: one article must not hold up the others."""
        try:
            outcomes = await self._writer.write(operations)
        except (WireError, ApiError, TransportError):  # about the service, no matter which article
            raise
        except Exception as error:
            log.exception("a defect in indexing", articles=len(operations), error=str(error))
            if len(operations) == 1:
                return [defect(error)]
            return [fate for op in operations for fate in await self._write([op])]
        return [
            Poison(outcome.reason or "refused", cause=outcome.cause or "refused")
            if outcome.disposition == "dead"
            else outcome.disposition
            for outcome in outcomes
        ]

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()
