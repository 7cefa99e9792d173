"""What enrichment found, as fields that are searched, counted and put on a map.

All are arrays of plain values on the article, not nested documents, which Kibana's charts can't use; but for stances,
of which holder, target and label belong together, and which have documents of their own for charts.

One person has many spellings, and no article knows those of the others: ``entities.person`` holds the name as this
article has it, ``entities.key`` the entity's key, which is the same for all spellings. So a facet counts keys. The
name to show for a key is the most frequent one among the hits: a ``top_hits`` aggregation under the key's bucket
gives back ``article.enrich.entities``, in which key and name stand together. Nothing has to be kept of other articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from pipeline.article import Enrichment, Entity, Quote
from pipeline.indexing.stance_documents import stance_fields

T = TypeVar("T")

PLACES = frozenset({"GPE", "LOC", "FAC"})

MOST_LOCATIONS = 100
"""Points of one article that are put on the map, those of its most salient places."""

_OTHER_FIELDS = frozenset({"key", "country", "location"})
"""Fields of ``entities`` that hold no names: an entity type that is called like one gets another name."""

_YEAR_OR_MONTH = re.compile(r"(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]))?")


def enrichment_fields(enrichment: Enrichment) -> dict[str, Any]:
    """The fields of an enrichment; names, keys and points with the most salient entity's first."""
    entities = sorted(enrichment.entities, key=lambda e: (-(e.salience or 0.0), e.name))
    return {
        "entities": _entities(entities),
        "mentions": _mentions(enrichment.entities),
        "roles": _once(role for entity in entities for role in entity.roles),
        "dates": sorted({day for found in enrichment.dates if (day := _date(found.value))}),
        "quotes": _quotes(enrichment.quotes, entities),
        "stances": stance_fields(enrichment),
        "keyphrases": _once(enrichment.keyphrases),
        "summary": enrichment.summary,
    }


def _entities(entities: list[Entity]) -> dict[str, list[Any]]:
    """Names by kind, and what else there is to count; nothing where there is nothing."""
    fields: dict[str, list[Any]] = {}
    for entity in entities:
        kind = "place" if entity.type in PLACES else entity.type.lower()
        fields.setdefault("misc" if kind in _OTHER_FIELDS else kind, []).append(entity.name)
    fields["key"] = [entity.key for entity in entities if entity.key]
    fields["country"] = [entity.country for entity in entities if entity.country]
    points = _points(entities)
    fields = {kind: _once(values) for kind, values in sorted(fields.items())}
    fields["location"] = [{"lat": lat, "lon": lon} for lat, lon in points]
    return {name: values for name, values in fields.items() if values}


def _points(entities: list[Entity]) -> list[tuple[float, float]]:
    """Latitude and longitude of the places that have them; Elasticsearch refuses what is on no globe."""
    places = (entity.location for entity in entities if entity.type in PLACES and entity.location)
    on_the_globe = ((p.lat, p.lon) for p in places if abs(p.lat) <= 90 and abs(p.lon) <= 180)
    return _once(on_the_globe)[:MOST_LOCATIONS]


def _mentions(entities: list[Entity]) -> list[dict[str, Any]]:
    """Every mention with its offsets in ``text``, in characters."""
    return [
        {"entity": entity.name, "type": entity.type, "text": m.text, "start": m.start, "end": m.end, "kind": m.kind}
        for entity in entities
        for m in entity.mentions
    ]


def _quotes(quotes: list[Quote], entities: list[Entity]) -> dict[str, list[str]]:
    """Who is quoted, by name and by key, and what was said: each quote's pieces as one text."""
    quoted = {quote.speaker for quote in quotes}
    speakers = [entity for entity in entities if entity.id in quoted]
    fields = {
        "speaker": _once(entity.name for entity in speakers),
        "key": _once(entity.key for entity in speakers if entity.key),
        "text": _once(" ".join(piece.text for piece in quote.content) for quote in quotes if quote.content),
    }
    return {name: values for name, values in fields.items() if values}


def _date(value: str) -> str | None:
    """A year, month or day as the index takes it, a week as its Monday; None for what is in no calendar."""
    if _YEAR_OR_MONTH.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _once(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))
