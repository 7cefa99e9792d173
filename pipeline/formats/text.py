"""Plain text, as agencies send it and as people paste it.

The first line is the headline if it looks like one. A web address above it is kept as another
identifier only: pages of several articles share one.
Blank lines part paragraphs; where there are none, each line is one, unless the lines are wrapped
at a fixed width.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.article import AltId, Article, Block, Headline, Ingest, Wire
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri
from pipeline.headers import Hints

HEADLINE_MOST = 180
"""Characters of the longest line that is taken for a headline."""

_HEADLINE_UNDER_URL_MOST = 120
"""A saved web page often begins with its text, so a line there has to look more like a headline."""

_RTF = "{\\rtf"

_SHOUTED_NAME = re.compile(r"[A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){1,2}$")
"""A byline in capitals, which many papers put first."""

_NOTICE = re.compile(
    r"ZCZC\b|(?:STRICTLY )?EMBARGO(?:ED)?\b|HOLD FOR RELEASE|NOT FOR RELEASE|Eds?\.?:|ATTENTION EDITORS", re.IGNORECASE
)
"""What may stand above the headline: frames, embargoes, notes. They are left for cleaning to deal with."""

_URL = re.compile(r"https?://\S+$")
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c]+")
_GAP = re.compile(r"(?:\r\n|\r|\n)[ \t\u00a0]*(?:\r\n|\r|\n)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_DATELINE_HINT = re.compile(r"^[^.]{2,80}(?:\)| News| Kyodo)\s*[-–—_]+\s|^[^.]{2,60}\(\w[^)]{1,30}\)\s")
_WRAP_LEAST, _WRAP_MOST = 45, 100


def bid(_item: Decoded, hints: Hints) -> float:
    """Plain text takes what nobody else claims."""
    return 0.5 if hints.content_type == "text/plain" else 0.1


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """One article.

    Raises:
        Poison: there are no words in it.
    """
    text = item.text
    if text.startswith(_RTF):
        raise Poison("the item is RTF, not plain text", "save it as text, then feed it", cause="unsupported-format")
    blocks = paragraphs_of(text)
    if not any(any(c.isalnum() for c in text[start:end]) for start, end in blocks):
        raise Poison("the item has no words", "feed it again when its sender has finished it", cause="not-an-article")
    url = None
    if _URL.match(text[slice(*blocks[0])]) and len(blocks) > 1:
        url = text[slice(*blocks.pop(0))]
    most = _HEADLINE_UNDER_URL_MOST if url else HEADLINE_MOST
    first = next((n for n, block in enumerate(blocks) if not _NOTICE.match(text, *block)), 0)
    below = blocks[first:]
    headline = text[slice(*below[0])] if len(below) > 1 and _is_headline(text, below, most) else None
    body = blocks[:first] + (below[1:] if headline else below)
    article = Article(
        uri=content_uri(text[blocks[0][0] :]),
        pub_status="usable",
        headlines=[Headline(value=" ".join(headline.split()))] if headline else [],
        alt_ids=[AltId(role="web", value=url)] if url else [],
        body=[Block(kind="paragraph", start=start, end=end) for start, end in body],
        text=text,
        wire=Wire(
            format="text",
            provider=hints.provider or (_host(url) if url else None),
            warnings=[item.warning] if item.warning else [],
        ),
        ingest=Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
    )
    return [article]


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """The offsets of the paragraphs, without the space around them."""
    blocks: list[tuple[int, int]] = []
    position = 0
    for gap in [*_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        blocks.extend(_within(text, position, end))
        position = gap.end() if gap else end
    return blocks


def _within(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs between two gaps: all lines together if they are wrapped, else each line."""
    lines = []
    for line in _LINE.finditer(text, start, end):
        bare = line.group().strip()
        if bare:
            first = line.start() + line.group().index(bare)
            lines.append((first, first + len(bare)))
    if len(lines) > 1 and _wrapped([text[a:b] for a, b in lines]):
        return [(lines[0][0], lines[-1][1])]
    return lines


def _wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph, broken at a fixed width."""
    full = lines[:-1]
    if any(line.startswith(("* ", "- ", "• ", "|")) or "\t" in line or "   " in line for line in lines):
        return False
    return all(_WRAP_LEAST <= len(line) <= _WRAP_MOST for line in full) and any(
        not _SENTENCE_END.search(line) for line in full
    )


def _is_headline(text: str, blocks: list[tuple[int, int]], most: int) -> bool:
    line = text[slice(*blocks[0])]
    if _SHOUTED_NAME.match(line) or len(line) > most or "\n" in line or _DATELINE_HINT.match(line):
        return False
    longest = max(end - start for start, end in blocks[1:])
    return not line.endswith((".", ",", ";")) and len(line) < longest and any(c.isalpha() for c in line)


def _host(url: str) -> str | None:
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
