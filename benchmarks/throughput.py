"""The running pipeline against its limits: same model, same processes, same articles, same run.

    python -m benchmarks.throughput --corpus FOLDER

The limits are plain `nlp.pipe` with the language model (in batches that keep all processes busy, and as spaCy batches
by default), and the whole enrichment, each on cleaned articles from memory, their results thrown away. The pipeline is
fed the raw files through Kafka, cleans, enriches and indexes them, and counts as done when nothing waits in any topic.
Kafka, Elasticsearch, the feeder and this benchmark take their share of the same cores. Neither the limits nor the
pipeline are charged for loading their models: each is timed from when its processes say that they are ready.

The limits are measured before and after, and their means count, so that a machine that slows down does not favour
either. Where somebody else uses the machine, seconds say little: then see the CPU seconds, and the ratio of those.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from kafka import KafkaAdminClient

from benchmarks.processes import cpu_seconds, memory_bytes
from benchmarks.running import drop, own_settings, waiting, workers
from pipeline import cleaning, formats
from pipeline.config import Settings
from pipeline.errors import Poison, Transient
from pipeline.feeding.producer import deliver
from pipeline.feeding.sources import items
from pipeline.headers import Hints
from pipeline.kafka_clients import open_admin
from pipeline.local.stack import LocalStack
from pipeline.streaming.topics import create_topics

LIMITS = {
    "model": "plain nlp.pipe",
    "default": "plain nlp.pipe in spaCy's default batches",
    "enrichment": "the enrichment alone",
}
WANTED_RATIO = 0.90
WANTED_MEMORY = 2e9
LONGEST_SECONDS = 900.0
_POLL_SECONDS = 1.0
_MEMORY_SECONDS = 10.0
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "BLIS")}


@dataclass(frozen=True, slots=True)
class Run:
    """How the pipeline did: seconds, CPU seconds by who used them, and the workers' highest memory in bytes."""

    seconds: float
    cpu: Mapping[str, float]
    memory: int


def main() -> None:
    """Measure limits, pipeline, limits; print rates, their ratios, CPU seconds, and the workers' memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="enrichment processes of both")
    parser.add_argument("--articles", type=int, help="only so many, evenly spread over the folder")
    arguments = parser.parse_args()
    paths = _spread(sorted(arguments.corpus.glob("*.txt")), arguments.articles)
    articles = list(articles_of(paths))
    before = {what: _limit(what, articles, arguments.processes) for what in LIMITS}
    run = _pipeline(paths, arguments.processes)
    after = {what: _limit(what, articles, arguments.processes) for what in LIMITS}
    _report(run, len(paths), len(articles), before, after)


def _spread(paths: Sequence[Path], wanted: int | None) -> list[Path]:
    count = min(wanted or len(paths), len(paths))
    return [paths[number * len(paths) // count] for number in range(count)]


def articles_of(paths: Sequence[Path]) -> Iterator[bytes]:
    """The cleaned articles of files, each as JSON; what can't be read is left out."""
    now = datetime.now(UTC)
    for path in paths:
        try:
            for reading in formats.read(path.read_bytes(), Hints(str(path), now)):
                if not isinstance(reading, Poison):
                    yield cleaning.clean(reading).to_json()
        except Poison:
            continue


Measured = Mapping[str, float]


def _report(run: Run, fed: int, read: int, before: Mapping[str, Measured], after: Mapping[str, Measured]) -> None:
    rate, cpu = fed / run.seconds, sum(run.cpu.values()) / fed
    print(f"the pipeline: {rate:.1f} articles/s, {fed} articles in {run.seconds:.1f} s")
    shares = sorted(run.cpu.items(), key=lambda share: -share[1])
    named = ", ".join(f"{name} {1000 * seconds / fed:.1f}" for name, seconds in shares)
    print(f"  CPU milliseconds an article: {1000 * cpu:.0f} ({named})")
    for what, title in LIMITS.items():
        first, last = before[what], after[what]
        limit = 2 * read / (first["seconds"] + last["seconds"])
        work = (first["cpu"] + last["cpu"]) / 2 / read
        both = f"before {read / first['seconds']:.1f}, after {read / last['seconds']:.1f}"
        print(f"{title}: {limit:.1f} articles/s ({both}), {1000 * work:.0f} CPU milliseconds an article")
        print(f"  the pipeline's ratio to it: {rate / limit:.2f}; by CPU seconds: {work / cpu:.2f}")
    print(f"wanted: a ratio of {WANTED_RATIO} to plain nlp.pipe")
    print(f"memory of all workers, highest: {run.memory / 1e6:.0f} MB (wanted: under {WANTED_MEMORY / 1e6:.0f} MB)")


def _limit(what: str, articles: list[bytes], processes: int) -> Measured:
    """Seconds and CPU seconds that it takes in a process of its own."""
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as file:
        file.write(b"\n".join(articles))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.plain", "--articles", file.name]
        command += ["--what", what, "--processes", str(processes)]
        done = subprocess.run(command, env=os.environ | _ONE_THREAD, capture_output=True, text=True, check=True)
    measured: Measured = json.loads(done.stdout)
    return measured


def _pipeline(paths: Sequence[Path], processes: int) -> Run:
    """From the first item fed until nothing waits."""
    settings = own_settings()
    create_topics(settings.kafka, settings.topics)
    try:
        with workers(settings, processes) as worker, open_admin(settings.kafka) as admin:
            used, begun = _cpu(settings, worker), time.perf_counter()
            fed = items([str(path) for path in paths], max_item_bytes=settings.feeding.max_item_bytes, received_at=_now)
            failed = [fate for fate in deliver(fed, settings.kafka, settings.topics, settings.feeding) if fate.error]
            assert not failed, failed[:3]
            memory = _await_end(settings, admin, worker)
            seconds, cpu = time.perf_counter() - begun, _cpu(settings, worker)
        return Run(seconds, {name: cpu[name] - used[name] for name in used}, memory)
    finally:
        drop(settings)


def _now() -> datetime:
    return datetime.now(UTC)


def _await_end(settings: Settings, admin: KafkaAdminClient, worker: psutil.Process) -> int:
    deadline = time.monotonic() + LONGEST_SECONDS
    highest, measured = 0, 0.0
    while waiting(settings, admin):
        now = time.monotonic()
        if now - measured > _MEMORY_SECONDS:
            highest, measured = max(highest, memory_bytes(worker)), now
        if now > deadline:
            raise Transient(f"the pipeline did not end within {LONGEST_SECONDS:g} s")
        time.sleep(_POLL_SECONDS)
    return highest


def _cpu(settings: Settings, worker: psutil.Process) -> dict[str, float]:
    """CPU seconds so far: of each stage, of the local servers, and of this process, which feeds and watches."""
    used = {f"stage {stage.cmdline()[-1]}": cpu_seconds(stage) for stage in worker.children()}
    for server in LocalStack(settings.local).services:
        if process := server.process():
            used[server.name] = cpu_seconds(process)
    own = psutil.Process().cpu_times()
    return used | {"feeding and watching": own.user + own.system}


if __name__ == "__main__":
    main()
