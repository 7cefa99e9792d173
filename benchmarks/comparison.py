"""The pipeline side by side with what an engineer would write instead, in the same run, on the same articles.

    python -m benchmarks.comparison --corpus FOLDER

Needs `requirements/compare.txt`; see `benchmarks.alternatives` for what the others do, and don't. Each is fed the same
raw files through Kafka, in as many processes as there are cores, once its models are loaded, and is done when every
article can be found in Elasticsearch. The pipeline runs before and after the others. Where somebody else uses the
machine, compare the CPU seconds, those of Kafka and Elasticsearch included.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from elasticsearch import AsyncElasticsearch, Elasticsearch

from benchmarks.alternatives.work import WARM
from benchmarks.processes import cpu_seconds, memory_bytes
from benchmarks.running import drop, own_settings, workers
from benchmarks.soak_load import Expected
from pipeline.config import Settings
from pipeline.errors import Transient
from pipeline.feeding.producer import deliver
from pipeline.feeding.sources import Item, items
from pipeline.indexing.templates import set_up
from pipeline.local import LocalStack, free_ports
from pipeline.streaming.topics import create_topics

ALTERNATIVES = {
    "Quix Streams": "quix_streams",
    "Bytewax": "bytewax_flow",
    "an aiokafka loop": "aiokafka_loop",
}
OURS = "the pipeline"
LONGEST_SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class Run:
    """How one did: articles a second, CPU milliseconds an article in all, bytes its processes held at the end."""

    rate: float
    cpu: float
    memory: int


def main() -> None:
    """Run each and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--articles", type=int, help="only the first so many")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    paths = [str(path) for path in sorted(arguments.corpus.glob("*.txt"))[: arguments.articles]]
    expected = Expected()
    for item in _items(paths):
        expected.add(item)
    print(f"{len(paths)} items, {len(expected.articles)} articles, {arguments.processes} processes")
    print(f"{'':<20}{'articles/s':>12}{'CPU ms/article':>16}{'MB':>8}{'speed of the pipeline to it':>30}")
    ours = [_run(OURS, paths, expected, arguments.processes)]
    others = {name: _run(name, paths, expected, arguments.processes) for name in ALTERNATIVES}
    ours.append(_run(OURS, paths, expected, arguments.processes))
    rate = sum(one.rate for one in ours) / len(ours)
    for name, one in [(OURS, ours[0]), *others.items(), (OURS, ours[1])]:
        ratio = "" if name == OURS else f"{rate / one.rate:.2f}"
        print(f"{name:<20}{one.rate:>12.2f}{one.cpu:>16.0f}{one.memory / 1e6:>8.0f}{ratio:>30}")


def _items(paths: Sequence[str]) -> Iterator[Item]:
    return items(list(paths), max_item_bytes=2**24, received_at=lambda: datetime.now(UTC))


def _run(name: str, paths: Sequence[str], expected: Expected, processes: int) -> Run:
    settings = own_settings()
    create_topics(settings.kafka, settings.topics)
    asyncio.run(_set_up(settings))
    servers = [one for service in LocalStack(settings.local).services if (one := service.process())]
    try:
        with (
            workers(settings, processes) if name == OURS else _alternative(ALTERNATIVES[name], settings, processes)
        ) as worker:
            used, begun = sum(map(cpu_seconds, [worker, *servers])), time.perf_counter()
            fates = list(deliver(_items(paths), settings.kafka, settings.topics, settings.feeding))
            assert not [fate for fate in fates if fate.error], fates
            _await_all(settings, len(expected.articles), begun)
            seconds, memory = time.perf_counter() - begun, memory_bytes(worker)
            cpu = sum(map(cpu_seconds, [worker, *servers])) - used
        return Run(len(paths) / seconds, 1000 * cpu / len(paths), memory)
    finally:
        drop(settings)


async def _set_up(settings: Settings) -> None:
    async with AsyncElasticsearch(**settings.elasticsearch.client_options()) as client:
        await set_up(client, settings.indexing)


@contextmanager
def _alternative(module: str, settings: Settings, processes: int) -> Iterator[psutil.Process]:
    """Its processes, warm, as the children of a shell, until the end of the block."""
    addresses = ";".join(f"127.0.0.1:{port}" for port in free_ports(processes))
    topics, index = settings.topics, f"{settings.indexing.articles}-{datetime.now(UTC):%Y.%m}"
    command = f"exec {sys.executable} -m benchmarks.alternatives.{module} {topics.raw} {topics.group_prefix} {index}"
    lines = [f"BENCH_PROCESS={number} {command} &" for number in range(processes)]
    said = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "BLIS")} | {"BENCH_ADDRESSES": addresses}
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        shell = ["bash", "-c", "\n".join([*lines, "wait"])]
        process = subprocess.Popen(shell, env=os.environ | said, stdout=log, stderr=log)
        whole = psutil.Process(process.pid)
        try:
            deadline = time.monotonic() + 180
            while (said_so := Path(log.name).read_text("utf-8")).split().count(WARM) < processes:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Transient(f"{module} did not start: {said_so[-2000:]}")
                time.sleep(0.2)
            yield whole
        finally:
            family = [*whole.children(recursive=True), whole] if whole.is_running() else []
            for one in family:
                one.kill()
            psutil.wait_procs(family, 30)
            process.wait(30)


def _await_all(settings: Settings, count: int, begun: float) -> None:
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        pattern = f"{settings.indexing.articles}-*"
        found = 0
        while found < count:
            if time.perf_counter() - begun > LONGEST_SECONDS:
                raise Transient(f"only {found} of {count} articles within {LONGEST_SECONDS:g} s")
            time.sleep(1.0)
            client.indices.refresh(index=pattern, ignore_unavailable=True)
            found = int(client.count(index=pattern, ignore_unavailable=True)["count"])


if __name__ == "__main__":
    main()
