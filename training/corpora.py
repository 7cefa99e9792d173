"""Where the training data lies, and what identifies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from pipeline.errors import Misconfigured

SYNTAX_TESTS = ("ewt_test", "gum_test", "gum_news_test")
"""The held-out treebanks: UD English EWT, GUM's permissive genres, and the news among those."""

_TRAINED_ON = (
    "syntax/train.spacy",
    "ner/worldwide_train.spacy",
    "ner/uner_gum_train.spacy",
    "attribution/train.jsonl",
)
_STANCE = tuple(
    f"stance/{name}.jsonl"
    for name in ("directed_train", "target_train", "directed_valid", "target_dev_rw", "target_dev_mt")
)
_FILES = (
    *_TRAINED_ON,
    *_STANCE,
    "syntax/dev.spacy",
    *(f"syntax/{name}.spacy" for name in SYNTAX_TESTS),
    "ner/worldwide_dev.spacy",
    "attribution/dev.jsonl",
)


@dataclass(frozen=True)
class Corpora:
    """A folder with the corpora: ``syntax``, ``ner`` (DocBin), ``attribution``, ``stance`` (JSON lines) and ``news``.

    Raises:
        Misconfigured: a file is missing.
    """

    root: Path

    def __post_init__(self) -> None:
        missing = [name for name in _FILES if not (self.root / name).is_file()]
        if missing:
            raise Misconfigured(
                f"the corpora in {self.root} lack {', '.join(missing)}", "name their folder with --corpora"
            )

    def path(self, name: str) -> Path:
        """The file of a corpus, for example ``syntax/train``."""
        return self.root / f"{name}.spacy"

    def docs(self, name: str, vocab: Vocab) -> list[Doc]:
        """The gold documents of a corpus, for example ``syntax/train``."""
        return list(DocBin().from_disk(self.path(name)).get_docs(vocab))

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The objects of a corpus in lines of JSON, for example ``attribution/dev``."""
        with (self.root / f"{name}.jsonl").open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def trained_on(self) -> list[Path]:
        """The files the encoder learns from."""
        return [self.root / name for name in _TRAINED_ON]

    def sha256s(self) -> dict[str, str]:
        """The SHA-256 of every file that training or scoring reads, by its name."""
        return {name: sha256(self.root / name) for name in _FILES}

    def news(self) -> Iterator[str]:
        """The paragraphs of real newswire; the first line of each file, its address, is left out."""
        for file in sorted((self.root / "news").glob("*.txt")):
            _, _, body = file.read_text(encoding="utf-8").partition("\n")
            yield from (line.strip() for line in body.splitlines() if line.strip())


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
