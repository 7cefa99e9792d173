"""Settings, typed; `load_settings` reads them."""

from pipeline.config.connections import (
    ElasticsearchSettings,
    KafkaSettings,
    KibanaSettings,
    LocalSettings,
    TopicSettings,
    address,
)
from pipeline.config.loading import Settings, configs_dir, load_settings
from pipeline.config.section import Bytes, Count, Hours, Port, Seconds, Section, StageName
from pipeline.config.stages import (
    AlertingSettings,
    EnrichmentSettings,
    FeedingSettings,
    IndexingSettings,
    StreamingSettings,
)
from pipeline.config.watching import DeskSettings, LoggingSettings, MonitoringSettings

__all__ = [
    "AlertingSettings",
    "Bytes",
    "Count",
    "DeskSettings",
    "ElasticsearchSettings",
    "EnrichmentSettings",
    "FeedingSettings",
    "Hours",
    "IndexingSettings",
    "KafkaSettings",
    "KibanaSettings",
    "LocalSettings",
    "LoggingSettings",
    "MonitoringSettings",
    "Port",
    "Seconds",
    "Section",
    "Settings",
    "StageName",
    "StreamingSettings",
    "TopicSettings",
    "address",
    "configs_dir",
    "load_settings",
]
