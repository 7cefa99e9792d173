"""When the record at an offset was written."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from kafka import KafkaConsumer, TopicPartition

CONSUMER_OPTIONS = {
    "auto_offset_reset": "earliest",  # a record deleted before it is read: the next that is left
    "check_crcs": False,  # in pure Python that is most of the work, and only timestamps are looked at
    "max_poll_records": 1,
    "max_partition_fetch_bytes": 128 * 1024,  # a larger first batch comes whole nonetheless
    "fetch_max_bytes": 8 * 2**20,
    "fetch_max_wait_ms": 100,
}
"""How the consumer for `timestamps` is opened: to read one record of a partition and little more."""

TIMEOUT = 10.0
"""Seconds to look for the records, unless told otherwise."""

_POLL_MS = 200


def timestamps(
    consumer: KafkaConsumer,
    asked: Collection[tuple[TopicPartition, int]],
    ends: Mapping[TopicPartition, int],
    timeout: float = TIMEOUT,
) -> dict[tuple[TopicPartition, int], float | None]:
    """Read when the first record at or after each offset was written.

    Offsets that hold no record (compacted away, or the mark of a transaction) are passed over.

    Args:
        consumer: a new one without a group, opened with `CONSUMER_OPTIONS`.
        asked: partitions and offsets; several offsets of one partition are read one after another.
        ends: the end of each partition's log; records from there on don't count.
        timeout: seconds after which what is not read yet is left out.

    Returns:
        For each partition and offset seconds since the epoch, or None where no record is left before
        the end. What couldn't be read in time is missing.
    """
    open_: dict[TopicPartition, list[int]] = {}
    for tp, offset in sorted(asked, reverse=True):
        open_.setdefault(tp, []).append(offset)
    found: dict[tuple[TopicPartition, int], float | None] = {}

    def settle(tp: TopicPartition, reached: int, written: float | None) -> None:
        """The next record of ``tp`` is at ``reached``: it answers all offsets up to there."""
        while open_[tp] and open_[tp][-1] <= reached:
            found[tp, open_[tp].pop()] = written
        if open_[tp]:
            consumer.seek(tp, open_[tp][-1])
        else:
            del open_[tp]
            consumer.pause(tp)

    consumer.assign(list(open_))
    for tp, offsets in open_.items():
        consumer.seek(tp, offsets[-1])
    deadline = time.monotonic() + timeout
    while open_ and time.monotonic() < deadline:
        for tp, records in consumer.poll(_POLL_MS).items():
            if tp in open_ and records[0].offset < ends[tp]:
                settle(tp, records[0].offset, records[0].timestamp / 1000)
        for tp in [tp for tp in open_ if (consumer.position(tp, _POLL_MS) or 0) >= ends[tp]]:
            settle(tp, ends[tp], None)
    return found
