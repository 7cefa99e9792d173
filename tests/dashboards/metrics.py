"""The metrics there are, asked of the code that exports them, and those that PromQL names."""

from __future__ import annotations

import re

from prometheus_client.core import Metric

from pipeline.monitoring.exporter import FeedCollector, metrics
from pipeline.monitoring.monitor import Survey
from pipeline.streaming.metrics import StageMetrics

_NAMES = re.compile(r"\b(?:wire|kafka|process|node)_\w+")
_BY = re.compile(r"(?:by|on|without) \([^)]*\)|\{[^}]*\}|label_values\((\w+), \w+\)")

OF_OTHERS = frozenset({"node_filesystem_avail_bytes", "node_filesystem_size_bytes", "up"})
"""Exported by node_exporter, and by Prometheus itself."""


def named(promql: str) -> set[str]:
    """The metrics an expression names, without labels."""
    bare = _BY.sub(lambda found: f" {found[1] or ''} ", promql)
    return set(_NAMES.findall(bare))


def _samples(family: Metric) -> set[str]:
    """The names under which Prometheus keeps a family."""
    if family.type == "histogram":
        return {f"{family.name}_{part}" for part in ("bucket", "sum", "count")}
    return {f"{family.name}_total" if family.type == "counter" else family.name}


def _stage() -> set[str]:
    stage = StageMetrics("index")
    stage.watch(lambda: 0, dict, dict)
    return {name for family in stage.registry.collect() for name in _samples(family)}


def _lag() -> set[str]:
    nothing = Survey(brokers=1, logs={}, members={}, lags=[])
    families = [*metrics(nothing), *FeedCollector(list).collect()]
    return {name for family in families for name in _samples(family)} | {"kafka_up"}


KNOWN = _stage() | _lag() | OF_OTHERS
