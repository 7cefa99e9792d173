"""The copy in a message's envelope: which lines stand above the text, which of them is the headline.

Two customs are known. ANPA copy opens each line above the text with ``^`` and closes it with ``<`` or ``=``. dpa,
Kyodo and others close the last of these lines with ``=`` or ``+``. The lines that are no headline (slug, lead,
note, byline) become the first blocks: cleaning knows what they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from pydantic import ValidationError

from pipeline.article import Article, Block, Headline, Ingest, Removal, Subject, Wire, problems
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri
from pipeline.formats.layout import Offsets, lines_of, paragraphs_of
from pipeline.headers import Hints

MOST_ABOVE = 14
"""Lines that may stand above the text."""

_MOST_ABOVE_TABLE = 2
"""Slug and headline: in tables the rows carry the same marks."""

_LONGEST_ABOVE = 200
_HEADLINE_MOST = 180
_ABSTRACT_LEAST = 120
_OPENING = re.compile(r"[\^ \t]*(?:\*\d{1,6}<[ \t]*\^)?")
_CLOSING = "<=+ \t\r\n\v\f\u00a0"

SLUG = re.compile(
    r"(?:BC|(?:AM|PM|AP)s?(?=-(?:[A-Z]{2,3}-)?-|.*, ?\d))-\S|\S+(?: \S+){0,4}, ?\d{2,5}$|"
    r"[^.]{2,60}(?:[, -]\d{1,2}(?:st|nd|rd|th) (?:Ld|Lead)\b|Writethru\b|, ?(?:Adv\d+|Advisory|Budget)\b)|"
    r"[A-Z]{3,}(?:-[A-Z]{3,}){1,4}$|[\w./-]+/$|[^\W\d_][\w'-]*(?:-[\w']+)+,\S*$"
)
"""A line that names the story: `BC-Skarland-Boats, 2nd Ld-Writethru,118`, `Germany/Politics/`, `Skarland-vote,lead`."""

BYLINE = re.compile(r"(?:By|BY|Von|VON|Par|Por|Da|De|Door|Av|Af)\s+[^\W\d_]")
_GOES_ON = re.compile(r"(?:,|\b(?:and|und|et|y|&))$")
_NOTE = re.compile(
    r"\((?=.*\)$)|\[(?=.*\]$)|\(?Eds?\b\.?:|(?:EDITORS?\b|ATTENTION|NOTE TO EDITORS|With|Achtung)\b", re.IGNORECASE
)
_BRACKET_OPENS = re.compile(r"\([^()]*$")
_OTHER = re.compile(
    r"(?:STRICTLY |SOUS |NICHT )?(?:EMBARGO|SPERRFRIST|HOLD FOR|NOT FOR)|Utl\.:|Sub-?head:", re.IGNORECASE
)
"""Embargoes, lines below the headline."""

_GENRE = re.compile(
    r"(?:Zusammenfassung|Überblick|Hintergrund|Porträt|Chronologie|Dokumentation|Extra|KORR|Korr\.?-Bericht|Interview|"
    r"Reportage|Feature|Analyse|Kommentar|Presseschau|Stichwort|Tabelle|Vorschau|Terminüberblick|Eil|Blitz)\b"
    r"(?:[ :]*\d{4})?(?: Uhr)?(?: - .*)?$"
)
_BEGINS = re.compile(r"[^.]{2,70}\([\w/ .-]{2,30}\)\s*[-–—_=:]*\s")
"""A dateline, as far as it matters here."""

_TAG_MOST = 40


@dataclass(slots=True)
class Copy:
    """What stands in an envelope, by offsets: the headline's lines, and the blocks, those above the text first."""

    headline: str | None = None
    headline_at: list[Offsets] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    marked: bool = False
    genres: list[str] = field(default_factory=list)
    abstracts: list[str] = field(default_factory=list)


def copy_of(text: str, start: int, end: int, *, tabular: bool = False) -> Copy:
    """The copy in ``text[start:end]``.

    Args:
        text: of the message.
        start: where its text begins.
        end: where it ends.
        tabular: each line is a row of a table.
    """
    copy = Copy()
    lines = lines_of(text, start, end)
    above, copy.marked = _marked(text, lines[:_MOST_ABOVE_TABLE] if tabular else lines)
    if not copy.marked:
        above = _closed(text, lines) or _headline_line(text, lines)
    position = above[-1][1] if above else start
    bare = [bare for line in above if (bare := _bare(text, line))]
    chosen = _headline(text, bare, joined=not copy.marked)
    body = _rows(text, position, end) if tabular else _paragraphs(text, position, end, marked=copy.marked)
    if not chosen and (number := _headline_below(text, body)) is not None:
        chosen = [body.pop(number)]
    copy.headline_at = chosen
    copy.headline = " ".join(" ".join(text[slice(*one)].split()) for one in chosen) or None
    genres = [line for line in bare if _GENRE.match(_unbracketed(text[slice(*line)])) and line not in chosen]
    copy.genres = [_unbracketed(text[slice(*line)]) for line in genres]
    abstracts = [line for line in bare if copy.marked and body and line not in chosen and _is_abstract(text, line)]
    copy.abstracts = [" ".join(text[slice(*line)].split()) for line in abstracts]
    rest = _bylines_joined(text, [line for line in bare if line not in [*chosen, *genres, *abstracts]])
    copy.blocks = [Block(kind="paragraph", start=a, end=b) for a, b in rest]
    copy.blocks += [Block(kind="table" if tabular else "paragraph", start=a, end=b) for a, b in body]
    return copy


def _is_abstract(text: str, line: Offsets) -> bool:
    """Associated Press sends the first sentences once more above the text."""
    first, last = line
    return last - first > _ABSTRACT_LEAST and not _NOTE.match(text, first, last) and not BYLINE.match(text, first, last)


def _marked(text: str, lines: list[Offsets]) -> tuple[list[Offsets], bool]:
    """The lines above ANPA copy: from ``^`` to ``<`` or ``=``, over several lines of the transmission."""
    above: list[Offsets] = []
    opened = False
    for first, last in lines[:MOST_ABOVE]:
        line = text[first:last]
        begins = line.startswith("^") or (not above and line.endswith("<"))
        if not begins and not opened and not (above and line.endswith(("=", "<")) and last - first < _TAG_MOST):
            break
        above.append((above.pop()[0] if opened and not begins else first, last))
        opened = not line.endswith(("<", "=", "^"))
    return above, any(text.startswith("^", first) or text[last - 1] == "<" for first, last in above)


def _closed(text: str, lines: list[Offsets]) -> list[Offsets]:
    """The lines above dpa's copy: to the one that ends in ``=``, and bylines that do so too."""
    for number, (first, last) in enumerate(lines[:MOST_ABOVE]):
        if last - first > _LONGEST_ABOVE:
            return []
        if text[last - 1] in "=+":
            more = takewhile(lambda line: text[line[1] - 1] == "=" and line[1] - line[0] < 80, lines[number + 1 :])
            return [*lines[: number + 1], *more]
    return []


def _headline_line(text: str, lines: list[Offsets]) -> list[Offsets]:
    """A first line that is no part of a paragraph: what follows it is set apart, a byline or a dateline."""
    if len(lines) < 2:
        return []
    (first, last), (after, end) = lines[:2]
    line, below = text[first:last], text[after:end]
    between = text[last:after]
    apart = (
        between.count("\n") > 1 or re.search(r"(?: {2}|\t)$", between) or BYLINE.match(below) or _BEGINS.match(below)
    )
    is_headline = len(line) <= _HEADLINE_MOST and not line.endswith((".", ",", ";")) and not _BEGINS.match(line)
    return [(first, last)] if apart and is_headline and _roles([line]) == ["plain"] else []


def _bare(text: str, line: Offsets) -> Offsets | None:
    first, last = line
    inner = text[first:last].rstrip(_CLOSING)
    opening = _OPENING.match(inner)
    opened = opening.end() if opening else 0
    return (first + opened, first + len(inner)) if inner[opened:] else None


def _headline(text: str, above: list[Offsets], *, joined: bool) -> list[Offsets]:
    """The lines of the headline: the first that say nothing else, together where a system wraps them."""
    written = [text[slice(*line)].replace("\x07", "").strip() for line in above]
    roles = _roles(written)
    plain = [number for number, role in enumerate(roles) if role == "plain"]
    if not plain:
        plain = [number for number, role in enumerate(roles) if role == "shouted"][-1:]
    if not plain:
        return []
    last = plain[0] + 1
    while joined and last in plain:
        last += 1
    return above[plain[0] : last]


def _roles(lines: list[str]) -> list[str]:
    """What each line above the text is; after the byline only whom the reporter writes for."""
    roles: list[str] = []
    inside_note = False
    for line in lines:
        if "byline" in roles:
            role = "byline"
        elif _GENRE.match(_unbracketed(line)):
            role = "other"
        elif inside_note or _NOTE.match(line) or _BRACKET_OPENS.match(line):
            role = "note"
            inside_note = not line.endswith(")") and (inside_note or bool(_BRACKET_OPENS.match(line)))
        elif len(line) > _LONGEST_ABOVE:
            role = "plain"
        elif BYLINE.match(line) and roles:
            role = "byline"
        elif _OTHER.match(line) or (SLUG.match(line) and "plain" not in roles):
            role = "other"
        else:
            role = "shouted" if line.isupper() and len(line) <= _TAG_MOST else "plain"
        roles.append(role)
    return roles


def _unbracketed(line: str) -> str:
    return line[1:-1] if line.startswith("(") and line.endswith(")") else line


def _bylines_joined(text: str, lines: list[Offsets]) -> list[Offsets]:
    """Lines, with a byline that goes on in the next line put together."""
    joined: list[Offsets] = []
    for first, last in lines:
        if joined and BYLINE.match(text, *joined[-1]) and _GOES_ON.search(text[slice(*joined[-1])]):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _paragraphs(text: str, start: int, end: int, *, marked: bool) -> list[Offsets]:
    paragraphs = paragraphs_of(text, start, end)
    if not marked:
        return paragraphs
    # Within the text the marks stand on lines of their own: rows, subheads, what the editor adds.
    pieces = [
        piece
        for first, last in paragraphs
        for piece in (lines_of(text, first, last) if "^" in text[first:last] else [(first, last)])
    ]
    return [bare for piece in pieces if (bare := _bare(text, piece))]


def _rows(text: str, start: int, end: int) -> list[Offsets]:
    return [bare for line in lines_of(text, start, end) if (bare := _bare(text, line))]


def _headline_below(text: str, body: list[Offsets]) -> int | None:
    """Which paragraph is the headline, where nothing but its place tells; slugs and notes may stand above it."""
    written = [text[slice(*one)] for one in body[:MOST_ABOVE]]
    number = next((n for n, role in enumerate(_roles(written)) if role in {"plain", "shouted"}), None)
    if number is None or number + 1 >= len(body):
        return None
    line = written[number]
    longest = max(last - first for first, last in body[number + 1 :])
    ends = line.endswith((".", ",", ";")) or "\n" in line or re.search(r"\)\s*[-–—_]", line)
    return number if len(line) <= _HEADLINE_MOST and not ends and len(line) < longest else None


def not_in(text: str, read: list[Offsets], rule: str) -> list[Removal]:
    """Removals for all of a message that is neither headline nor block: its header, its end, its marks."""
    removals = []
    position = 0
    for first, last in [*sorted(read), (len(text), len(text))]:
        gap = text[position:first]
        if bare := gap.strip():
            begins = position + gap.index(bare)
            removals.append(Removal(rule=rule, start=begins, end=begins + len(bare), text=bare))
        position = max(position, last)
    return removals


def article_of(
    copy: Copy, fields: dict[str, Any], wire: dict[str, Any], item: Decoded, hints: Hints, *, rule: str
) -> Article:
    """The canonical article of a message.

    Args:
        copy: what stands in its envelope.
        fields: what the envelope says, by the names of the article; a uri is made of the words if it is missing.
        wire: the same for the fields under ``wire``.
        item: the message.
        hints: what is known of it beside its bytes.
        rule: the name under which the envelope is noted in ``wire.cleaning``.

    Raises:
        Poison: ``not-an-article`` if there are no words in it.
    """
    text = item.text
    read = [*copy.headline_at, *((block.start, block.end) for block in copy.blocks)]
    words = "\n\n".join(text[first:last] for first, last in read)
    if not any(map(str.isalnum, words)):
        raise Poison("the message has no words", "ask its sender for a whole copy", cause="not-an-article")
    provider = hints.provider or wire.get("provider")
    try:
        return Article.model_validate(
            {"uri": content_uri(words), "pub_status": "usable"}
            | {name: value for name, value in fields.items() if value not in (None, [], "")}
            | {
                "headlines": [Headline(value=copy.headline)] if copy.headline else [],
                "genres": [Subject(name=name, creator="provider") for name in copy.genres],
                **({"descriptions": [{"value": one} for one in copy.abstracts]} if copy.abstracts else {}),
                "text": text,
                "body": copy.blocks,
                "wire": Wire(
                    **{**wire, "provider": provider, "cleaning": not_in(text, read, rule)},
                    warnings=[item.warning] if item.warning else [],
                ),
                "ingest": Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
            }
        )
    except ValidationError as invalid:
        raise Poison(problems(invalid), "ask its sender for a whole copy", cause="wrong-type") from invalid


_CATEGORIES = {
    "a": "National", "b": "Special events", "d": "Lifestyle", "e": "Entertainment", "f": "Financial",
    "i": "International", "k": "Commentary", "l": "Lifestyle", "n": "State and regional", "o": "Weather",
    "p": "Politics", "q": "Sports scores", "s": "Sports", "t": "Travel", "v": "Advisories", "w": "Washington",
    "pl": "Politik", "wi": "Wirtschaft", "sp": "Sport", "ku": "Kultur", "vm": "Vermischtes",
    "rs": "Redaktioneller Service",
}  # fmt: skip
"""Categories of ANPA 1312 and those of the German agencies."""


def category(written: str) -> Subject:
    """The category of a message as a subject, named where the letters are known."""
    name = _CATEGORIES.get(written.lower(), written)
    return Subject(uri=f"category:{written.lower()}", name=name, creator="provider")
