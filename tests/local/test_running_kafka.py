"""`wire up`, `wire down`, `wire status` on a real Kafka of this module's own; Elasticsearch takes too long."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from tests.local.commands import Wire

pytestmark = pytest.mark.integration


class ElsewhereHandler(BaseHTTPRequestHandler):
    """Says what an Elasticsearch says of itself."""

    def do_GET(self) -> None:
        body = json.dumps({"version": {"number": "8.17.0"}}).encode()
        self.send_response(200)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of what passes for an Elasticsearch that is not ours to start."""
    with ThreadingHTTPServer(("127.0.0.1", 0), ElsewhereHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def wire(elsewhere: str) -> Iterator[Wire]:
    # Not under pytest's own folder: that one is closed to the user the servers run as.
    with tempfile.TemporaryDirectory(prefix="wire-test-") as folder:
        Path(folder).chmod(0o755)
        command = Wire(Path(folder), elasticsearch=elsewhere)
        try:
            yield command
        finally:
            command("down")


@pytest.fixture
def pid(wire: Wire) -> int:
    """The one process of the Kafka, which runs when a test begins, whatever the test before it left."""
    if not pids(wire):
        code, _, stderr = wire("up")
        assert code == 0, stderr
    (running,) = pids(wire)
    return running


def pids(wire: Wire) -> list[int]:
    """All processes that run on the folder of this stack."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        named = any(str(wire.folder) in word for word in process.info["cmdline"] or ())
        if named and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(int(process.info["pid"]))
    return found


@contextmanager
def admin_of(wire: Wire) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=wire.kafka)
    try:
        yield admin
    finally:
        admin.close()


def write(wire: Wire, value: bytes) -> str:
    """Write a record into a topic made for it; returns the topic."""
    topic = f"test-local-{uuid4().hex[:8]}"
    with admin_of(wire) as admin:
        admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    producer = KafkaProducer(bootstrap_servers=wire.kafka)
    producer.send(topic, value).get(30)
    producer.close()
    return topic


def read(wire: Wire, topic: str) -> bytes | None:
    """The first record of a topic."""
    consumer = KafkaConsumer(topic, bootstrap_servers=wire.kafka, auto_offset_reset="earliest")
    try:
        polled = consumer.poll(30_000)
        return next((record.value for records in polled.values() for record in records), None)
    finally:
        consumer.close()


def test_up_says_what_it_started_and_what_it_uses_and_status_agrees(wire: Wire, pid: int) -> None:
    code, stdout, stderr = wire("up")
    assert (code, stdout) == (0, "")
    assert stderr.splitlines() == [
        f"kafka runs already at {wire.kafka}",
        f"elasticsearch at {wire.elasticsearch} is not ours: used as it is",
    ]
    code, states = wire.status()
    assert code == 0
    assert states == {
        "kafka": {
            "service": "kafka",
            "version": "4.4.0",
            "address": wire.kafka,
            "state": "running",
            "pid": pid,
            "data": str(wire.folder / "kafka"),
        },
        "elasticsearch": {
            "service": "elasticsearch",
            "version": "8.17.0",
            "address": wire.elasticsearch,
            "state": "external",
        },
    }
    assert pids(wire) == [pid]


def test_it_listens_on_loopback_only_and_root_runs_it_as_nobody(wire: Wire, pid: int) -> None:
    kafka = psutil.Process(pid)
    listening = {one.laddr for one in kafka.net_connections("inet") if one.status == psutil.CONN_LISTEN}
    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == {wire.ports["KAFKA_PORT"], wire.ports["KAFKA_CONTROLLER_PORT"]}
    ours = psutil.Process().username()
    assert kafka.username() == ("nobody" if os.getuid() == 0 else ours)


def test_down_leaves_no_process_and_a_record_is_there_after_the_next_up(wire: Wire, pid: int) -> None:
    topic = write(wire, b"kept")
    code, _, stderr = wire("down")
    assert (code, stderr.splitlines()) == (0, ["elasticsearch did not run", "kafka stopped"])
    assert pids(wire) == []
    code, _, stderr = wire("up")
    assert (code, stderr.splitlines()[:2]) == (0, ["starting kafka 4.4.0", f"kafka answers at {wire.kafka}"])
    assert pids(wire) not in ([], [pid])
    assert read(wire, topic) == b"kept"


def test_killed_it_is_noticed_and_started_again_once_by_two_who_try_at_once(wire: Wire, pid: int) -> None:
    topic = write(wire, b"kept")
    kafka = psutil.Process(pid)
    kafka.kill()
    psutil.wait_procs([kafka], timeout=30)
    code, states = wire.status()
    assert (code, states["kafka"]["state"]) == (3, "stopped")
    assert "pid" not in states["kafka"]
    with wire.begin("up") as one, wire.begin("up") as other:
        said = [command.communicate(timeout=100)[1] for command in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], said
    assert sorted("runs already" in lines for lines in said) == [False, True]
    assert len(pids(wire)) == 1
    assert read(wire, topic) == b"kept"


def test_fresh_starts_empty(wire: Wire, pid: int) -> None:
    write(wire, b"gone")
    assert wire("up", "--fresh")[0] == 0
    with admin_of(wire) as admin:
        assert list(admin.list_topics()) == []
    (running,) = pids(wire)
    assert running != pid
