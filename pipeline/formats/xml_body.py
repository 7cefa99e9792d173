"""The content of an item, in NITF, XHTML or agencies' own markup, as text with blocks.

What stands in the body and is no text of the story is set apart: pictures become associations, notes to
editors, bylines and credits become fields, and what repeats the item's metadata (headline, slugline, time of
publication) is left out.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from pipeline.article import Association, Block
from pipeline.formats.layout import paragraphs_of
from pipeline.formats.markup import Blocks, blocks_of
from pipeline.formats.xml_document import Element, attribute, first_said, said

_RENAMED = {"mellis": "h2", "rubrik": "h1", "citat": "p", "ingress": "section", "brodtext": "section"}
"""Block elements of TTNITF, by the XHTML ones they stand for."""

_PICTURES = frozenset({"media", "figure", "img", "bild"})
_HEADINGS = frozenset({"h1", "h2", "h3", "hl1", "hl2"})
_REPEATS = frozenset({"slugline", "publicationdate", "genre", "embargoed", "dat"})
"""Classes of elements in which dpa and TT repeat their metadata."""

_NO_CLASSES: set[str] = set()

_EDITORS_NOTES = frozenset({"editorsnote", "hd"})
_MARKUP = re.compile(r"<(?:[pbiu]|br|div|span|h[1-6]|ul|ol|li|table|strong|em|a|html|body|pre)\b[^<>]*>", re.IGNORECASE)
_ESCAPED_TWICE = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
_BROKEN_BEFORE_PUNCTUATION = re.compile(r"^[^\S\n]*\n\s*(?=[,.;:!?)])")
"""Where a pretty-printer has put what follows an inline element on a line of its own."""

_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Body:
    """What an item's content holds: its text with blocks, and what else stood in it."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    by: str | None = None
    located: str | None = None
    dateline: str | None = None

    def lines(self, *, headings: bool = True) -> list[str]:
        """The text of each block, on one line."""
        kept = [block for block in self.blocks if headings or block.kind != "heading"]
        return [" ".join(self.text[block.start : block.end].split()) for block in kept]


def body_of(element: Element, headlines: list[str]) -> Body:
    """The content within an element.

    Args:
        element: it and all that is within it is content.
        headlines: headlines known from the metadata; a heading that repeats one is left out.
    """
    body = Body()
    reading = _Reading(body, {_words(headline) for headline in headlines})
    reading.read(element)
    body.text, body.blocks = reading.blocks.finished()
    return body


def body_of_text(text: str) -> Body:
    """The content of an element that holds characters only: HTML in a CDATA section, or plain text."""
    if _MARKUP.search(text):
        return Body(*blocks_of(text))
    blocks = [Block(kind="paragraph", start=start, end=end) for start, end in paragraphs_of(text)]
    return Body(text if blocks else "", blocks)


def content_of(element: Element, headlines: list[str]) -> Body:
    """The content of an element whichever way it is written in it: as elements or as characters."""
    if len(element):
        return body_of(element, headlines)
    return body_of_text(element.text or "")


def joined(bodies: list[Body]) -> Body:
    """Several contents as one, in their order."""
    whole = Body()
    for body in bodies:
        if body.text and whole.text:
            whole.text += "\n\n"
        shift = len(whole.text)
        whole.text += body.text
        whole.blocks += [Block(kind=b.kind, start=b.start + shift, end=b.end + shift) for b in body.blocks]
        whole.associations += body.associations
        whole.notes += body.notes
        whole.credits += body.credits
        whole.by = whole.by or body.by
        whole.located = whole.located or body.located
        whole.dateline = whole.dateline or body.dateline
    return whole


class _Reading:
    def __init__(self, body: Body, headlines: set[str]) -> None:
        self.blocks = Blocks()
        self._body = body
        self._headlines = headlines

    def read(self, element: Element) -> None:
        tag = _RENAMED.get(element.tag, element.tag)
        if self._set_apart(element, tag):
            return
        self.blocks.start(tag)
        self._data(element.text)
        for child in element:
            self.read(child)
            self._data(_BROKEN_BEFORE_PUNCTUATION.sub("", child.tail or ""))
        self.blocks.end(tag)

    def _data(self, text: str | None) -> None:
        if text:
            self.blocks.data(html.unescape(text) if _ESCAPED_TWICE.search(text) else text)

    def _set_apart(self, element: Element, tag: str) -> bool:
        """Whether the element is no text of the story; what it says is noted where it belongs."""
        stated = element.get("class")
        classes = set(stated.lower().split()) if stated else _NO_CLASSES
        if tag in _PICTURES:
            self._body.associations += [picture] if (picture := _picture(element)) else []
        elif tag == "byline" or "byline" in classes:
            self._body.by = self._body.by or said(element)
        elif tag == "note" and (element.get("noteclass") or "").lower() in _EDITORS_NOTES:
            self._body.notes += [note] if (note := said(element)) else []
        elif tag in {"tagline", "bibliography", "distributor"}:
            self._body.credits += [credit] if (credit := said(element)) else []
        elif tag == "dat":
            self._body.located = self._body.dateline = first_said(element, "ort")
        elif tag == "span" and "dateline" in classes:
            self._body.dateline = said(element)
            return False
        else:
            heading = tag in _HEADINGS and _words(said(element) or "") in self._headlines
            return heading or tag == "time" or not classes.isdisjoint(_REPEATS)
        return True


def _picture(element: Element) -> Association | None:
    """What a picture, video or graphic in a body shows and where it is."""
    caption = first_said(element, "media-caption", "figcaption", "bildtext")
    reference = element.find("media-reference")
    image = element if element.tag == "img" else element.find(".//img")
    uri = (
        attribute(reference, "source")
        or attribute(image, "data-uri")
        or attribute(image, "src")
        or first_said(element, "bildfil")
    )
    name = caption or attribute(image, "alt") or (uri if element.tag != "img" else None)
    kind = attribute(element, "media-type") or "picture"
    return Association(rel="picture" if kind in {"image", "photo"} else kind, name=name, uri=uri) if name else None


def _words(text: str) -> str:
    return _NOT_WORDS.sub("", text.casefold())
