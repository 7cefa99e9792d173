"""What people and their tools look at: the desk page, metrics and health, logs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.section import Seconds, Section, StageName


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
