"""Shared fixtures: the real Kafka and the real Elasticsearch live in tests/stack.py."""

pytest_plugins = ["tests.stack"]
