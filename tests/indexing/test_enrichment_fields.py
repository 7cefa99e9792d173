"""What enrichment found, as fields: names, keys, countries, points, roles, dates, quotes, keyphrases, a summary."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Enrichment, PubStatus
from pipeline.indexing.documents import document, from_document
from pipeline.indexing.enrichment_fields import MOST_LOCATIONS, enrichment_fields
from tests.indexing.stories import new_uri, version

MODEL = {"name": "some_model", "version": "1"}
FOUND_IN = ("entities", "mentions", "roles", "dates", "quotes", "stances", "keyphrases", "summary")


def entity(name: str, kind: str = "PERSON", **said: Any) -> dict[str, Any]:
    mention = {"start": 0, "end": len(name), "text": name, "kind": "name"}
    return {"id": name, "name": name, "type": kind, "mentions": [mention]} | said


def span(text: str) -> dict[str, Any]:
    return {"start": 0, "end": len(text), "text": text}


def quote(*pieces: str, **said: Any) -> dict[str, Any]:
    return {"kind": "direct", "content": [span(piece) for piece in pieces]} | said


def dated(value: str) -> dict[str, Any]:
    return span("then") | {"value": value}


def fields(**found: Any) -> dict[str, Any]:
    """The fields of an enrichment that are not empty, as a document has them."""
    made = document(version(new_uri(), enrich={"model": MODEL} | found))
    return {name: made[name] for name in FOUND_IN if name in made}


# -- entities --------------------------------------------------------------------------------------


def test_one_person_under_two_spellings_is_one_key_and_two_names() -> None:
    here = fields(entities=[entity("Ilja Oresk", key="person/ilya-oresk")])["entities"]
    there = fields(entities=[entity("Ilya Oresk", key="person/ilya-oresk")])["entities"]
    assert here["person"] != there["person"]
    assert here["key"] == there["key"] == ["person/ilya-oresk"]


def test_names_keys_and_countries_come_once_the_most_salient_first() -> None:
    found = fields(
        entities=[
            entity("Orrin", salience=0.2, key="person/orrin", country="NOR"),
            entity("Lamont", salience=0.9, key="person/lamont", country="EST"),
            entity("Orrin", salience=0.1, key="person/orrin", country="NOR"),
            entity("Quill"),
        ]
    )["entities"]
    assert found == {
        "person": ["Lamont", "Orrin", "Quill"],
        "key": ["person/lamont", "person/orrin"],
        "country": ["EST", "NOR"],
    }


@pytest.mark.parametrize("kind", ["KEY", "Country", "LOCATION"])
def test_a_type_that_is_called_like_another_field_does_not_get_into_it(kind: str) -> None:
    assert fields(entities=[entity("Arden", kind)])["entities"] == {"misc": ["Arden"]}


def test_roles_are_on_the_article_once() -> None:
    entities = [
        entity("Orrin", roles=["pilot", "Kestrel captain"]),
        entity("Lamont", roles=["pilot"], salience=0.5),
    ]
    assert fields(entities=entities)["roles"] == ["pilot", "Kestrel captain"]


# -- the map ---------------------------------------------------------------------------------------


def test_places_with_coordinates_are_points_and_nothing_else_is() -> None:
    here = {"lat": 58.5, "lon": -3.25}
    found = fields(
        entities=[
            entity("Port Arden", "GPE", location=here),
            entity("Kestrel Quay", "FAC", location=here),
            entity("Kestrel Union", "ORG", location={"lat": 1.0, "lon": 2.0}),
            entity("Tessika", "GPE"),
        ]
    )["entities"]
    assert found["location"] == [here]


@pytest.mark.parametrize(("lat", "lon"), [(90.5, 0.0), (0.0, -180.5), (math.nan, 0.0), (0.0, math.inf)])
def test_a_point_that_is_on_no_globe_is_left_out(lat: float, lon: float) -> None:
    found = Enrichment.model_validate(
        {"model": MODEL, "entities": [entity("Arden", "GPE", location={"lat": lat, "lon": lon})]}
    )
    assert "location" not in enrichment_fields(found)["entities"]


def test_of_too_many_points_those_of_the_most_salient_places_stay() -> None:
    places = [
        entity(f"Arden {n}", "GPE", location={"lat": n / 10, "lon": 0.0}, salience=n / 1000)
        for n in range(MOST_LOCATIONS + 50)
    ]
    points = fields(entities=places)["entities"]["location"]
    assert len(points) == MOST_LOCATIONS
    assert min(point["lat"] for point in points) == 5.0


# -- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-10", ["2026-02-10"]),
        ("2026-02", ["2026-02"]),
        ("2026", ["2026"]),
        ("2026-W07", ["2026-02-09"]),  # its Monday
        ("2026-02-30", None),
        ("2026-13", None),
        ("--02-10", None),
        ("soon", None),
    ],
)
def test_a_date_is_what_the_index_takes_for_one_or_left_out(value: str, expected: list[str] | None) -> None:
    assert fields(dates=[dated(value)]).get("dates") == expected


@given(st.text(min_size=1) | st.from_regex(r"[0-9]{4}(-[0-9W]{2,3}(-[0-9]{1,2})?)?", fullmatch=True))
def test_no_value_however_odd_makes_a_date_the_index_would_refuse(value: str) -> None:
    for made in fields(dates=[dated(value)]).get("dates", []):
        whole = {4: f"{made}-01-01", 7: f"{made}-01", 10: made}[len(made)]
        assert date.fromisoformat(whole).isoformat() == whole


# -- quotes ----------------------------------------------------------------------------------------


def test_quotes_tell_who_spoke_and_what_was_said() -> None:
    found = fields(
        entities=[entity("Orrin", key="person/orrin"), entity("Lamont", salience=0.5), entity("Quill")],
        quotes=[
            quote("We sail,", "at dawn.", speaker="Orrin"),
            quote("No.", speaker="Lamont"),
            quote("No.", speakerMention=span("officials")),
        ],
    )
    assert found["quotes"] == {
        "speaker": ["Lamont", "Orrin"],
        "key": ["person/orrin"],
        "text": ["We sail, at dawn.", "No."],
    }


def test_a_speaker_nobody_knows_and_a_quote_without_words_make_no_field() -> None:
    assert "quotes" not in fields(quotes=[quote(speaker="e99")])


# -- the rest --------------------------------------------------------------------------------------


def test_keyphrases_keep_their_rank_and_the_summary_its_words() -> None:
    found = fields(keyphrases=["toll bridge", "arden", "toll bridge"], summary="The bridge is shut. It was open.")
    assert found == {"keyphrases": ["toll bridge", "arden"], "summary": "The bridge is shut. It was open."}


def test_nothing_found_makes_no_field() -> None:
    assert fields() == {}


@pytest.mark.parametrize("status", ["usable", "withheld"])
def test_the_enrichment_comes_back_whole(status: PubStatus) -> None:
    enrich = {
        "model": MODEL,
        "entities": [entity("Orrin", key="person/orrin", location={"lat": 1.0, "lon": 2.0}, roles=["pilot"])],
        "quotes": [quote("We sail.", speaker="Orrin")],
        "dates": [dated("soon")],
        "keyphrases": ["sails"],
        "summary": "They sail.",
    }
    article = version(new_uri(), pub_status=status, enrich=enrich)
    assert from_document(document(article)) == article


def test_a_canceled_article_keeps_nothing_of_it() -> None:
    enrich = {"model": MODEL, "entities": [entity("Orrin", key="k")], "keyphrases": ["sails"], "summary": "They sail."}
    made = document(version(new_uri(), pub_status="canceled", enrich=enrich))
    assert not set(FOUND_IN) & set(made)
