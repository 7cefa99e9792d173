"""Servers the settings name that are not ours to start: whether they answer, and let us in."""

from __future__ import annotations

from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, TransportError
from elasticsearch import SSLError as Untrusted

from pipeline.config import ElasticsearchSettings, KafkaSettings
from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.kafka_clients import open_admin
from pipeline.local.service import ServiceStatus

_ANSWER_SECONDS = 10


def kafka_status(settings: KafkaSettings) -> ServiceStatus:
    """Whether the configured Kafka answers.

    Raises:
        Misconfigured: it doesn't let us in, or we don't trust it; the message says why.
    """
    try:
        with open_admin(settings):
            state = "external"
    except ServiceUnreachable:
        state = "not answering"
    return ServiceStatus("kafka", None, settings.bootstrap_servers, state)


def elasticsearch_status(settings: ElasticsearchSettings) -> ServiceStatus:
    """Whether the configured Elasticsearch answers; its version is told only to who may ``monitor`` it.

    Raises:
        Misconfigured: it doesn't let us in, or we don't trust it; the message says why.
    """
    options = settings.client_options() | {"request_timeout": _ANSWER_SECONDS, "max_retries": 0}
    with Elasticsearch(**options) as client:
        try:
            version = client.info()["version"]["number"]
        except AuthorizationException:
            version = None
        except AuthenticationException as refused:
            raise Misconfigured(
                f"Elasticsearch at {settings.url} refuses our credentials: {refused.message}",
                "check elasticsearch.api_key, or elasticsearch.username and elasticsearch.password",
            ) from refused
        except Untrusted as untrusted:
            raise Misconfigured(
                f"there is no TLS connection to Elasticsearch at {settings.url}: {untrusted.message}",
                "name the authority that signed its certificate in elasticsearch.ca_certs",
            ) from untrusted
        except (ApiError, TransportError):
            return ServiceStatus("elasticsearch", None, settings.url, "not answering")
    return ServiceStatus("elasticsearch", version, settings.url, "external")
