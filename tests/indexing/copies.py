"""Invented copy that others print and rewrite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.article import Article
from tests.indexing.stories import version

MORNING = datetime(2026, 3, 30, 6, tzinfo=UTC)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n")]


FERRY = _paragraphs(
    """
    The last ferry between Port Arden and the island of Skell was taken out of service on Monday after inspectors
    found cracks in its hull, the harbour authority said, leaving 1,400 islanders without a link to the mainland.

    “Nobody is in danger, but nobody is going anywhere either,” said harbour master Ada Lamont. She expected the
    repairs at the Kestrel yard to take at least three weeks.

    The government in Tessika has promised to charter a catamaran by Thursday. Schools on Skell will be closed until
    then, and the hospital is to be supplied by helicopter.

    The Skellmere, built in 1981, has carried passengers for longer than any other ship on this coast.
    """
)
_ANEW = _paragraphs(
    """
    Skell is cut off. Its only ship failed a safety check at dawn and will be in dock for weeks, to the anger of a
    community that had warned of it since the autumn.

    Fishermen offered to take people across for nothing, until the coast guard reminded them of the law.
    """
)
REWRITTEN = [_ANEW[0], *FERRY[1:3], _ANEW[1]]
CHESS = _paragraphs(
    """
    Bruno Lamont won the chess tournament of Tessika for the third time in a row on Sunday, although he gave away
    his queen in the last game against Petra Lamontov.

    “I thought it was over, and then I saw the knight,” he told reporters in the old town hall, where some 600
    people had followed the final move by move on a screen.

    Lamontov, who had led the field for eight days, left without a word. She remains the highest ranked player of
    her country, ahead of Lamont by eleven points.
    """
)


def copy(uri: str, paragraphs: list[str], number: str = "1", hours: float = 0.0, **said: Any) -> Article:
    """A version of an article, first created so many hours after the morning of 30 March 2026."""
    text = "\n\n".join(paragraphs)
    starts = [sum(len(one) + 2 for one in paragraphs[:at]) for at in range(len(paragraphs))]
    body = [{"kind": "paragraph", "start": s, "end": s + len(one)} for s, one in zip(starts, paragraphs, strict=True)]
    made = {"text": text, "body": body, "first_created": MORNING + timedelta(hours=hours)}
    return version(uri, number, **(made | said))


def elsewhere(paragraphs: list[str], where: str) -> list[str]:
    """The same copy in words of which none is the same: what happens in one test is no news in another."""
    return [" ".join(f"{word}{where}" for word in one.split()) for one in paragraphs]
