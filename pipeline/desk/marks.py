"""An article's text in pieces, each with all that was found there: who is meant, what is quoted, what is a cue."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.article import Article, Entity, Mention, Stance

KINDS = ("person", "org", "gpe", "loc", "fac", "norp", "event", "product", "money", "misc")
"""Types of entities that have a look of their own, as classes of the style sheet."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found from ``start`` to ``end``, in characters of the text.

    Attributes:
        look: classes of the style sheet.
        said: what it is, in words.
        statement: the number of the statement whose cue it is; 0 of anything else.
        entity: whether it names somebody; of several in one place only the last is shown.
    """

    start: int
    end: int
    look: str
    said: str = ""
    statement: int = 0
    entity: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is marked alike."""

    text: str
    look: str = ""
    said: str = ""
    statement: int = 0


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A block of the body; ``kind`` is paragraph, heading, list or table."""

    kind: str
    pieces: Sequence[Piece]


def marked_blocks(article: Article) -> list[MarkedBlock]:
    """The blocks of an article's body; together the pieces of a block are its text."""
    if not article.text:
        return []
    bounds = [bound for block in article.body for bound in (block.start, block.end)]
    starts, pieces = zip(*_pieces(article.text, [*_marks(article)], bounds), strict=True)
    return [
        MarkedBlock(block.kind, pieces[bisect_left(starts, block.start) : bisect_left(starts, block.end)])
        for block in article.body
    ]


def in_order(stances: Sequence[Stance]) -> list[Stance]:
    """Statements in the order of the text, in which they are numbered from 1."""
    return sorted(stances, key=lambda s: (s.evidence.start, s.cue.start if s.cue else 0))


def _pieces(text: str, marks: Sequence[Mark], bounds: Sequence[int]) -> Iterator[tuple[int, Piece]]:
    """All of the text by where each piece begins; no piece runs over a bound."""
    begin: defaultdict[int, set[int]] = defaultdict(set)
    end: defaultdict[int, set[int]] = defaultdict(set)
    for number, mark in enumerate(marks):
        if 0 <= mark.start < mark.end <= len(text):
            begin[mark.start].add(number)
            end[mark.end].add(number)
    inside = {bound for bound in bounds if 0 < bound < len(text)}
    here: set[int] = set()
    for start, stop in pairwise(sorted({0, len(text), *begin, *end, *inside})):
        here = (here - end[start]) | begin[start]
        yield start, _piece(text[start:stop], [marks[number] for number in sorted(here)])


def _piece(text: str, marks: Sequence[Mark]) -> Piece:
    named = [mark for mark in marks if mark.entity][-1:]
    shown = [mark for mark in marks if not mark.entity or mark in named]
    looks = dict.fromkeys(look for mark in shown for look in mark.look.split())
    said = dict.fromkeys(mark.said for mark in shown if mark.said)
    return Piece(text, " ".join(looks), "; ".join(said), max((mark.statement for mark in shown), default=0))


def _marks(article: Article) -> Iterator[Mark]:
    """All that is marked, what is to be seen on top last."""
    enrichment = article.enrich
    if enrichment:
        for quote in enrichment.quotes:
            yield from (Mark(piece.start, piece.end, "quoted") for piece in quote.content)
        mentions = [(mention, entity) for entity in enrichment.entities for mention in entity.mentions]
        for mention, entity in sorted(mentions, key=_lowest_first):
            yield Mark(mention.start, mention.end, _look(entity, mention), _said(entity, mention), entity=True)
        for quote in enrichment.quotes:
            if spoken := quote.speaker_mention:
                yield Mark(spoken.start, spoken.end, "speaker", "speaker")
            if quote.cue:
                yield Mark(quote.cue.start, quote.cue.end, "cue", f"{quote.kind} quote")
        for number, stance in enumerate(in_order(enrichment.stances), 1):
            if stance.cue:
                said = f"{stance.label}: {stance.holder_text} → {stance.target_text}"
                yield Mark(stance.cue.start, stance.cue.end, f"stance {stance.label}", said, statement=number)
    for span in article.wire.translation.residue if article.wire.translation else ():
        yield Mark(span.start, span.end, "residue", "untranslated")


def _look(entity: Entity, mention: Mention) -> str:
    kind = entity.type.lower()
    return f"entity {kind if kind in KINDS else 'misc'} {mention.kind}"


def _said(entity: Entity, mention: Mention) -> str:
    as_written = "" if mention.kind == "name" else f", {mention.kind}"
    return " · ".join([f"{entity.name} ({entity.type}{as_written})", *entity.roles[:1]])


def _lowest_first(marked: tuple[Mention, Entity]) -> tuple[bool, int]:
    """A name within a longer one is seen; and of a place and the government it stands for, that it stands for it."""
    mention, _ = marked
    return mention.kind == "metonym", mention.start - mention.end
