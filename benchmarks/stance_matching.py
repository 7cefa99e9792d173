"""The stances of an enriched article against the hand-labelled ones of its sentences, or of the whole of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.alignment import Place, edges, shared
from benchmarks.matching import SAME, place
from benchmarks.scores import Score, score
from benchmarks.stance_gold import GoldSentence, GoldStatement, Side
from benchmarks.statements import head
from pipeline.article import Enrichment, Stance

Statements = Score[GoldStatement, Stance]


class Triple(NamedTuple):
    """Two entities of an article, by id, and what one is toward the other."""

    holder: str
    target: str
    label: str


Triples = Score[GoldStatement, Triple]


class StanceMatching:
    """The stances of one article.

    Args:
        text: the cleaned article's.
        enrich: its enrichment.
    """

    def __init__(self, text: str, enrich: Enrichment) -> None:
        self._text = text
        self._stances = [one for one in enrich.stances if one.label != "neutral"]
        self._mentions = {
            entity.id: [edges(text, place(mention)) for mention in entity.mentions] for entity in enrich.entities
        }
        self._named = {entity.id for entity in enrich.entities if any(m.kind == "name" for m in entity.mentions)}

    # -- sentences ---------------------------------------------------------------------------------

    def sentence(self, gold: GoldSentence, *, labels: bool) -> Statements:
        """Statements of a sentence, neutral ones left out, with the right holder and target and, if asked, label."""
        wanted = [one for one in gold.statements if one.label != "neutral"]
        if gold.at is None:
            return Score(misses=wanted)
        at = gold.at

        def worth(one: GoldStatement, found: Stance) -> float:
            fitting = [r for r in one.readings if self._side(r.holder, found.holder, found.holder_text, at)]
            fitting = [r for r in fitting if self._side(r.target, found.target, found.target_text, at)]
            right = any(reading.label == found.label for reading in fitting)
            return 0.0 if not fitting or (labels and not right) else 1.0 + right

        return score(wanted, [one for one in self._stances if self._stands_in(one, at)], worth)

    def _stands_in(self, found: Stance, at: Place) -> bool:
        """Whether a stance is of a sentence: its cue is there, or its evidence mostly, where nothing is its cue."""
        if found.cue is not None:
            return at[0] <= found.cue.start < at[1]
        overlap = min(at[1], found.evidence.end) - max(at[0], found.evidence.start)
        return 2 * overlap >= min(at[1] - at[0], found.evidence.end - found.evidence.start)

    def _side(self, gold: Side, entity: str | None, words: str, sentence: Place) -> bool:
        """Whether a found side is the gold one: by a mention of its entity, or by its words where they stand."""
        mentions = self._mentions.get(entity or "", [])
        if gold.name is not None and self._same(gold.name, mentions):
            return True
        if gold.words is None:
            return False
        around = min(sentence[0], gold.words[0]), max(sentence[1], gold.words[1])
        return self._same(gold.words, [*mentions, *self._occurrences(words, around)])

    def _same(self, gold: Place, found: Sequence[Place]) -> bool:
        """Whether a place holds the head word of the gold one, and shares half of its characters or its head."""
        gold = edges(self._text, gold)
        main = head(self._text, gold)
        return any(
            one[0] <= main[0] and main[1] <= one[1] and (shared([gold], [one]) >= SAME or head(self._text, one) == main)
            for one in found
        )

    def _occurrences(self, words: str, around: Place) -> Iterator[Place]:
        for match in re.finditer(re.escape(words), self._text[slice(*around)]):
            yield edges(self._text, (around[0] + match.start(), around[0] + match.end()))

    # -- the whole article -------------------------------------------------------------------------

    def triples(self, gold: Sequence[GoldStatement], *, labels: bool) -> Triples:
        """What named entities are toward each other anywhere in the article, each triple once, neutral left out."""
        found = {
            Triple(one.holder, one.target, one.label if labels else "")
            for one in self._stances
            if one.holder in self._named and one.target in self._named and one.holder and one.target
        }

        def worth(one: GoldStatement, triple: Triple) -> float:
            reading = one.readings[0]
            if labels and reading.label != triple.label:
                return 0.0
            sides = ((reading.holder, triple.holder), (reading.target, triple.target))
            return float(all(side.name and self._same(side.name, self._mentions[entity]) for side, entity in sides))

        wanted = gold if labels else list({_sides(one): one for one in gold}.values())
        return score(wanted, sorted(found), worth)


def _sides(one: GoldStatement) -> tuple[Place | None, Place | None]:
    return one.readings[0].holder.name, one.readings[0].target.name
