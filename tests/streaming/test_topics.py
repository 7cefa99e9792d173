"""Creating the topics on a real broker."""

from __future__ import annotations

from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource

from pipeline.config import KafkaSettings, TopicSettings
from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.streaming.topics import create_topics

pytestmark = pytest.mark.integration


def settings(**changes: object) -> TopicSettings:
    prefix = f"test-{uuid4().hex[:8]}"
    names = {name: f"{prefix}.{name}" for name in ("raw", "articles", "enriched", "dead", "alerts")}
    return TopicSettings.model_validate(names | {"partitions": 3, "retention_hours": 48} | changes)


def described(kafka: str, names: list[str]) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """Partitions and settings of topics, as the broker tells them."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        partitions = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)}
        answer = admin.describe_configs([ConfigResource("TOPIC", name) for name in names], config_filter="all")
    finally:
        admin.close()
    configs = {
        name: {key: str(entry["value"]) for key, entry in entries.items()} for name, entries in answer["topic"].items()
    }
    return partitions, configs


def test_the_topics_are_created_once(kafka: str) -> None:
    server, topics = KafkaSettings(bootstrap_servers=kafka), settings()
    names = [topics.raw, topics.articles, topics.enriched, topics.dead, topics.alerts]
    assert sorted(create_topics(server, topics)) == sorted(names)
    assert create_topics(server, topics) == []


def test_partitions_retention_and_size_limits_are_those_of_the_settings(kafka: str) -> None:
    topics = settings()
    create_topics(KafkaSettings(bootstrap_servers=kafka), topics)
    names = [topics.raw, topics.articles, topics.enriched, topics.dead, topics.alerts]
    partitions, configs = described(kafka, names)
    assert [partitions[name] for name in names] == [3, 3, 3, 1, 1]
    hour = 3_600_000
    assert [configs[name]["retention.ms"] for name in names] == [str(times * 48 * hour) for times in (1, 1, 1, 4, 1)]
    for config in configs.values():
        assert int(config["max.message.bytes"]) > 10_000_000
        assert config["min.insync.replicas"] == "1"
    assert [configs[name]["cleanup.policy"] for name in names] == [
        *["delete"] * 3,
        "compact,delete",
        "delete",
    ]


def test_a_topic_that_exists_is_left_alone_and_the_others_are_created(kafka: str) -> None:
    topics = settings()
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics({topics.raw: {"num_partitions": 7, "replication_factor": 1}})
    admin.close()
    created = create_topics(KafkaSettings(bootstrap_servers=kafka), topics)
    assert sorted(created) == sorted([topics.articles, topics.enriched, topics.dead, topics.alerts])
    partitions, _ = described(kafka, [topics.raw])
    assert partitions == {topics.raw: 7}


def test_more_replicas_than_brokers_is_a_wrong_setting(kafka: str) -> None:
    with pytest.raises(Misconfigured, match=r"refuses to create .*replic.*correct"):
        create_topics(KafkaSettings(bootstrap_servers=kafka), settings(replication_factor=99))


def test_a_broker_that_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(ServiceUnreachable, match=r"does not answer at 127\.0\.0\.1:1 .*refused.*`wire up`"):
        create_topics(KafkaSettings(bootstrap_servers="127.0.0.1:1"), settings())
