"""`wire demo` against real servers: everything it feeds is accounted for, and it shows what it promises."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.demo.play import ARTICLES
from tests.streaming.running import RunningPipeline

demo = importlib.import_module("pipeline.demo.play")  # its package has a function of that name

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
    search, person, article, versions, dead, lag, *stances = shown
    assert "articles" in search
    assert "Awa Sandiara" in person
    assert "correction" in article
    assert "Aksel" in article
    assert versions.count("replaced") == 3
    assert "[-14-] {+11+}" in " ".join(versions.split())
    assert all(path.name in dead for path in BROKEN)
    assert lag.count("OK") >= 3
    assert "STOP" not in lag
    assert all("statements by" in table for table in stances)


@pytest.mark.parametrize("statements", [True, False])
def test_who_is_against_whom_is_shown_last_and_only_if_anybody_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, statements: bool
) -> None:
    ran: list[tuple[str, ...]] = []

    def wire(*arguments: str) -> bool:
        ran.append(arguments)
        return True

    @contextmanager
    def nobody(log: Path) -> Iterator[None]:
        yield

    monkeypatch.setattr(demo, "_wire", wire)
    monkeypatch.setattr(demo, "_workers", nobody)
    monkeypatch.setattr(demo, "_await_end", lambda settings, log: None)
    monkeypatch.setattr(demo, "_has_statements", lambda settings: statements)
    assert demo.play(Settings(), [("lag",)], tmp_path / "log")
    assert ran == [("feed", str(ARTICLES)), ("lag",), *([demo.WHO_IS_AGAINST_WHOM] if statements else [])]
