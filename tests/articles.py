"""Small articles for tests, by their text."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.article import Article
from pipeline.cleaning import clean
from pipeline.formats import read
from pipeline.headers import Hints

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HINTS = Hints("feeds/test/item", RECEIVED)


def read_one(text: str | bytes) -> Article:
    """The one article of an item."""
    data = text.encode() if isinstance(text, str) else text
    (article,) = read(data, HINTS)
    assert isinstance(article, Article)
    return article


def cleaned(text: str | bytes) -> Article:
    """The one article of an item, cleaned."""
    return clean(read_one(text))


def blocks(article: Article) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind, article.text[block.start : block.end]) for block in article.body]
