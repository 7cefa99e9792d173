"""Pairs of entities that no cue joins, for the classifier to look at: who acts or speaks, and who else is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.article import Entity, Quote
from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.stances.classifier import Extent

_ACTORS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "obl:agent"})
_LONGEST_SENTENCE = 70
MOST = 12
"""Pairs of an article that are looked at; those of the first sentences."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Two entities of a sentence, with the words that name them there."""

    holder: str
    target: str
    holder_words: Extent
    target_words: Extent
    sentence: int


@dataclass(frozen=True, slots=True)
class _Named:
    entity: str
    start: int
    end: int


def unsettled(doc: Doc, plan: Layout, entities: Sequence[Entity], quotes: Sequence[Quote]) -> Iterator[Unsettled]:
    """Pairs in the order of the text, at most `MOST`."""
    found = 0
    speakers = {quote.speaker_mention.start for quote in quotes if quote.speaker and quote.speaker_mention}
    for sentence, names in sorted(_by_sentence(doc, plan, entities).items()):
        start, end = plan.sentences[sentence]
        if end - start > _LONGEST_SENTENCE or len({name.entity for name in names}) < 2:
            continue
        for holder in names:
            if not (_acts(doc, holder) or doc[holder.start].idx in speakers):
                continue
            seen = {holder.entity}
            for target in names:
                if target.entity not in seen and found < MOST:
                    seen.add(target.entity)
                    found += 1
                    words = (holder.start, holder.end), (target.start, target.end)
                    yield Unsettled(holder.entity, target.entity, *words, sentence)


def _acts(doc: Doc, name: _Named) -> bool:
    return any(token.dep_ in _SUBJECTS for token in doc[name.start : name.end])


def _by_sentence(doc: Doc, plan: Layout, entities: Sequence[Entity]) -> dict[int, list[_Named]]:
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    found: dict[int, list[_Named]] = {}
    for entity in entities:
        if entity.type not in _ACTORS:
            continue
        for mention in entity.mentions:
            start, end = starts.get(mention.start), ends.get(mention.end)
            if start is None or end is None or mention.kind == "pronoun" or plan.paragraph[start] < 0:
                continue
            found.setdefault(plan.sentence[start], []).append(_Named(entity.id, start, end))
    for names in found.values():
        names.sort(key=lambda one: one.start)
    return found
