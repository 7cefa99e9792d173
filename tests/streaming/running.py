"""A running pipeline for the delivery tests: real workers in processes of their own, on topics of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from elasticsearch import ApiError, Elasticsearch

from pipeline.config import ElasticsearchSettings, IndexingSettings, KafkaSettings, Settings, TopicSettings
from pipeline.feeding.producer import deliver
from pipeline.feeding.sources import Item
from pipeline.headers import Hints
from pipeline.monitoring.lag import our_groups
from pipeline.monitoring.monitor import open_monitor
from pipeline.streaming.dead_letters import OpenLetter, open_letters
from pipeline.streaming.reading import Reader, Stretch, open_reader
from pipeline.streaming.topics import create_topics

MODELS = Path(__file__).parent.parent / "models"
"""Holds `wire_test_model`, a spaCy pipeline that is small and does harm on demand."""


def eventually(holds: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
    """Wait until something holds; fail, saying what, if it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds:g} s: {what}")
        time.sleep(0.25)


def article(number: int, *, version: int = 1, text: str = "") -> bytes:
    """One small ninjs item of an invented story."""
    body = text or f"Harbour pilots in Port Arden met for the {number}. time, said Ada Lamont of the Kestrel Union."
    created = datetime(2026, 10, 1 + number % 28, 8, tzinfo=UTC)
    return json.dumps(
        {
            "uri": f"urn:test:story:{number}",
            "version": str(version),
            "type": "text",
            "pubstatus": "usable",
            "language": "en",
            "firstcreated": created.isoformat(),
            "versioncreated": created.replace(minute=version).isoformat(),
            "headline": f"Pilots meet, part {number}",
            "body_text": body + "\n\n" + "The talks go on. " * 12,
        }
    ).encode()


class RunningPipeline:
    """Topics, indices and workers of one test."""

    def __init__(self, kafka: str, elasticsearch_url: str, folder: Path, **variables: str) -> None:
        name = f"t{uuid.uuid4().hex[:8]}"
        self.settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=kafka),
            elasticsearch=ElasticsearchSettings(url=elasticsearch_url),
            topics=TopicSettings(
                raw=f"{name}.raw",
                articles=f"{name}.articles",
                enriched=f"{name}.enriched",
                dead=f"{name}.dead",
                alerts=f"{name}.alerts",
                group_prefix=name,
            ),
            indexing=IndexingSettings(
                articles=f"{name}-articles",
                stances=f"{name}-stances",
                stories=f"{name}-stories",
                alerts=f"{name}-alerts",
            ),
        )
        self.environment = self._environment(variables)
        self.folder = folder
        self.workers: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.fed: set[str] = set()
        create_topics(self.settings.kafka, self.settings.topics)

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        said = {
            "WIRE_KAFKA__BOOTSTRAP_SERVERS": self.settings.kafka.bootstrap_servers,
            "WIRE_ELASTICSEARCH__URL": self.settings.elasticsearch.url,
            "WIRE_INDEXING__ARTICLES": self.settings.indexing.articles,
            "WIRE_INDEXING__STANCES": self.settings.indexing.stances,
            "WIRE_INDEXING__STORIES": self.settings.indexing.stories,
            "WIRE_INDEXING__ALERTS": self.settings.indexing.alerts,
            "WIRE_ENRICHMENT__MODEL": "wire_test_model",
            "WIRE_STREAMING__ENRICH_PROCESSES": "2",
            "WIRE_STREAMING__SESSION_TIMEOUT": "6",
            "WIRE_STREAMING__HEARTBEAT_INTERVAL": "1",
            "WIRE_LOGGING__FORMAT": "json",
            "PYTHONPATH": str(MODELS),
        }
        topics = self.settings.topics
        for key in ("raw", "articles", "enriched", "dead", "alerts", "group_prefix"):
            said[f"WIRE_TOPICS__{key.upper()}"] = getattr(topics, key)
        return os.environ | said | variables

    # -- workers -----------------------------------------------------------------------------------

    def start(self, *stages: str) -> None:
        """Start one worker for each named stage; by default one of each."""
        for stage in stages or ("clean", "enrich", "index"):
            with (self.folder / f"{stage}-{len(self.workers)}.log").open("wb") as log:
                command = [sys.executable, "-m", "pipeline", "worker", stage]
                process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
            self.workers.append((stage, process))

    def running(self, stage: str) -> list[subprocess.Popen[bytes]]:
        """The processes that run a stage now."""
        return [process for name, process in self.workers if name == stage and process.poll() is None]

    def kill(self, stage: str) -> None:
        """kill -9 one worker of a stage."""
        victim = self.running(stage)[0]
        victim.kill()
        victim.wait()

    def terminate(self, stage: str) -> float:
        """SIGTERM one worker of a stage; returns the seconds it took to end."""
        victim = self.running(stage)[0]
        begun = time.monotonic()
        victim.send_signal(signal.SIGTERM)
        victim.wait(timeout=60)
        return time.monotonic() - begun

    def stop(self) -> None:
        """End all workers."""
        for _, process in self.workers:
            if process.poll() is None:
                process.terminate()
        for _, process in self.workers:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log_of(self, stage: str) -> str:
        """All a stage's workers have logged."""
        return "".join(path.read_text() for path in sorted(self.folder.glob(f"{stage}-*.log")))

    def wire(self, *arguments: str, seconds: float = 120.0) -> str:
        """What a `wire` command prints, on this pipeline's topics and indices."""
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # -- feeding and counting ----------------------------------------------------------------------

    def feed(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Send items, each with its source, to the raw topic."""
        now = datetime.now(UTC)
        made = [Item(Hints(source, now), data, len(data)) for source, data in items]
        fates = list(deliver(made, self.settings.kafka, self.settings.topics, self.settings.feeding))
        assert not [fate for fate in fates if fate.error]
        self.fed |= {item.hints.source for item in made}

    @property
    def client(self) -> Elasticsearch:
        """A client of the real Elasticsearch."""
        return Elasticsearch(**self.settings.elasticsearch.client_options())

    def indexed(self) -> int:
        """Documents in all monthly indices, refreshed."""
        pattern = f"{self.settings.indexing.articles}-*"
        with self.client as client:
            try:
                client.indices.refresh(index=pattern, ignore_unavailable=True)
                return int(client.count(index=pattern, ignore_unavailable=True)["count"])
            except ApiError as error:
                if error.status_code != 503:  # the shards of an index that was just created start
                    raise
                return 0

    def versions(self) -> dict[str, str]:
        """The version the index holds of each story, by uri."""
        with self.client as client:
            hits = client.search(index=f"{self.settings.indexing.articles}-*", size=10_000)["hits"]["hits"]
        uris = Counter(hit["_source"]["uri"] for hit in hits)
        assert set(uris.values()) <= {1}, "a story is in two indices"
        return {hit["_source"]["uri"]: hit["_source"]["version"] for hit in hits}

    def dead(self) -> list[OpenLetter]:
        """The open dead letters."""
        return open_letters(self.settings)

    def lag(self) -> int:
        """Messages all three groups together are behind."""
        with open_monitor(self.settings.kafka) as monitor:
            return sum(one.messages for one in monitor.measure(our_groups(self.settings.topics)))

    def values(self, topic: str) -> list[bytes]:
        """The values of a topic, partition by partition, in order."""
        with open_reader(self.settings.kafka) as consumer:
            return [record.value or b"" for record in Reader(consumer, topic, Stretch())]

    def await_account(self, stories: int, dead: int = 0, seconds: float = 120.0) -> None:
        """Wait until fed = indexed + dead and nothing waits any more."""
        eventually(lambda: self.indexed() >= stories, f"{stories} stories indexed", seconds)
        eventually(lambda: self.lag() == 0, "lag is back to zero", seconds)
        assert self.indexed() == stories
        assert len(self.dead()) == dead
