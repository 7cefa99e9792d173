"""What a stage counts and measures, for Prometheus; docs/metrics.md says what each figure is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pipeline.config import StageName
from pipeline.streaming.pool import Took

_MESSAGES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_LATENCY = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


class StageMetrics:
    """The metrics of one stage, in a registry of their own.

    ``of`` is ``work`` for batches in the worker processes and ``delivery`` for what is made safe in one go.
    """

    def __init__(self, stage: StageName) -> None:
        self.registry = CollectorRegistry()
        self._stage = stage
        registry = self.registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._dispositions = Counter(
            "wire_dispositions",
            "Outputs by how they ended; a dead letter has its cause",
            ["stage", "disposition", "cause"],
            registry=registry,
        )
        batch = ["stage", "of"]
        self._batch_messages = Histogram(
            "wire_batch_messages", "Messages of a batch", batch, buckets=_MESSAGES, registry=registry
        )
        self._batch_seconds = Histogram(
            "wire_batch_seconds", "Seconds a batch took", batch, buckets=_SECONDS, registry=registry
        )
        self._component_seconds = Histogram(
            "wire_component_seconds",
            "Seconds a batch took in one component of the language pipeline",
            ["component"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._restarts = Counter(
            "wire_process_restarts", "Worker processes replaced, by reason", ["stage", "reason"], registry=registry
        )
        self._latency = Histogram(
            "wire_latency_seconds",
            "Seconds from an item's receipt until it is indexed, without replays",
            buckets=_LATENCY,
            registry=registry,
        )
        for reason in ("recycled", "ended", "hung"):
            self._restarts.labels(stage, reason)

    def ended(self, disposition: str, cause: str = "") -> None:
        """An output has its disposition."""
        self._dispositions.labels(self._stage, disposition, cause).inc()

    def worked(self, messages: int, took: Took) -> None:
        """A worker process has finished a batch."""
        self._batch("work", messages, took.seconds)
        for component, seconds in took.parts.items():
            self._component_seconds.labels(component).observe(seconds)

    def delivered(self, messages: int, seconds: float) -> None:
        """Messages have been made safe."""
        self._batch("delivery", messages, seconds)

    def _batch(self, of: str, messages: int, seconds: float) -> None:
        self._batch_messages.labels(self._stage, of).observe(messages)
        self._batch_seconds.labels(self._stage, of).observe(seconds)

    def restarted(self, reason: str) -> None:
        """A worker process was replaced: ``recycled``, ``ended`` or ``hung``."""
        self._restarts.labels(self._stage, reason).inc()

    def indexed(self, latency: float) -> None:
        """An article is in the index, so many seconds after its receipt."""
        self._latency.observe(latency)

    def watch(
        self,
        in_flight: Callable[[], int],
        assigned: Callable[[], Mapping[str, int]],
        retries: Callable[[], Mapping[str, int]],
    ) -> None:
        """Have these read whenever somebody scrapes.

        Args:
            in_flight: messages between the stream and their acknowledgement.
            assigned: partitions this worker has, by topic.
            retries: requests to Elasticsearch sent again, by its answer.
        """
        self.registry.register(_State(self._stage, in_flight, assigned, retries))


class _State(Collector):
    def __init__(
        self,
        stage: str,
        in_flight: Callable[[], int],
        assigned: Callable[[], Mapping[str, int]],
        retries: Callable[[], Mapping[str, int]],
    ) -> None:
        self._stage, self._in_flight, self._assigned, self._retries = stage, in_flight, assigned, retries

    def collect(self) -> Iterable[Metric]:
        in_flight = GaugeMetricFamily("wire_in_flight", "Messages taken and not yet acknowledged", labels=["stage"])
        in_flight.add_metric([self._stage], self._in_flight())
        assigned = GaugeMetricFamily("wire_assigned_partitions", "Partitions of this worker", labels=["stage", "topic"])
        for topic, partitions in self._assigned().items():
            assigned.add_metric([self._stage, topic], partitions)
        retries = CounterMetricFamily(
            "wire_elasticsearch_retries", "Requests sent again, by what Elasticsearch answered", labels=["status"]
        )
        for status, times in self._retries().items():
            retries.add_metric([status], times)
        return [in_flight, assigned, retries]
