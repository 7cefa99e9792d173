"""What tells a reprint or a rewrite of an article from another article: a MinHash signature of its cleaned body.

The body is taken as the set of its shingles: all runs of three words within a paragraph, without case, accents, quote
marks and punctuation, so that neither a house's style nor the order of the paragraphs counts. What the share of common
shingles of two bodies is (the Jaccard index) is estimated by the share of equal values in their signatures (Broder, "On
the resemblance and containment of documents", 1997). Signatures are cut into bands; two bodies that are alike have a
band in common almost surely, by which an index finds one from the other (locality-sensitive hashing; Leskovec,
Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).

Pure, and made in worker processes.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Literal, Self

from pipeline.article import Article

PERMUTATIONS = 128
"""Values of a signature: the estimate of a share is off by 0.04 on average at worst."""

ROWS, BANDS = 2, 32
"""Values in a band, and bands: the first half of the values. Of two bodies with a third of their shingles in common 98
in 100 are found, with a fifth 73; of two that have one in a thousand in common 3 in 100,000."""

SHINGLE = 3
"""Words of a shingle."""

LEAST_WORDS, MOST_WORDS = 40, 5_000
"""Words of a body: with fewer it is too little to compare, and what comes after so many is left out."""

MOST_NUMBERS = 1 / 3
"""Share of numbers among the words of a body from which on it is a table: of prices, of results."""

LEAST_SHARE = 0.2
"""Share of all shingles that two bodies have in common, from which on one is made of the other."""

REPRINT_SHARE = 0.8
"""Share of the shorter one's shingles that the longer one has, from which on it is printed and not rewritten."""

Kind = Literal["reprint", "rewrite"]
_SEED = 1
_VALUE_BYTES = 2
_BAND_BYTES = ROWS * _VALUE_BYTES
_PROSE = frozenset({"paragraph", "list"})
_WORD = re.compile(r"[^\W_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """The MinHash of a body.

    Attributes:
        values: the lower 16 bits of each value, little endian.
        shingles: how many different shingles the body has.
    """

    values: bytes
    shingles: int

    @property
    def bands(self) -> tuple[str, ...]:
        """Its bands as terms for an index."""
        return _bands(self.values)

    @property
    def encoded(self) -> str:
        """Its values in base64."""
        return b64encode(self.values).decode()

    @classmethod
    def decoded(cls, values: str, shingles: int) -> Self:
        """Read what `encoded` wrote."""
        return cls(b64decode(values), shingles)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is known of an article's body, and when it was made.

    Attributes:
        created: seconds since 1970 at which it was first created, or else this version; or else it was received.
        received: seconds since 1970.
        content_hash: 16 hexadecimal digits of SHA-256 over its words, equal where nothing but marks, case and accents
            differ; None without words.
        signature: None of what can't be compared: short texts, tables, tests of the line.
    """

    created: int
    received: int
    content_hash: str | None = None
    signature: Signature | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """The fingerprint of a cleaned article."""
        received = article.ingest.received_at
        created = article.first_created or article.version_created or received
        paragraphs = list(_paragraphs(article))
        words = [word for paragraph in paragraphs for word in paragraph]
        return cls(
            created=int(created.timestamp()) if created.year > 1 else 0,
            received=int(received.timestamp()),
            content_hash=sha256(" ".join(words).encode()).hexdigest()[:16] if words else None,
            signature=_signature(paragraphs) if _is_comparable(article, words) else None,
        )


@lru_cache(maxsize=2048)
def _bands(values: bytes) -> tuple[str, ...]:
    starts = range(0, BANDS * _BAND_BYTES, _BAND_BYTES)
    return tuple(f"{band:x}.{values[at : at + _BAND_BYTES].hex()}" for band, at in enumerate(starts))


def share(one: Signature, other: Signature) -> float:
    """The share of shingles, of all that either body has, that both have; estimated, from 0 to 1."""
    values = zip(memoryview(one.values).cast("H"), memoryview(other.values).cast("H"), strict=True)
    return sum(a == b for a, b in values) / PERMUTATIONS


def kinship(one: Signature, other: Signature) -> Kind | None:
    """Whether one body is printed after the other, or written after it; None where it is neither. Symmetrical."""
    common = share(one, other)
    if common < LEAST_SHARE:
        return None
    both = common / (1 + common) * (one.shingles + other.shingles)
    return "reprint" if both >= REPRINT_SHARE * min(one.shingles, other.shingles) else "rewrite"


def _paragraphs(article: Article) -> Iterator[list[str]]:
    """The folded words of each paragraph of the body; of long bodies the first ones."""
    left = MOST_WORDS
    for block in article.body:
        if left and block.kind in _PROSE:
            words = _WORD.findall(_folded(article.text[block.start : block.end]))[:left]
            left -= len(words)
            if words:
                yield words


def _folded(text: str) -> str:
    return _NOT_ASCII.sub(_without_accents, text.casefold())


def _without_accents(run: re.Match[str]) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", run.group()) if not unicodedata.combining(c))


def _is_comparable(article: Article, words: list[str]) -> bool:
    if any(genre.name == "test or filler" for genre in article.genres):
        return False
    return len(words) >= LEAST_WORDS and sum(map(str.isdigit, words)) < MOST_NUMBERS * len(words)


def _signature(paragraphs: list[list[str]]) -> Signature:
    shingles = {shingle for words in paragraphs for shingle in _shingles(words)}
    minhash = _minhash()
    minhash.update_batch(shingles)
    return Signature(minhash.hashvalues.astype("<u2").tobytes(), len(shingles))


def _shingles(words: list[str]) -> Iterator[bytes]:
    """A paragraph that is shorter than a shingle is one by itself."""
    for at in range(max(1, len(words) - SHINGLE + 1)):
        yield " ".join(words[at : at + SHINGLE]).encode()


def _minhash() -> Any:
    minhash_class, permutations, scheme = _permutations()
    return minhash_class(PERMUTATIONS, hashfunc=zlib.crc32, permutations=permutations, scheme=scheme)


@cache
def _permutations() -> tuple[Any, Any, str]:
    # datasketch loads scipy, which takes a second: too long for those who only search.
    from datasketch import MinHash

    first = MinHash(PERMUTATIONS, seed=_SEED, hashfunc=zlib.crc32)
    return MinHash, first.permutations, first.scheme
