"""The lag table as a person sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.latency import Latency
from pipeline.monitoring.status import Status, Trend
from pipeline.monitoring.table import duration, lag_table

ONE = PartitionLag("desk", "wire.raw", 0, 1500, 0, 1510, 10, 3.0, 2, "Stable", Status.OK)


def lines(*lags: PartitionLag) -> list[str]:
    """The table's rows as words, without its head."""
    console = Console(width=140)
    with console.capture() as captured:
        console.print(lag_table(lags, datetime(2024, 5, 17, 9, 30, tzinfo=UTC)))
    return [" ".join(line.split()) for line in captured.get().splitlines() if line.strip()][3:]


def test_a_group_has_its_sum_first_then_its_partitions() -> None:
    second = replace(ONE, partition=1, committed=None, messages=1510, seconds=75.0, status=Status.NO_COMMIT)
    assert lines(ONE, second) == [
        "desk all 1,520 1 m 15 s 2 NO COMMIT",
        "wire.raw 0 1,500 1,510 10 3.0 s OK",
        "wire.raw 1 none 1,510 1,510 1 m 15 s NO COMMIT",
    ]


def test_the_sum_shows_the_worst_status_and_an_unknown_wait_as_unknown() -> None:
    worst = replace(ONE, partition=1, seconds=None, status=Status.STOP, members=None)
    warned = replace(ONE, partition=2, status=Status.WARN)
    assert lines(worst, ONE, warned)[0] == "desk all 30 ? ? STOP"


def test_from_the_second_look_on_a_row_says_where_its_lag_goes_and_how_long_it_stands() -> None:
    grows = replace(ONE, trend=Trend.GROWING, commit_age=65.0)
    falls = replace(ONE, partition=1, trend=Trend.FALLING, commit_age=0.0)
    steady = replace(falls, partition=2, trend=Trend.STEADY)
    assert lines(grows, falls, replace(steady, trend=Trend.FALLING), steady) == [
        "desk all 40 ▼ 3.0 s 0 s 2 OK",
        "wire.raw 0 1,500 1,510 10 ▲ 3.0 s 1 m 05 s OK",
        "wire.raw 1 1,500 1,510 10 ▼ 3.0 s 0 s OK",
        "wire.raw 2 1,500 1,510 10 ▼ 3.0 s 0 s OK",
        "wire.raw 2 1,500 1,510 10 = 3.0 s 0 s OK",
        "lag: ▲ grows = steady ▼ falls",
    ]


def test_the_latency_of_articles_is_told_under_the_table() -> None:
    console = Console(width=140)
    with console.capture() as captured:
        console.print(lag_table([ONE], datetime(2024, 5, 17, 9, 30, tzinfo=UTC), Latency(1234, 1.25, 40.0)))
    told = captured.get().splitlines()[-1].strip()
    assert told == "received to indexed, last 15 minutes: p50 1.2 s, p95 40.0 s (1,234 articles)"


def test_a_group_kafka_does_not_know_is_said_to_be_none() -> None:
    unknown = replace(ONE, members=0, state="Dead", status=Status.STOP)
    assert lines(unknown)[0] == "desk all 10 3.0 s 0 (no such group) STOP"


def test_a_rebalance_is_shown() -> None:
    assert "(PreparingRebalance)" in lines(replace(ONE, state="PreparingRebalance"))[0]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, "?"),
        (0.0, "0 s"),
        (0.04, "<0.1 s"),
        (0.05, "0.1 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 m 00 s"),
        (75.0, "1 m 15 s"),
        (3599.6, "1 h 00 m"),
        (7260.0, "2 h 01 m"),
        (90_000.0, "1 d 01 h"),
    ],
)
def test_duration(seconds: float | None, expected: str) -> None:
    assert duration(seconds) == expected


@given(st.floats(min_value=0, max_value=1e9))
def test_every_duration_is_short_and_has_a_unit(seconds: float) -> None:
    assert len(duration(seconds)) <= 14
    assert duration(seconds)[-1] in "smhd"
