"""A real Kafka and a real Elasticsearch for the tests, started once a session on free ports.

With WIRE_TEST_STACK=dev the tests use the stack of `wire up` instead, which starts faster.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.config import LocalSettings
from pipeline.local import LocalStack, free_ports


@contextmanager
def own_stack() -> Iterator[LocalStack]:
    """A Kafka and an Elasticsearch on free ports; both end with the block, their data are deleted."""
    # Not under pytest's own folder: that one is closed to the user the servers run as.
    with tempfile.TemporaryDirectory(prefix="wire-test-") as folder:
        Path(folder).chmod(0o755)
        kafka, controller, http, transport = free_ports(4)
        running = LocalStack(
            LocalSettings(
                data_dir=Path(folder),
                kafka_port=kafka,
                kafka_controller_port=controller,
                elasticsearch_port=http,
                elasticsearch_transport_port=transport,
            )
        )
        try:
            running.up()
            yield running
        finally:
            running.down()


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    if os.environ.get("WIRE_TEST_STACK") == "dev":
        running = LocalStack(LocalSettings())
        running.up()
        yield running
        return
    with own_stack() as running:
        yield running


@pytest.fixture(scope="session")
def kafka(stack: LocalStack) -> str:
    return stack.kafka.address


@pytest.fixture(scope="session")
def elasticsearch_url(stack: LocalStack) -> str:
    return f"http://{stack.elasticsearch.address}"
