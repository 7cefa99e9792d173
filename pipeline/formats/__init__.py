"""Reading: bytes to articles. Each format bids on the text; the best bid reads it.

To add a format, write its reader (`bid` and `read`, see `ninjs` or `text`) and name it in `READERS`.
What a reader returns as an article's ``text`` is the *raw text*: all that the item says, before
cleaning; ``body`` names the blocks the format itself marks. The offsets of ``wire.cleaning`` point
into this raw text.
"""

from __future__ import annotations

from typing import Protocol

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import (
    anpa,
    html,
    iptc7901,
    newsml_1_2,
    newsml_g2,
    ninjs,
    nitf,
    other_xml,
    press_release,
    ritzau,
    rss,
    telex,
    text,
)
from pipeline.formats.decoding import Decoded, decode
from pipeline.formats.identity import with_content_hash
from pipeline.formats.transmission import messages_of
from pipeline.headers import Hints

Reading = Article | Poison
"""One article of an item, or why that part of the item is none."""


class Reader(Protocol):
    """A format."""

    def bid(self, item: Decoded, hints: Hints) -> float:
        """How sure the format is that the item is its own, from 0 to 1."""

    def read(self, item: Decoded, hints: Hints) -> list[Reading]:
        """The item's articles; raises Poison where the whole item is bad."""


READERS: tuple[Reader, ...] = (
    ninjs, newsml_g2, newsml_1_2, nitf, ritzau, press_release, rss, html, other_xml, iptc7901, anpa, telex, text,
)  # fmt: skip

DEFAULT_MAX_ITEM_BYTES = 10_000_000

MOST_BLOCKS = 10_000
"""Paragraphs, headings and rows of one article; the longest tables of results have a few thousand."""


def read(data: bytes, hints: Hints, *, max_item_bytes: int = DEFAULT_MAX_ITEM_BYTES) -> list[Reading]:
    """Read an item.

    Args:
        data: its bytes, as they came.
        hints: what is known of it beside them.
        max_item_bytes: a larger item is refused.

    Returns:
        Its articles, not yet cleaned; a bad one among several is a `Poison` in its place. A transmission of
        several messages is read message by message.

    Raises:
        Poison: the item as a whole can't be read; the cause is one of ``empty``, ``too-large``,
            ``binary``, ``invalid-encoding``, ``malformed-json``, ``malformed-xml``, ``xml-entities``,
            ``too-deep``, ``not-an-article``, ``no-identity``, ``partial-update``, ``wrong-type``.
    """
    if len(data) > max_item_bytes:
        raise Poison(
            f"the item has {len(data):,} bytes, {max_item_bytes:,} are allowed",
            "raise feeding.max_item_bytes if it is an article",
            cause="too-large",
        )
    messages = messages_of(data)
    if len(messages) == 1:
        return _readings(messages[0], hints)
    readings: list[Reading] = []
    for number, message in enumerate(messages):
        try:
            readings += _readings(message, hints)
        except Poison as poison:
            readings.append(Poison(f"message {number}: {poison.what}", poison.todo, cause=poison.cause))
    return readings


def _readings(message: bytes, hints: Hints) -> list[Reading]:
    item = decode(message)
    best = max(READERS, key=lambda reader: reader.bid(item, hints))
    readings = [one if isinstance(one, Poison) else _bounded(one) for one in best.read(item, hints)]
    if len(readings) == 1 and isinstance(readings[0], Poison):
        raise readings[0]
    return readings


def _bounded(article: Article) -> Reading:
    if len(article.body) > MOST_BLOCKS:
        return Poison(
            f"the article has {len(article.body):,} blocks, {MOST_BLOCKS:,} are allowed",
            "ask its sender for smaller items",
            cause="too-large",
        )
    return with_content_hash(article)
