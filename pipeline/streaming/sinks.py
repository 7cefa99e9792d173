"""Where a stage's outputs go. A sink returns only when all it was given is safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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

    @property
    def refusal(self) -> str | None:
        """Why nothing can be written now, and is tried again; None while all is well."""

    @property
    def retries(self) -> Mapping[str, int]:
        """How often something was sent again, by what was answered."""

    async def start(self) -> None:
        """Connect to where the outputs go."""

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Make the outputs, each with its message's headers, safe; returns one fate an output."""

    async def stop(self) -> None:
        """Disconnect."""


class TopicSink:
    """Produces to the next stage's topic, with the time in the header ``stamp``."""

    def __init__(self, producer: ConfirmingProducer, topic: str, stamp: str) -> None:
        self._producer = producer
        self._topic = topic
        self._stamp = stamp

    @property
    def refusal(self) -> str | None:
        """See `Sink.refusal`."""
        return self._producer.refusal

    @property
    def retries(self) -> Mapping[str, int]:
        """None are counted: aiokafka does them itself."""
        return {}

    async def start(self) -> None:
        """Nothing: the producer belongs to the stage, which also needs it for dead letters."""

    async def write(self, outputs: Sequence[tuple[Safe, Headers]]) -> list[Fate]:
        """Produce in order; see `Sink.write`."""
        stamp = {self._stamp: datetime.now(UTC).isoformat().encode()}
        messages = [
            Outgoing(self._topic, output.key, output.value, headers | stamp)
            for output, headers in outputs
            if isinstance(output, Produced)
        ]
        return [fate or "forwarded" for fate in await self._producer.send(messages)]

    async def stop(self) -> None:
        """Nothing, see `start`."""
