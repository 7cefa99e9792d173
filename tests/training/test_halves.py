"""A half is trained once for one configuration and one set of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Fatal
from training.halves import Half


@pytest.fixture
def half(tmp_path: Path) -> Half:
    for name in ("train", "dev"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "vectors" / "vocab").mkdir(parents=True)
    (tmp_path / "vectors" / "vocab" / "vectors").write_bytes(b"vectors")
    return Half("ner", tmp_path / "train", tmp_path / "dev", tmp_path / "vectors", tmp_path / "work")


def test_without_a_result_nothing_is_finished(half: Half) -> None:
    assert not half.finished()


def test_a_marked_result_is_finished_until_the_data_change(half: Half) -> None:
    half.best.mkdir(parents=True)
    half.mark_finished()
    assert half.finished()
    half.train.write_text("more", encoding="utf-8")
    assert not half.finished()


def test_a_finished_half_is_not_trained_again(half: Half, capsys: pytest.CaptureFixture[str]) -> None:
    half.best.mkdir(parents=True)
    half.mark_finished()
    half.run()
    assert "finished before" in capsys.readouterr().out


def test_a_failed_training_is_fatal_and_names_its_log(half: Half) -> None:
    half.train.unlink()
    half.train.mkdir()  # no corpus in it: spaCy refuses
    with pytest.raises(Fatal, match=r"ner\.log"):
        half.run()
    assert not half.best.exists()
