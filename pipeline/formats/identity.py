"""Identity for items that have none of their own: the same item, read again, gets the same uri."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from pipeline.article import Article

_WORD = re.compile(r"[^\W_]+")


def content_uri(text: str) -> str:
    """A uri made of an item's words: spacing, punctuation and case don't count, nor where it came from."""
    words = " ".join(_WORD.findall(text.casefold()))
    return f"urn:wire:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def sequence_uri(provider: str, service: str, number: str, day: date) -> str:
    """A uri made of what a message without identity counts by: its number in its service on its day.

    Nothing of the story is in it, so that a later message that names the number means the same uri.
    """
    counted = "|".join((provider.casefold(), service.casefold(), number.lstrip("0") or "0", day.isoformat()))
    return f"urn:wire:{hashlib.sha256(counted.encode()).hexdigest()[:32]}"


def with_content_hash(article: Article) -> Article:
    """The article as read, marked with the hash of its content; where and when it came in is no part of that."""
    said = article.model_dump_json(by_alias=True, exclude_defaults=True, exclude={"ingest"})
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return article.model_copy(update={"ingest": article.ingest.model_copy(update={"content_hash": digest})})
