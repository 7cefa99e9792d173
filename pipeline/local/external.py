"""Servers the settings name that are not ours to start: whether they answer."""

from __future__ import annotations

from elasticsearch import ApiError, Elasticsearch, TransportError
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from pipeline.config import ElasticsearchSettings, KafkaSettings
from pipeline.local.service import ServiceStatus

_ANSWER_SECONDS = 10


def kafka_status(settings: KafkaSettings) -> ServiceStatus:
    """Whether the configured Kafka answers."""
    try:
        client = KafkaAdminClient(**settings.client_options(), bootstrap_timeout_ms=_ANSWER_SECONDS * 1000)
        client.close()
        state = "external"
    except KafkaError:
        state = "not answering"
    return ServiceStatus("kafka", None, settings.bootstrap_servers, state)


def elasticsearch_status(settings: ElasticsearchSettings) -> ServiceStatus:
    """Whether the configured Elasticsearch answers."""
    options = settings.client_options() | {"request_timeout": _ANSWER_SECONDS, "max_retries": 0}
    with Elasticsearch(**options) as client:
        try:
            version = client.info()["version"]["number"]
        except (ApiError, TransportError):
            return ServiceStatus("elasticsearch", None, settings.url, "not answering")
    return ServiceStatus("elasticsearch", version, settings.url, "external")
