"""Marked-up bodies to text with blocks: HTML, and what drives `Blocks` from other markup.

Nothing is fetched, run or expanded: the standard library's tokenizer only.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Literal

from pipeline.article import Block

Kind = Literal["paragraph", "heading", "list", "table"]

_KINDS: dict[str, Kind] = {
    "p": "paragraph", "div": "paragraph", "section": "paragraph", "article": "paragraph", "blockquote": "paragraph",
    "pre": "paragraph", "body": "paragraph", "figcaption": "paragraph", "bq": "paragraph", "block": "paragraph",
    "note": "paragraph", "fn": "paragraph",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "hl1": "heading", "hl2": "heading", "li": "list", "dd": "list", "dt": "list", "table": "table",
}  # fmt: skip
"""Elements of XHTML and NITF that are blocks."""

_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "head"})
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "dl"})

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_INDENTED = re.compile(r"\n(?=[^\S\n]{2,}\S)")
_AT_MARGIN = re.compile(r"\n\S")
_COLUMNS = re.compile(r"\S(?: {3}|\t)[ \t]*+\S")
_SPACE = re.compile(r"\s+")


def blocks_of(html: str) -> tuple[str, list[Block]]:
    """The text of an HTML body, its blocks parted by blank lines, and what each block is.

    Args:
        html: a whole body or a fragment, well-formed or not; text outside any element counts too.
    """
    blocks = Blocks()
    parser = _Parser(blocks)
    parser.feed(html)
    parser.close()
    return blocks.finished()


class _Parser(HTMLParser):
    def __init__(self, blocks: Blocks) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks = blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class's
        self._blocks.start(tag)

    def handle_endtag(self, tag: str) -> None:
        self._blocks.end(tag)

    def handle_data(self, data: str) -> None:
        self._blocks.data(data)


class Blocks:
    """Blocks made of the tags and the text of a body, given in their order; unbalanced tags do no harm."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._pending: list[str] = []
        self._open: list[tuple[str, Kind]] = []
        self._opened: Counter[str] = Counter()
        self._unread = 0

    def start(self, tag: str) -> None:
        """An element begins; its name is in lower case."""
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "br" or (tag == "tr" and self._kind == "table"):
            self._pending.append("\n")
        elif tag in _CELLS and self._kind == "table":
            self._pending.append("\t")
        elif tag in _KINDS and self._kind != "table":
            self._end_block()
            kind = _KINDS[tag]
            # A paragraph in an item of a list belongs to the item.
            self._open.append((tag, "list" if self._kind == "list" and kind == "paragraph" else kind))
            self._opened[tag] += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _LISTS and self._kind == "list":
            self._end_block()
            while self._kind == "list":
                self._closed()
        elif tag in _KINDS and (self._kind != "table" or tag == "table"):
            self._end_block()
            if self._opened[tag]:
                while self._closed() != tag:
                    pass

    def data(self, text: str) -> None:
        """Text, its character references resolved."""
        if not self._unread:
            self._pending.append(_SPACE.sub(" ", text) if self._kind == "table" else text)

    def finished(self) -> tuple[str, list[Block]]:
        """The text of all blocks, parted by blank lines, and the blocks."""
        self._end_block()
        return "".join(self._parts), self._blocks

    def _closed(self) -> str:
        """Close the innermost open element; its name."""
        tag, _ = self._open.pop()
        self._opened[tag] -= 1
        return tag

    @property
    def _kind(self) -> Kind:
        return self._open[-1][1] if self._open else "paragraph"

    def _end_block(self) -> None:
        if not self._pending:
            return
        raw = "".join(self._pending)
        self._pending = []
        if self._kind == "table":
            self._add(_rows(raw), "table")
        elif self._open and self._open[-1][0] == "pre":
            for piece in _BLANK_LINES.split(raw):
                if _COLUMNS.search(piece):
                    self._add("\n".join(line.rstrip() for line in piece.strip("\n").split("\n")), "table")
                else:
                    self._add(" ".join(piece.split()), "paragraph")
        else:
            for piece in _paragraphs(raw) if self._kind == "paragraph" else [raw]:
                self._add(" ".join(piece.split()), self._kind)

    def _add(self, text: str, kind: Kind) -> None:
        if not text.strip():
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        self._blocks.append(Block(kind=kind, start=self._length, end=self._length + len(text)))
        self._parts.append(text)
        self._length += len(text)


def _rows(raw: str) -> str:
    """Rows on lines, cells parted by tabs; a first cell without text keeps its place."""
    rows = [line.lstrip(" ").removeprefix("\t").split("\t") for line in raw.split("\n") if line.strip()]
    return "\n".join("\t".join(cell.strip() for cell in row).rstrip() for row in rows)


def _paragraphs(raw: str) -> list[str]:
    """The paragraphs within one element: wire systems put a whole wrapped story into one.

    Blank lines part them. An indented line begins one where others start at the margin; where all lines
    are indented it is the markup that is.
    """
    indented = _INDENTED if _AT_MARGIN.search(raw) else None
    return [part for piece in _BLANK_LINES.split(raw) for part in (indented.split(piece) if indented else [piece])]
