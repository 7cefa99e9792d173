"""Shared fixtures: the real Kafka and the real Elasticsearch live in tests/stack.py."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.stack"]

# How fast examples are made says more of the machine's load than of the code.
settings.register_profile("wire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wire")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that two processes end at about the same time."""
    items.sort(key=lambda item: "streaming" not in item.path.parts)
