"""Where a stage's outputs go. A sink returns only when all it was given is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from elasticsearch import AsyncElasticsearch

from pipeline.config import Settings
from pipeline.errors import Poison
from pipeline.headers import Headers
from pipeline.indexing import IndexOperation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter
from pipeline.streaming.producer import ConfirmingProducer, Outgoing
from pipeline.streaming.work import Produced

Safe = Produced | IndexOperation
Fate = str | Poison
"""How an output ended: its disposition (``forwarded``, ``indexed``, ``superseded`` ...), or why it is dead."""


class Sink(Protocol):
    """Takes the outputs of a stage, in order, and makes them safe."""

    async def start(self) -> None:
        """Connect to where the outputs go."""

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Make the outputs, each with its message's headers, safe; returns one fate an output."""

    async def stop(self) -> None:
        """Disconnect."""


class TopicSink:
    """Produces to the next stage's topic."""

    def __init__(self, producer: ConfirmingProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic

    async def start(self) -> None:
        """Nothing: the producer belongs to the stage, which also needs it for dead letters."""

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Produce in order; see `Sink.write`."""
        messages = [
            Outgoing(self._topic, output.key, output.value, headers)
            for output, headers in outputs
            if isinstance(output, Produced)
        ]
        return [fate or "forwarded" for fate in await self._producer.send(messages)]

    async def stop(self) -> None:
        """Nothing, see `start`."""


class IndexSink:
    """Writes to Elasticsearch."""

    def __init__(self, settings: Settings) -> None:
        self._client = AsyncElasticsearch(**settings.elasticsearch.client_options())
        self._writer = ArticleWriter(self._client, settings.indexing)
        self._settings = settings.indexing

    async def start(self) -> None:
        """Create the templates and the registry if they are not there; see `set_up`."""
        await set_up(self._client, self._settings)

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Index in order; see `Sink.write`."""
        operations = [output for output, _ in outputs if isinstance(output, IndexOperation)]
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
