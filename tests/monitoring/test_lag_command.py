"""`wire lag` as a person or a script calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.request import urlopen
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer

pytestmark = pytest.mark.integration

COMMAND = [sys.executable, "-m", "pipeline", "lag"]


@pytest.fixture(scope="module")
def environment(kafka: str) -> Iterator[dict[str, str]]:
    """Settings with topics of our own: 3 messages, an hour old, in the first."""
    prefix = f"test-lag-{uuid4().hex[:8]}"
    names = {name: f"{prefix}.{name}" for name in ("raw", "articles", "enriched")}
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    topic = {"num_partitions": 1, "replication_factor": 1}
    admin.create_topics(dict.fromkeys(names.values(), topic), wait_for_metadata=True)
    producer = KafkaProducer(bootstrap_servers=kafka)
    for _ in range(3):
        producer.send(names["raw"], b"v", timestamp_ms=int(time.time() - 3600) * 1000).get(30)
    producer.close()
    variables = {f"WIRE_TOPICS__{name.upper()}": topic for name, topic in names.items()}
    yield os.environ | variables | {"WIRE_KAFKA__BOOTSTRAP_SERVERS": kafka}
    admin.delete_topics(list(names.values()))
    admin.close()


def lag(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_table_names_our_groups_topics_and_what_waits(environment: dict[str, str]) -> None:
    run = lag(environment)
    assert (run.returncode, run.stderr) == (0, "")
    rows = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert [row.split()[0] for row in rows if row.startswith("wire-")] == ["wire-clean", "wire-enrich", "wire-index"]
    raw = environment["WIRE_TOPICS__RAW"]
    assert [row for row in rows if row.startswith(f"{raw} 0 none 3 3 1 h 00 m ")]
    enriched = environment["WIRE_TOPICS__ENRICHED"]
    assert f"{enriched} 0 none 0 0 0 s OK" in rows


def test_json_is_one_object_a_line_for_each_partition(environment: dict[str, str]) -> None:
    run = lag(environment, "--json", "--group", "wire-clean")
    (line,) = map(json.loads, run.stdout.splitlines())
    assert line["at"] < line["at"].replace("+00:00", "Z")
    assert {key: line[key] for key in ("group", "topic", "partition", "start", "end", "messages")} == {
        "group": "wire-clean",
        "topic": environment["WIRE_TOPICS__RAW"],
        "partition": 0,
        "start": 0,
        "end": 3,
        "messages": 3,
    }
    assert 3600 <= line["seconds"] < 3700
    assert "committed" not in line or line["committed"] >= 0


@pytest.mark.parametrize(("limit", "code"), [("10", 1), ("7200", 0)])
def test_fail_over_exits_with_1_when_a_message_waits_longer(environment: dict[str, str], limit: str, code: int) -> None:
    run = lag(environment, "--fail-over", limit)
    assert run.returncode == code
    assert ("the oldest of 3 messages waits 1 h 00 m" in run.stderr) == (code == 1)


def test_a_group_that_does_not_exist_is_a_wrong_argument(environment: dict[str, str]) -> None:
    run = lag(environment, "--group", f"no-such-{uuid4().hex}")
    assert run.returncode == 2
    assert "the groups of this Kafka are" in run.stderr
    assert run.stdout == ""


def test_a_broker_that_does_not_answer_ends_it_with_3(environment: dict[str, str]) -> None:
    run = lag(environment | {"WIRE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"})
    assert run.returncode == 3
    assert "wire: Kafka does not answer at 127.0.0.1:1" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Children can be interrupted, also where the tests run in a shell's background, which ignores the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_watch_measures_until_it_is_interrupted(environment: dict[str, str]) -> None:
    command = [*COMMAND, "--watch", "--interval", "0.1", "--json", "--group", "wire-clean"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        moments = [json.loads(watch.stdout.readline())["at"] for _ in range(3)]
        watch.send_signal(signal.SIGINT)
        assert watch.wait(30) == 130
        assert "Traceback" not in watch.stderr.read()
    assert moments == sorted(set(moments))


@pytest.mark.usefixtures("interruptible")
def test_serve_gives_prometheus_the_figures_until_it_is_interrupted(environment: dict[str, str]) -> None:
    command = [*COMMAND, "--serve", "127.0.0.1:0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serve:
        assert serve.stderr is not None
        address = serve.stderr.readline().split()[-1]
        with urlopen(address, timeout=30) as answer:  # noqa: S310 - loopback
            figures = answer.read().decode()
        serve.send_signal(signal.SIGINT)
        assert serve.wait(30) == 130
        assert "Traceback" not in serve.stderr.read()
    assert "kafka_up 1.0\n" in figures
    topic = environment["WIRE_TOPICS__RAW"]
    assert f'kafka_topic_partition_current_offset{{partition="0",topic="{topic}"}} 3.0\n' in figures


@pytest.mark.parametrize("arguments", [["127.0.0.1:9308"], ["--serve", "127.0.0.1:99999"]])
def test_an_address_that_is_none_is_a_wrong_argument(environment: dict[str, str], arguments: list[str]) -> None:
    run = lag(environment, *arguments)
    assert run.returncode == 2
    assert arguments[-1] in run.stderr
    assert "Traceback" not in run.stderr
