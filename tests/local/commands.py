"""`wire up`, `wire down` and `wire status` as a person calls them, on ports and folders of a test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.local import free_ports

PORTS = ("KAFKA_PORT", "KAFKA_CONTROLLER_PORT", "ELASTICSEARCH_PORT", "ELASTICSEARCH_TRANSPORT_PORT")


class Wire:
    """The command with its settings: both addresses are the local ones, unless others are given.

    Args:
        folder: where the local stack keeps its data.
        kafka: the Kafka to use instead of a local one.
        elasticsearch: the Elasticsearch to use instead of a local one.
    """

    def __init__(self, folder: Path, *, kafka: str = "", elasticsearch: str = "") -> None:
        self.folder = folder
        self.ports = dict(zip(PORTS, free_ports(4), strict=True))
        self.kafka = kafka or f"127.0.0.1:{self.ports['KAFKA_PORT']}"
        self.elasticsearch = elasticsearch or f"http://127.0.0.1:{self.ports['ELASTICSEARCH_PORT']}"

    @property
    def variables(self) -> dict[str, str]:
        """The settings, as variables of the environment."""
        return {f"WIRE_LOCAL__{name}": str(port) for name, port in self.ports.items()} | {
            "WIRE_LOCAL__DATA_DIR": str(self.folder),
            "WIRE_KAFKA__BOOTSTRAP_SERVERS": self.kafka,
            "WIRE_ELASTICSEARCH__URL": self.elasticsearch,
        }

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            env=os.environ | self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command."""
        with self.begin(*arguments) as command:
            stdout, stderr = command.communicate(timeout=100)
            return command.returncode, stdout, stderr

    def status(self) -> tuple[int, dict[str, dict[str, Any]]]:
        """Exit code of `wire status --json` and what it says, by service."""
        code, stdout, _ = self("status", "--json")
        said = map(json.loads, stdout.splitlines())
        return code, {one["service"]: one for one in said}
