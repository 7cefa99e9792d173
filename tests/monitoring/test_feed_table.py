"""Feeds as an operator sees them, and as Prometheus does."""

from __future__ import annotations

import math
from io import StringIO

from rich.console import Console

from pipeline.errors import ServiceUnreachable
from pipeline.monitoring.exporter import FeedCollector
from pipeline.monitoring.feed_table import MOST_SHOWN, feed_table
from pipeline.monitoring.feeds import FeedSilence, FeedStatus

FEEDS = [
    FeedSilence("meridian", 1_790_000_000.0, 30.0, 600.0, 1800.0, FeedStatus.OK),
    FeedSilence("harbour [bold]", 1_789_990_000.0, 10_030.0, 600.0, 1800.0, FeedStatus.SILENT),
    FeedSilence("kestrel", 1_789_000_000.0, 1_000_030.0, None, None, FeedStatus.LEARNING),
    FeedSilence("nordwire", 1_789_999_000.0, 1_030.0, math.inf, math.inf, FeedStatus.OK),
]


def shown(feeds: list[FeedSilence]) -> list[str]:
    out = StringIO()
    Console(file=out, width=120).print(feed_table(feeds))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_silent_feed_is_first_and_what_is_learned_last() -> None:
    rows = [line for line in shown(FEEDS) if "2026-" in line]
    assert [row.split()[0] for row in rows] == ["harbour", "nordwire", "meridian", "kestrel"]
    assert "harbour [bold]" in rows[0]
    assert rows[0].split("  ")[-1].strip() == "SILENT"
    assert "2 h 47 m" in rows[0]
    assert "30 m 00 s" in rows[0]
    assert rows[3].endswith("LEARNING")


def test_of_many_the_rest_is_counted() -> None:
    many = [FeedSilence(f"feed-{n}", 1_790_000_000.0, 1.0, 1.0, 3.0, FeedStatus.OK) for n in range(MOST_SHOWN + 3)]
    assert "and 3 more" in shown(many)


def test_prometheus_is_told_what_is_known() -> None:
    silence, expected = FeedCollector(lambda: FEEDS).collect()
    assert {s.labels["feed"]: s.value for s in silence.samples} == {one.feed: one.seconds for one in FEEDS}
    assert {s.labels["feed"]: s.value for s in expected.samples} == {
        one.feed: one.expected for one in FEEDS if one.expected is not None
    }


def test_without_kafka_there_are_no_figures() -> None:
    def away() -> list[FeedSilence]:
        raise ServiceUnreachable("Kafka does not answer", "start it")

    assert list(FeedCollector(away).collect()) == []
