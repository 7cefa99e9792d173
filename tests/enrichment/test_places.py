from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from pipeline.article import Entity, Mention
from pipeline.enrichment.places import NAME, located


def entity(name: str, type_: str = "GPE", mentions: int = 1, country: str | None = None) -> Entity:
    mention = Mention(start=0, end=len(name), text=name, kind="name")
    return Entity(id=name, name=name, type=type_, country=country, mentions=[mention] * mentions)


def country_of(name: str, *others: Entity, dateline: str | None = None, type_: str = "GPE") -> str | None:
    first, *_ = located([entity(name, type_), *others], dateline)
    return first.country


def test_a_city_gets_its_country_and_its_point() -> None:
    (kyiv,) = located([entity("Kyiv")])
    assert kyiv.country == "UKR"
    assert kyiv.location is not None
    assert (round(kyiv.location.lat), round(kyiv.location.lon)) == (50, 31)


def test_the_other_countries_of_the_article_settle_which_city_is_meant() -> None:
    assert country_of("London") == "GBR"
    assert country_of("London", entity("Ontario"), entity("Canada", mentions=4)) == "CAN"
    assert country_of("London", entity("Canadian", "NORP"), entity("British", "NORP")) == "GBR"
    assert country_of("Birmingham") == "GBR"
    assert country_of("Birmingham", entity("Alabama"), entity("American", "NORP", 3)) == "USA"
    assert country_of("Tripoli") == "LBY"
    assert country_of("Tripoli", entity("Lebanon", mentions=3), entity("Beirut")) == "LBN"


def test_a_country_is_told_from_a_state_of_the_same_name() -> None:
    assert country_of("Georgia") == "GEO"
    assert country_of("Georgia", entity("Tbilisi"), entity("Russia", mentions=2)) == "GEO"
    assert country_of("Georgia", entity("Atlanta"), entity("United States", mentions=3)) == "USA"


def test_the_dateline_settles_what_the_article_leaves_open() -> None:
    assert country_of("Hyderabad") == "IND"
    assert country_of("Hyderabad", dateline="KARACHI") == "PAK"


def test_a_province_after_the_comma_settles_the_city() -> None:
    (springfield,) = located([entity("Springfield, Illinois")])
    assert springfield.location is not None
    assert (round(springfield.location.lat), round(springfield.location.lon)) == (40, -90)


def test_a_place_unknown_in_a_known_country_gets_no_point() -> None:
    (village,) = located([entity("Villanueva del Ejemplo, Spain")])
    assert (village.country, village.location) == ("ESP", None)


def test_a_small_town_of_a_country_that_is_not_in_the_news_is_not_meant() -> None:
    assert country_of("Hyde Park", entity("Egypt")) is None


def test_what_narrows_a_name_is_passed_over() -> None:
    assert country_of("eastern Caracas", type_="LOC") == "VEN"
    assert country_of("Kharkiv oblast") == "UKR"


def test_a_region_of_many_countries_has_a_point_and_no_country() -> None:
    (sea,) = located([entity("Black Sea", "LOC")])
    assert sea.country is None
    assert sea.location is not None


def test_peoples_have_a_country_and_no_point() -> None:
    (kenyans, muslims) = located([entity("Kenyans", "NORP"), entity("Muslims", "NORP")])
    assert (kenyans.country, kenyans.location) == ("KEN", None)
    assert muslims.country is None


@pytest.mark.parametrize("type_", ["PERSON", "ORG", "EVENT", "MISC"])
def test_what_is_no_place_stays_off_the_map(type_: str) -> None:
    given = entity("Paris", type_)
    assert located([given]) == [given]


def test_a_country_that_is_known_already_is_kept() -> None:
    (place,) = located([entity("London", country="CAN")])
    assert place.country == "CAN"
    assert place.location is not None
    assert place.location.lon < -80


def test_the_component_leaves_the_entities_it_got_alone() -> None:
    Doc.set_extension("entities", default=None, force=True)
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME)
    doc = nlp.make_doc("Talks in Oslo went on.")
    oslo = entity("Oslo")
    doc._.entities = [oslo]
    doc = nlp.get_pipe(NAME)(doc)
    assert oslo.country is None
    assert doc._.entities[0].country == "NOR"


def test_without_entities_nothing_happens() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME)
    assert nlp("Talks in Oslo went on.").text == "Talks in Oslo went on."
