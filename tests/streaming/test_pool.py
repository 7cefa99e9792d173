from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psutil
import pytest

from pipeline.errors import Fatal, Poison
from pipeline.streaming.pool import TimedWork, Took, WorkerPool

Work = Callable[[list[str]], list[str]]


def make_work() -> Work:
    """Importable by the spawned processes: shouts, unless told to do worse."""

    def shout(items: list[str]) -> list[str]:
        for item in items:
            if item == "die":
                os.kill(os.getpid(), signal.SIGSEGV)
            if item == "hang":
                signal.pause()
        return [item.upper() for item in items]

    return shout


def make_failing_work() -> Work:
    raise Fatal("there is no such model")


def make_pid_work() -> Work:
    return lambda items: [str(os.getpid()) for _ in items]


def make_timed_work() -> Work:
    return TimedWork(make_work(), lambda: {"shouting": 0.25})


class Told:
    """Keeps what a pool tells of itself."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, Took]] = []
        self.reasons: list[str] = []

    def worked(self, messages: int, took: Took) -> None:
        self.batches.append((messages, took))

    def restarted(self, reason: str) -> None:
        self.reasons.append(reason)


@asynccontextmanager
async def pool(
    make: Callable[[], Work] = make_work,
    *,
    processes: int = 2,
    timeout: float = 60,
    recycle_after: int = 1000,
    told: Told | None = None,
) -> AsyncIterator[WorkerPool[str, str]]:
    made: WorkerPool[str, str] = WorkerPool(
        make, processes=processes, timeout=timeout, recycle_after=recycle_after, observer=told
    )
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def test_results_come_in_the_order_of_the_items() -> None:
    async with pool() as workers:
        batches = [[f"{n}-{i}" for i in range(5)] for n in range(20)]
        results = await asyncio.gather(*(workers.run(batch) for batch in batches))
        assert results == [[item.upper() for item in batch] for batch in batches]


async def test_the_item_that_kills_its_process_is_found_and_the_others_go_on() -> None:
    async with pool() as workers:
        killing, innocent = await asyncio.gather(
            workers.run(["a", "b", "die", "c", "d"]), workers.run(["e", "f", "g", "h"])
        )
        assert [r for r in killing if not isinstance(r, Poison)] == ["A", "B", "C", "D"]
        assert isinstance(killing[2], Poison)
        assert killing[2].cause == "killed-its-process"
        assert innocent == ["E", "F", "G", "H"]
        assert await workers.run(["after"]) == ["AFTER"]


async def test_the_item_that_hangs_is_found() -> None:
    told = Told()
    async with pool(processes=1, timeout=1.5, told=told) as workers:
        result = await workers.run(["hang"])
        assert isinstance(result[0], Poison)
        assert result[0].cause == "hung-its-process"
        assert await workers.run(["after"]) == ["AFTER"]
    assert told.reasons == ["hung", "hung"]


async def test_what_a_batch_and_its_parts_took_is_told() -> None:
    told = Told()
    async with pool(make_timed_work, processes=1, told=told) as workers:
        assert await workers.run(["a", "b"]) == ["A", "B"]
    ((messages, took),) = told.batches
    assert (messages, took.parts) == (2, {"shouting": 0.25})
    assert 0 < took.seconds < 60


async def test_a_process_killed_from_outside_costs_nothing() -> None:
    told = Told()
    async with pool(make_pid_work, processes=1, told=told) as workers:
        pid = (await workers.run(["who?"]))[0]
        assert isinstance(pid, str)
        os.kill(int(pid), signal.SIGKILL)
        results = await workers.run(["x", "y"])
        assert not any(isinstance(r, Poison) for r in results)
        assert told.reasons == ["ended"]


async def test_a_process_is_replaced_after_so_many_items() -> None:
    told = Told()
    async with pool(make_pid_work, processes=1, recycle_after=3, told=told) as workers:
        pids = [(await workers.run(["a", "b", "c"]))[0] for _ in range(3)]
        assert len(set(pids)) == 3
    assert told.reasons == ["recycled", "recycled"]


async def test_what_can_not_be_loaded_is_said_at_the_start() -> None:
    workers: WorkerPool[str, str] = WorkerPool(make_failing_work, processes=1, timeout=60, recycle_after=10)
    with pytest.raises(Fatal, match="no such model"):
        await workers.start()
    workers.stop()


async def test_stopping_leaves_no_process() -> None:
    async with pool(make_pid_work) as workers:
        pid = (await workers.run(["who?"]))[0]
        assert isinstance(pid, str)
        process = psutil.Process(int(pid))
    _gone, alive = await asyncio.to_thread(psutil.wait_procs, [process], 10)
    assert not alive
