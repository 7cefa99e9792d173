"""One pipeline out of the syntax run, the lemmatizer's tables and the encoder's graph."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.vectors import Vectors


def assemble(syntax: Path, entities: Path, tables: Lookups, folder: Path) -> Language:
    """Write the whole pipeline to a folder, and load it from there, as a user would.

    The vocabulary of the corpora stays behind; only the labels' strings are kept.

    Args:
        syntax: the folder of the pipeline with tagger, morphologizer and parser.
        entities: the folder of the component `wire_entities`.
        tables: see `lemmatizer_tables`.
        folder: where the pipeline's data go; an existing pipeline there is overwritten.
    """
    nlp = spacy.load(syntax)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(lookups=tables)
    nlp.add_pipe("wire_entities").from_disk(entities)
    config = nlp.config
    config["paths"]["train"] = config["paths"]["dev"] = config["paths"]["vectors"] = None
    nlp.config = config
    labels = [label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ())]
    nlp.to_disk(folder, exclude=["vocab"])
    lean = spacy.load(folder)
    lean.vocab.vectors = _without_strings(nlp.vocab.vectors)
    for label in labels:
        lean.vocab.strings.add(label)
    lean.to_disk(folder)
    return spacy.load(folder)


def _without_strings(vectors: Vectors) -> Vectors:
    """The same table, looked up by the words' hashes alone: the words themselves need not be in the package."""
    rows = {row: key for key, row in vectors.key2row.items()}
    keys = [rows[row] for row in range(len(rows))]
    return Vectors(data=vectors.data, keys=keys, name=vectors.name, attr=vectors.attr)
