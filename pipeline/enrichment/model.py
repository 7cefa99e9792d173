"""Loading the spaCy pipeline by name: ours, or any other."""

from __future__ import annotations

import spacy
from spacy.language import Language

from pipeline.article import NlpModel
from pipeline.errors import Fatal


def load(name: str) -> Language:
    """The spaCy pipeline of an installed package, or in a folder.

    Raises:
        Fatal: there is none of this name, or it finds no entities.
    """
    try:
        nlp = spacy.load(name)
    except OSError as missing:
        raise Fatal(
            f"the spaCy pipeline {name!r} is neither an installed package nor a folder",
            "install it (ours: `pip install ./models/en_wire_core`) or name another as enrichment.model",
        ) from missing
    finders = {"ner", "entity_ruler", "span_ruler"} | {n for n in nlp.pipe_names if "ent" in n}
    if not finders & set(nlp.pipe_names):
        raise Fatal(f"the spaCy pipeline {name!r} finds no entities", "name one with a component `ner`")
    return nlp


def identity(nlp: Language, name: str) -> NlpModel:
    """What an enrichment says of the pipeline that made it; ``name`` is what it was loaded by."""
    return NlpModel(name=name, version=nlp.meta.get("version") or "unversioned")
