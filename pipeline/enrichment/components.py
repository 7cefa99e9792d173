"""The components that read a whole article, in their order, after the language model has read its paragraphs."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.vocab import Vocab

from pipeline.enrichment import places, summary, types
from pipeline.enrichment.dates import component as dates
from pipeline.enrichment.keyphrases import component as keyphrases
from pipeline.enrichment.linking import component as linking
from pipeline.enrichment.quotes import component as quotes

COMPONENTS = (
    "wire_types",  # one type a name, by gazetteers: doc.ents
    "wire_links",  # one entry an entity: doc._.entities
    "wire_places",  # countries and coordinates of entities: doc._.entities
    "wire_dates",  # dates that are written, resolved: doc._.dates
    "wire_quotes",  # who said what: doc._.quotes
    "wire_keyphrases",  # what it is about: doc._.keyphrases
    "wire_summary",  # two of its sentences: doc._.summary
)
"""Their names; each is a spaCy factory that any other pipeline can use as well."""

REGISTERED = (dates, keyphrases, linking, places, quotes, summary, types)
"""The modules whose import makes spaCy know the components."""


def article_pipeline(vocab: Vocab) -> Language:
    """A pipeline of the components alone, for documents that `pipeline.enrichment.reading.read` makes.

    Args:
        vocab: the language model's.
    """
    nlp = spacy.blank("en", vocab=vocab)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp
