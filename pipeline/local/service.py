"""One server of the local stack: starting it, knowing it again, stopping it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.local.folders import Account

HOST = "127.0.0.1"
_POLL = 0.2
_STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What is known of a server.

    Attributes:
        service: ``kafka`` or ``elasticsearch``.
        version: of the server.
        address: host and port.
        state: ``running``, ``stopped``, ``not answering``, or ``external`` for one we did not start.
        pid: its process, where we started it.
        data: its data folder, where we started it.
    """

    service: str
    version: str | None
    address: str
    state: str
    pid: int | None = None
    data: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The status for a machine."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started: its command, its environment, the folder it starts in."""

    command: list[str]
    environment: dict[str, str]
    folder: Path


class Service(ABC):
    """A server that runs on this machine, on loopback only.

    Args:
        data: its folder; data and the notes by which we know our process again are kept there.
        ports: the ports it takes, the one clients use first.
        account: the user it runs as.
        start_timeout: seconds to wait until it answers.
    """

    name: str

    def __init__(self, data: Path, ports: tuple[int, ...], account: Account, start_timeout: float) -> None:
        self.data = data
        self.ports = ports
        self.account = account
        self.start_timeout = start_timeout
        self._started: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port for clients."""
        return f"{HOST}:{self.ports[0]}"

    @abstractmethod
    def version(self) -> str:
        """The version of the server."""

    @abstractmethod
    def prepare(self) -> Launch:
        """Make ready to start; returns how."""

    @abstractmethod
    def identity(self) -> str | None:
        """What the server that answers at our address calls itself; None where none answers as one."""

    @abstractmethod
    def expected_identity(self) -> str:
        """What our own server calls itself."""

    def process(self) -> psutil.Process | None:
        """The process of our server, if it runs; a process that was given its number later is not it."""
        try:
            noted = json.loads(self._note.read_text())
            process = psutil.Process(noted["pid"])
            same = abs(process.create_time() - noted["created"]) < 1.0
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
            return None

    def answers(self) -> bool:
        """Whether our own server, and no other, answers at the address."""
        return self.identity() == self.expected_identity()

    def status(self) -> ServiceStatus:
        """What is known of the server now."""
        process = self.process()
        state = "stopped" if not process else "running" if self.answers() else "not answering"
        try:
            version = self.version()
        except Misconfigured:  # no Java: it never ran, and `up` says what is missing
            version = None
        return ServiceStatus(self.name, version, self.address, state, process.pid if process else None, str(self.data))

    def start(self) -> bool:
        """Start the server and wait until it answers; returns False if it ran already.

        Raises:
            ServiceUnreachable: a port is taken by somebody else, or the server does not come up.
            Misconfigured: there is no fit Java.
        """
        if process := self.process():
            self._await(process)
            return False
        self._refuse_taken_ports()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        launch = self.prepare()
        self.account.own(self.data)
        with self.log.open("ab") as log:
            self._started = subprocess.Popen(
                launch.command,
                env=launch.environment,
                cwd=launch.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.popen_options(),
            )
        process = psutil.Process(self._started.pid)
        self._note.write_text(json.dumps({"pid": process.pid, "created": process.create_time()}))
        try:
            self._await(process)
        except ServiceUnreachable:
            self.stop()
            raise
        return True

    def stop(self) -> bool:
        """Stop the server, orderly, in the end by force; returns False if it did not run."""
        process = self.process()
        if not process:
            return False
        family = [process, *self._children(process)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.terminate()
        _, alive = psutil.wait_procs(family, timeout=_STOP_SECONDS)
        self._kill(alive)
        self._reap()
        self._note.unlink(missing_ok=True)
        return True

    def kill(self) -> None:
        """End the server as a power cut would."""
        if process := self.process():
            self._kill([process, *self._children(process)])
            self._reap()

    def _reap(self) -> None:
        """Keep no zombie of a server that was our child and ended."""
        if self._started and self._started.poll() is not None:
            self._started = None

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.data / f"{self.name}.log"

    @property
    def _note(self) -> Path:
        return self.data / f"{self.name}.process.json"

    @staticmethod
    def _children(process: psutil.Process) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            children: list[psutil.Process] = process.children(recursive=True)
            return children
        return []

    @staticmethod
    def _kill(processes: list[psutil.Process]) -> None:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=_STOP_SECONDS)

    def _refuse_taken_ports(self) -> None:
        for port in self.ports:
            if not port_is_free(port):
                raise ServiceUnreachable(
                    f"port {port}, which {self.name} needs, is taken by another process",
                    f"stop that process, or choose another port: WIRE_LOCAL__{self.port_setting(port)}",
                )

    @abstractmethod
    def port_setting(self, port: int) -> str:
        """The name of the setting that chooses this port, in upper case."""

    def _await(self, process: psutil.Process) -> None:
        deadline = time.monotonic() + self.start_timeout
        while not self.answers():
            self._reap()
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                raise ServiceUnreachable(f"{self.name} ended while starting: {self._last_words()}", f"see {self.log}")
            if time.monotonic() > deadline:
                other = self.identity()
                why = f"{other!r} answers there instead" if other else "it does not answer"
                raise ServiceUnreachable(
                    f"{self.name} is not up at {self.address} after {self.start_timeout:g} s: {why}", f"see {self.log}"
                )
            time.sleep(_POLL)

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.is_file() else []
        telling = [line for line in lines[-60:] if "ERROR" in line or "Exception" in line or "error" in line]
        return (telling or lines or ["it printed nothing"])[-1][:300]


def port_is_free(port: int) -> bool:
    """Whether nothing on this machine listens on a port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def java_environment() -> dict[str, str]:
    """The environment of a server: ours without what would change its Java, in UTF-8."""
    dropped = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"}
    return {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("WIRE_")} | {
        "LC_ALL": "C.UTF-8"
    }
