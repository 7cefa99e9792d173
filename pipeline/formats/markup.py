"""HTML bodies to text with blocks. Nothing is fetched, run or expanded: the standard library's tokenizer only."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Literal

from pipeline.article import Block

Kind = Literal["paragraph", "heading", "list", "table"]

_KINDS: dict[str, Kind] = {
    "p": "paragraph", "div": "paragraph", "section": "paragraph", "article": "paragraph", "blockquote": "paragraph",
    "pre": "paragraph", "body": "paragraph", "figcaption": "paragraph", "hl2": "heading",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "li": "list", "dd": "list", "dt": "list", "table": "table",
}  # fmt: skip
_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "head"})
_CELLS = frozenset({"td", "th"})


def blocks_of(html: str) -> tuple[str, list[Block]]:
    """The text of an HTML body, its blocks parted by blank lines, and what each block is.

    Args:
        html: a whole body or a fragment, well-formed or not; text outside any element counts too.
    """
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.end_block()
    return parser.text(), parser.blocks


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._open: list[str] = []
        self._kinds: list[Kind] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class's
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "br" or (tag == "tr" and self._in_table):
            self._open.append("\n")
        elif tag in _CELLS and self._in_table:
            self._open.append("\t")
        elif tag in _KINDS and not self._in_table:
            self.end_block()
            self._kinds.append(_KINDS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _KINDS and (not self._in_table or tag == "table"):
            self.end_block()
            if self._kinds:
                self._kinds.pop()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._open.append(data)

    @property
    def _in_table(self) -> bool:
        return bool(self._kinds) and self._kinds[-1] == "table"

    def end_block(self) -> None:
        table = self._in_table
        lines = ("".join(self._open)).split("\n") if table else " ".join("".join(self._open).split()).splitlines()
        text = "\n".join("\t".join(cell.strip() for cell in line.strip().split("\t")) for line in lines if line.strip())
        self._open = []
        if not text:
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        kind = self._kinds[-1] if self._kinds else "paragraph"
        self.blocks.append(Block(kind=kind, start=self._length, end=self._length + len(text)))
        self._parts.append(text)
        self._length += len(text)

    def text(self) -> str:
        return "".join(self._parts)
