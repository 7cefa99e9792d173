"""English spaCy pipeline for newswire; `spacy.load("en_wire_core")` loads it."""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import get_model_meta, load_model_from_init_py

from en_wire_core import encoder as encoder  # registers the components
from en_wire_core import entities as entities
from en_wire_core import stance as stance
from en_wire_core import syntax as syntax

__version__: str = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides: Any) -> Language:
    """The pipeline; the arguments are those of `spacy.load`."""
    return load_model_from_init_py(__file__, **overrides)
