"""A pipeline for one benchmark run: topics, groups and indices of its own, the real workers, and when it is done."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient, TopicPartition
from kafka.protocol.consumer import OffsetSpec

from pipeline.config import IndexingSettings, Settings, TopicSettings, load_settings
from pipeline.errors import Transient
from pipeline.kafka_clients import open_admin
from pipeline.monitoring.lag import our_groups

STAGES = 3
INDICES = ("articles", "stances", "stories", "alerts")


def own_settings() -> Settings:
    """The usual settings, on topics and indices of this run alone."""
    name = f"bench-{uuid.uuid4().hex[:6]}"
    topics = {key: f"{name}.{key}" for key in ("raw", "articles", "enriched", "dead", "alerts")}
    return load_settings().model_copy(
        update={
            "topics": TopicSettings(group_prefix=name, **topics),
            "indexing": IndexingSettings(
                articles=f"{name}-articles",
                stances=f"{name}-stances",
                stories=f"{name}-stories",
                alerts=f"{name}-alerts",
            ),
        }
    )


def drop(settings: Settings) -> None:
    """Take the topics and indices of this run away again."""
    topics = settings.topics
    with open_admin(settings.kafka) as admin:
        admin.delete_topics([topics.raw, topics.articles, topics.enriched, topics.dead, topics.alerts])
    with Elasticsearch(**settings.elasticsearch.client_options()).options(ignore_status=404) as client:
        for index in client.indices.get(index=f"{topics.group_prefix}-*"):  # by name: a pattern may be refused
            client.indices.delete(index=index)
        for prefix in (settings.indexing.articles, settings.indexing.stances):
            client.indices.delete_index_template(name=prefix)
            for part in client.cluster.get_component_template(name=f"{prefix}-*")["component_templates"]:
                client.cluster.delete_component_template(name=part["name"])


def environment(settings: Settings, **variables: str) -> dict[str, str]:
    """The variables by which a `wire` command uses these settings."""
    topics, indexing = settings.topics, settings.indexing
    said = {f"WIRE_TOPICS__{key.upper()}": str(value) for key, value in topics if key != "partitions"}
    said |= {f"WIRE_INDEXING__{key.upper()}": getattr(indexing, key) for key in INDICES}
    return os.environ | said | variables


@contextmanager
def workers(settings: Settings, processes: int, **variables: str) -> Iterator[psutil.Process]:
    """All stages, ready to work, until the end of the block."""
    with tempfile.NamedTemporaryFile("r", suffix=".log", encoding="utf-8") as log:
        process = start_workers(environment(settings, **variables), processes, Path(log.name))
        try:
            await_ready(process, Path(log.name))
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def start_workers(variables: Mapping[str, str], processes: int, log: Path) -> subprocess.Popen[bytes]:
    """`wire worker`, which writes to the end of a log file."""
    said = {**variables, "WIRE_STREAMING__ENRICH_PROCESSES": str(processes)}
    with log.open("ab") as file:
        return subprocess.Popen([sys.executable, "-m", "pipeline", "worker"], env=said, stdout=file, stderr=file)


def await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until its stages say that they are ready.

    Raises:
        Transient: they don't within two minutes.
    """
    deadline = time.monotonic() + 120
    while log.read_text("utf-8").count("stage is ready") < STAGES:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Transient(f"the workers did not start: {log.read_text('utf-8')[-2000:]}")
        time.sleep(0.2)


def waiting(settings: Settings, admin: KafkaAdminClient) -> int:
    """Messages before all stages: three requests, where the monitor's figures take a dozen."""
    groups = our_groups(settings.topics)
    commits = admin.list_group_offsets(list(groups))  # before the ends of the logs: they only grow
    partitions = range(settings.topics.partitions)
    read = {TopicPartition(topic, number): name for name, (topic,) in groups.items() for number in partitions}
    ends = admin.list_partition_offsets(dict.fromkeys(read, OffsetSpec.LATEST))
    committed = {tp: commit.offset for name in groups for tp, commit in commits.get(name, {}).items()}
    return sum(max(0, ends[tp].offset - max(0, committed.get(tp, 0))) for tp in read)
