"""Given pairs: a holder and a target are marked in a text, and their stance is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.article import Entity, Mention
from pipeline.enrichment.stances.lexicon import Lexicon
from pipeline.enrichment.stances.parsed import Parsed
from pipeline.enrichment.stances.parties import NO_PARTY, Party
from pipeline.enrichment.stances.statements import Statement, statements

_NAMED_WITH = frozenset({"nmod:poss", "compound", "amod", "nmod:desc", "nmod", "flat", "appos"})
_DEEPEST = 4
"""Words from what is marked up to the head of the party it is named with."""

_GIVEN = "given-"
"""Prefix of the ids of spans that are no entity of the text."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets of the holder and of the target into a text, in code points, ends exclusive."""

    holder: tuple[int, int]
    target: tuple[int, int]


def stated(doc: Doc, pair: Pair, words: Lexicon) -> Statement | None:
    """What the cues of a document that has been enriched say of a pair: the surest statement, or None."""
    entities: list[Entity] = list(doc._.entities or ())
    holder = _entity(doc, entities, pair.holder, "holder")
    target = _entity(doc, entities, pair.target, "target")
    if holder == target:
        return None
    found = [
        one
        for one in statements(Parsed(doc, entities, doc._.quotes or (), words))
        if _is(doc, one.holder, holder, pair.holder) and _is(doc, one.target, target, pair.target)
    ]
    return max(found, key=lambda one: one.certainty, default=None)


def _is(doc: Doc, party: Party, entity: str, span: tuple[int, int]) -> bool:
    """Whether a party is what is marked, or is named with it: "Turkish" in "the Turkish government's clampdown"."""
    if party.entity == entity or (party.text.start < span[1] and span[0] < party.text.end):
        return True
    words = doc.char_span(*span, alignment_mode="expand")
    token = words.root if words is not None else None
    for _ in range(_DEEPEST):
        if token is None or token.dep_ not in _NAMED_WITH:
            return False
        token = token.head
        if party.head <= token.i < party.end:
            return True
    return False


def _entity(doc: Doc, entities: list[Entity], span: tuple[int, int], name: str) -> str:
    """The id of the entity that is meant by a span; a new one where the text has none."""
    start, end = span
    overlapping = [
        (min(mention.end, end) - max(mention.start, start), mention.kind == "metonym", one.id)
        for one in entities
        if one.type not in NO_PARTY
        for mention in one.mentions
        if mention.start < end and start < mention.end
    ]
    if overlapping:
        return max(overlapping)[2]
    given = Mention(start=start, end=end, text=doc.text[start:end], kind="name")
    words = doc.char_span(start, end, alignment_mode="expand")
    if words is not None:
        given = Mention(start=words.start_char, end=words.end_char, text=words.text, kind="name")
    entities.append(Entity(id=f"{_GIVEN}{name}", name=given.text, type="ENTITY", mentions=[given]))
    return f"{_GIVEN}{name}"
