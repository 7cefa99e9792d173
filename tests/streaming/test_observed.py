"""One item's way through real workers, as their metrics, their logs, its document and `wire lag` tell it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.streaming.reading import Reader, Stretch, open_reader
from tests.streaming.conftest import Starter
from tests.streaming.running import RunningPipeline, article, eventually

pytestmark = pytest.mark.integration

STAGES = ("clean", "enrich", "index")


def address(running: RunningPipeline, stage: str) -> str:
    found = re.search(r'"labels.address": ?"([^"]+)"', running.log_of(stage))
    return found[1] if found else ""


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=10) as response:  # noqa: S310 - the address of our own worker
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def figures(running: RunningPipeline, stage: str) -> dict[tuple[str, frozenset[str]], float]:
    """A stage's samples by name and values of their labels."""
    families = text_string_to_metric_families(get(f"{address(running, stage)}/metrics")[1])
    return {(one.name, frozenset(one.labels.values())): one.value for family in families for one in family.samples}


def documents(running: RunningPipeline) -> list[dict[str, Any]]:
    with running.client as client:
        index = f"{running.settings.indexing.articles}-*"
        client.indices.refresh(index=index)
        return [hit["_source"] for hit in client.search(index=index)["hits"]["hits"]]


def traces(running: RunningPipeline, topic: str) -> set[str]:
    with open_reader(running.settings.kafka) as consumer:
        return {record.headers["trace-id"].decode() for record in Reader(consumer, topic, Stretch())}


def test_an_items_way_is_told_the_same_by_metrics_logs_documents_and_lag(pipeline: Starter) -> None:
    running = pipeline(WIRE_LOGGING__LEVEL="debug")
    running.feed([("feeds/a", article(1)), ("feeds/b", b" ")])
    running.start()
    eventually(lambda: all(address(running, stage) for stage in STAGES), "all stages serve their metrics")
    assert {get(f"{address(running, stage)}/health/live")[0] for stage in STAGES} == {200}
    running.await_account(1, dead=1)
    topics = running.settings.topics

    # Metrics and health.
    assert {get(f"{address(running, stage)}/health/ready") for stage in STAGES} == {(200, "ok\n")}
    cleaned, enriched, indexed = (figures(running, stage) for stage in STAGES)
    assert cleaned["wire_dispositions_total", frozenset({"clean", "forwarded", ""})] == 1
    assert cleaned["wire_dispositions_total", frozenset({"clean", "dead", "empty"})] == 1
    assert cleaned["wire_assigned_partitions", frozenset({"clean", topics.raw})] == topics.partitions
    assert enriched["wire_component_seconds_count", frozenset({"wire_quotes"})] == 1
    assert indexed["wire_dispositions_total", frozenset({"index", "indexed", ""})] == 1
    assert indexed["wire_latency_seconds_count", frozenset()] == 1

    # The document.
    (document,) = documents(running)
    times = [document["receivedAt"], *(document["ingest"][f"{what}At"] for what in ("cleaned", "enriched", "indexed"))]
    moments = [datetime.fromisoformat(moment) for moment in times]
    assert moments == sorted(moments)
    assert document["latency"] == pytest.approx((moments[-1] - moments[0]).total_seconds(), abs=0.002)
    assert indexed["wire_latency_seconds_sum", frozenset()] >= document["latency"]

    # The trace, from the feed to the index, and into the dead letter.
    trace = document["ingest"]["traceId"]
    assert trace == document["article"]["ingest"]["traceId"]
    assert traces(running, topics.articles) == traces(running, topics.enriched) == {trace}
    (dead,) = traces(running, topics.dead)
    assert traces(running, topics.raw) == {trace, dead}
    for stage, disposition in (("clean", "forwarded"), ("enrich", "forwarded"), ("index", "indexed")):
        lines = [json.loads(line) for line in running.log_of(stage).splitlines()]
        assert [line["message"] for line in lines if line.get("trace.id") == trace] == [disposition]
        assert not [line for line in lines if line["log.level"] != "debug" and "Kestrel" in json.dumps(line)]

    # What the operator sees.
    assert "received to indexed, last 15 minutes: p50 " in running.wire("lag")

    # A replay renews the document and falsifies nothing.
    running.wire("replay", "index")
    eventually(lambda: "latency" not in documents(running)[0], "the replay is indexed")
    (again,) = documents(running)
    assert again["ingest"]["indexedAt"] > document["ingest"]["indexedAt"]
    assert again["ingest"]["enrichedAt"] == document["ingest"]["enrichedAt"]
    assert figures(running, "index")["wire_latency_seconds_count", frozenset()] == 1
