"""Typed settings: ``configs/wire.toml``, then a file named by ``WIRE_CONFIG``, then ``WIRE_*`` variables.

A later source wins over an earlier one, key by key; an unknown key is an error. In a variable's
name two underscores part a section from its key: ``WIRE_KAFKA__BOOTSTRAP_SERVERS``. Command-line
flags are applied on top by the commands that have them.
"""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, FilePath, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.article import problems
from pipeline.errors import Misconfigured

StageName = Literal["clean", "enrich", "index"]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Hours = Annotated[float, Field(gt=0)]
Bytes = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


def configs_dir() -> Path:
    """The folder ``configs/``: inside an installed package, or at the top of a checkout."""
    packaged = Path(__file__).parent / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "configs"


class Section(BaseModel):
    """Base of all sections: an unknown key is an error; settings don't change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


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


class FeedingSettings(Section):
    """What `wire feed` sends."""

    max_item_bytes: Bytes = Field(10_000_000, description="bytes of one item; a larger one becomes a dead letter")
    compression: Literal["none", "gzip", "lz4"] = Field("lz4", description="compression of the messages")
    delivery_timeout: Seconds = Field(120.0, description="seconds until an unconfirmed item counts as failed")
    settle: float = Field(
        2.0,
        ge=0,
        description="seconds a file in a watched folder must keep its size and time before it counts as whole",
    )
    rescan: Seconds = Field(
        15.0,
        description="seconds between looks into a watched folder that no event called for: network mounts send none",
    )
    state_dir: Path | None = Field(
        None, description="where it is kept what was seen of polled feeds; default: the user's state folder"
    )
    http_timeout: Seconds = Field(30.0, description="seconds a feed's server may be silent")
    ca_certs: FilePath | None = Field(
        None, description="certificate authorities to trust for feeds over https (PEM); default: the system's"
    )


class StreamingSettings(Section):
    """How a worker takes, spreads and commits its messages."""

    take: Count = Field(64, description="messages taken from the stream at once")
    take_within: Seconds = Field(0.1, description="seconds to wait for that many")
    index_within: Seconds = Field(
        0.5, description="the same for the index stage: fewer and larger requests cost Elasticsearch less"
    )
    batch: Count = Field(8, description="messages one process works on at a time")
    batch_bytes: Bytes = Field(1_000_000, description="bytes one process works on at a time")
    in_flight: Count = Field(256, description="messages of a worker between the stream and their acknowledgement")
    commit_interval: Seconds = Field(1.0, description="seconds between commits of offsets")
    session_timeout: Seconds = Field(10.0, description="seconds until the broker takes a silent worker for dead")
    heartbeat_interval: Seconds = Field(2.0, description="seconds between signs of life")
    buffer: Count = Field(256, description="messages Faust reads ahead")
    batch_timeout: Seconds = Field(120.0, description="seconds until a batch's process is taken for hung and ended")
    clean_processes: Count = Field(1, description="processes of a cleaning worker")
    enrich_processes: int = Field(0, ge=0, description="processes of an enrichment worker; 0: one for each core")
    index_processes: Count = Field(1, description="processes of an indexing worker that prepare documents")
    articles_per_process: Count = Field(20_000, description="articles after which a process is replaced by a fresh one")
    compression: Literal["none", "gzip", "lz4"] = Field("lz4", description="compression of the messages")

    def processes(self, stage: StageName) -> int:
        """How many processes work for a stage."""
        chosen: int = getattr(self, f"{stage}_processes")
        return chosen or len(os.sched_getaffinity(0))

    def within(self, stage: StageName) -> float:
        """Seconds a stage waits for a full batch."""
        return self.index_within if stage == "index" else self.take_within


class EnrichmentSettings(Section):
    """The language pipeline."""

    model: str = Field("en_wire_core", description="spaCy pipeline: the name of an installed package, or a folder")
    labels: dict[str, str] = Field(
        default_factory=lambda: {"PER": "PERSON"},
        description="entity labels of the model that differ from ours, each with ours; an empty string drops a label",
    )
    languages: list[str] = Field(
        default_factory=lambda: ["en"], description="languages the model reads; articles in others pass unenriched"
    )


class IndexingSettings(Section):
    """Indices and how they are written."""

    articles: str = Field("wire-articles", description="read alias, and prefix of the monthly indices")
    stances: str = Field("wire-stances", description="the same for stances, of which each statement is a document")
    stories: str = Field("wire-stories", description="registry of stories: the month of each uri and its most stances")
    alerts: str = Field("wire-alerts", description="standing queries of `wire alert`, of which each is a document")
    duplicates_within: Hours = Field(
        72.0, description="hours after an article in which another can be its reprint or its rewrite"
    )
    shards: Count = Field(1, description="primary shards of a monthly index")
    replicas: int = Field(0, ge=0, description="copies of each shard")
    refresh_interval: str | None = Field(
        None,
        description="how soon an indexed article is searchable; default: after a second, or with the next search of an "
        "index that nobody has searched for half a minute",
    )
    bulk_bytes: Bytes = Field(5_000_000, description="bytes of one bulk request")
    retry_initial: Seconds = Field(0.2, description="seconds before the first retry")
    retry_max: Seconds = Field(20.0, description="seconds between retries, at most")

    @property
    def duplicates(self) -> str:
        """The registry of duplicates, named after that of stories: what is in one is in the other."""
        return f"{self.stories}-duplicates"

    @property
    def alerts_told(self) -> str:
        """What the standing queries have told, named after these."""
        return f"{self.alerts}-told"


class AlertingSettings(Section):
    """Standing queries; an indexing worker asks them."""

    interval: Seconds = Field(
        1.0, description="seconds between looks for new articles; as long as a look takes where that is longer"
    )


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


class DeskSettings(Section):
    """The desk page of `wire desk`. It has no login: whoever can reach its address can read."""

    host: str = Field("127.0.0.1", description="address it listens at")
    port: int = Field(9280, ge=0, le=65535, description="port it listens at; 0: any that is free")
    names: list[str] = Field(
        default_factory=list,
        description="names by which browsers may call it besides localhost and its host: others are refused",
    )


class MonitoringSettings(Section):
    """Metrics and health of the workers, over HTTP."""

    host: str = Field("127.0.0.1", description="address a worker listens at; whoever can reach it can read them")
    port: int = Field(
        0,
        ge=0,
        le=65533,
        description="port of a cleaning worker; enriching ones have the next, indexing ones the one after it; 0: any "
        "free ports, which the log names",
    )
    stalled_after: Seconds = Field(
        300.0, description="seconds without progress after which a worker with work in hand is no longer alive"
    )
    components: bool = Field(True, description="measure what each component of the language pipeline takes")

    def port_of(self, stage: StageName) -> int:
        """The port of a stage; 0 for any."""
        return self.port and self.port + ("clean", "enrich", "index").index(stage)


class LoggingSettings(Section):
    """What the logs look like; they go to stderr."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is written")
    format: Literal["auto", "console", "json"] = Field(
        "auto", description="readable lines, ECS JSON, or auto: readable on a terminal, else JSON"
    )


class Settings(BaseSettings):
    """All settings of the project; see docs/configuration.md for the generated reference."""

    model_config = SettingsConfigDict(
        env_prefix="WIRE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # it may be a secret
        secrets_dir=os.environ.get("WIRE_SECRETS_DIR") or None,
        secrets_dir_missing="error",
        secrets_nested_delimiter="__",
    )

    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    topics: TopicSettings = Field(default_factory=TopicSettings)
    elasticsearch: ElasticsearchSettings = Field(default_factory=ElasticsearchSettings)
    kibana: KibanaSettings = Field(default_factory=KibanaSettings)
    feeding: FeedingSettings = Field(default_factory=FeedingSettings)
    streaming: StreamingSettings = Field(default_factory=StreamingSettings)
    enrichment: EnrichmentSettings = Field(default_factory=EnrichmentSettings)
    indexing: IndexingSettings = Field(default_factory=IndexingSettings)
    alerting: AlertingSettings = Field(default_factory=AlertingSettings)
    local: LocalSettings = Field(default_factory=LocalSettings)
    desk: DeskSettings = Field(default_factory=DeskSettings)
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    logging: LoggingSettings = Field(default_factory=LoggingSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over variables, variables over secret files, those over the TOML files."""
        files = [configs_dir() / "wire.toml"]
        if named := os.environ.get("WIRE_CONFIG"):
            files.append(Path(named))
        toml = TomlConfigSettingsSource(settings_cls, toml_file=files)
        secrets = NestedSecretsSettingsSource(file_secret_settings)
        return init_settings, env_settings, secrets, toml


@cache
def load_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        Misconfigured: a file can't be read, or a value or key is wrong; the message names each.
    """
    named = os.environ.get("WIRE_CONFIG")
    if named and not Path(named).is_file():
        raise Misconfigured(f"WIRE_CONFIG names {named}, which is no file", "correct or unset it")
    known = {f"WIRE_{name.upper()}" for name in Settings.model_fields} | {"WIRE_CONFIG", "WIRE_SECRETS_DIR"}
    unknown = [name for name in os.environ if name.startswith("WIRE_") and name.split("__")[0] not in known]
    if unknown := [name for name in unknown if not name.startswith("WIRE_TEST_")]:
        raise Misconfigured(f"no setting is called {', '.join(sorted(unknown))}", "see docs/configuration.md")
    try:
        return Settings()
    except ValidationError as invalid:
        raise Misconfigured(f"settings are wrong: {problems(invalid)}", "see docs/configuration.md") from invalid
    except ValueError as unreadable:
        raise Misconfigured(f"settings can't be read: {unreadable}", "see docs/configuration.md") from unreadable
