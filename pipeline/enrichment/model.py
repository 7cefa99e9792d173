"""Loading the spaCy pipeline by name: ours, or any other."""

from __future__ import annotations

import spacy
from spacy.language import Language

from pipeline.article import NlpModel
from pipeline.errors import Misconfigured


def load(name: str) -> Language:
    """The spaCy pipeline of an installed package, or in a folder.

    Raises:
        Misconfigured: there is none of this name, or it finds no entities.
    """
    try:
        nlp = spacy.load(name)
    except (OSError, AttributeError, ImportError, ValueError) as missing:
        raise Misconfigured(
            f"the spaCy pipeline {name!r} is neither an installed package nor a folder",
            "install it (ours: `pip install ./models/en_wire_core`) or name another as enrichment.model",
        ) from missing
    if not any("doc.ents" in nlp.get_pipe_meta(pipe).assigns for pipe in nlp.pipe_names):
        raise Misconfigured(f"the spaCy pipeline {name!r} finds no entities", "name one with a component `ner`")
    return nlp


def identity(nlp: Language, name: str) -> NlpModel:
    """What an enrichment says of the pipeline that made it; ``name`` is what it was loaded by."""
    return NlpModel(name=name, version=nlp.meta.get("version") or "unversioned")
