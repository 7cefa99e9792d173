"""Places on the map: the component `wire_places` gives entities their country and coordinates.

A name that several places share is settled by the other countries and provinces of the article, then by the dateline,
then by size: London is the British one, but in a story of Ontario alone it is Ontario's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Entity, Location
from pipeline.enrichment import reading  # noqa: F401 - registers the dateline's place
from pipeline.enrichment.gazetteer import ALTERNATE_WEIGHT, Gazetteer, Place, fold, gazetteer

NAME = "wire_places"

LOCATED = frozenset({"GPE", "LOC", "FAC"})
"""Types of entities that get a country and a point; peoples (NORP) get their country only."""

# Weights of what speaks for a place, on the scale of the logarithm of its people.
_IS_COUNTRY = 1.5
_IS_CAPITAL = 0.7
_OTHER_NAME = math.log10(ALTERNATE_WEIGHT)
_COUNTRY_NAMED = 2.5
_PROVINCE_NAMED = 1.0
_DATELINE = 1.5
_DOUBT = 1  # mentions of no country at all: one "Canadian" alone moves no London
_KNOWN_ABROAD = math.log10(250_000)
_PEOPLE_OF_REGION = 5_000_000
_CLEAR = 10.0
"""How many times bigger than the next a city must be to tell the article's country."""

_QUALIFIERS = re.compile(
    r"^(?:(?:north|south|east|west|central)(?:ern)?|north-?(?:east|west)(?:ern)?|south-?(?:east|west)(?:ern)?|greater"
    r"|downtown|occupied|mainland|rural|upper|lower|city of|town of|village of|province of|state of)\s+"
    r"|\s+(?:province|state|city|region|district|governorate|county|oblast|prefecture|department|town|village|area)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an article plays.

    ``counts`` says how often countries are named, by themselves or by their places and peoples; ``provinces`` are
    countries with a named state or province; ``dateline`` is the dateline's country.
    """

    counts: Counter[str]
    provinces: frozenset[str]
    dateline: str | None

    def besides(self, place: Place | None, mentions: int) -> Setting:
        """The setting without what a place itself says for its country."""
        if place is None or place.country is None:
            return self
        return replace(self, counts=self.counts - Counter({place.country: mentions}))


class Places:
    """Sets ``country`` and ``location`` of the entities in ``doc._.entities``; without those it does nothing."""

    def __init__(self) -> None:
        gazetteer()  # loaded with the pipeline, not with the first article

    def __call__(self, doc: Doc) -> Doc:
        """The document, its entities on the map."""
        entities: Sequence[Entity] | None = doc._.entities if Doc.has_extension("entities") else None
        if entities:
            doc._.entities = located(entities, doc._.dateline_place)
        return doc


def located(entities: Sequence[Entity], dateline: str | None = None) -> list[Entity]:
    """Copies of the entities, with country (ISO 3166-1 alpha-3) and coordinates where they are known.

    Args:
        entities: those of one article.
        dateline: the place of its dateline, as written.
    """
    places = gazetteer()
    setting = _setting(places, entities, dateline)
    return [_located(places, entity, setting) for entity in entities]


def _located(places: Gazetteer, entity: Entity, setting: Setting) -> Entity:
    if entity.type == "NORP":
        country = next(filter(None, map(places.demonym, _names(entity))), None)
        return entity.model_copy(update={"country": country.country}) if country else entity
    if entity.type not in LOCATED:
        return entity
    place = find(entity, setting.besides(_clear_place(places, entity), len(entity.mentions)))
    if not place:
        return entity
    update: dict[str, Any] = {"country": entity.country or place.country}
    if place.lat is not None and place.lon is not None:
        update["location"] = Location(lat=place.lat, lon=place.lon)
    return entity.model_copy(update=update)


def find(entity: Entity, setting: Setting) -> Place | None:
    """The place an entity means, in the setting of its article; None where the gazetteer has none that is likely."""
    places = gazetteer()
    for name in _names(entity):
        for form in _forms(name):
            found = places.places(form)
            if entity.country:
                found = [place for place in found if place.country == entity.country] or found
            if place := _best(found, form, setting):
                return place
            if "," in form and (place := _in_parts(places, form, setting)):
                return place
    return None


def _names(entity: Entity) -> Iterator[str]:
    yield entity.name
    yield from {m.text: None for m in entity.mentions if m.kind in ("name", "metonym") and m.text != entity.name}


def _forms(name: str) -> Iterator[str]:
    """A name as it is, then without what only narrows it: "eastern Kano state" is found as "Kano"."""
    yield name
    bare = _QUALIFIERS.sub("", _QUALIFIERS.sub("", name)).strip()
    if bare and bare != name:
        yield bare


def _in_parts(places: Gazetteer, name: str, setting: Setting) -> Place | None:
    """The place of "Springfield, Illinois": its first part, in the country of the last and near it."""
    first, *_, last = (part.strip() for part in name.split(","))
    outer = _best(places.places(last), last, setting)
    if outer is None:
        return _best(places.places(first), first, setting)
    within = [place for place in places.places(first) if place.country == outer.country]
    if not within:
        return replace(outer, lat=None, lon=None)  # its country is known, where it lies there is not
    if outer.country and places.by_code(outer.country) == outer:
        return _best(within, first, setting)
    return min(within, key=lambda place: _apart(place, outer))


def _apart(one: Place, other: Place) -> float:
    """How far two places are apart, in degrees, roughly: enough to tell the states of a country."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return math.inf
    return math.hypot(one.lat - other.lat, (one.lon - other.lon) * math.cos(math.radians(one.lat)))


def _best(found: Sequence[Place], name: str, setting: Setting) -> Place | None:
    total = setting.counts.total()
    likely = [place for place in found if _is_likely(place, name, setting)]
    return max(likely, key=lambda place: _score(place, name, setting, total), default=None)


def _is_likely(place: Place, name: str, setting: Setting) -> bool:
    """Whether a place may be meant at all: not a small town of a country that the article nowhere speaks of."""
    if place.country is None or setting.counts[place.country] or place.country == setting.dateline:
        return True
    if gazetteer().by_code(place.country) == place or _is_capital(gazetteer(), place):
        return True
    return not place.population or math.log10(place.population) + _called(place, name) >= _KNOWN_ABROAD


def _people(place: Place) -> int:
    return place.population or (_PEOPLE_OF_REGION if place.lat is not None else 1)


def _called(place: Place, name: str) -> float:
    return 0.0 if not place.population or fold(place.name) == fold(name) else _OTHER_NAME


def _score(place: Place, name: str, setting: Setting, total: int) -> float:
    """What speaks for a place of that name, on the scale of the logarithm of its people."""
    places = gazetteer()
    score = math.log10(_people(place))
    if place.country is None:
        return score
    is_country = places.by_code(place.country) == place
    if is_country:
        score += _IS_COUNTRY
    elif _is_capital(places, place):
        score += _IS_CAPITAL
    else:
        score += _called(place, name)
    score += _COUNTRY_NAMED * setting.counts[place.country] / (total + _DOUBT)
    if not is_country and place.country in setting.provinces:
        score += _PROVINCE_NAMED
    return score + _DATELINE * (place.country == setting.dateline)


def _is_capital(places: Gazetteer, place: Place) -> bool:
    country = places.capital(place.name)
    return country is not None and country.country == place.country


def _setting(places: Gazetteer, entities: Sequence[Entity], dateline: str | None) -> Setting:
    counts: Counter[str] = Counter()
    provinces = set()
    for entity in entities:
        place = _clear_place(places, entity)
        if place and place.country:
            counts[place.country] += len(entity.mentions)
            if places.by_code(place.country) != place and not place.population:
                provinces.add(place.country)
    where = places.place(dateline) if dateline else None
    return Setting(
        counts=counts,
        provinces=frozenset(provinces),
        dateline=where.country if where else None,
    )


def _clear_place(places: Gazetteer, entity: Entity) -> Place | None:
    """The place an entity can only mean, whatever the article: what tells where it plays."""
    if entity.type == "NORP":
        return places.demonym(entity.name)
    found = places.places(entity.name) if entity.type in LOCATED else []
    if not found:
        return None
    if len({place.country for place in found}) == 1:
        return found[0]
    if places.by_code(found[0].country or "") == found[0]:
        # A country, unless a province is called the same.
        return None if any(not place.population for place in found[1:]) else found[0]
    return found[0] if _people(found[0]) >= _CLEAR * _people(found[1]) else None


@Language.factory(NAME, requires=["doc._.entities"], assigns=["doc._.entities"])
def make_places(nlp: Language, name: str) -> Places:  # noqa: ARG001
    """The component `wire_places`: after the one that links entities."""
    return Places()
