from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.streaming.ledger import Entry, Ledger, Partition

P = Partition("t", 0)
Q = Partition("t", 1)


def test_gives_out_only_the_finished_head() -> None:
    ledger: Ledger[str, str] = Ledger()
    first, second, third = (ledger.add(P, offset, f"m{offset}") for offset in (5, 6, 9))
    assert first
    assert second
    assert third
    assert not ledger.complete(second, "b")
    assert ledger.ready(P, 10) == []
    assert ledger.complete(first, "a")
    assert [e.result for e in ledger.ready(P, 10)] == ["a", "b"]
    assert [e.result for e in ledger.ready(P, 1)] == ["a"]


def test_a_redelivered_message_keeps_its_first_entry() -> None:
    ledger: Ledger[str, str] = Ledger()
    ledger.add(P, 5, "m")
    assert ledger.add(P, 5, "m again") is None
    assert len(ledger) == 1


def test_what_a_dropped_partition_finishes_is_not_released() -> None:
    ledger: Ledger[str, str] = Ledger()
    old = ledger.add(P, 5, "before the rebalance")
    assert old
    assert ledger.drop(P) == 1
    new = ledger.add(P, 5, "after it")
    assert new
    ledger.complete(old, "stale")
    assert ledger.ready(P, 10) == []
    assert not ledger.release(old)
    ledger.complete(new, "fresh")
    assert ledger.release(new)


class LedgerMachine(RuleBasedStateMachine):
    """Whatever the order of work and rebalances, released offsets are the contiguous finished prefix."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger: Ledger[int, int] = Ledger()
        self.next = {P: 0, Q: 0}
        self.committed = {P: 0, Q: 0}
        self.open: list[Entry[int, int]] = []
        self.done: set[tuple[Partition, int]] = set()

    partitions = st.sampled_from([P, Q])

    @rule(partition=partitions, gap=st.integers(0, 3))
    def take(self, partition: Partition, gap: int) -> None:
        offset = self.next[partition] + gap  # compaction and transactions leave gaps
        entry = self.ledger.add(partition, offset, offset)
        assert entry is not None
        self.next[partition] = offset + 1
        self.open.append(entry)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        entry = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.ledger.complete(entry, entry.offset)
        self.done.add((entry.partition, entry.offset))

    @rule(partition=partitions, limit=st.integers(1, 5))
    def deliver(self, partition: Partition, limit: int) -> None:
        for entry in self.ledger.ready(partition, limit):
            assert (partition, entry.offset) in self.done
            assert self.ledger.release(entry)
            assert entry.offset >= self.committed[partition]
            self.committed[partition] = entry.offset + 1

    @rule(partition=partitions)
    def rebalance(self, partition: Partition) -> None:
        self.ledger.drop(partition)
        # A new owner starts where the last commit left off; what was under way comes again.
        self.next[partition] = self.committed[partition]
        self.done = {(p, o) for p, o in self.done if p != partition or o < self.committed[partition]}
        self.open = [e for e in self.open if e.partition != partition]

    @invariant()
    def nothing_unfinished_lies_below_a_commit(self) -> None:
        for entry in self.open:
            assert entry.offset >= self.committed[entry.partition]


TestLedgerMachine = LedgerMachine.TestCase


@given(order=st.permutations(range(12)))
def test_any_order_of_work_leaves_in_order(order: list[int]) -> None:
    ledger: Ledger[int, int] = Ledger()
    entries = [ledger.add(P, offset, offset) for offset in range(12)]
    left: list[int] = []
    for number in order:
        entry = entries[number]
        assert entry
        ledger.complete(entry, number)
        for head in ledger.ready(P, 100):
            ledger.release(head)
            left.append(head.offset)
    assert left == list(range(12))
    assert len(ledger) == 0
