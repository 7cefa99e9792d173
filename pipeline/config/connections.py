"""The services the pipeline speaks to: how to reach them, and what is called how there."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, FilePath, SecretStr, field_validator

from pipeline.config.section import Count, Port, Seconds, Section
from pipeline.errors import Misconfigured


class _Unshown(str):
    """A password that a client may log with all its arguments, as kafka-python does at level debug."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


class KafkaSettings(Section):
    """How to reach Kafka."""

    bootstrap_servers: str = Field("127.0.0.1:9092", description="host:port, several separated by commas")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="how connections are secured"
    )
    ssl_cafile: FilePath | None = Field(
        None, description="certificate authorities to trust (PEM); default: the system's"
    )
    ssl_certfile: FilePath | None = Field(None, description="client certificate for mTLS (PEM)")
    ssl_keyfile: FilePath | None = Field(None, description="key of the client certificate (PEM)")
    ssl_key_password: SecretStr | None = Field(None, description="password of that key, where it is encrypted")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="SASL mechanism, with SASL_PLAINTEXT or SASL_SSL"
    )
    sasl_username: str | None = Field(None, description="SASL user")
    sasl_password: SecretStr | None = Field(None, description="SASL password; give it as a variable or a secret file")
    request_timeout: Seconds = Field(30.0, description="seconds until a request to the broker counts as failed")

    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context for the brokers, or None where connections are not encrypted.

        Raises:
            Misconfigured: one of the files holds no such thing, or the key's password is wrong.
        """
        if "SSL" not in self.security_protocol.split("_"):
            return None
        password = self.ssl_key_password.get_secret_value() if self.ssl_key_password else ""
        try:
            context = ssl.create_default_context(cafile=self.ssl_cafile)
            if self.ssl_certfile:
                # Without a password OpenSSL would ask for one on the terminal, and wait.
                context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, password)
        except OSError as unusable:
            raise Misconfigured(
                f"the certificates for Kafka can't be used: {unusable}",
                "check kafka.ssl_cafile, ssl_certfile, ssl_keyfile (PEM, the key of that certificate) and "
                "ssl_key_password",
            ) from unusable
        return context

    def client_options(self) -> dict[str, Any]:
        """Connection arguments, spelled alike by kafka-python and aiokafka clients."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "security_protocol": self.security_protocol,
        }
        if context := self.ssl_context():
            options["ssl_context"] = context
        if self.sasl_mechanism:
            options |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": _Unshown(self.sasl_password.get_secret_value()) if self.sasl_password else None,
            }
        return options


class TopicSettings(Section):
    """The topics and how they are created."""

    raw: str = Field("wire.raw", description="items as they came in")
    articles: str = Field("wire.articles", description="canonical articles, cleaned")
    enriched: str = Field("wire.enriched", description="canonical articles with their enrichment")
    dead: str = Field("wire.dead", description="dead letters with their causes")
    alerts: str = Field("wire.alerts", description="articles that match a standing query of `wire alert`")
    group_prefix: str = Field("wire", description="the groups are called PREFIX-clean, PREFIX-enrich and PREFIX-index")
    partitions: Count = Field(
        4, description="partitions of each topic but those of dead letters and of alerts, which have one"
    )
    replication_factor: Count = Field(1, description="copies of each partition")
    retention_hours: Count = Field(
        24 * 7, description="hours an item stays in a topic; dead letters stay four times as long"
    )


def address(url: str) -> str:
    """An http or https address as it is.

    Raises:
        ValueError: it is none, or holds credentials.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it is no http or https address")
    if parts.username or parts.password:
        raise ValueError("user and password belong in elasticsearch.username and elasticsearch.password")
    return url


class ElasticsearchSettings(Section):
    """How to reach Elasticsearch."""

    url: str = Field("http://127.0.0.1:9200", description="address of the cluster: http or https, host and port")
    api_key: SecretStr | None = Field(None, description="API key (encoded)")
    username: str | None = Field(None, description="user, where no API key is used")
    password: SecretStr | None = Field(None, description="password of that user")
    ca_certs: FilePath | None = Field(None, description="certificate authorities to trust (PEM)")
    request_timeout: Seconds = Field(30.0, description="seconds until a request counts as failed")

    @field_validator("url")
    @classmethod
    def _without_credentials(cls, url: str) -> str:
        return address(url)

    def client_options(self) -> dict[str, Any]:
        """Arguments of `elasticsearch.Elasticsearch` and its asynchronous twin."""
        options: dict[str, Any] = {"hosts": [self.url], "request_timeout": self.request_timeout}
        if self.ca_certs:
            options["ca_certs"] = str(self.ca_certs)
        if self.api_key:
            options["api_key"] = self.api_key.get_secret_value()
        elif self.username and self.password:
            options["basic_auth"] = (self.username, self.password.get_secret_value())
        return options


class KibanaSettings(Section):
    """Where `wire setup` imports dashboards; user, password or API key are those of `elasticsearch`."""

    url: str | None = Field(
        None, description="address of Kibana, with /s/NAME for a space; default: nothing is imported"
    )
    ca_certs: FilePath | None = Field(None, description="certificate authorities to trust (PEM)")
    request_timeout: Seconds = Field(60.0, description="seconds until a request counts as failed")

    @field_validator("url")
    @classmethod
    def _without_credentials(cls, url: str | None) -> str | None:
        return url and address(url)


class LocalSettings(Section):
    """The local Kafka and Elasticsearch of `wire up`."""

    data_dir: Path | None = Field(None, description="where their data is kept; default: the user's data folder")
    kafka_port: Port = Field(9092, description="port of the local Kafka")
    kafka_controller_port: Port = Field(9093, description="port of its controller")
    elasticsearch_port: Port = Field(9200, description="port of the local Elasticsearch")
    elasticsearch_transport_port: Port = Field(9300, description="its transport port")
    kafka_heap: str = Field("512m", description="memory of the local Kafka")
    elasticsearch_heap: str = Field("1g", description="memory of the local Elasticsearch")
    start_timeout: Seconds = Field(180.0, description="seconds to wait until each answers")
