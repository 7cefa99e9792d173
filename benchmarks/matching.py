"""The entities, dates and quotes of an enriched article against its gold annotation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from benchmarks.alignment import Place, edges, shared
from benchmarks.annotation import Gold, GoldDate, GoldMention, GoldQuote
from benchmarks.scores import Figures, Score, b_cubed, score
from pipeline.article import Enrichment, Mention, Quote, ResolvedDate, Span

KINDS = ("name", "nominal", "pronoun", "metonym")
SAME = 0.5
"""Dice coefficient of characters from which two places are the same, where edges don't matter."""
_NAMES_COUNT = 3


class Found(NamedTuple):
    """A mention that was found, with its entity."""

    entity: str
    type: str
    mention: Mention


class Wanted(NamedTuple):
    """A mention of the gold, with its entity."""

    entity: str
    types: Sequence[str]
    mention: GoldMention

    @property
    def optional(self) -> bool:
        """Whether it may be left out."""
        return self.mention.optional


Mentions = Score[Wanted, Found]


class Matching:
    """An enrichment beside the gold annotation of its article.

    Attributes:
        wanted: all mentions of the gold.
        found: all mentions of entities that have a type of the gold.
        identity: which gold entity each found entity is: that of most of its mentions, names counting more.
    """

    def __init__(self, gold: Gold, text: str, enrich: Enrichment) -> None:
        self.gold, self.text, self.enrich = gold, text, enrich
        types = {one for entity in gold.entities for one in entity.types}
        self.wanted = [Wanted(one.id, one.types, mention) for one in gold.entities for mention in one.mentions]
        self.found = [
            Found(one.id, one.type, mention) for one in enrich.entities if one.type in types for mention in one.mentions
        ]
        self.identity = self._identities()

    def mentions(self, kinds: Collection[str] = KINDS) -> Mentions:
        """Mentions of some kinds: the same edges and a type of the gold."""
        wanted = [one for one in self.wanted if one.mention.kind in kinds]
        return score(wanted, [one for one in self.found if one.mention.kind in kinds], self._same_mention)

    def touching(self) -> Mentions:
        """Mentions that share most of their characters with those of the gold, whatever their type."""
        return score(self.wanted, self.found, self._touching_mention)

    def grouping(self) -> Figures:
        """B-cubed over the mentions that were found."""
        matched = self.mentions()
        return b_cubed([(wanted.entity, found.entity) for wanted, found in matched.hits + matched.excused])

    def dates(self) -> Score[GoldDate, ResolvedDate]:
        """Dates where the gold has one, with its value."""
        return score(
            self.gold.dates, self.enrich.dates, lambda g, f: (f.value in g.values) * shared([g.at], [place(f)])
        )

    def quotes(self, *, speakers: bool = True) -> Score[GoldQuote, Quote]:
        """Quotes whose content is the same as the gold one's and, if asked, whose speaker is right."""

        def worth(gold: GoldQuote, found: Quote) -> float:
            same = shared(gold.content, [place(piece) for piece in found.content])
            return same if same >= SAME and (not speakers or self._is_speaker(gold.speaker, found)) else 0

        return score(self.gold.quotes, self.enrich.quotes, worth)

    def entities_at(self, at: Place) -> set[str]:
        """The gold entities with a mention there: of the mentions that share characters, those that share most."""
        near = [(shared([other], [at]), one.entity) for one in self.wanted for other in places(one.mention)]
        best = max((same for same, _ in near), default=0.0)
        return {entity for same, entity in near if same == best > 0}

    def means(self, gold: str, entity: str | None, at: Place | None) -> bool:
        """Whether a found entity, or the words at a place where there is none, is the gold entity.

        Of a metonym both readings are right where the gold has both: the seat of power that warns is its country too.
        """
        named = self.identity.get(entity) if entity else None
        there = self.entities_at(at) if at else set()
        return named == gold or (gold in there and (entity is None or named in there))

    def _identities(self) -> dict[str, str]:
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        matched = self.touching()
        for wanted, found in matched.hits + matched.excused:
            votes[found.entity][wanted.entity] += _NAMES_COUNT if wanted.mention.kind == "name" else 1
        return {entity: counted.most_common(1)[0][0] for entity, counted in votes.items()}

    def _same_mention(self, wanted: Wanted, found: Found) -> float:
        at = edges(self.text, place(found.mention))
        if found.type not in wanted.types or at not in {edges(self.text, other) for other in places(wanted.mention)}:
            return 0
        return 1 + (wanted.mention.kind == found.mention.kind)

    def _touching_mention(self, wanted: Wanted, found: Found) -> float:
        same = max(shared([other], [place(found.mention)]) for other in places(wanted.mention))
        alike = (wanted.mention.kind == found.mention.kind) + (found.type in wanted.types)
        return same + alike if same >= SAME else 0

    def _is_speaker(self, gold: str, found: Quote) -> bool:
        mention = found.speaker_mention
        return self.means(gold, found.speaker, place(mention) if mention else None)


def place(span: Span) -> Place:
    """Where a span is."""
    return span.start, span.end


def places(mention: GoldMention) -> list[Place]:
    """Where a gold mention may be."""
    return [mention.at, *mention.alternatives]
