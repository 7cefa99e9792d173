"""Where the paragraphs of plain text are, whatever a system has done to its lines.

Blank lines part paragraphs. Where there are none, an indented line begins one if the lines around it are at
the margin; lines wrapped at a fixed width are put together, a short line that ends a sentence being the last
of its paragraph; else each line is a paragraph.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.errors import Poison

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c]+")
_LINE_FEED_GAP = re.compile(r"\n[ \t\u00a0]*\n")
_OTHER_END = re.compile(r"[\r\u2028\u2029\x0b\x0c]")
_GAP = re.compile(r"(?>(?<!\r)\r+\n|\r(?!\n)|\n)[ \t\u00a0]*(?:\r\n|\r|\n)")
_BARE_FEED = re.compile(r"(?<!\r)\n")
_INDENT = re.compile(r"(?: {1,8}\t?|\t)(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_COLUMNS = re.compile(r"\S(?: {3}|\t)[ \t]*+\S")
_ITEM = re.compile(r"(?:[*•‣▪◦–—-]|\d{1,3}[.)])\s|\|")
_SIGN_OFF = re.compile(
    r"[a-z]{2,5}(?:[ /][a-z][a-z0-9]{1,3}){1,7}$|==?[A-Z]|[A-Z]{2,8}-[A-Z]{2}-\d|[-_*#=]{3,}$|"
    r"(?:[A-Z]{2,8} )?\d{6} [A-Z]|"
    r"NNNN$|"
    r"\(?(?:MORE|ENDS?|more|ends?|FIN|END IT|Schluss|END)\)?\.?$|-30-$|Enditem$|endit$"
)
"""What desks and systems write below a text, on a line of its own though no blank line parts it."""

MOST_LINES = 50_000
"""Lines of one text; no article has that many."""

_WRAP_LEAST, _WRAP_MOST = 45, 100
_FULL = 0.8
"""How much of the width a line has to fill to be one that goes on."""

Offsets = tuple[int, int]
Line = tuple[int, int, bool]
"""Where a line begins and ends, and whether it is indented."""


def paragraphs_of(text: str, start: int = 0, end: int | None = None) -> list[Offsets]:
    """The offsets of the paragraphs within ``text[start:end]``, without the space around them.

    Raises:
        Poison: ``too-large``, there are more than `MOST_LINES`.
    """
    end = len(text) if end is None else end
    lines = text.count("\n", start, end)
    if lines > MOST_LINES:
        raise Poison(
            f"the text has {lines:,} lines, {MOST_LINES:,} are allowed",
            "ask its sender for smaller items",
            cause="too-large",
        )
    # Where lines end in CR LF and paragraphs in LF alone, the former is no more than the width of a teleprinter.
    soft = 0 < text.count("\n", start, end) - text.count("\r\n", start, end) < text.count("\r\n", start, end)
    gaps = _GAP if "\r" in text else _LINE_FEED_GAP
    blocks: list[Offsets] = []
    position = start
    for gap in [*gaps.finditer(text, start, end), None]:
        stop = gap.start() if gap else end
        blocks.extend(_between_feeds(text, position, stop) if soft else _within(text, position, stop))
        position = gap.end() if gap else stop
    return blocks


def lines_of(text: str, start: int, end: int) -> list[Offsets]:
    """The offsets of the lines that hold anything, without the space around them."""
    return [(first, last) for first, last, _ in _lines(text, start, end)]


def _lines(text: str, start: int, end: int) -> list[Line]:
    lines = []
    for line in _LINE.finditer(text, start, end):
        bare = line.group().strip()
        if bare:
            first = line.start() + line.group().index(bare)
            lines.append((first, first + len(bare), _INDENT.match(text, line.start(), end) is not None))
    return lines


def _between_feeds(text: str, start: int, end: int) -> list[Offsets]:
    """The paragraphs that bare line feeds part."""
    cuts = [start, *(found.end() for found in _BARE_FEED.finditer(text, start, end)), end]
    pieces = (lines_of(text, *piece) for piece in pairwise(cuts))
    return [(lines[0][0], lines[-1][1]) for lines in pieces if lines]


def _within(text: str, start: int, end: int) -> list[Offsets]:
    """The paragraphs between two gaps."""
    piece = text[start:end]
    if "\n" not in piece and (piece.isprintable() or not _OTHER_END.search(piece)):
        bare = piece.strip()
        first = start + piece.index(bare)
        return [(first, first + len(bare))] if bare else []
    lines = _lines(text, start, end)
    last = len(lines)
    while last > 1 and _SIGN_OFF.match(text[lines[last - 1][0] : lines[last - 1][1]]):
        last -= 1
    return [*_together(text, lines[:last]), *(line[:2] for line in lines[last:])]


def _together(text: str, lines: list[Line]) -> list[Offsets]:
    """The paragraphs that lines make."""
    written = [text[first:last] for first, last, _ in lines]
    if len(lines) < 2 or any(_COLUMNS.search(line) for line in written):
        return [(first, last) for first, last, _ in lines]
    items = [bool(_ITEM.match(line)) for line in written]
    if sum(items) > 1 or (items[0] and max(map(len, written)) <= _WRAP_MOST):
        return _items(lines, items, written)
    if len({indented for *_, indented in lines}) > 1 and max(map(len, written)) <= _WRAP_MOST:
        return _indented(lines)
    if _wrapped(written):
        return [(lines[0][0], lines[-1][1])]
    return _filled(lines, written)


def _indented(lines: list[Line]) -> list[Offsets]:
    """Paragraphs that begin with an indented line and go on at the margin while the lines are full."""
    blocks: list[Offsets] = []
    inside = False
    length = 0
    for first, last, indented in lines:
        if indented or not inside or length < _WRAP_LEAST:
            blocks.append((first, last))
        else:
            blocks[-1] = (blocks[-1][0], last)
        inside = inside or indented
        length = last - first
    return blocks


def _items(lines: list[Line], items: list[bool], written: list[str]) -> list[Offsets]:
    """The items of a list; a line in mid-sentence after a full one goes on with its item."""
    blocks: list[Offsets] = []
    before = 0
    for (first, last, _), is_item, line in zip(lines, items, written, strict=True):
        if blocks and not is_item and line[0].islower() and _WRAP_LEAST <= before <= _WRAP_MOST:
            blocks[-1] = (blocks[-1][0], last)
        else:
            blocks.append((first, last))
        before = len(line)
    return blocks


def _wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph, broken at a fixed width."""
    full = lines[:-1]
    return all(_WRAP_LEAST <= len(line) <= _WRAP_MOST for line in full) and any(
        not _SENTENCE_END.search(line) for line in full
    )


def _filled(lines: list[Line], written: list[str]) -> list[Offsets]:
    """Paragraphs of lines that fill one width, each ended by a shorter line that ends a sentence."""
    width = max(map(len, written))
    full = [len(line) >= _FULL * width for line in written]
    runs_on = sum(is_full and not _SENTENCE_END.search(line) for is_full, line in zip(full, written, strict=True))
    if not _WRAP_LEAST < width <= _WRAP_MOST or len(lines) < 4 or runs_on * 3 < len(lines):
        return [(first, last) for first, last, _ in lines]
    blocks: list[Offsets] = []
    goes_on = False
    for (first, last, _), is_full, line in zip(lines, full, written, strict=True):
        if goes_on:
            blocks[-1] = (blocks[-1][0], last)
        else:
            blocks.append((first, last))
        goes_on = is_full or (goes_on and not _SENTENCE_END.search(line))
    return blocks
