"""A server of the local stack started, known again and stopped, on one small enough to start in no time."""

from __future__ import annotations

import json
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from pipeline.errors import ServiceUnreachable
from pipeline.local import free_ports
from pipeline.local import service as module
from pipeline.local.folders import Account
from pipeline.local.service import Launch, Service, java_environment, port_is_free

SERVER = """
import http.server, signal, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(sys.argv[2].encode())

if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"
MUTE = "import time; time.sleep(600)"


class SmallService(Service):
    """A server that answers any request with its name."""

    name = "small"

    def __init__(self, data: Path, port: int, own_name: str = "one of ours") -> None:
        super().__init__(data, (port,), Account(), start_timeout=60.0)
        self.own_name = own_name
        self.program: tuple[str, ...] = (SERVER, str(port), own_name)
        self.impostor: SmallService | None = None

    def version(self) -> str:
        return "1.0"

    def prepare(self) -> Launch:
        if self.impostor:
            self.impostor.start()
        return Launch([sys.executable, "-c", *self.program], java_environment(), self.data)

    def identity(self) -> str | None:
        try:
            with urllib.request.urlopen(f"http://{self.address}", timeout=1) as answer:
                said: bytes = answer.read()
        except OSError:
            return None
        return said.decode()

    def expected_identity(self) -> str:
        return self.own_name

    def port_setting(self, port: int) -> str:
        return "SMALL_PORT"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SmallService]:
    one = SmallService(tmp_path / "small", free_ports(1)[0])
    yield one
    one.stop()


def running(service: Service) -> psutil.Process:
    process = service.process()
    assert process
    return process


def gone(*processes: psutil.Process) -> bool:
    return not psutil.wait_procs(processes, timeout=30)[1]


def test_started_it_answers_and_stopped_it_is_gone(service: SmallService) -> None:
    assert service.status().state == "stopped"
    assert service.start()
    process = running(service)
    assert service.status().as_json() == {
        "service": "small",
        "version": "1.0",
        "address": f"127.0.0.1:{service.ports[0]}",
        "state": "running",
        "pid": process.pid,
        "data": str(service.data),
    }
    assert service.stop()
    assert gone(process)
    assert service.status().state == "stopped"
    assert "pid" not in service.status().as_json()
    assert not service.stop()


def test_started_twice_it_is_the_same_process(service: SmallService) -> None:
    assert service.start()
    first = running(service)
    again = SmallService(service.data, service.ports[0])  # as another call of the command sees it
    assert not again.start()
    assert running(again) == first


def test_a_killed_one_is_noticed_and_started_again(service: SmallService) -> None:
    service.start()
    killed = running(service)
    service.kill()
    assert service.status().state == "stopped"
    assert service.start()
    assert running(service) != killed
    assert service.answers()


def test_one_that_hangs_is_not_answering_rather_than_running(service: SmallService) -> None:
    service.start()
    running(service).suspend()
    try:
        assert service.status().state == "not answering"
    finally:
        running(service).resume()


@pytest.mark.parametrize("host", ["127.0.0.1", ""])
def test_a_taken_port_is_refused_before_anything_is_written(service: SmallService, host: str) -> None:
    (port,) = service.ports
    with socket.create_server((host, port)):
        with pytest.raises(ServiceUnreachable) as refused:
            service.start()
        assert not service.data.exists()
        assert service.status().state == "stopped"
    assert str(refused.value) == (
        f"port {port}, which small needs, is taken by another process; "
        "stop that process, or choose another port: WIRE_LOCAL__SMALL_PORT"
    )


def test_any_of_several_ports_taken_is_refused(service: SmallService) -> None:
    with ExitStack() as stack:
        taken = stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        service.ports = (*service.ports, taken)
        with pytest.raises(ServiceUnreachable, match=f"port {taken}, "):
            service.start()


def test_another_that_answers_in_its_place_is_not_taken_for_it(service: SmallService, tmp_path: Path) -> None:
    service.impostor = SmallService(tmp_path / "impostor", service.ports[0], "a stranger")
    service.program = (MUTE,)
    service.start_timeout = 0.5
    try:
        with pytest.raises(ServiceUnreachable, match="'a stranger' answers there instead"):
            service.start()
        assert service.process() is None, "what did not come up was left running"
        assert service.impostor.answers(), "the stranger is none of our business"
    finally:
        service.impostor.stop()


def test_one_that_ends_while_starting_says_why(service: SmallService) -> None:
    service.program = ("print('getting ready'); raise SystemExit('FatalException: no room for topics')",)
    with pytest.raises(ServiceUnreachable) as failed:
        service.start()
    assert str(failed.value) == (
        f"small ended while starting: FatalException: no room for topics; see {service.data / 'small.log'}"
    )
    assert service.status().state == "stopped"


def test_a_process_that_was_given_the_number_later_is_left_alone(service: SmallService, tmp_path: Path) -> None:
    other = SmallService(tmp_path / "other", free_ports(1)[0])
    other.start()
    try:
        stranger = running(other)
        service.data.mkdir()
        noted = {"pid": stranger.pid, "created": stranger.create_time() - 3600}
        (service.data / "small.process.json").write_text(json.dumps(noted))
        assert service.status().state == "stopped"
        assert not service.stop()
        assert stranger.is_running()
    finally:
        other.stop()


@pytest.mark.parametrize("note", ["", "{", "{}", '{"pid": 999999999, "created": 1.0}'])
def test_a_note_of_no_use_counts_as_none(service: SmallService, note: str) -> None:
    service.data.mkdir()
    (service.data / "small.process.json").write_text(note)
    assert service.process() is None
    assert service.start()


def test_what_it_started_is_stopped_with_it(service: SmallService) -> None:
    service.program = (PARENT, *service.program)
    service.start()
    parent = running(service)
    children = parent.children()
    assert len(children) == 1
    service.stop()
    assert gone(parent, *children)


def test_one_that_will_not_stop_is_killed(service: SmallService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STOP_SECONDS", 0.3)
    service.program = (*service.program, "stubborn")
    service.start()
    process = running(service)
    assert service.stop()
    assert gone(process)


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)


def test_free_ports_are_free_and_differ() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(map(port_is_free, ports))


def test_a_server_does_not_inherit_what_would_change_its_java(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "WIRE_KAFKA__SASL_PASSWORD")
    for variable in changed:
        monkeypatch.setenv(variable, "-Xmx1m")
    monkeypatch.setenv("A_VARIABLE_OF_THE_USER", "kept")
    given = java_environment()
    assert not given.keys() & set(changed)
    assert given["A_VARIABLE_OF_THE_USER"] == "kept"
    assert given["LC_ALL"] == "C.UTF-8"
