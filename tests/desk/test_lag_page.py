"""The tables of lag and feeds say on a page what they say on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.config import KafkaSettings, Settings
from pipeline.desk.lag_page import LagPage, shown
from pipeline.errors import ServiceUnreachable
from pipeline.local import free_ports
from pipeline.monitoring.lag import PartitionLag
from pipeline.monitoring.status import Status, Trend
from pipeline.monitoring.table import lag_table


def lag(partition: int, messages: int, status: Status) -> PartitionLag:
    return PartitionLag(
        group="wire-clean",
        topic="wire.raw",
        partition=partition,
        committed=10,
        start=0,
        end=10 + messages,
        messages=messages,
        seconds=float(messages),
        members=1,
        state="Stable",
        status=status,
        trend=Trend.GROWING,
        commit_age=3.0,
    )


def test_the_lag_table_has_its_sum_first_and_its_status_in_colour() -> None:
    lags = [lag(0, 0, Status.OK), lag(1, 1200, Status.STOP)]
    table = shown(lag_table(lags, datetime(2026, 10, 1, tzinfo=UTC)))
    assert [cell.text for cell in table.headings][:3] == ["Group", "Topic", "Partition"]
    assert [row.sum for row in table.rows] == [True, False, False]
    assert [cell.text for cell in table.rows[0].cells][5:7] == ["1,200 ▲", "20 m 00 s"]
    assert [row.cells[-1].status for row in table.rows] == ["STOP", "OK", "STOP"]
    assert not any(cell.status for row in table.rows for cell in row.cells[:-1])
    assert table.headings[5].number
    assert "grows" in table.caption


def test_without_kafka_the_page_fails_and_the_next_look_measures_again() -> None:
    (port,) = free_ports(1)
    page = LagPage(Settings(kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}", request_timeout=1.0)))
    for _ in range(2):
        with pytest.raises(ServiceUnreachable, match="Kafka"):
            page()
