"""Entity types an editor trusts: the component `wire_types` sets ``doc.ents`` anew.

Span edges are repaired; countries, cities and states become GPE, other places stay LOC; peoples are NORP, known bodies
and seats of government ORG, wars, summits, cups and storms EVENT, what has a model's number PRODUCT; one name has one
type across the article; known names that the model missed are added. Labels that come out: PERSON ORG GPE LOC NORP FAC
EVENT PRODUCT MONEY DATE, and MISC for what fits none.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.reading import words_in_residue
from pipeline.enrichment.types.additions import missed, repeated
from pipeline.enrichment.types.edges import trimmed
from pipeline.enrichment.types.events import lexicon as event_lexicon
from pipeline.enrichment.types.events import with_events
from pipeline.enrichment.types.found import Found, Words
from pipeline.enrichment.types.names import one_type_a_name
from pipeline.enrichment.types.products import lexicon as product_lexicon
from pipeline.enrichment.types.products import with_products

NAME = "wire_types"


class EntityTypes:
    """Sets ``doc.ents`` anew. Needs entities; sentence starts help.

    Args:
        add: whether names the model missed are added.
        events: whether events are looked for.
        products: whether products are.
    """

    def __init__(self, add: bool, events: bool, products: bool) -> None:
        self.add = add
        self.events = events
        self.products = products
        gazetteer()  # loaded with the pipeline, not with the first article
        event_lexicon()
        product_lexicon()

    def __call__(self, doc: Doc) -> Doc:
        """The document, its entities set anew."""
        words = Words(doc)
        entities = [Found(ent.start, ent.end, ent.label_) for ent in doc.ents]
        entities = [found for entity in entities if (found := trimmed(entity, words))]
        if self.events:
            entities = with_events(entities, words)
        if self.products:
            entities = with_products(entities, words)
        if self.add:
            entities = sorted([*entities, *missed(entities, words)])
        entities = one_type_a_name(entities, words)
        if self.add:
            entities = sorted([*entities, *repeated(entities, words)])
        masked = words_in_residue(doc)
        kept = [one for one in entities if masked.isdisjoint(range(one.start, one.end))]
        doc.set_ents([Span(doc, *entity) for entity in kept], default="outside")
        return doc


@Language.factory(
    NAME,
    default_config={"add": True, "events": True, "products": True},
    assigns=["doc.ents"],
    requires=["doc.ents"],
)
def make_types(nlp: Language, name: str, add: bool, events: bool, products: bool) -> EntityTypes:  # noqa: ARG001
    """The component `wire_types`, for any spaCy pipeline that finds entities."""
    return EntityTypes(add, events, products)
