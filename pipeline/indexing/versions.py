"""One number for each version of a story, so that the same one wins in whatever order they come.

Elasticsearch's external version is a signed 64-bit integer. From high to low it holds

    20 bits   the provider's version, where it is a whole number
    33 bits   when this version was created, in seconds since 1970 (until the year 2242)
    10 bits   of a hash of the content

A later revision wins; of equal revisions the later one; of two copies that say the same of themselves
and differ, always the same one but for a chance of 1 in 1,024. Kafka's offsets are no part of it: a
replay changes them. Nor is what cleaning made of the copy: its rules change between replays.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from pipeline.article import Article

REVISION_BITS, SECONDS_BITS, HASH_BITS = 20, 33, 10


def external_version(article: Article) -> int:
    """The version of an article as Elasticsearch compares it, from 0 to 2^63 - 1."""
    revision = _whole_number(article.version or "")
    moment = article.version_created or article.first_created
    seconds = _seconds(moment) if moment else 0
    number = _within(revision, REVISION_BITS)
    number = number << SECONDS_BITS | _within(seconds, SECONDS_BITS)
    return number << HASH_BITS | _content_hash(article)


def _seconds(moment: datetime) -> int:
    try:
        return int(moment.timestamp())
    except (ValueError, OverflowError):  # the year 1, in no zone
        return 0


def _within(value: int, bits: int) -> int:
    return max(0, min(value, (1 << bits) - 1))


def _whole_number(version: str) -> int:
    """0 where it is none; the largest there is where it has more digits than any revision."""
    if not version.isdecimal():
        return 0
    digits = version.lstrip("0") or "0"
    return int(digits) if len(digits) <= 9 else 1 << REVISION_BITS


def _content_hash(article: Article) -> int:
    if found := article.ingest.content_hash:
        digest = found.encode()
    else:
        digest = article.model_dump_json(by_alias=True, exclude_defaults=True, exclude={"enrich", "ingest"}).encode()
    return int.from_bytes(hashlib.sha256(digest).digest()[:4], "big") >> (32 - HASH_BITS)
