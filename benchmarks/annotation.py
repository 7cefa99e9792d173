"""A gold annotation of one article, kept apart from it: offsets into its raw file and not one of its words.

Offsets count code points of the file's bytes decoded as UTF-8, line ends untouched. Reading the gold maps every place
to the cleaned text. What careful readers may or may not mark is ``optional``: whoever finds it is right, whoever
doesn't misses nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from benchmarks.alignment import Alignment, Place


def _mapped(place: Place, info: ValidationInfo) -> Place:
    alignment = info.context
    assert isinstance(alignment, Alignment)
    return alignment.place(*place)


MappedPlace = Annotated[Place, AfterValidator(_mapped)]


class _Gold(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldMention(_Gold):
    """A mention; ``alternatives`` are other edges that are as right."""

    at: MappedPlace
    kind: Literal["name", "nominal", "pronoun", "metonym"]
    alternatives: list[MappedPlace] = Field(default_factory=list)
    optional: bool = False


class GoldEntity(_Gold):
    """An entity; each of its ``types`` is right."""

    id: str
    types: list[str]
    mentions: list[GoldMention]


class GoldDate(_Gold):
    """A date; each of its ``values`` (ISO 8601) is right."""

    at: MappedPlace
    values: list[str]
    optional: bool = False


class GoldQuote(_Gold):
    """Who says what; ``speaker`` is the id of an entity."""

    speaker: str
    kind: Literal["direct", "indirect", "mixed"]
    cue: MappedPlace | None = None
    content: list[MappedPlace]
    optional: bool = False


class Phrase(_Gold):
    """A holder or target that is no entity, and its head word."""

    at: MappedPlace
    head: MappedPlace


class GoldStance(_Gold):
    """A stance statement; each of its ``holders`` and ``targets``, ids of entities or phrases, is right."""

    holders: list[str | Phrase]
    targets: list[str | Phrase]
    label: Literal["favor", "against", "neutral"]
    voice: Literal["quoted", "reported", "narrated"]
    evidence: MappedPlace
    optional: bool = False


class Gold(_Gold):
    """All that is annotated in one article."""

    sha256: str
    entities: list[GoldEntity]
    dates: list[GoldDate]
    quotes: list[GoldQuote]
    stances: list[GoldStance]


def read_gold(path: Path, raw: bytes, cleaned: str) -> Gold:
    """The annotation of ``path`` for the article of these bytes, its places in the ``cleaned`` text.

    Raises:
        ValueError: it is the annotation of another file, or cleaning dropped words that are annotated.
    """
    gold = Gold.model_validate_json(path.read_bytes(), context=Alignment(raw.decode(), cleaned))
    if gold.sha256 != hashlib.sha256(raw).hexdigest():
        raise ValueError(f"{path} annotates another article: that file has SHA-256 {gold.sha256}")
    return gold
