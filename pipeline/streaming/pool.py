"""Worker processes for CPU-bound work beside an event loop.

Each process has a lane of its own (a spawned `ProcessPoolExecutor` of one process), so that when a
process dies it is known whose batch it held. That batch is halved until the one item is found that
kills its process; the rest of the batch goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Generic, Protocol, TypeVar

import structlog

from pipeline.errors import Poison

log = structlog.get_logger(__name__)

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

_work: Callable[[list[Any]], list[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """What a batch took in its process: seconds in all, and of each part that its work tells of."""

    seconds: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TimedWork(Generic[ItemT, ResultT]):
    """Work that tells what its parts took: ``parts`` is called after each batch and returns their seconds."""

    work: Callable[[list[ItemT]], list[ResultT]]
    parts: Callable[[], dict[str, float]]

    def __call__(self, batch: list[ItemT]) -> list[ResultT]:
        """Work on a batch."""
        return self.work(batch)


class Observer(Protocol):
    """Who wants to know how a pool is doing."""

    def worked(self, messages: int, took: Took) -> None:
        """A batch of so many messages is done."""

    def restarted(self, reason: str) -> None:
        """A process was replaced: ``recycled`` after its share of work, ``ended`` by itself, or ``hung``."""


THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
"""One process per core is the unit of scale, so numeric libraries get one thread each."""


def _begin(parent: int) -> None:
    """Prepare a fresh process: ignore the terminal's Ctrl-C, and end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def watch() -> None:
        # A parent that was killed can't tell: without this its processes would stay for ever.
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _load(make: Callable[[], Callable[[list[Any]], list[Any]]]) -> int:
    global _work  # noqa: PLW0603 - the process's own state: what it was started to do
    _work = make()
    return os.getpid()


def _run(batch: list[Any]) -> tuple[list[Any], Took]:
    assert _work is not None, "a lane is loaded before it gets work"  # noqa: S101
    begun = time.perf_counter()
    results = _work(batch)
    seconds = time.perf_counter() - begun
    return results, Took(seconds, _work.parts() if isinstance(_work, TimedWork) else {})


class _Lane(Generic[ItemT, ResultT]):
    """One process and what it did so far."""

    def __init__(self, make: Callable[[], Callable[[list[ItemT]], list[ResultT]]]) -> None:
        self._make = make
        self._executor: ProcessPoolExecutor | None = None
        self._pid: int | None = None
        self.items_done = 0

    async def start(self) -> None:
        self._executor = ProcessPoolExecutor(1, get_context("spawn"), _begin, (os.getpid(),))
        loop = asyncio.get_running_loop()
        self._pid = await loop.run_in_executor(self._executor, _load, self._make)
        self.items_done = 0

    async def run(self, batch: list[ItemT], timeout: float) -> tuple[list[ResultT], Took]:
        assert self._executor is not None, "a lane is started before it gets work"  # noqa: S101
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor, _run, batch)
        results, took = await asyncio.wait_for(future, timeout)
        self.items_done += len(batch)
        return results, took

    def kill(self) -> None:
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        if self._executor:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._pid = None


class WorkerPool(Generic[ItemT, ResultT]):
    """A fixed number of processes that work on batches of items.

    Args:
        make: called once in each process; makes the function that turns a list of items into a
            list of as many results. Both must be importable (spawned processes share nothing).
        processes: how many.
        timeout: seconds until a batch counts as hung and its process is ended.
        recycle_after: items after which a process is replaced, which bounds its memory.
        observer: is told of batches that are done and of processes that were replaced.
    """

    def __init__(
        self,
        make: Callable[[], Callable[[list[ItemT]], list[ResultT]]],
        *,
        processes: int,
        timeout: float,
        recycle_after: int,
        observer: Observer | None = None,
    ) -> None:
        self._lanes: list[_Lane[ItemT, ResultT]] = [_Lane(make) for _ in range(processes)]
        self._free: asyncio.Queue[_Lane[ItemT, ResultT]] = asyncio.Queue()
        self._timeout = timeout
        self._recycle_after = recycle_after
        self._observer = observer

    @property
    def size(self) -> int:
        """How many processes there are."""
        return len(self._lanes)

    async def start(self) -> None:
        """Start all processes and wait until each has loaded.

        Raises:
            Exception: whatever making the work function raised, for example Fatal for a missing model.
        """
        for name in THREAD_VARIABLES:
            os.environ.setdefault(name, "1")
        await asyncio.gather(*(lane.start() for lane in self._lanes))
        for lane in self._lanes:
            self._free.put_nowait(lane)

    async def run(self, batch: Sequence[ItemT]) -> list[ResultT | Poison]:
        """Work on a batch in the next free process; returns one result an item, in order.

        An item whose process dies or hangs, twice and alone, gets a Poison as its result.
        """
        return await self._run(list(batch), last_chance=False)

    async def _run(self, batch: list[ItemT], *, last_chance: bool) -> list[ResultT | Poison]:
        fate = await self._try(batch)
        if not isinstance(fate, str):
            return list(fate)
        if len(batch) > 1:
            log.warning("a batch ended its process: halving it", fate=fate, messages=len(batch))
            half = len(batch) // 2
            first = await self._run(batch[:half], last_chance=False)
            return first + await self._run(batch[half:], last_chance=False)
        if not last_chance:  # the process may have died of something else: one more try, alone
            return await self._run(batch, last_chance=True)
        cause = "hung-its-process" if fate.startswith("hung") else "killed-its-process"
        return [Poison(f"working on it {fate}, twice and alone", "look at the item itself", cause=cause)]

    async def _try(self, batch: list[ItemT]) -> list[ResultT] | str:
        lane = await self._free.get()
        try:
            if lane.items_done >= self._recycle_after:
                await self._restart(lane, "recycled")
            results, took = await lane.run(batch, self._timeout)
        except BrokenProcessPool:
            await self._restart(lane, "ended")
            return "ended its process"
        except TimeoutError:
            await self._restart(lane, "hung")
            return f"hung its process for {self._timeout:g} s"
        else:
            if self._observer:
                self._observer.worked(len(batch), took)
            return results
        finally:
            self._free.put_nowait(lane)

    async def _restart(self, lane: _Lane[ItemT, ResultT], reason: str) -> None:
        if self._observer:
            self._observer.restarted(reason)
        lane.kill()
        await lane.start()

    def stop(self) -> None:
        """End all processes at once; unfinished work is lost, which is safe: nobody acknowledged it."""
        for lane in self._lanes:
            lane.kill()
