"""`wire demo` against real servers: everything it feeds is accounted for, and it shows what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo.play import ARTICLES
from tests.streaming.running import RunningPipeline

ITEMS = [path for path in ARTICLES.rglob("*") if path.is_file() and path.name != "README.md"]
BROKEN = [path for path in ITEMS if path.parent.name == "broken"]


def test_the_articles_are_many_of_several_feeds_in_two_formats() -> None:
    good = [path for path in ITEMS if path not in BROKEN]
    assert len(good) >= 40
    assert len(BROKEN) == 3
    assert len({path.parent.name for path in good}) >= 3
    assert {path.suffix for path in good} == {".txt", ".json"}


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_the_demo_shows_what_became_of_its_articles(kafka: str, elasticsearch_url: str, tmp_path: Path) -> None:
    running = RunningPipeline(kafka, elasticsearch_url, tmp_path, WIRE_ENRICHMENT__MODEL="en_wire_core")
    said = running.wire("demo", seconds=280)
    assert len(running.dead()) == len(BROKEN)
    assert running.lag() == 0
    _, *shown = said.split(" $ wire ")
    assert len(shown) == 5
    search, person, article, dead, lag = shown
    assert "articles" in search
    assert "Awa Sandiara" in person
    assert "correction" in article
    assert "Aksel" in article
    assert all(path.name in dead for path in BROKEN)
    assert lag.count("OK") >= 3
    assert "STOP" not in lag
