"""What Prometheus gets: kafka_exporter's names, one survey an interval, and nothing stale."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from kafka import TopicPartition
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.errors import ServiceUnreachable
from pipeline.monitoring.exporter import LagCollector
from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.monitor import Log, Survey
from pipeline.monitoring.status import Status

LAG = PartitionLag("desk", "news", 0, 7, 2, 10, 3, 1.5, 2, "Stable", Status.STALL, None, 40.0)
NEVER = replace(LAG, partition=1, committed=None, end=5, messages=5, seconds=None, status=Status.OK, commit_age=None)
SURVEY = Survey(
    brokers=3,
    logs={TopicPartition("news", 0): Log(2, 10), TopicPartition("news", 1): Log(0, 5)},
    members={"desk": 2, "modern": None},
    lags=[LAG, NEVER],
)

Samples = dict[tuple[str, frozenset[str]], float]


def scraped(collector: LagCollector) -> Samples:
    """Each sample's value, by its name and the values of its labels."""
    registry = CollectorRegistry()
    registry.register(collector)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_figures_stand_under_the_names_of_kafka_exporter() -> None:
    samples = scraped(LagCollector(lambda: SURVEY, 0))
    states = {key: value for key, value in samples.items() if key[0] == "kafka_consumergroup_status"}
    assert {key: value for key, value in samples.items() if key not in states} == {
        ("kafka_up", frozenset()): 1,
        ("kafka_brokers", frozenset()): 3,
        ("kafka_topic_partitions", frozenset({"news"})): 2,
        ("kafka_topic_partition_current_offset", frozenset({"news", "0"})): 10,
        ("kafka_topic_partition_current_offset", frozenset({"news", "1"})): 5,
        ("kafka_topic_partition_oldest_offset", frozenset({"news", "0"})): 2,
        ("kafka_topic_partition_oldest_offset", frozenset({"news", "1"})): 0,
        ("kafka_consumergroup_members", frozenset({"desk"})): 2,
        ("kafka_consumergroup_current_offset", frozenset({"desk", "news", "0"})): 7,
        ("kafka_consumergroup_current_offset_sum", frozenset({"desk", "news"})): 7,
        ("kafka_consumergroup_lag", frozenset({"desk", "news", "0"})): 3,
        ("kafka_consumergroup_lag", frozenset({"desk", "news", "1"})): 5,
        ("kafka_consumergroup_lag_sum", frozenset({"desk", "news"})): 8,
        ("kafka_consumergroup_lag_seconds", frozenset({"desk", "news", "0"})): 1.5,
        ("kafka_consumergroup_commit_age_seconds", frozenset({"desk", "news", "0"})): 40,
    }
    assert {key[1] - {"desk", "news"} for key, value in states.items() if value} == {
        frozenset({"0", "STALL"}),
        frozenset({"1", "OK"}),
    }
    assert len(states) == 2 * len(Status)


def test_brokers_that_are_away_leave_no_figures_but_that_they_are() -> None:
    answers = [SURVEY, None, SURVEY]

    def survey() -> Survey:
        if answer := answers.pop(0):
            return answer
        raise ServiceUnreachable("Kafka does not answer")

    collector = LagCollector(survey, 0)
    before, away, back = scraped(collector), scraped(collector), scraped(collector)
    assert away == {("kafka_up", frozenset()): 0}
    assert back == before


def test_scrapes_at_the_same_time_share_one_survey() -> None:
    asked, answered = threading.Event(), threading.Event()
    surveys: list[int] = []

    def survey() -> Survey:
        surveys.append(1)
        asked.set()
        assert answered.wait(10)
        return SURVEY

    collector = LagCollector(survey, interval=3600)
    with ThreadPoolExecutor(3) as pool:
        scrapes = [pool.submit(scraped, collector) for _ in range(3)]
        assert asked.wait(10)
        answered.set()
        assert scrapes[0].result() == scrapes[1].result() == scrapes[2].result()
    assert len(surveys) == 1
