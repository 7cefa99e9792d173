"""The article under the editor's pencil: blocks of text in which every character knows where it came from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.article import Article, Association, Block, Change, Removal

HEAD = 8
"""Passages from the top among which lines of the head are looked for."""

Kind = Literal["paragraph", "heading", "list", "table"]


class Passage:
    """One block: its text, and for each of its characters the offset in the raw text it stands for."""

    __slots__ = ("kind", "origins", "text")

    def __init__(self, text: str, origins: array[int], kind: Kind = "paragraph") -> None:
        self.text = text
        self.origins = origins
        self.kind: Kind = kind

    def replace(self, start: int, end: int, new: str) -> None:
        """Write ``new`` for ``text[start:end]``; each new character stands for where the old ones began."""
        place = self.origins[min(start, len(self.origins) - 1)] if self.origins else 0
        self.text = self.text[:start] + new + self.text[end:]
        self.origins = self.origins[:start] + array("L", [place]) * len(new) + self.origins[end:]

    def keep(self, start: int, end: int) -> None:
        """Drop all but ``text[start:end]``."""
        self.text = self.text[start:end]
        self.origins = self.origins[start:end]

    def substitute(self, pattern: re.Pattern[str], new: str) -> None:
        """Write ``new`` for each match of a pattern, in one pass."""
        matches = list(pattern.finditer(self.text))
        if not matches:
            return
        pieces, origins, position = [], array("L"), 0
        for match in matches:
            pieces += [self.text[position : match.start()], new]
            origins += self.origins[position : match.start()]
            origins += self.origins[match.start() : match.start() + 1] * len(new)
            position = match.end()
        self.text = "".join([*pieces, self.text[position:]])
        self.origins = origins + self.origins[position:]

    def strip(self) -> None:
        """Drop the space around the text."""
        bare = self.text.strip()
        start = len(self.text) - len(self.text.lstrip())
        if len(bare) != len(self.text):
            self.keep(start, start + len(bare))


@dataclass(slots=True)
class Draft:
    """An article while it is cleaned. Rules change it in place.

    Attributes:
        raw: the raw text, never changed.
        passages: the body, block by block.
        article: what is known of the article beside its body; rules set fields through `fields` and `wire`.
        fields: fields of the article that rules found, by name.
        wire: the same for the fields under ``wire``.
        removals: what was taken out of the body.
        associations: what the article points at.
        warnings: what a person should know.
        slugged: whether a line named the story by a slug of the agency's.
    """

    article: Article
    raw: str
    passages: list[Passage]
    fields: dict[str, Any] = field(default_factory=dict)
    wire: dict[str, Any] = field(default_factory=dict)
    removals: list[Removal] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    slugged: bool = False

    @classmethod
    def of(cls, article: Article) -> Draft:
        """A draft of an article as it was read."""
        raw = article.text
        passages = [
            Passage(raw[block.start : block.end], array("L", range(block.start, block.end)), block.kind)
            for block in article.body
        ]
        return cls(article, raw, passages)

    @property
    def headline(self) -> str | None:
        """The first headline, as far as the rules have come."""
        headlines = self.fields.get("headlines", self.article.headlines)
        return headlines[0].value if headlines else None

    @property
    def change(self) -> Change | None:
        """What this version does to its story, as far as the rules have come."""
        found: Change | None = self.wire.get("change", self.article.wire.change)
        return found

    def remove(self, passage: Passage, rule: str, start: int = 0, end: int | None = None) -> None:
        """Take ``text[start:end]`` out of a passage, by default all of it, and note that.

        A passage that is left empty goes.
        """
        end = len(passage.text) if end is None else end
        if start < end:
            first, last = passage.origins[start], passage.origins[end - 1] + 1
            self.removals.append(Removal(rule=rule, start=first, end=last, text=self.raw[first:last]))
        passage.text = passage.text[:start] + passage.text[end:]
        passage.origins = passage.origins[:start] + passage.origins[end:]
        passage.strip()
        if not passage.text:
            self.passages.remove(passage)

    def note(self, text: str) -> None:
        """Add to the editor's note."""
        said = self.fields.get("ed_note", self.article.ed_note)
        if not said or text not in said:
            self.fields["ed_note"] = f"{said}\n{text}" if said else text

    def finished(self) -> Article:
        """The article with its cleaned body; offsets of blocks point into the new text."""
        text, blocks = joined(self.passages)
        wire = self.article.wire
        return self.article.model_copy(
            update={
                **self.fields,
                "text": text,
                "body": blocks,
                "associations": [*self.article.associations, *self.associations],
                "wire": wire.model_copy(
                    update={
                        **self.wire,
                        "cleaning": [*wire.cleaning, *sorted(self.removals, key=lambda r: (r.start, r.end))],
                        "warnings": [*wire.warnings, *self.warnings],
                    }
                ),
            }
        )


def joined(passages: Iterable[Passage]) -> tuple[str, list[Block]]:
    """The text of passages one after the other, and where in it each block is."""
    parts: list[str] = []
    blocks: list[Block] = []
    length = 0
    for passage in passages:
        if parts:
            # Items of a list and rows of a table stand on lines below each other, other blocks apart.
            between = "\n" if passage.kind == blocks[-1].kind and passage.kind in {"list", "table"} else "\n\n"
            parts.append(between)
            length += len(between)
        blocks.append(Block(kind=passage.kind, start=length, end=length + len(passage.text)))
        parts.append(passage.text)
        length += len(passage.text)
    return "".join(parts), blocks
