"""No role can do what is another's: what the servers say of their rights, and what they answer who tries."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.config import TopicSettings
from pipeline.errors import Misconfigured
from pipeline.kafka_clients import open_admin, open_producer
from pipeline.searching.connection import open_index
from pipeline.streaming.reading import Reader, Stretch, open_reader
from pipeline.streaming.topics import create_topics
from tests.security.secured import SECURITY, Secured

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

ACLS = tomllib.loads((SECURITY / "acls.toml").read_text())
TOPICS = TopicSettings()
IMPLIED = {"READ": "DESCRIBE", "WRITE": "DESCRIBE", "DESCRIBE_CONFIGS": None, "CREATE": None, "DESCRIBE": None}
"""Each operation of ours and the one it implies."""


@pytest.fixture(scope="module", autouse=True)
def topics(secured: Secured) -> None:
    create_topics(secured.kafka_as("wire-setup"), TOPICS)


@pytest.mark.parametrize("role", ACLS)
def test_the_broker_grants_a_role_what_is_written_and_no_more(secured: Secured, role: str) -> None:
    written = {
        getattr(TOPICS, key): set(operations) | {IMPLIED[one] for one in operations if IMPLIED[one]}
        for key, operations in ACLS[role]["topics"].items()
    }
    visible = {name: operations for name, operations in written.items() if "DESCRIBE" in operations}
    with open_admin(secured.kafka_as(role)) as admin:
        told = admin.describe_topics([TOPICS.raw, TOPICS.articles, TOPICS.enriched, TOPICS.dead, TOPICS.alerts])
    assert {one["name"]: set(one["authorized_operations"]) for one in told if not one["error_code"]} == visible


@pytest.mark.parametrize(
    ("role", "topic"),
    [
        ("wire-feeder", TOPICS.enriched),
        ("wire-feeder", TOPICS.raw),
        ("wire-clean", TOPICS.articles),
        ("wire-lag", TOPICS.dead),
    ],
)
def test_nobody_reads_what_is_not_theirs(secured: Secured, role: str, topic: str) -> None:
    # A topic that a role may not even DESCRIBE is for it none at all.
    with pytest.raises(Misconfigured, match=r"refuses.*ACLs|there is no topic"):
        _read(secured, role, topic)


def _read(secured: Secured, role: str, topic: str) -> None:
    with open_reader(secured.kafka_as(role)) as consumer:
        Reader(consumer, topic, Stretch())
        consumer.poll(10_000)  # also of a topic that is empty


@pytest.mark.parametrize(
    ("role", "topic"),
    [("wire-feeder", TOPICS.articles), ("wire-index", TOPICS.raw), ("wire-clean", TOPICS.enriched)],
)
def test_nobody_writes_what_is_not_theirs(secured: Secured, role: str, topic: str) -> None:
    with pytest.raises(Misconfigured, match=r"refuses.*ACLs"), open_producer(secured.kafka_as(role)) as producer:
        producer.send(topic, b"forged").get(timeout=30)


@pytest.mark.parametrize("role", ["wire-feeder", "wire-lag", "wire-operator"])
def test_nobody_but_workers_and_setup_creates_topics(secured: Secured, role: str) -> None:
    with pytest.raises(Misconfigured, match="refuses to create"):
        create_topics(secured.kafka_as(role), TOPICS)


MONTH = "wire-articles-2026.10"


@pytest.mark.parametrize(
    ("role", "forbidden"),
    [
        ("wire-reader", lambda client: client.search(index=MONTH)),
        ("wire-reader", lambda client: client.get(index="wire-stories", id="any")),
        ("wire-reader", lambda client: client.index(index="wire-articles", document={})),
        ("wire-desk", lambda client: client.index(index=MONTH, document={})),
        ("wire-desk", lambda client: client.indices.delete(index=MONTH)),
        ("wire-index", lambda client: client.indices.delete(index=MONTH)),
        ("wire-index", lambda client: client.search(index="payroll")),
        ("wire-index", lambda client: client.security.create_api_key(name="more")),
        ("wire-setup", lambda client: client.search(index=MONTH)),
    ],
)
def test_nobody_does_in_elasticsearch_what_is_not_theirs(
    secured: Secured, role: str, forbidden: Callable[[Elasticsearch], Any]
) -> None:
    with (
        pytest.raises(Misconfigured, match="Elasticsearch refuses"),
        open_index(secured.elasticsearch_as(role)) as client,
    ):
        forbidden(client)
