"""A stage's runner among stand-ins: Faust's events, the worker processes and both ends of what leaves.

The runner and its ledger are real. Each stand-in answers when the test says so, so that a test can
let things end in any order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from pipeline.config import StreamingSettings
from pipeline.errors import Poison
from pipeline.streaming.producer import Outgoing
from pipeline.streaming.runner import StageRunner
from pipeline.streaming.stages import Stage
from pipeline.streaming.work import Message, Outputs, Produced, preparer

BATCH, IN_FLIGHT = 3, 7
STREAMING = StreamingSettings(batch=BATCH, in_flight=IN_FLIGHT, batch_bytes=100)
STAGE = Stage("clean", "group", "t", "next", preparer)  # its work is never made: see `Pool`


@dataclass(frozen=True)
class FaustMessage:
    """What is used of a Faust message."""

    partition: int
    offset: int
    value: bytes | None
    generation_id: int = 1
    topic: str = "t"
    key: bytes | None = b"key"
    headers: Sequence[tuple[str, bytes]] = (("source", b"feeds/a"),)
    timestamp: float = 1_790_000_000.0


@dataclass(eq=False)
class FaustEvent:
    """One message in one of its deliveries; ``index`` counts without the gaps of offsets."""

    message: FaustMessage
    acked: Callable[[FaustEvent], None]
    index: int = 0
    epoch: int = 0
    stale: bool = False
    again: bool = False

    def ack(self) -> bool:
        self.acked(self)
        return True


class Outside:
    """Somebody the runner calls and who answers when the test likes."""

    size = 1

    def __init__(self, answer: Callable[[Any], Any], called: Callable[[Any], None] = lambda _: None) -> None:
        self.calls: list[tuple[Any, asyncio.Future[Any]]] = []
        self._answer, self._called = answer, called

    async def start(self) -> None:
        pass

    async def run(self, given: Sequence[Any]) -> Any:
        if not given:
            return []
        self._called(given)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.calls.append((given, future))
        return await future

    write = send = run

    def answer(self, number: int = 0) -> None:
        given, future = self.calls.pop(number)
        future.set_result([self._answer(one) for one in given])

    def fail(self, error: Exception) -> None:
        self.calls.pop(0)[1].set_exception(error)


class End(Outside):
    refusal: str | None = None
    retries: Mapping[str, int] = MappingProxyType({"429": 3})

    async def stop(self) -> None:
        pass


class Pool(Outside):
    def stop(self) -> None:
        pass


def worked(message: Message) -> Outputs | Poison:
    """A message's value says what comes of it: a letter for each part, ``k`` alone kills its process."""
    if message.value == b"k":
        return Poison("it ended its process", cause="killed-its-process")
    parts = enumerate(message.value.decode())
    key = message.position.encode()
    return [
        Poison(f"part {n} is bad", cause="bad") if c == "p" else Produced(key, f"{n}{c}".encode()) for n, c in parts
    ]


def written(output: tuple[Produced, Any]) -> str | Poison:
    """The sink refuses the parts called ``r``."""
    return Poison("the sink refuses it", cause="refused") if output[0].value.endswith(b"r") else "forwarded"


async def settle() -> None:
    """Let everything go on that waits for nobody outside."""
    for _ in range(100):
        await asyncio.sleep(0)


@dataclass
class Rig:
    """A runner among its stand-ins."""

    streaming: StreamingSettings = STREAMING
    stage: Stage = STAGE
    generation: int = 1
    leaving: Callable[[Any], None] = lambda _: None
    stored: Callable[[tuple[Produced, Any]], str | Poison] = written
    buried: Callable[[Outgoing], Poison | None] = lambda _: None
    crashes: list[BaseException] = field(default_factory=list)
    acked: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool, self.sink, self.letters = Pool(worked), End(self.stored, self.leaving), End(self.buried)
        self.runner = StageRunner(
            self.stage,
            self.streaming,
            sink=self.sink,
            producer=cast("Any", self.letters),
            dead_topic="dead",
            generation=lambda: self.generation,
            crash=self._crash,
        )
        self.runner._pool = cast("Any", self.pool)

    async def _crash(self, error: BaseException) -> None:
        self.crashes.append(error)

    def events(self, *values: bytes | None) -> list[FaustEvent]:
        """Events of partition 0, from offset 0 on."""

        def acked(event: FaustEvent) -> None:
            self.acked.append((event.message.partition, event.message.offset))

        return [FaustEvent(FaustMessage(0, offset, value), acked) for offset, value in enumerate(values)]

    @property
    def waiting(self) -> list[Outside]:
        """Who has been called and not answered yet, those who make things safe first."""
        return [one for one in (self.letters, self.sink, self.pool) if one.calls]

    async def finish(self) -> None:
        """Answer everybody until nobody is called any more."""
        await settle()
        while waiting := self.waiting:
            waiting[0].answer()
            await settle()

    async def end(self) -> None:
        """As kill -9 does it."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
