"""`wire feed` that goes on, polls and resumes, as processes against the real Kafka."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from tests.feeding.feed_server import FeedServer, Reply
from tests.feeding.test_entries import rss

pytestmark = pytest.mark.integration


def _as_in_the_foreground() -> None:
    """Ctrl-C counts, also where the tests themselves run in a shell's background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Feeding:
    """Runs `wire feed` on topics of its own, and reads what arrived."""

    def __init__(self, kafka: str, folder: Path) -> None:
        name = f"test-feed-{uuid4().hex[:8]}"
        self.kafka, self.raw, self.dead = kafka, f"{name}.raw", f"{name}.dead"
        self.running: list[subprocess.Popen[bytes]] = []
        self.folder = folder
        self.environment = os.environ | {
            "WIRE_TOPICS__RAW": self.raw,
            "WIRE_TOPICS__DEAD": self.dead,
            "WIRE_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "WIRE_FEEDING__MAX_ITEM_BYTES": "1000",
            "WIRE_FEEDING__SETTLE": "0.3",
            "WIRE_FEEDING__STATE_DIR": str(folder / "state"),
            "WIRE_LOGGING__FORMAT": "json",
        }

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline", "feed", *map(str, arguments)]
        with self._stderr(len(self.running)).open("wb") as stderr:  # a pipe that nobody reads fills up
            self.running.append(
                subprocess.Popen(command, env=self.environment, stderr=stderr, preexec_fn=_as_in_the_foreground)  # noqa: PLW1509
            )
        return self.running[-1]

    def run(self, *arguments: str | Path) -> int:
        return self.start(*arguments).wait(timeout=60)

    def end(self, with_signal: signal.Signals) -> int:
        """Ask the newest process to end; its exit code."""
        self.running[-1].send_signal(with_signal)
        return self.running[-1].wait(timeout=30)

    def said(self) -> list[str]:
        """The lines the newest process wrote to stderr."""
        return self._stderr(len(self.running) - 1).read_text().splitlines()

    def _stderr(self, number: int) -> Path:
        return self.folder / f"stderr-{number}"

    def arrived(self) -> list[bytes]:
        """The values in the raw topic, which has one partition."""
        partition = TopicPartition(self.raw, 0)
        consumer = KafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        consumer.assign([partition])
        end = consumer.end_offsets([partition])[partition]
        values: list[bytes] = []
        while consumer.position(partition) < end:
            values += [record.value for batch in consumer.poll(500).values() for record in batch]
        consumer.close()
        return values


@pytest.fixture
def feeding(kafka: str, tmp_path: Path) -> Iterator[Feeding]:
    one = Feeding(kafka, tmp_path)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics(
        {name: {"num_partitions": 1, "replication_factor": 1} for name in (one.raw, one.dead)}, wait_for_metadata=True
    )
    yield one
    for process in one.running:
        process.kill()
        process.wait()
    admin.delete_topics([one.raw, one.dead])
    admin.close()


def await_(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "it does not come to pass"
        time.sleep(0.05)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_watched_folder_is_fed_through_a_crash_and_stops_cleanly(feeding: Feeding, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    (inbox / "kestrel").mkdir(parents=True)
    for number in range(200):
        (inbox / "kestrel" / f"{number:03}.txt").write_text(f"copy {number}")
    crashing = feeding.start("--watch", inbox)
    await_(lambda: len(files(inbox / "done")) > 20)
    crashing.kill()
    feeding.start("--watch", inbox)
    (inbox / "big.txt").write_text("x" * 1001)
    (inbox / "late.txt.part").write_text("late copy")
    await_(lambda: len(files(inbox / "done")) >= 200)
    (inbox / "late.txt.part").rename(inbox / "late.txt")
    await_(lambda: {"done/late.txt", "failed/big.txt"} <= files(inbox))
    assert feeding.end(signal.SIGTERM) == 1  # one was refused, and named
    lines = [json.loads(line) for line in feeding.said() if line.startswith("{")]
    assert [line["labels.source"] for line in lines if line["message"] == "refused"] == [str(inbox / "big.txt")]
    assert feeding.said()[-1].endswith(", 1 dead letter")
    assert not [name for name in files(inbox) if not name.startswith(("done/", "failed/"))]
    assert "big.txt has 1001 bytes" in (inbox / "failed" / "big.txt.error").read_text()
    assert set(feeding.arrived()) == {f"copy {number}".encode() for number in range(200)} | {b"late copy"}


def test_a_feed_is_fed_once_and_polled(feeding: Feeding, server: FeedServer) -> None:
    server.answer = lambda *_: Reply(200, rss({"a": "Dam talks"}))
    url = f"{server.url}/rss"
    assert feeding.run(url) == 0
    feeding.start("--watch", "--every", "1", url)
    await_(lambda: len(server.asked) >= 2)
    server.answer = lambda *_: Reply(200, rss({"a": "Dam talks", "b": "Ferry"}))
    await_(lambda: len(feeding.arrived()) == 2)
    assert feeding.end(signal.SIGINT) == 0
    assert [(b"Dam" in value, b"Ferry" in value) for value in feeding.arrived()] == [(True, False), (False, True)]


def test_a_backfill_is_interrupted_and_goes_on(feeding: Feeding, tmp_path: Path) -> None:
    archive, state = tmp_path / "archive", tmp_path / "how-far.json"
    archive.mkdir()
    for number in range(60):
        (archive / f"{number:02}.txt").write_text(f"copy {number}")
    feeding.start(archive, "--resume", state, "--rate", "40")
    await_(lambda: len(feeding.arrived()) > 3)
    assert feeding.end(signal.SIGTERM) == 130
    assert "the same command goes on from here" in feeding.said()[-1]
    assert len(feeding.arrived()) < 60
    assert feeding.run(archive, "--resume", state) == 0
    assert feeding.arrived() == [f"copy {number}".encode() for number in range(60)]
    assert json.loads(state.read_text())["complete"]


def test_without_kafka_a_watch_waits_and_says_so(feeding: Feeding, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("copy")
    feeding.environment["WIRE_KAFKA__BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
    feeding.start("--watch", tmp_path / "in")
    await_(lambda: any("waiting for Kafka; nothing is lost" in line for line in feeding.said()))
    assert feeding.end(signal.SIGTERM) == 0
    assert (tmp_path / "in" / "a.txt").read_text() == "copy"
