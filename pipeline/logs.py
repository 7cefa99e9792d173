"""Logging: structlog over the standard library, to stderr, readable or as ECS JSON."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from pipeline.config import LoggingSettings

ECS_VERSION = "8.11"
NOISY = (
    *("faust", "mode", "aiokafka", "kafka", "elastic_transport", "elasticsearch", "asyncio"),
    "pipeline.streaming.app",  # Faust logs as the app that is its subclass
)

_FIELDS = {"trace_id": "trace.id", "cause": "error.code"}
"""What our events say, and its name in the Elastic Common Schema."""


def set_up_logging(settings: LoggingSettings, service: str) -> None:
    """Send all logs of this process to stderr in one shape.

    Args:
        settings: level and format.
        service: ECS ``service.name``, for example ``wire-clean``.
    """
    readable = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not readable:
        shared.append(structlog.processors.format_exc_info)
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if readable
        else [lambda _, __, event: _ecs(event, service), structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.DEBUG if settings.level == "debug" else logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _ecs(event: EventDict, service: str) -> EventDict:
    """One log event in the names of the Elastic Common Schema; what has no name there goes under ``labels``."""
    said: dict[str, Any] = {
        "@timestamp": event.pop("timestamp"),
        "log.level": event.pop("level"),
        "message": event.pop("event"),
        "ecs.version": ECS_VERSION,
        "service.name": service,
        "event.dataset": f"{service}.log",
        "process.pid": os.getpid(),
        "log.logger": event.pop("logger", None),
    }
    if trace := event.pop("exception", None):
        said["error.stack_trace"] = trace
    if error := event.pop("error", None):
        said["error.message"] = str(error)
        if isinstance(error, BaseException):
            said["error.type"] = type(error).__name__
    for ours, theirs in _FIELDS.items():
        if value := event.pop(ours, None):
            said[theirs] = value
    return said | {f"labels.{key}": value for key, value in event.items()}
