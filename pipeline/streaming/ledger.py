"""The contiguous offset ledger: work ends in any order, offsets leave in order.

Of each partition the ledger knows which messages are under way and in which order they came. It
gives a message out only when it and all messages before it are done, so that a commit never covers
a message whose work is not finished (as Kafka Connect's AsyncOffsetTracker does).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

MessageT = TypeVar("MessageT")
ResultT = TypeVar("ResultT")


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


@dataclass(slots=True, eq=False)
class Entry(Generic[MessageT, ResultT]):
    """One message under way; ``result`` is set when its work is done."""

    partition: Partition
    offset: int
    message: MessageT
    done: bool = False
    result: ResultT | None = None


@dataclass(slots=True)
class Ledger(Generic[MessageT, ResultT]):
    """The messages under way, by partition, in the order they came."""

    _queues: dict[Partition, deque[Entry[MessageT, ResultT]]] = field(default_factory=dict)

    def add(self, partition: Partition, offset: int, message: MessageT) -> Entry[MessageT, ResultT] | None:
        """Take a message in; returns its entry.

        Returns None for a message that is under way already (a redelivery): it needs no second
        entry, its first one still stands.
        """
        queue = self._queues.setdefault(partition, deque())
        if queue and offset <= queue[-1].offset:
            return None
        entry: Entry[MessageT, ResultT] = Entry(partition, offset, message)
        queue.append(entry)
        return entry

    def complete(self, entry: Entry[MessageT, ResultT], result: ResultT) -> bool:
        """Note that an entry's work is done; returns whether its partition has something to give out."""
        entry.result, entry.done = result, True
        queue = self._queues.get(entry.partition)
        return bool(queue and queue[0].done)

    def ready(self, partition: Partition, limit: int) -> list[Entry[MessageT, ResultT]]:
        """The finished head of a partition, in offset order, ``limit`` messages at most; nothing is removed."""
        head: list[Entry[MessageT, ResultT]] = []
        for entry in self._queues.get(partition, ()):
            if not entry.done or len(head) == limit:
                break
            head.append(entry)
        return head

    def release(self, entry: Entry[MessageT, ResultT]) -> bool:
        """Remove an entry whose result is safe in the sink, so that its offset may be acknowledged.

        Returns False if the entry is no longer at the head of its partition: the partition was
        dropped meanwhile, and somebody else will process the message again.
        """
        queue = self._queues.get(entry.partition)
        if not queue or queue[0] is not entry:
            return False
        queue.popleft()
        return True

    def drop(self, partition: Partition) -> int:
        """Forget a partition that was taken from us; returns how many messages were under way."""
        return len(self._queues.pop(partition, ()))

    @property
    def partitions(self) -> list[Partition]:
        """The partitions that have, or had, messages under way."""
        return list(self._queues)

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))
