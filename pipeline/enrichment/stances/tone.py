"""The article's own voice: its tone toward its main entities where nobody else is speaking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.article import Entity, Tone
from pipeline.enrichment.stances.classifier import LABELS, Asked
from pipeline.enrichment.stances.parsed import Parsed

_TYPES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
ENTITIES, MENTIONS = 3, 3
"""How many entities of an article are looked at, the most salient, and how many mentions of each."""


def with_tones(article: Parsed, entities: Sequence[Entity], asked: Asked) -> list[Entity]:
    """The entities, the main ones with their ``tone``: the mean over narrated mentions by name, a word in each."""
    main = sorted((one for one in entities if one.type in _TYPES), key=lambda one: -(one.salience or 0.0))[:ENTITIES]
    places: list[tuple[str, tuple[int, int]]] = []
    for entity in main:
        named = (m for m in entity.mentions if m.kind == "name" and article.voices.voice_at(m.start) == "narrated")
        words = [words for m in named if (words := article.parties.words_of(m)) is not None][:MENTIONS]
        places += [(entity.id, one) for one in words]
    found: dict[str, list[np.ndarray[tuple[int], np.dtype[np.float32]]]] = {}
    for (identifier, _), likely in zip(places, asked.tones([one for _, one in places]), strict=True):
        if likely is not None:
            found.setdefault(identifier, []).append(likely)
    return [
        entity.model_copy(update={"tone": _tone(found[entity.id])}) if entity.id in found else entity
        for entity in entities
    ]


def _tone(rows: Sequence[np.ndarray[tuple[int], np.dtype[np.float32]]]) -> Tone:
    mean = np.mean(np.stack(rows), axis=0)
    best = int(mean.argmax())
    return Tone(label=LABELS[best], confidence=round(float(mean[best]), 3), mentions=len(rows))
