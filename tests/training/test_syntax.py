"""Syntax is trained once for one configuration and one set of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Fatal
from training.syntax import SyntaxRun


@pytest.fixture
def run(tmp_path: Path) -> SyntaxRun:
    for name in ("train", "dev"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "vectors" / "vocab").mkdir(parents=True)
    (tmp_path / "vectors" / "vocab" / "vectors").write_bytes(b"vectors")
    return SyntaxRun(tmp_path / "train", tmp_path / "dev", tmp_path / "vectors", tmp_path / "work")


def test_without_a_result_nothing_is_finished(run: SyntaxRun) -> None:
    assert not run.finished()


def test_a_marked_result_is_finished_until_the_data_change(run: SyntaxRun) -> None:
    run.best.mkdir(parents=True)
    run.mark_finished()
    assert run.finished()
    run.train.write_text("more", encoding="utf-8")
    assert not run.finished()


def test_a_finished_run_is_not_trained_again(run: SyntaxRun, capsys: pytest.CaptureFixture[str]) -> None:
    run.best.mkdir(parents=True)
    run.mark_finished()
    run.run()
    assert "finished before" in capsys.readouterr().out


def test_a_failed_training_is_fatal_and_names_its_log(run: SyntaxRun) -> None:
    run.train.unlink()
    run.train.mkdir()  # no corpus in it: spaCy refuses
    with pytest.raises(Fatal, match=r"syntax\.log"):
        run.run()
    assert not run.best.exists()
