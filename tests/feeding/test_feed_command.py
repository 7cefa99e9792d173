"""`wire feed` as a person or a script calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.protocol.consumer import OffsetSpec

pytestmark = pytest.mark.integration


@pytest.fixture
def environment(kafka: str) -> Iterator[dict[str, str]]:
    """Settings with topics of our own, of one partition each."""
    raw, dead = (f"test-feed-{uuid4().hex[:8]}.{name}" for name in ("raw", "dead"))
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics(
        {name: {"num_partitions": 1, "replication_factor": 1} for name in (raw, dead)}, wait_for_metadata=True
    )
    variables = {"WIRE_TOPICS__RAW": raw, "WIRE_TOPICS__DEAD": dead, "WIRE_KAFKA__BOOTSTRAP_SERVERS": kafka}
    yield os.environ | variables | {"WIRE_FEEDING__MAX_ITEM_BYTES": "1000"}
    admin.delete_topics([raw, dead])
    admin.close()


def feed(environment: dict[str, str], *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "feed", *map(str, arguments)]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=60
    )


def held(environment: dict[str, str], topic: str) -> int:
    """How many messages a topic holds."""
    admin = KafkaAdminClient(bootstrap_servers=environment["WIRE_KAFKA__BOOTSTRAP_SERVERS"])
    tp = TopicPartition(environment[f"WIRE_TOPICS__{topic}"], 0)
    end = int(admin.list_partition_offsets({tp: OffsetSpec.LATEST})[tp].offset)
    admin.close()
    return end


def test_a_folder_a_file_and_stdin_are_fed_and_counted(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text("x" * 100)
    (tmp_path / "one.txt").write_text("y" * 50)
    run = feed(environment, folder, tmp_path / "one.txt", "-", stdin="z" * 50)
    assert run.returncode == 0
    assert run.stdout == ""
    assert run.stderr.startswith("fed 22 items (2.1 kB) in ")
    assert (held(environment, "RAW"), held(environment, "DEAD")) == (22, 0)


def test_the_bad_ones_are_named_the_good_ones_pass_and_it_exits_with_1(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "big.txt").write_text("x" * 1001)
    (tmp_path / "good.txt").write_text("x" * 1000)
    run = feed(environment, tmp_path, tmp_path / "gone.txt", "--json")
    assert run.returncode == 1
    summary = json.loads(run.stdout)
    assert summary.pop("seconds") >= 0
    assert summary == {"items": 1, "bytes": 1000, "dead": 1, "failed": 1}
    named = run.stderr.splitlines()
    assert [line for line in named if f"{tmp_path}/big.txt has 1001 bytes" in line and "dead letters" in line]
    assert [line for line in named if f"{tmp_path}/gone.txt can't be read" in line]
    assert named[-1].startswith("fed 1 item (1.0 kB) in ")
    assert named[-1].endswith(", 1 dead letter, 1 failed")
    assert (held(environment, "RAW"), held(environment, "DEAD")) == (1, 1)


def test_without_a_path_it_is_wrongly_used(environment: dict[str, str]) -> None:
    assert feed(environment).returncode == 2


def test_a_broker_that_does_not_answer_ends_it_with_3(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("x")
    run = feed(environment | {"WIRE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}, tmp_path)
    assert run.returncode == 3
    assert "Kafka does not answer at 127.0.0.1:1" in run.stderr
    assert "`wire up`" in run.stderr
    assert "Traceback" not in run.stderr
