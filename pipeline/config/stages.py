"""What happens to an item on its way: fed, streamed, enriched, indexed, alerted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, FilePath

from pipeline.config.section import Bytes, Count, Hours, Seconds, Section, StageName


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
