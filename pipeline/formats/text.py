"""Plain text, as agencies send it and as people paste it.

The first line is the headline if it looks like one; lines by which agencies name, count and rank a story may
stand above it, or a header of named fields. A web address above it is kept as another identifier only: pages
of several articles share one.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.article import AltId, Article, Block, Headline, Ingest, Removal, Wire
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri, sequence_uri
from pipeline.formats.layout import Offsets, paragraphs_of
from pipeline.formats.text_fields import article_fields, fields_of
from pipeline.headers import Hints

HEADLINE_MOST = 180
"""Characters of the longest line that is taken for a headline."""

_HEADLINE_UNDER_URL_MOST = 120
"""A saved web page often begins with its text, so a line there has to look more like a headline."""

_RTF = "{\\rtf"

_SHOUTED_NAME = re.compile(r"[A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){1,2}$")
"""A byline in capitals, which many papers put first."""

_NOTICE = re.compile(
    r"ZCZC\b|[\W_]*(?:(?:STRICTLY|SOUS|UNDER) )*EMBARGO(?:ED)?\b|SPERRFRIST\b|HOLD FOR RELEASE|NOT FOR RELEASE|"
    r"NOT FOR (?:PUBLICATION|USE) BEFORE|Eds?\.?:|ATTENTION EDITORS|NOTE TO EDITORS|EDITOR['’]S NOTE|"
    r"ATTENTION\s?[-–—:].*///",
    re.IGNORECASE,
)
"""What may stand above the headline: frames, embargoes, notes. They are left for cleaning to deal with."""

_LABEL = re.compile(
    r"[(\[*+\s]*(?:\d{1,2}(?:ST|ND|RD|TH)? )?(?:LEAD|LD|NET|URGENT|ALERT|NEWSALERT|FLASH|BULLETIN|SNAP|UPDATE|WRAP|"
    r"WRAPUP|ROUNDUP|RPT|REPEAT|CORRECTED|CORRECTION|REFILE|KILL|HOLD|EIL|BLITZ|URGENTE|ALERTE)"
    r"(?:[ -]\d| (?:KILL|HOLD|LEAD))*[)\]*+=\s]*$"
)
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]$")
_SLUG_AGENCY = re.compile(
    r"(?:BC|AM|PM|AP)s?-\S+.*,\s?\d{1,5}<?$|[^\W\d_][\w']*(?:-[\w']+)+,\S*$|[A-Z][\w'-]*(?:/[\w' -]+)+/$|"
    r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*/[A-Z0-9-]*(?: \([A-Z ,\d]+\))?$|"
    r"[^.]{2,60}, ?\d{1,2}(?:st|nd|rd|th) (?:Ld|Lead)\b[^.]*$"
)
"""Lines by which an agency names the story. The shapes are its own: two words with a hyphen are a headline too."""

_SENT = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}|"
    r"[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})(?:[,T ]+\d{1,2}[:.]\d\d.{0,20})?$|"
    r"\d{1,2}[:.]\d\d(?: ?[A-Z]{3,4})?$|(?:[A-Z]{2,6} )?\d{6} [A-Z]{3}.{0,12}$"
)

_URL = re.compile(r"https?://\S+$")
_DATELINE_HINT = re.compile(r"^[^.]{2,80}(?:\)| News| Kyodo)\s*[-–—_]+\s|^[^.]{2,60}\(\w[^)]{1,30}\)\s")


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
    given = fields_of(text)
    start = given.at[-1][1] if given.at else 0
    blocks = paragraphs_of(text, start)
    if not any(any(c.isalnum() for c in text[first:last]) for first, last in [*given.at, *blocks]):
        raise Poison("the item has no words", "feed it again when its sender has finished it", cause="not-an-article")
    url = None
    if blocks and _URL.match(text[slice(*blocks[0])]) and len(blocks) > 1:
        url = text[slice(*blocks.pop(0))]
    headline, body = _headline(text, blocks, given.said.get("headline"), under_url=url is not None)
    warnings = [item.warning] if item.warning else []
    fields = article_fields(given.said, warnings)
    article = Article.model_validate(
        {
            "uri": _identity(text[blocks[0][0] :] if blocks else "", given.said, fields.get("version_created")),
            "pub_status": "usable",
            "headlines": [Headline(value=" ".join(headline.split()))] if headline else [],
            "alt_ids": [AltId(role="web", value=url)] if url else [],
            **fields,
            "body": [Block(kind="paragraph", start=first, end=last) for first, last in body],
            "text": text,
            "wire": Wire(
                format="text",
                provider=hints.provider or given.said.get("provider") or (_host(url) if url else None),
                service=given.said.get("service"),
                sequence=given.said.get("sequence"),
                priority_raw=given.said.get("urgency"),
                cleaning=[_field(text, at) for at in given.at],
                warnings=warnings,
            ),
            "ingest": Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
        }
    )
    return [article]


def _identity(words: str, said: dict[str, str], sent: datetime | None) -> str:
    if sent and "provider" in said and "sequence" in said:
        return sequence_uri(said["provider"], said.get("service", ""), said["sequence"], sent.date())
    return content_uri(f"{said.get('headline', '')}\n\n{words}")


def _headline(
    text: str, blocks: list[Offsets], stated: str | None, *, under_url: bool
) -> tuple[str | None, list[Offsets]]:
    """The headline, and the blocks without it."""
    if stated:
        return stated, blocks
    most = _HEADLINE_UNDER_URL_MOST if under_url else HEADLINE_MOST
    first = next((n for n, block in enumerate(blocks) if not _is_above(text[slice(*block)])), 0)
    below = blocks[first:]
    if len(below) > 1 and _is_headline(text, below, most):
        return text[slice(*below[0])], blocks[:first] + below[1:]
    return None, blocks


def _is_above(line: str) -> bool:
    """Whether a line may stand above the headline."""
    if _NOTICE.match(line):
        return True
    shapes = (_LABEL, _BRACKETED, _SLUG_AGENCY, _SENT)
    return len(line) <= HEADLINE_MOST and any(shape.match(line) for shape in shapes)


def _field(text: str, at: Offsets) -> Removal:
    return Removal(rule="field", start=at[0], end=at[1], text=text[slice(*at)])


def _is_headline(text: str, blocks: list[tuple[int, int]], most: int) -> bool:
    line = text[slice(*blocks[0])]
    if _SHOUTED_NAME.match(line) or len(line) > most or "\n" in line or _DATELINE_HINT.match(line):
        return False
    longest = max(end - start for start, end in blocks[1:])
    return not line.endswith((".", ",", ";")) and len(line) < longest and any(c.isalpha() for c in line)


def _host(url: str) -> str | None:
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
