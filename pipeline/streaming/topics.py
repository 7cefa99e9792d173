"""Creating the topics the pipeline runs on."""

from __future__ import annotations

from kafka.errors import NoError, TopicAlreadyExistsError, for_code

from pipeline.config import KafkaSettings, TopicSettings
from pipeline.errors import Misconfigured
from pipeline.kafka_clients import open_admin

MAX_MESSAGE_BYTES = 20 * 2**20
"""Bytes of the largest message a topic takes: an item of 10 MB and as much again for what is found in it."""

DEAD_RETENTION_FACTOR = 4
"""How many times longer a dead letter stays than any other message: a person has to look at it."""


def create_topics(kafka: KafkaSettings, topics: TopicSettings) -> list[str]:
    """Create those of our topics that don't exist, and wait until they can be used.

    A topic that exists is left as it is, whatever its partitions and settings.

    Returns:
        The names of the topics that were created.

    Raises:
        ServiceUnreachable: Kafka does not answer.
        Misconfigured: the broker refuses a topic, for example more replicas than it has brokers.
    """
    with open_admin(kafka) as admin:
        # Only what is missing: whoever may not create topics need not, where they are all there.
        there = set(admin.list_topics())
        wanted = {name: topic for name, topic in _wanted(topics).items() if name not in there}
        if not wanted:
            return []
        answer = admin.create_topics(wanted, raise_errors=False)
        created = []
        for topic in answer["topics"]:
            error = for_code(topic["error_code"])
            if error is NoError:
                created.append(topic["name"])
            elif error is not TopicAlreadyExistsError:
                reason = topic.get("error_message") or error.description
                raise Misconfigured(f"Kafka refuses to create {topic['name']}: {reason}", "correct [topics]")
        admin.wait_for_topics(created)
    return created


def _wanted(topics: TopicSettings) -> dict[str, dict[str, object]]:
    """Each topic with its partitions, copies and settings, as kafka-python's ``create_topics`` takes it."""

    def topic(partitions: int, retention_hours: int, policy: str = "delete") -> dict[str, object]:
        return {
            "num_partitions": partitions,
            "replication_factor": topics.replication_factor,
            "configs": {
                "cleanup.policy": policy,
                "retention.ms": str(retention_hours * 3_600_000),
                "max.message.bytes": str(MAX_MESSAGE_BYTES),
                # One broker may be down: writes go on, and what was confirmed is on two disks.
                "min.insync.replicas": str(max(1, topics.replication_factor - 1)),
            },
        }

    stages = (topics.raw, topics.articles, topics.enriched)
    wanted = {name: topic(topics.partitions, topics.retention_hours) for name in stages}
    # One partition: whoever follows the alerts has them in the order in which they were sent.
    wanted |= {topics.alerts: topic(1, topics.retention_hours)}
    # A dead letter that was sent again is closed by a tombstone, which compaction takes away with it.
    return wanted | {topics.dead: topic(1, topics.retention_hours * DEAD_RETENTION_FACTOR, "compact,delete")}
