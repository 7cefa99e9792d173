"""Where the training data lies, and what identifies it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from pipeline.errors import Misconfigured

SYNTAX_TESTS = ("ewt_test", "gum_test", "gum_news_test")
"""The held-out treebanks: UD English EWT, GUM's permissive genres, and the news among those."""

_FILES = (
    "syntax/train.spacy",
    "syntax/dev.spacy",
    *(f"syntax/{name}.spacy" for name in SYNTAX_TESTS),
    "ner/worldwide_train.spacy",
    "ner/worldwide_dev.spacy",
)


@dataclass(frozen=True)
class Corpora:
    """A folder with the corpora, laid out as ``syntax/*.spacy``, ``ner/*.spacy`` and ``news/*.txt``.

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
