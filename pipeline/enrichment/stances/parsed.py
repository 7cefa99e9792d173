"""An article as the parts of stance read it: its parse, its parties, whose words are whose; made once."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.article import Entity, Quote
from pipeline.enrichment.quotes.layout import layout
from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import Lexicon
from pipeline.enrichment.stances.parties import Parties
from pipeline.enrichment.stances.voices import Voices


class Parsed:
    """What is known of an article before its stances are looked for.

    Args:
        doc: the article.
        entities: its entities with their mentions.
        quotes: its quotes.
        words: the lexicon.
    """

    def __init__(self, doc: Doc, entities: Sequence[Entity], quotes: Sequence[Quote], words: Lexicon) -> None:
        self.doc = doc
        self.quotes = quotes
        self.words = words
        self.plan = layout(doc)
        self.grammar = Grammar(doc, self.plan)
        self.parties = Parties(self.grammar, entities, words)
        self.voices = Voices(doc.text, quotes)
