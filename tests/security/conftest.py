from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.secured import Secured


@pytest.fixture(scope="package")
def secured() -> Iterator[Secured]:
    # Not under pytest's own folder: that one is closed to the user the servers run as.
    with tempfile.TemporaryDirectory(prefix="wire-test-") as folder:
        Path(folder).chmod(0o755)
        running = Secured(Path(folder))
        try:
            running.start()
            yield running
        finally:
            running.stop()
