"""What goes wrong during a soak: workers killed, servers restarted, Elasticsearch refusing or answering too late."""

from __future__ import annotations

import asyncio
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.processes import memory_bytes
from benchmarks.running import await_ready, start_workers
from pipeline.local import LocalStack
from tests.indexing.fault_proxy import CUT, Fault, FaultProxy


@contextmanager
def proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy before Elasticsearch, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    between = FaultProxy(upstream, keep_bulks=False)
    asyncio.run_coroutine_threadsafe(between.__aenter__(), loop).result(30)
    try:
        yield between
    finally:
        asyncio.run_coroutine_threadsafe(between.__aexit__(None, None, None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)


class Faults:
    """Picks one fault after another.

    Args:
        stack: the servers.
        storms: the faults of the proxy before Elasticsearch.
        variables: of `wire worker`.
        processes: enrichment processes.
        log: the workers' log file.
        seed: of the choice.
    """

    def __init__(
        self, stack: LocalStack, storms: list[Fault], variables: Mapping[str, str], processes: int, log: Path, seed: int
    ) -> None:
        self._stack, self._storms, self._variables, self._processes, self._log = (
            stack,
            storms,
            variables,
            processes,
            log,
        )
        self._chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.worker = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._log.write_bytes(b"")
        worker = start_workers(self._variables, self._processes, self._log)
        await_ready(worker, self._log)
        return worker

    def one(self) -> None:
        """Make the next."""
        kinds: dict[str, Callable[[], None]] = {
            "a stage killed": self._kill_stage,
            "an enrichment process killed": self._kill_lane,
            "all workers killed": self._kill_all,
            "the broker killed": self._kill_broker,
            "Elasticsearch killed": self._kill_elasticsearch,
            "a storm of 429": lambda: self._storm(429),
            "a storm of 503": lambda: self._storm(503),
            "answers lost": lambda: self._storm(CUT, too_late=True),
        }
        name = self._chance.choices(list(kinds), weights=[3, 2, 1, 1, 1, 3, 2, 2])[0]
        self.counts[name] += 1
        kinds[name]()

    def memory(self) -> int:
        """Bytes that all workers hold now."""
        try:
            return memory_bytes(psutil.Process(self.worker.pid))
        except psutil.NoSuchProcess:
            return 0

    def stop(self) -> None:
        """End the workers."""
        self.worker.terminate()
        self.worker.wait(60)

    def end(self) -> None:
        """No more faults; the workers go on."""
        for fault in self._storms:
            fault.times = 0

    def _kill_stage(self) -> None:
        self._kill(psutil.Process(self.worker.pid).children())

    def _kill_lane(self) -> None:
        stages = psutil.Process(self.worker.pid).children()
        self._kill([one for stage in stages if stage.cmdline()[-1:] == ["enrich"] for one in stage.children()])

    def _kill(self, processes: list[psutil.Process]) -> None:
        if processes:
            self._chance.choice(processes).kill()

    def _kill_all(self) -> None:
        whole = [psutil.Process(self.worker.pid), *psutil.Process(self.worker.pid).children(recursive=True)]
        for process in whole:
            process.kill()
        psutil.wait_procs(whole, 30)
        self.worker.wait(30)
        self.worker = self._start()

    def _kill_broker(self) -> None:
        self._stack.kafka.kill()
        self._stack.up((self._stack.kafka,))

    def _kill_elasticsearch(self) -> None:
        self._stack.elasticsearch.kill()
        time.sleep(self._chance.uniform(0, 20))
        self._stack.up((self._stack.elasticsearch,))

    def _storm(self, status: int, *, too_late: bool = False) -> None:
        self._storms.append(Fault(status, self._chance.randint(5, 60), too_late=too_late))
