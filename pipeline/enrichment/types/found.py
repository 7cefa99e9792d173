"""What the steps of typing hand on: entities as token ranges, and what a document is made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.enrichment.reading import BLOCKS, READ


class Found(NamedTuple):
    """An entity: tokens ``start`` to ``end`` (exclusive) and its type."""

    start: int
    end: int
    label: str


class Words:
    """The words of a document, read once.

    For each token: its ``text``, whether white space comes ``after`` it, whether it is ``capitalised``, whether it is
    the ``first`` of its sentence, and whether it stands in ``display``: a heading or table, where capitals mean little.
    """

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text: list[str] = [token.text for token in doc]
        self.after: list[bool] = [bool(token.whitespace_) for token in doc]
        self.capitalised: list[bool] = [text[0].isupper() for text in self.text]
        self.first: list[bool] = _sentence_starts(doc, self.text)
        self.display: list[bool] = _display(doc, len(self.text))

    def __len__(self) -> int:
        return len(self.text)

    def span(self, start: int, end: int) -> str:
        """The text of a range of tokens, as written."""
        return "".join(self.text[i] + " " * (self.after[i] and i + 1 < end) for i in range(start, end))


def _sentence_starts(doc: Doc, text: list[str]) -> list[bool]:
    if doc.has_annotation("SENT_START"):
        return [bool(token.is_sent_start) for token in doc]
    return [i == 0 or is_mark(text[i - 1]) for i in range(len(text))]


def _display(doc: Doc, length: int) -> list[bool]:
    inside = [False] * length
    for block in doc.spans.get(BLOCKS, ()):
        if block.label_ not in READ:
            inside[block.start : block.end] = [True] * (block.end - block.start)
    return inside


def is_mark(text: str) -> bool:
    """Whether a token has no letter, digit or symbol: only punctuation or white space."""
    return all(char.isspace() or unicodedata.category(char)[0] in "PC" for char in text)


def covered(entities: Iterable[Found], length: int) -> list[bool]:
    """For each token, whether it stands in an entity."""
    inside = [False] * length
    for entity in entities:
        inside[entity.start : entity.end] = [True] * (entity.end - entity.start)
    return inside
