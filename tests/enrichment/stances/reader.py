"""Reads sentences for the stance tests as articles are read, up to the component under test."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrichment.components import article_pipeline
from pipeline.enrichment.reading import read
from pipeline.enrichment.stances.lexicon import lexicon
from pipeline.enrichment.stances.parsed import Parsed
from pipeline.enrichment.stances.statements import Statement, statements
from tests.enrichment.texts import Kind, article

Told = tuple[str, str, str]
"""Holder, target (an entity's name, or the words where there is no entity) and label."""

Paragraph = str | tuple[Kind, str]

_BEFORE = ("wire_types", "wire_links", "wire_places", "wire_quotes")


class Reader:
    """The language pipeline with the components that come before stance.

    Args:
        nlp: the language pipeline.
    """

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._components = article_pipeline(nlp, _BEFORE)

    def doc(self, *paragraphs: Paragraph) -> Doc:
        """A document with entities and quotes."""
        (read_one,) = read(self.nlp, [article(*paragraphs)], {})
        doc: Doc = self._components(read_one)
        return doc

    def statements(self, *paragraphs: Paragraph) -> list[Statement]:
        """What the cues state."""
        doc = self.doc(*paragraphs)
        return statements(Parsed(doc, doc._.entities, doc._.quotes, lexicon()))

    def one(self, *paragraphs: Paragraph) -> Statement:
        """The only statement there is."""
        (found,) = self.statements(*paragraphs)
        return found

    def told(self, *paragraphs: Paragraph) -> list[Told]:
        """The statements in short."""
        doc = self.doc(*paragraphs)
        names = {entity.id: entity.name for entity in doc._.entities}
        found: Sequence[Statement] = statements(Parsed(doc, doc._.entities, doc._.quotes, lexicon()))
        return [
            (
                names.get(one.holder.entity or "", one.holder.text.text),
                names.get(one.target.entity or "", one.target.text.text),
                one.label,
            )
            for one in found
        ]
