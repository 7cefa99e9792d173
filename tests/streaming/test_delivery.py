"""fed = indexed + dead, each once, whatever fails in the middle of a load."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from pipeline.local import LocalStack
from tests.streaming.conftest import Starter
from tests.streaming.running import RunningPipeline, article, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(420)]

STORIES, VERSIONS = 600, 3
NEWEST = {f"urn:test:story:{n}": str(VERSIONS) for n in range(STORIES)}


def load() -> Iterator[tuple[str, bytes]]:
    """Stories in several versions, each version an item of the same feed of its story."""
    for version in range(1, VERSIONS + 1):
        for number in range(STORIES):
            yield f"feed/{number}", article(number, version=version)


def under_way(running: RunningPipeline) -> None:
    """Wait until the load is in full swing: something is indexed, and most is not."""
    eventually(lambda: running.indexed() > 20, "the load has begun to arrive")


def assert_order_kept(running: RunningPipeline) -> None:
    """New versions of a story left enrichment in the order they were fed; a repetition may follow a restart."""
    seen: dict[str, list[int]] = defaultdict(list)
    for value in running.values(running.settings.topics.enriched):
        enriched = json.loads(value)
        if int(enriched["version"]) not in seen[enriched["uri"]]:
            seen[enriched["uri"]].append(int(enriched["version"]))
    assert {uri for uri, versions in seen.items() if versions != sorted(versions)} == set()


def settle(running: RunningPipeline) -> None:
    """Wait for the account, and check that each story is there once, in its newest version."""
    running.await_account(stories=STORIES, seconds=240)
    assert running.versions() == NEWEST
    assert_order_kept(running)


@pytest.mark.parametrize("stage", ["clean", "enrich", "index"])
def test_kill_9_in_mid_load(pipeline: Starter, stage: str) -> None:
    running = pipeline()
    running.start()
    running.feed(load())
    under_way(running)
    running.kill(stage)
    running.start(stage)
    settle(running)


def test_elasticsearch_away_for_a_minute(pipeline: Starter, stack: LocalStack) -> None:
    running = pipeline()
    running.start()
    eventually(lambda: "stage is ready" in running.log_of("index"), "the indexing worker runs")
    running.feed(load())
    stopped = time.monotonic()
    stack.elasticsearch.stop()
    eventually(lambda: time.monotonic() - stopped > 60, "a minute has passed", 70)
    assert running.running("index"), "the worker waits, it does not give up"
    stack.up((stack.elasticsearch,))
    settle(running)


def test_the_broker_restarts_under_load(pipeline: Starter, stack: LocalStack) -> None:
    running = pipeline()
    running.start()
    running.feed(load())
    under_way(running)
    stack.kafka.stop()
    stack.up((stack.kafka,))
    for stage in ("clean", "enrich", "index"):
        if not running.running(stage):
            running.start(stage)  # as `wire worker` and Kubernetes do
    settle(running)


def test_a_stage_scales_out_and_in_under_load(pipeline: Starter) -> None:
    running = pipeline()
    running.start()
    running.feed(load())
    under_way(running)
    running.start("enrich", "enrich")
    ready = '"message": "stage is ready"'
    eventually(lambda: running.log_of("enrich").count(ready) == 3, "three workers share the stage")
    running.feed(load())
    running.terminate("enrich")
    running.terminate("enrich")
    settle(running)


def test_the_same_files_fed_twice_change_nothing(pipeline: Starter) -> None:
    running = pipeline()
    running.start()
    items = [(f"feed/{n}", article(n)) for n in range(40)]
    running.feed(items)
    running.await_account(stories=40)
    with running.client as client:
        pattern = f"{running.settings.indexing.articles}-*"
        before = client.search(index=pattern, size=100, seq_no_primary_term=True, sort="uri")["hits"]["hits"]
        running.feed(items)
        running.await_account(stories=40)
        after = client.search(index=pattern, size=100, seq_no_primary_term=True, sort="uri")["hits"]["hits"]
    assert after == before
