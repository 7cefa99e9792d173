"""The corpora folder: what is missing is named, what is there is identified."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.errors import Misconfigured
from training.corpora import Corpora, sha256


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"lack syntax/train\.spacy, .*attribution/dev\.jsonl"):
        Corpora(tmp_path)


def test_sha256_is_that_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"newswire" * 100_000)
    assert sha256(file) == hashlib.sha256(b"newswire" * 100_000).hexdigest()


def test_news_leaves_the_address_and_blank_lines_out(tmp_path: Path) -> None:
    for folder in ("syntax", "ner", "attribution", "stance", "news"):
        (tmp_path / folder).mkdir()
    for name in ("train", "dev", "ewt_test", "gum_test", "gum_news_test"):
        (tmp_path / "syntax" / f"{name}.spacy").touch()
    for name in ("worldwide_train", "worldwide_dev", "uner_gum_train"):
        (tmp_path / "ner" / f"{name}.spacy").touch()
    for name in ("train", "dev"):
        (tmp_path / "attribution" / f"{name}.jsonl").touch()
    for name in ("directed_train", "target_train", "directed_valid", "target_dev_rw", "target_dev_mt"):
        (tmp_path / "stance" / f"{name}.jsonl").touch()
    (tmp_path / "news" / "a.txt").write_text("an address\n\nFirst paragraph.\n\n Second.\n", encoding="utf-8")
    assert list(Corpora(tmp_path).news()) == ["First paragraph.", "Second."]
