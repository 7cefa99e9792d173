"""A spaCy pipeline for the delivery tests: fast, and harmful where a text asks for it."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc


@Language.component("harm")
def harm(doc: Doc) -> Doc:
    """Do what the text says."""
    words = {token.text for token in doc}
    if "KILLPROCESS" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    if "HANGPROCESS" in words:
        signal.pause()
    if "RAISEERROR" in words:
        raise ValueError("the text asked for it")
    if "TAKEASECOND" in words:
        time.sleep(1)
    return doc


def load(**_: Any) -> Language:
    """The pipeline, as `spacy.load` calls for it."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Ada Lamont"}, {"label": "ORG", "pattern": "Kestrel Union"}])
    nlp.add_pipe("harm")
    return nlp
