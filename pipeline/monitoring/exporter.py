"""Lag for Prometheus, under the names of kafka_exporter, so that its dashboards and alert rules work unchanged.

The names are those of https://github.com/danielqsj/kafka_exporter; ours are ``kafka_up``, which is 0 while the brokers
don't answer, ``kafka_consumergroup_lag_seconds``, ``_status`` and ``_commit_age_seconds``, and those of feeds.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import structlog
from kafka import TopicPartition
from prometheus_client.core import GaugeMetricFamily, Metric, StateSetMetricFamily
from prometheus_client.registry import Collector

from pipeline.config import KafkaSettings
from pipeline.errors import WireError
from pipeline.monitoring.feeds import FeedSilence
from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.monitor import Log, Place, Survey, open_monitor
from pipeline.monitoring.status import History, Status

log = structlog.get_logger(__name__)

PORT = 9308
"""The port of kafka_exporter."""

_PARTITION = ("consumergroup", "topic", "partition")


class LagCollector(Collector):
    """Surveys the cluster when it is scraped, one scrape at a time, and not more often than every so many seconds.

    Args:
        survey: measures; whatever it raises of `WireError` makes ``kafka_up`` 0, and there are no other figures then.
        interval: seconds for which a survey is given out again.
    """

    def __init__(self, survey: Callable[[], Survey], interval: float) -> None:
        self._survey = survey
        self._interval = interval
        self._lock = threading.Lock()
        self._taken = float("-inf")
        self._metrics: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        """The metrics of the newest survey."""
        with self._lock:
            if time.monotonic() - self._taken >= self._interval:
                self._metrics = list(self._measured())
                self._taken = time.monotonic()
            return self._metrics

    def _measured(self) -> Iterator[Metric]:
        try:
            survey = self._survey()
        except WireError as gone:
            log.warning("no figures", error=str(gone))
            yield GaugeMetricFamily("kafka_up", "Whether the brokers answer", 0)
            return
        yield GaugeMetricFamily("kafka_up", "Whether the brokers answer", 1)
        yield from metrics(survey)


class FeedCollector(Collector):
    """Measures how silent each feed is when it is scraped, one scrape at a time.

    Args:
        measure: see `FeedMonitor.measure`; while it fails there are no figures.
    """

    def __init__(self, measure: Callable[[], Sequence[FeedSilence]]) -> None:
        self._measure = measure
        self._lock = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        """Seconds of silence, and from how many on it is unusual: not told of a feed whose rhythm is still learned."""
        with self._lock:
            try:
                feeds = self._measure()
            except WireError as gone:
                log.warning("no figures of feeds", error=str(gone))
                return
        labels = ("feed",)
        seconds = (((one.feed,), one.seconds) for one in feeds)
        yield _gauge("wire_feed_silence_seconds", "Seconds since the feed's last item", labels, seconds)
        expected = (((one.feed,), one.expected) for one in feeds)
        yield _gauge("wire_feed_silence_expected_seconds", "Seconds from which on that is unusual", labels, expected)


def survey_of(kafka: KafkaSettings, groups: Collection[str], allowed: float) -> Callable[[], Survey]:
    """What `LagCollector` calls: a connection for each survey, one memory for all."""
    history: History[Place] = History()

    def survey() -> Survey:
        with open_monitor(kafka, history) as monitor:
            return monitor.survey(groups, allowed=allowed)

    return survey


def metrics(survey: Survey) -> Iterator[Metric]:
    """The figures of a survey. What is not known is left out: Prometheus then says that it is absent."""
    yield GaugeMetricFamily("kafka_brokers", "Number of brokers in the Kafka cluster", survey.brokers)
    yield from _of_topics(survey.logs)
    yield _gauge(
        "kafka_consumergroup_members",
        "Members of a consumer group",
        ("consumergroup",),
        (((name,), members) for name, members in survey.members.items()),
    )
    yield from _of_partitions(survey.lags)
    yield from _of_groups_on_topics(survey.lags)


def _of_topics(logs: Mapping[TopicPartition, Log]) -> Iterator[Metric]:
    partitions = Counter(tp.topic for tp in logs)
    counts = (((topic,), count) for topic, count in sorted(partitions.items()))
    yield _gauge("kafka_topic_partitions", "Number of partitions for this topic", ("topic",), counts)
    ends = (((tp.topic, str(tp.partition)), log.end) for tp, log in sorted(logs.items()))
    starts = (((tp.topic, str(tp.partition)), log.start) for tp, log in sorted(logs.items()))
    labels = ("topic", "partition")
    yield _gauge("kafka_topic_partition_current_offset", "End of the partition's log", labels, ends)
    yield _gauge("kafka_topic_partition_oldest_offset", "Start of the partition's log", labels, starts)


_OF_A_PARTITION: tuple[tuple[str, str, Callable[[PartitionLag], float | None]], ...] = (
    ("kafka_consumergroup_current_offset", "Committed offset of the group", lambda lag: lag.committed),
    ("kafka_consumergroup_lag", "Messages between the group and the end of the log", lambda lag: lag.messages),
    ("kafka_consumergroup_lag_seconds", "Seconds the oldest waiting message has waited", lambda lag: lag.seconds),
    (
        "kafka_consumergroup_commit_age_seconds",
        "Seconds the committed offset has not moved",
        lambda lag: lag.commit_age,
    ),
)


def _of_partitions(lags: Iterable[PartitionLag]) -> Iterator[Metric]:
    lags = list(lags)
    for name, said, figure in _OF_A_PARTITION:
        yield _gauge(name, said, _PARTITION, ((_place(lag), figure(lag)) for lag in lags))
    states = StateSetMetricFamily(
        "kafka_consumergroup_status", "Status of the group by Burrow's rules", labels=_PARTITION
    )
    for lag in lags:
        states.add_metric(_place(lag), {status.value: status is lag.status for status in Status})
    yield states


def _of_groups_on_topics(lags: Iterable[PartitionLag]) -> Iterator[Metric]:
    messages: Counter[tuple[str, str]] = Counter()
    offsets: Counter[tuple[str, str]] = Counter()
    for lag in lags:
        messages[lag.group, lag.topic] += lag.messages
        offsets[lag.group, lag.topic] += lag.committed or 0
    labels = ("consumergroup", "topic")
    yield _gauge("kafka_consumergroup_lag_sum", "Messages the group is behind on the topic", labels, messages.items())
    yield _gauge("kafka_consumergroup_current_offset_sum", "Sum of the offsets committed", labels, offsets.items())


def _place(lag: PartitionLag) -> tuple[str, str, str]:
    return lag.group, lag.topic, str(lag.partition)


def _gauge(
    name: str, said: str, labels: Sequence[str], figures: Iterable[tuple[Sequence[str], float | None]]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, said, labels=labels)
    for values, figure in figures:
        if figure is not None:
            gauge.add_metric(values, figure)
    return gauge
