"""Where a stage's outputs go. A sink returns only when all it was given is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.errors import Poison
from pipeline.headers import Headers
from pipeline.indexing import IndexOperation
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
