"""Sending again: dead letters once what was wrong is mended, and a stage's topic after a change of the model."""

from __future__ import annotations

import pytest

from tests.streaming.conftest import Starter
from tests.streaming.running import RunningPipeline, article, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def models_in_the_index(running: RunningPipeline) -> set[str]:
    """By which models the articles in the index were enriched."""
    with running.client as client:
        client.indices.refresh(index=f"{running.settings.indexing.articles}-*")
        hits = client.search(index=f"{running.settings.indexing.articles}-*", size=1000)["hits"]["hits"]
    return {hit["_source"]["article"]["enrich"]["model"]["name"] for hit in hits}


def test_a_dead_letter_is_sent_again_once_its_cause_is_mended(pipeline: Starter) -> None:
    running = pipeline()
    running.feed((f"f{n}", article(n, text="RAISEERROR" if n == 3 else "")) for n in range(6))
    running.start()
    running.await_account(stories=5, dead=1)
    assert "1 sent again" in running.wire("dead", "replay", "--all")
    eventually(lambda: [one.letter.attempts for one in running.dead()] == [2], "it failed a second time")
    running.terminate("enrich")
    running.environment["WIRE_ENRICHMENT__MODEL"] = "en_wire_core"
    running.start("enrich")
    (letter,) = running.dead()
    assert "1 sent again" in running.wire("dead", "replay", letter.letter.id)
    running.await_account(stories=6, dead=0)
    assert running.wire("dead", "list").strip() == "no dead letters"


def test_a_stage_is_replayed_with_another_model(pipeline: Starter) -> None:
    running = pipeline()
    running.feed((f"f{n}", article(n)) for n in range(20))
    running.start()
    running.await_account(stories=20)
    before = models_in_the_index(running)
    running.terminate("enrich")
    running.environment["WIRE_ENRICHMENT__MODEL"] = "en_wire_core"
    running.start("enrich")
    assert "20 messages" in running.wire("replay", "enrich")
    running.await_account(stories=20)
    after = models_in_the_index(running)
    assert len(before) == len(after) == 1
    assert before != after


def test_between_offsets_only_those_messages_are_replayed(pipeline: Starter) -> None:
    running = pipeline()
    running.feed((f"f{n}", article(n)) for n in range(40))
    running.start("clean", "enrich", "index")
    running.await_account(stories=40)
    said = running.wire("replay", "index", "--partition", "0", "--from-offset", "1", "--to-offset", "3")
    assert "2 messages" in said
    running.await_account(stories=40)
    assert len(running.values(running.settings.topics.enriched)) == 42
