"""`wire desk` as a person starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def serving(variables: Mapping[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A running `wire desk` on a free port: its address, without the slash at its end, and its process."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("WIRE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "desk", "--port", "0"],
        env=bare | dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            assert said.startswith("the desk page is at http://127.0.0.1:"), said
            yield said.split()[5].rstrip("/"), process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
