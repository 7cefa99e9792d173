"""How a stage runs: take, work in parallel, make safe in order, acknowledge in order.

    stream -> slots (backpressure) -> ledger + pool -> deliver (sink, dead letters) -> ack

Nothing is acknowledged before it is safe, and nothing out of order; see facts on Faust in
docs/decisions.md for why each of these steps is there.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import shorten
from typing import Any, Protocol

import structlog

from pipeline.config import StreamingSettings
from pipeline.dead_letters import DeadLetter, Origin
from pipeline.errors import Poison
from pipeline.headers import RECEIVED_AT, TRACE_ID, Headers, to_headers
from pipeline.streaming.ledger import Entry, Ledger, Partition
from pipeline.streaming.metrics import StageMetrics
from pipeline.streaming.pool import WorkerPool
from pipeline.streaming.producer import ConfirmingProducer, Outgoing
from pipeline.streaming.sinks import Fate, Safe, Sink
from pipeline.streaming.stages import Stage
from pipeline.streaming.stamps import latency
from pipeline.streaming.work import Message, Outputs

log = structlog.get_logger(__name__)

DELIVER_AT_ONCE = 200
"""Messages of one partition that are made safe in one go."""

MOST_NAMED = 5
"""Bad parts of one item that its dead letter tells one by one."""

LONGEST_LOGGED = 300
"""Characters of an error that the log shows: it may quote the item, which is in the dead letter."""

LAST_DELIVERY_SECONDS = 2.0
"""How long a stop waits for the delivery under way, so that less is done twice after it."""


class Event(Protocol):
    """What is used of a Faust event."""

    message: Any

    def ack(self) -> bool:
        """Acknowledge the message."""


class StageRunner:
    """Runs the messages of one stage; Faust gives them in, in batches, through `take`.

    Args:
        stage: what to do.
        streaming: how much at once.
        sink: where outputs go.
        producer: where dead letters go, to the topic ``dead_topic``.
        generation: the consumer group's current generation: messages of an earlier one are stale.
        crash: called with what must not happen; ends the process, uncommitted.
    """

    def __init__(
        self,
        stage: Stage,
        streaming: StreamingSettings,
        *,
        sink: Sink,
        producer: ConfirmingProducer,
        dead_topic: str,
        generation: Callable[[], int],
        crash: Callable[[BaseException], Coroutine[Any, Any, None]],
    ) -> None:
        self.stage = stage
        self._streaming = streaming
        self._sink = sink
        self._producer = producer
        self._dead_topic = dead_topic
        self._generation = generation
        self._crash = crash
        self.metrics = StageMetrics(stage.name)
        self._pool: WorkerPool[Message, Outputs] = WorkerPool(
            stage.make_work,
            processes=streaming.processes(stage.name),
            timeout=streaming.batch_timeout,
            recycle_after=streaming.articles_per_process,
            observer=self.metrics,
        )
        self._ledger: Ledger[Event, Outputs] = Ledger()
        self._slots = asyncio.Semaphore(streaming.in_flight)
        self._wake = asyncio.Event()
        self._delivering = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._revoked_generation = -1
        self.dispositions: Counter[str] = Counter()
        self._ready = False
        self._progress = time.monotonic()

    def watch(self, assigned: Callable[[], Mapping[str, int]]) -> None:
        """Let the metrics tell of messages in hand, of retries, and of the partitions ``assigned`` counts by topic."""
        self.metrics.watch(lambda: len(self._ledger), assigned, lambda: self._sink.retries)

    def not_alive(self, longest: float) -> str | None:
        """Why this process had better be restarted: work in hand has not got on for ``longest`` seconds.

        None while all is well; also while the sink is waited for, which a new process would have to wait for as well.
        """
        stalled = time.monotonic() - self._progress
        if not self._ledger or self._sink.refusal or stalled <= longest:
            return None
        return f"{len(self._ledger)} messages in hand, and none has got on for {stalled:.0f} s"

    def not_ready(self) -> str | None:
        """Why nothing can be worked on now; None while all is well."""
        return self._sink.refusal if self._ready else "the stage is starting"

    async def start(self) -> None:
        """Start the processes and connect the sink.

        Raises:
            Fatal: the model is missing, Elasticsearch refuses ...
        """
        await self._producer.start()
        await self._sink.start()
        await self._pool.start()
        self._spawn(self._deliver_for_ever())
        self._ready = True
        log.info("stage is ready", stage=self.stage.name, processes=self._pool.size)

    async def take(self, events: Sequence[Event]) -> None:
        """Take messages in; returns when all are under way, which may have to wait for earlier ones."""
        batch: list[Entry[Event, Outputs]] = []
        size = 0
        if not self._ledger:
            self._progress = time.monotonic()
        for event in events:
            if batch and self._slots.locked():  # room comes only from what is under way
                self._spawn(self._work(batch))
                batch, size = [], 0
            await self._slots.acquire()
            entry = self._entry(event)
            if entry is None:
                self._slots.release()
                continue
            batch.append(entry)
            size += len(event.message.value or b"")
            if len(batch) == self._streaming.batch or size >= self._streaming.batch_bytes:
                self._spawn(self._work(batch))
                batch, size = [], 0
        if batch:
            self._spawn(self._work(batch))

    def _entry(self, event: Event) -> Entry[Event, Outputs] | None:
        message = event.message
        # Read before a rebalance, and perhaps somebody else's by now: it comes again to its owner.
        if message.generation_id != self._generation() or message.generation_id <= self._revoked_generation:
            return None
        return self._ledger.add(Partition(message.topic, message.partition), message.offset, event)

    def revoke(self, partitions: Sequence[Partition]) -> None:
        """Forget partitions that a rebalance takes away; what was under way comes again to its new owner."""
        self._revoked_generation = self._generation()
        for partition in partitions:
            for _ in range(self._ledger.drop(partition)):
                self._slots.release()

    async def _work(self, batch: Sequence[Entry[Event, Outputs]]) -> None:
        messages = [_message(entry) for entry in batch]
        for entry, outputs in zip(batch, await self._pool.run(messages), strict=True):
            self._ledger.complete(entry, [outputs] if isinstance(outputs, Poison) else outputs)
        self._progress = time.monotonic()
        self._wake.set()

    async def _deliver_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with self._delivering:
                while heads := self._heads():
                    await self._deliver(heads)

    def _heads(self) -> list[Entry[Event, Outputs]]:
        """The finished heads of all partitions: what accumulated during one delivery is the next."""
        return [e for partition in self._ledger.partitions for e in self._ledger.ready(partition, DELIVER_AT_ONCE)]

    async def _deliver(self, entries: Sequence[Entry[Event, Outputs]]) -> None:
        begun = time.monotonic()
        safe: list[tuple[Entry[Event, Outputs], Safe]] = []
        dead: dict[Entry[Event, Outputs], list[Poison]] = {}
        for entry in entries:
            for output in entry.result or ():
                if isinstance(output, Poison):
                    dead.setdefault(entry, []).append(output)
                else:
                    safe.append((entry, output))
        fates = await self._sink.write([(output, _headers(entry)) for entry, output in safe]) if safe else []
        for (entry, _), fate in zip(safe, fates, strict=True):
            if isinstance(fate, Poison):
                dead.setdefault(entry, []).append(fate)
            else:
                self._count(entry, fate)
                self._measure(entry, fate)
        await self._bury([(entry, _joined(poisons)) for entry, poisons in dead.items()])
        for entry in entries:
            if self._ledger.release(entry):
                entry.message.ack()
                self._slots.release()
        self._progress = time.monotonic()
        self.metrics.delivered(len(entries), self._progress - begun)

    def _measure(self, entry: Entry[Event, Outputs], fate: Fate) -> None:
        """Note how long an article took to the index; one that was there already has no time of its own."""
        if self.stage.target is None and fate != "superseded":
            seconds = latency(_headers(entry), datetime.now(UTC))
            if seconds is not None:
                self.metrics.indexed(seconds)

    async def _bury(self, dead: Sequence[tuple[Entry[Event, Outputs], Poison]]) -> None:
        letters = [self._letter(entry, poison) for entry, poison in dead]
        for (entry, poison), fate in zip(dead, await self._producer.send(letters), strict=True):
            if fate is not None:
                raise fate
            self._count(entry, "dead", cause=poison.cause, error=shorten(str(poison), LONGEST_LOGGED))

    def _letter(self, entry: Entry[Event, Outputs], poison: Poison) -> Outgoing:
        message = entry.message.message
        letter = DeadLetter.of(
            poison,
            self.stage.name,
            at=datetime.now(UTC),
            key=message.key,
            headers=to_headers(message.headers),
            origin=Origin(message.topic, message.partition, message.offset),
        )
        return Outgoing(self._dead_topic, letter.id.encode(), message.value or b"", letter.to_headers())

    def _count(self, entry: Entry[Event, Outputs], disposition: Fate, **why: str) -> None:
        self.dispositions[str(disposition)] += 1
        self.metrics.ended(str(disposition), why.get("cause", ""))
        say = log.warning if disposition == "dead" else log.debug
        trace = _headers(entry).get(TRACE_ID, b"").decode("utf-8", "replace")
        say(str(disposition), stage=self.stage.name, item=_position(entry), trace_id=trace, **why)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._or_crash(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _or_crash(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            # Whatever it is: nothing may be acknowledged after it.
            log.exception("the stage can't go on", stage=self.stage.name, error=str(error))
            await self._crash(error)

    async def stop(self) -> None:
        """End the processes and the tasks; what is not safe by then is not acknowledged."""
        self._pool.stop()
        try:
            async with asyncio.timeout(LAST_DELIVERY_SECONDS):
                await self._delivering.acquire()
        except TimeoutError:
            log.warning("stopping in mid-delivery: it will be done again", stage=self.stage.name)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        await self._sink.stop()
        await self._producer.stop()
        log.info("stage has stopped", stage=self.stage.name, unfinished=len(self._ledger), **self.dispositions)


def _joined(poisons: Sequence[Poison]) -> Poison:
    """One letter a message, however many of its parts are dead."""
    named = "; ".join(map(str, poisons[:MOST_NAMED]))
    more = f"; and {len(poisons) - MOST_NAMED} more" if len(poisons) > MOST_NAMED else ""
    return Poison(named + more, cause=poisons[0].cause)


def _message(entry: Entry[Event, Outputs]) -> Message:
    message = entry.message.message
    return Message(
        value=message.value or b"",
        headers=_headers(entry),
        position=_position(entry),
        timestamp=_timestamp(message),
    )


def _position(entry: Entry[Event, Outputs]) -> str:
    message = entry.message.message
    return f"{message.topic}/{message.partition}/{message.offset}"


def _timestamp(message: Any) -> datetime:
    return datetime.fromtimestamp(message.timestamp, UTC)


def _headers(entry: Entry[Event, Outputs]) -> Headers:
    """The message's headers; an item whose producer says no time was received when it was written to the topic."""
    message = entry.message.message
    return {RECEIVED_AT: _timestamp(message).isoformat().encode()} | to_headers(message.headers)
