"""A stage acknowledges only what is safe and only in order, whatever order its work ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from structlog.testing import capture_logs

from pipeline.dead_letters import DeadLetter
from pipeline.errors import Fatal, Poison
from pipeline.streaming.ledger import Partition
from pipeline.streaming.producer import Outgoing
from pipeline.streaming.work import Produced
from tests.streaming.rig import IN_FLIGHT, STAGE, STREAMING, FaustEvent, FaustMessage, Rig, settle, written

PARTITIONS = (0, 1, 2)


class RunnerMachine(RuleBasedStateMachine):
    """Batches end in any order, among poison, rebalances, crashes and stale messages."""

    def __init__(self) -> None:
        super().__init__()
        self.quiet = ExitStack()
        self.quiet.enter_context(capture_logs())
        self.loop = asyncio.new_event_loop()
        self.log: dict[int, list[bytes]] = {p: [] for p in PARTITIONS}
        self.committed, self.acked, self.position, self.epoch = ([0] * len(PARTITIONS) for _ in range(4))
        self.owned = set(PARTITIONS)
        self.generation = 0
        self.safe: set[tuple[str, int]] = set()
        self.dead: set[str] = set()
        self.last: dict[bytes, tuple[int, int]] = {}
        self.given: dict[tuple[int, int], int] = {}
        self.stale: list[FaustEvent] = []
        self.wrong: list[str] = []  # an assertion that fails inside the runner would only be a crash of it
        self.begin()

    def begin(self) -> None:
        self.generation += 1
        self.rig = Rig(STREAMING, STAGE, self.generation, self.leave, self.store, self.bury)
        self.take: asyncio.Task[None] | None = None
        self.loop.run_until_complete(self.rig.runner.start())

    def settle(self) -> None:
        self.loop.run_until_complete(settle())
        if self.take and self.take.done():
            self.take.result()
            self.take = None

    # -- what the runner does ----------------------------------------------------------------------

    def leave(self, outputs: Sequence[tuple[Produced, Any]]) -> None:
        for output, headers in outputs:
            life, place = headers["life"], (int(output.key.rpartition(b"/")[2]), int(output.value[:-1]))
            if place <= self.last.get(life, (-1, -1)):
                self.wrong.append(f"{place} leaves after {self.last[life]} in {life!r}")
            self.last[life] = place

    def store(self, output: tuple[Produced, Any]) -> str | Poison:
        self.safe.add((output[0].key.decode(), int(output[0].value[:-1])))
        return written(output)

    def bury(self, letter: Outgoing) -> None:
        self.dead.add(DeadLetter.from_headers(letter.headers).id)

    def ack(self, event: FaustEvent) -> None:
        message, partition = event.message, event.message.partition
        name = f"t/{partition}/{message.offset}"
        value = (message.value or b"").decode()
        if event.stale or event.epoch != self.epoch[partition]:
            self.wrong.append(f"{name} was revoked and is acknowledged")
        elif event.index > self.acked[partition] or (event.index < self.acked[partition] and not event.again):
            self.wrong.append(f"{name} is acknowledged out of order")
        if set(value) & set("prk") and name not in self.dead:
            self.wrong.append(f"{name} is acknowledged without its dead letter")
        if any(c in "sr" and (name, n) not in self.safe for n, c in enumerate(value)):
            self.wrong.append(f"{name} is acknowledged before its outputs are safe")
        self.acked[partition] = max(self.acked[partition], event.index + 1)

    # -- what happens to it ------------------------------------------------------------------------

    def event(self, partition: int, index: int, *, stale: bool = False) -> FaustEvent:
        offset = index * (partition + 1)  # compaction and transactions leave gaps
        epoch, generation = self.epoch[partition], self.rig.generation
        life = f"partition {partition}, epoch {epoch}, generation {generation}".encode()
        message = FaustMessage(partition, offset, self.log[partition][index], generation, headers=[("life", life)])
        again = index < self.given.get((partition, epoch), 0)
        return FaustEvent(message, self.ack, index, epoch, stale, again)

    partitions = st.sampled_from(PARTITIONS)
    some = st.sets(partitions)

    # Few rules, each of which does much: so the long ways to a bad end are likely to be gone.

    @rule(
        values=st.lists(st.tuples(partitions, st.text("spr", max_size=3) | st.just("k")), max_size=8),
        late=st.booleans(),
    )
    def arrive(self, values: list[tuple[int, str]], late: bool) -> None:
        for partition, value in values:
            self.log[partition].append(value.encode())
        if self.take is None:
            self.read(late=late)

    def read(self, *, late: bool) -> None:
        """Take what is there, as Faust's agent does: once the batch before is under way."""
        events, self.stale = (self.stale, []) if late else ([], self.stale)
        for partition in self.owned:
            life = partition, self.epoch[partition]
            for index in range(self.position[partition], len(self.log[partition])):
                events.append(self.event(partition, index))
                self.given[life] = max(self.given.get(life, 0), index + 1)
            self.position[partition] = len(self.log[partition])
        self.take = self.loop.create_task(self.rig.runner.take(events))
        self.settle()

    @precondition(lambda self: self.rig.pool.calls)
    @rule(number=st.integers(0, 10))
    def finish_a_batch(self, number: int) -> None:
        self.rig.pool.answer(number % len(self.rig.pool.calls))
        self.settle()

    @precondition(lambda self: self.rig.sink.calls or self.rig.letters.calls)
    @rule()
    def make_safe(self) -> None:
        self.rig.waiting[0].answer()
        self.settle()

    @rule(revoked=some, assigned=some)
    def rebalance(self, revoked: set[int], assigned: set[int]) -> None:
        ahead = [(p, i) for p in self.owned for i in range(self.position[p], len(self.log[p]))]
        self.stale += [self.event(p, i, stale=True) for p, i in ahead]  # read by Faust, not yet given to us
        if revoked & self.owned:
            self.rig.runner.revoke([Partition("t", p) for p in revoked & self.owned])
        for partition in revoked & self.owned:
            self.epoch[partition] += 1
        self.settle()  # a rebalance takes its time: the old generation still holds
        self.generation += 1
        self.rig.generation = self.generation
        self.owned = self.owned - revoked | assigned
        self.committed, self.position = list(self.acked), list(self.acked)

    @rule(failing=st.none() | st.integers(0, 2), committed=st.booleans())
    def end(self, failing: int | None, committed: bool) -> None:
        """A crash, or kill -9; what was acknowledged since the last rebalance may be committed by then or not."""
        waiting = self.rig.waiting
        if failing is not None and waiting:
            error = Fatal("the broker refuses")
            waiting[failing % len(waiting)].fail(error)
            self.settle()
            assert self.rig.crashes == [error]
            self.loop.run_until_complete(self.rig.finish())  # what is still under way must do no harm either
        self.loop.run_until_complete(self.rig.end())
        self.committed = list(self.acked if committed else self.committed)
        self.acked, self.position = list(self.committed), list(self.committed)
        self.epoch = [epoch + 1 for epoch in self.epoch]
        self.stale, self.owned = [], set(PARTITIONS)
        self.begin()

    @invariant()
    def all_is_well(self) -> None:
        assert self.wrong == []
        assert self.rig.crashes == []

    def teardown(self) -> None:
        try:
            self.rebalance(set(), set(PARTITIONS))
            self.loop.run_until_complete(self.rig.finish())
            self.settle()
            while any(self.position[p] < len(self.log[p]) for p in PARTITIONS):
                self.read(late=True)
                self.loop.run_until_complete(self.rig.finish())
                self.settle()
                assert self.take is None, "with nothing under way there is room"
            assert self.acked == [len(self.log[p]) for p in PARTITIONS], "each message is acknowledged in the end"
            self.all_is_well()
            self.arrive([(0, "s")] * IN_FLIGHT, late=False)
            assert self.take is None, "no slot is lost"
            self.arrive([(0, "s")], late=False)
            assert self.take is not None, "no slot is given back twice"
        finally:
            self.loop.run_until_complete(self.rig.end())
            self.loop.close()
            self.quiet.close()


TestRunnerMachine = RunnerMachine.TestCase
TestRunnerMachine.settings = examples(max_examples=150, stateful_step_count=30)
