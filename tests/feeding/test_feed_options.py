"""Options of `wire feed` that contradict one another, and feeding that has nothing left to do; no servers needed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.feed import feed
from pipeline.cli.feed_progress import Lines
from pipeline.errors import Misconfigured
from pipeline.feeding.backfill import Checkpoint

app = typer.Typer()
app.command()(feed)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--watch", ".", "http://agency.example/rss"], "not both"),
        (["--watch", "nowhere"], "is no folder"),
        (["--watch", "-"], "is no folder"),
        (["--watch", "ftp://agency.example/rss"], "no http or https address"),
        ([".", "--every", "5"], "--every"),
        (["--watch", ".", "--every", "5"], "--every"),
        (["--watch", ".", "--rate", "5"], "--rate"),
        (["--watch", ".", "--resume", "state"], "--resume"),
        (["http://agency.example/rss", "--resume", "state"], "--resume"),
        ([".", "--fresh"], "--fresh"),
        (["-", "--resume", "state"], "standard input"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(app, arguments)
    assert isinstance(outcome.exception, Misconfigured)
    assert named in str(outcome.exception)


def test_folders_within_one_another_are_not_watched_both(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    outcome = CliRunner().invoke(app, ["--watch", str(tmp_path), str(tmp_path / "in")])
    assert isinstance(outcome.exception, Misconfigured)
    assert "overlap" in str(outcome.exception)


def test_a_backfill_that_is_complete_says_so(tmp_path: Path) -> None:
    state = tmp_path / "how-far.json"
    Checkpoint(state, [str(tmp_path)], "wire.raw").save(complete=True)
    outcome = CliRunner().invoke(app, [str(tmp_path), "--resume", str(state)])
    assert outcome.exit_code == 0
    assert "fed before" in outcome.stderr
    assert "--fresh" in outcome.stderr


def test_a_line_now_and_then_says_how_fast_it_goes_and_how_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    now = 0.0
    lines = Lines(Console(stderr=True, width=200), 1000, 100, lambda: now)
    for _ in range(300):
        now += 0.25
        lines.advance()
    assert capsys.readouterr().err.splitlines() == [
        "fed 220 of 1,000 (4.0/s, 3 m 15 s left)",
        "fed 340 of 1,000 (4.0/s, 2 m 45 s left)",
    ]
