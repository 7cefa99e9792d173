"""One pipeline out of the trained components and the lemmatizer's tables."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups


def assemble(nlp: Language, tables: Lookups, folder: Path) -> Language:
    """Write the whole pipeline to a folder, and load it from there, as a user would.

    Args:
        nlp: the components of the encoder, see `training.export.with_components`.
        tables: of the lemmatizer, see `training.lemmas.lemmatizer_tables`.
        folder: where the pipeline's data go; an existing pipeline there is overwritten.
    """
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"}, after="wire_syntax")
    lemmatizer.initialize(lookups=tables)
    nlp.to_disk(folder)
    return spacy.load(folder)
