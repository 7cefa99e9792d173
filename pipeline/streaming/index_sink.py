"""The sink of the last stage: Elasticsearch. A module of its own, so that other stages needn't load its client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch

from pipeline.config import Settings
from pipeline.errors import Poison
from pipeline.headers import Headers
from pipeline.indexing import IndexOperation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter
from pipeline.streaming.sinks import Fate, Safe
from pipeline.streaming.stamps import with_times


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
        outcomes = await self._writer.write(operations)
        return [
            Poison(outcome.reason or "refused", cause=outcome.cause or "refused")
            if outcome.disposition == "dead"
            else outcome.disposition
            for outcome in outcomes
        ]

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()
