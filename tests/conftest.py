"""Shared fixtures: the real Kafka and the real Elasticsearch live in tests/stack.py."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.stack"]

# How fast examples are made says more of the machine's load than of the code.
settings.register_profile("wire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wire")
