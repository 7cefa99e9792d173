"""One pipeline out of the two halves and the lemmatizer's tables."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups

from training.halves import Half


def assemble(syntax: Half, ner: Half, tables: Lookups, folder: Path) -> Language:
    """Write the whole pipeline to a folder, and load it from there, as a user would.

    The two halves keep an encoder each: the treebanks hold no newswire entities to train a shared one on. The
    vocabulary of the corpora stays behind; only the labels' strings are kept.

    Args:
        syntax: the half with tagger, morphologizer and parser; ner: the half with the entities.
        tables: see `lemmatizer_tables`.
        folder: where the pipeline's data go; an existing pipeline there is overwritten.
    """
    nlp = spacy.load(syntax.best)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(lookups=tables)
    nlp.add_pipe("ner", source=spacy.load(ner.best))
    config = nlp.config
    config["paths"]["train"] = config["paths"]["dev"] = config["paths"]["vectors"] = None
    nlp.config = config
    labels = [label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ())]
    nlp.to_disk(folder, exclude=["vocab"])
    lean = spacy.load(folder)
    lean.vocab.vectors = nlp.vocab.vectors
    for label in labels:
        lean.vocab.strings.add(label)
    lean.to_disk(folder)
    return spacy.load(folder)
