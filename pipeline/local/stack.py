"""The local stack: both servers, started and stopped together."""

from __future__ import annotations

import fcntl
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.config import LocalSettings
from pipeline.local.elasticsearch import ElasticsearchService
from pipeline.local.folders import Account, data_folder, server_account
from pipeline.local.kafka import KafkaService
from pipeline.local.service import HOST, Service, ServiceStatus


class LocalStack:
    """A local Kafka and a local Elasticsearch with their data under one folder.

    Args:
        settings: ports, memory, and the folder if it is not the user's usual one.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.folder: Path = (settings.data_dir or data_folder()).absolute()
        account: Account = server_account()
        self.kafka = KafkaService(self.folder / "kafka", settings, account)
        self.elasticsearch = ElasticsearchService(self.folder / "elasticsearch", settings, account)

    @property
    def services(self) -> tuple[Service, ...]:
        """Both servers."""
        return (self.kafka, self.elasticsearch)

    def up(self, services: tuple[Service, ...] | None = None, *, fresh: bool = False) -> None:
        """Start what does not run and wait until it answers.

        Args:
            services: only these; by default both.
            fresh: stop them first and delete their data.

        Raises:
            ServiceUnreachable: a port is taken, a program can't be fetched, a server does not come up.
            Misconfigured: there is no fit Java.
        """
        wanted = self.services if services is None else services
        with self._locked():
            for service in wanted:
                if fresh:
                    service.stop()
                    shutil.rmtree(service.data, ignore_errors=True)
                if not service.process():
                    _say(f"starting {service.name} {service.version()}")
                if service.start():
                    _say(f"{service.name} answers at {service.address}")
                else:
                    _say(f"{service.name} runs already at {service.address}")

    def down(self) -> None:
        """Stop both; their data stay."""
        with self._locked():
            for service in reversed(self.services):
                stopped = service.stop()
                _say(f"{service.name} {'stopped' if stopped else 'did not run'}")

    def status(self) -> list[ServiceStatus]:
        """What is known of each server now."""
        return [service.status() for service in self.services]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One `up` or `down` at a time: a second one waits, and then finds the work done."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nothing listens on just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in sockets]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
