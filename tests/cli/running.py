"""The command `wire` as a person or a script calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent / "models"
"""Holds `wire_test_model`, a spaCy pipeline that is small and does harm on demand."""

STORY = "Ferry runs again\n\nThe ferry to Old Arden runs again, said Ada Lamont of the Kestrel Union.\n"


@dataclass(frozen=True)
class Run:
    """What a command did."""

    code: int
    out: bytes
    err: str

    @property
    def articles(self) -> list[dict[str, Any]]:
        """The articles on stdout, which must be NDJSON in UTF-8."""
        assert self.out == b"" or self.out.endswith(b"\n")
        return [json.loads(line) for line in self.out.decode("utf-8").split("\n")[:-1]]

    @property
    def lasting(self) -> list[dict[str, Any]]:
        """The same without the moment they were received, which is another at every run."""
        made = self.articles
        for article in made:
            del article["ingest"]["receivedAt"]
        return made


def wire(*arguments: str | Path, stdin: bytes = b"", variables: Mapping[str, str] | None = None) -> Run:
    """Call `wire`, with no settings but the shipped ones and the given variables."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("WIRE_")}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        env=bare | dict(variables or {}),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=100,
    )
    return Run(done.returncode, done.stdout, done.stderr.decode("utf-8"))
