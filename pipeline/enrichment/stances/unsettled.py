"""Pairs of entities that no cue joins, for the classifier to look at: who acts or speaks, and who else is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.article import Entity
from pipeline.enrichment.stances.classifier import Extent
from pipeline.enrichment.stances.parsed import Parsed

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


def unsettled(article: Parsed, entities: Sequence[Entity]) -> Iterator[Unsettled]:
    """Pairs in the order of the text, at most `MOST`."""
    found, doc = 0, article.doc
    speakers = {quote.speaker_mention.start for quote in article.quotes if quote.speaker and quote.speaker_mention}
    for sentence, names in sorted(_by_sentence(article, entities).items()):
        start, end = article.plan.sentences[sentence]
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


def _by_sentence(article: Parsed, entities: Sequence[Entity]) -> dict[int, list[_Named]]:
    plan = article.plan
    found: dict[int, list[_Named]] = {}
    for entity in entities:
        if entity.type not in _ACTORS:
            continue
        for mention in entity.mentions:
            words = article.parties.words_of(mention)
            if words is None or mention.kind == "pronoun" or plan.paragraph[words[0]] < 0:
                continue
            identifier = article.parties.actor(entity.id) or entity.id
            found.setdefault(plan.sentence[words[0]], []).append(_Named(identifier, *words))
    for names in found.values():
        names.sort(key=lambda one: one.start)
    return found
