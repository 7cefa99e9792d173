"""Typed settings: ``configs/wire.toml``, then a file named by ``WIRE_CONFIG``, then ``WIRE_*`` variables.

A later source wins over an earlier one, key by key; an unknown key is an error. In a variable's
name two underscores part a section from its key: ``WIRE_KAFKA__BOOTSTRAP_SERVERS``. Command-line
flags are applied on top by the commands that have them.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.article import problems
from pipeline.config.connections import (
    ElasticsearchSettings,
    KafkaSettings,
    KibanaSettings,
    LocalSettings,
    TopicSettings,
)
from pipeline.config.stages import (
    AlertingSettings,
    EnrichmentSettings,
    FeedingSettings,
    IndexingSettings,
    StreamingSettings,
)
from pipeline.config.watching import DeskSettings, LoggingSettings, MonitoringSettings
from pipeline.errors import Misconfigured


def configs_dir() -> Path:
    """The folder ``configs/``: inside an installed package, or at the top of a checkout."""
    packaged = Path(__file__).parents[1] / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "configs"


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
