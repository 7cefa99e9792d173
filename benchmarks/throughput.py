"""The running pipeline against its limits: same model, same processes, same articles, same run.

    python -m benchmarks.throughput --corpus FOLDER

The limits are plain `nlp.pipe` with the language model, and the whole enrichment, each on cleaned articles from
memory, their results thrown away. The pipeline is fed the raw files through Kafka, cleans, enriches and indexes them,
and counts as done when its lag is zero. All run on the local stack's machine, whose Kafka and Elasticsearch take their
share of the same cores. The limits are measured before and after, and their means count, so that a machine that slows
down does not favour either.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from pipeline import cleaning, formats
from pipeline.config import IndexingSettings, Settings, TopicSettings, load_settings
from pipeline.errors import Poison, Transient
from pipeline.feeding.producer import deliver
from pipeline.feeding.sources import items
from pipeline.headers import Hints
from pipeline.monitoring.lag import our_groups
from pipeline.monitoring.monitor import open_monitor
from pipeline.streaming.topics import create_topics

LIMITS = {"model": "plain nlp.pipe", "enrichment": "the enrichment alone"}
WANTED_RATIO = 0.90
WANTED_MEMORY = 2e9
LONGEST_SECONDS = 600.0
_FEW = 30
"""Messages that are worked off within two seconds."""

_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "BLIS")}


def main() -> None:
    """Measure limits, pipeline, limits; print rates, their ratios, and the workers' memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="enrichment processes of both")
    arguments = parser.parse_args()
    paths = sorted(arguments.corpus.glob("*.txt"))
    articles = list(articles_of(paths))
    before = {what: _limit(what, articles, arguments.processes) for what in LIMITS}
    seconds, memory = _pipeline(paths, arguments.processes)
    after = {what: _limit(what, articles, arguments.processes) for what in LIMITS}
    rate = len(paths) / seconds
    print(f"the pipeline: {rate:.1f} articles/s, {len(paths)} articles in {seconds:.1f} s")
    for what, title in LIMITS.items():
        limit = len(articles) / ((before[what] + after[what]) / 2)
        both = f"before {len(articles) / before[what]:.1f}, after {len(articles) / after[what]:.1f}"
        print(f"{title}: {limit:.1f} articles/s ({both}); the pipeline's ratio to it: {rate / limit:.2f}")
    print(
        f"wanted: a ratio of {WANTED_RATIO} to the enrichment, which is the same work without Kafka and Elasticsearch"
    )
    print(f"memory of all workers, highest: {memory / 1e6:.0f} MB (wanted: under {WANTED_MEMORY / 1e6:.0f} MB)")


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


def _limit(what: str, articles: list[bytes], processes: int) -> float:
    """Seconds that it takes in a process of its own."""
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as file:
        file.write(b"\n".join(articles))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.plain", "--articles", file.name]
        command += ["--what", what, "--processes", str(processes)]
        done = subprocess.run(command, env=os.environ | _ONE_THREAD, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["seconds"])


def _pipeline(paths: Sequence[Path], processes: int) -> tuple[float, float]:
    """Seconds from the first item fed until nothing lags, and the workers' highest memory in bytes."""
    settings = _settings()
    create_topics(settings.kafka, settings.topics)
    with _workers(settings, processes) as worker:
        begun = time.perf_counter()
        fed = items([str(path) for path in paths], max_item_bytes=settings.feeding.max_item_bytes, received_at=_now)
        failed = [fate for fate in deliver(fed, settings.kafka, settings.topics, settings.feeding) if fate.error]
        assert not failed, failed[:3]
        memory = _await_end(settings, worker)
        return time.perf_counter() - begun, memory


def _now() -> datetime:
    return datetime.now(UTC)


def _settings() -> Settings:
    """The usual settings, on topics and indices of this run alone."""
    name = f"bench-{uuid.uuid4().hex[:6]}"
    topics = {key: f"{name}.{key}" for key in ("raw", "articles", "enriched", "dead")}
    return load_settings().model_copy(
        update={
            "topics": TopicSettings(group_prefix=name, **topics),
            "indexing": IndexingSettings(
                articles=f"{name}-articles", stances=f"{name}-stances", stories=f"{name}-stories"
            ),
        }
    )


@contextmanager
def _workers(settings: Settings, processes: int) -> Iterator[psutil.Process]:
    """All stages, ready to work, until the end of the block."""
    said = {f"WIRE_TOPICS__{key.upper()}": str(value) for key, value in settings.topics if key != "partitions"}
    said |= {
        f"WIRE_INDEXING__{key.upper()}": getattr(settings.indexing, key) for key in ("articles", "stances", "stories")
    }
    said |= {"WIRE_STREAMING__ENRICH_PROCESSES": str(processes)}
    with tempfile.NamedTemporaryFile("r", suffix=".log", encoding="utf-8") as log:
        command = [sys.executable, "-m", "pipeline", "worker"]
        process = subprocess.Popen(command, env=os.environ | said, stdout=log.fileno(), stderr=log.fileno())
        try:
            deadline = time.monotonic() + 120
            while Path(log.name).read_text("utf-8").count("stage is ready") < 3:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Transient(f"the workers did not start: {Path(log.name).read_text('utf-8')[-2000:]}")
                time.sleep(0.2)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _await_end(settings: Settings, worker: psutil.Process) -> float:
    groups = our_groups(settings.topics)
    deadline = time.monotonic() + LONGEST_SECONDS
    highest = 0.0
    with open_monitor(settings.kafka) as monitor:
        while left := max(one.messages for one in monitor.measure(groups)):
            highest = max(highest, _memory(worker))
            if time.monotonic() > deadline:
                raise Transient(f"the pipeline did not end within {LONGEST_SECONDS:g} s")
            # Measuring takes its share of the cores too: seldom at first, often at the end.
            time.sleep(2.0 if left > _FEW else 0.25)
    return highest


def _memory(worker: psutil.Process) -> float:
    """Bytes that the workers hold, pages shared among them counted once (Linux: PSS)."""
    total = 0.0
    for process in [worker, *worker.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total


if __name__ == "__main__":
    main()
