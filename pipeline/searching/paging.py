"""Cursors: where a hit stands among all that a question finds, so that the next page begins after it.

Nothing is kept on the server, so a cursor is good for as long as anybody likes. What comes in meanwhile moves no page:
articles are in a strict order (by score, then time, then uri), and a page begins behind the last one's place in it, not
behind a number of articles. A cursor keeps the moment of the first page, because newness is a part of the score.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from pipeline.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place among hits.

    Attributes:
        question: what was asked, in any one form.
        moment: when the first page was asked for (ISO 8601).
        values: the sort values of the hit.
    """

    question: str
    moment: str
    values: tuple[float | str | None, ...]


def written(cursor: Cursor) -> str:
    """A cursor in letters, digits, ``-`` and ``_``."""
    parts = json.dumps([_digest(cursor.question), cursor.moment, *cursor.values], separators=(",", ":"))
    return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")


def read(said: str, question: str) -> Cursor:
    """A cursor of a question, as it was written.

    Raises:
        Misconfigured: it is no cursor, or one of another question.
    """
    try:
        digest, moment, *values = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (ValueError, TypeError):
        raise Misconfigured("that is no cursor", "`wire search` prints one under each full page") from None
    if digest != _digest(question):
        raise Misconfigured("that cursor is of another search", "repeat the search it was printed under, word for word")
    return Cursor(question, moment, tuple(values))


def _digest(question: str) -> int:
    return zlib.crc32(question.encode())
