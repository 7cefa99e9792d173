"""The components that read a whole article, in their order, after the language model has read its paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from spacy.language import Language

from pipeline.enrichment import places, summary, types
from pipeline.enrichment.dates import component as dates
from pipeline.enrichment.keyphrases import component as keyphrases
from pipeline.enrichment.linking import component as linking
from pipeline.enrichment.quotes import component as quotes
from pipeline.enrichment.stances import component as stances
from pipeline.enrichment.stances.classifier import classifier_of

COMPONENTS = (
    "wire_types",  # one type a name, by gazetteers: doc.ents
    "wire_links",  # one entry an entity: doc._.entities
    "wire_places",  # countries and coordinates of entities: doc._.entities
    "wire_dates",  # dates that are written, resolved: doc._.dates
    "wire_quotes",  # who said what: doc._.quotes
    "wire_stances",  # who is for or against whom: doc._.stances, and the tone of doc._.entities
    "wire_keyphrases",  # what it is about: doc._.keyphrases
    "wire_summary",  # two of its sentences: doc._.summary
)
"""Their names; each is a spaCy factory that any other pipeline can use as well."""

REGISTERED = (dates, keyphrases, linking, places, quotes, stances, summary, types)
"""The modules whose import makes spaCy know the components."""


def article_pipeline(model: Language, names: Sequence[str] = COMPONENTS) -> Language:
    """A pipeline of the components alone, for documents that `pipeline.enrichment.reading.read` makes.

    Args:
        model: the language pipeline; its classifier of stance is used where it has one.
        names: the components that are wanted.
    """
    nlp = spacy.blank("en", vocab=model.vocab)
    for name in names:
        nlp.add_pipe(name)
    if "wire_stances" in names:
        nlp.get_pipe("wire_stances").classifier = classifier_of(model)
    return nlp
