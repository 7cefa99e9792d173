"""The documents of stances: one a statement, with all that a chart or a table of them needs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.indexing import operation
from pipeline.indexing.documents import document
from pipeline.indexing.stance_documents import MOST_STANCES, stance_documents
from tests.indexing.stories import APRIL, version
from tests.searching.interview import OPINIONATED, place

URI = "urn:test:story"


def entity(name: str, kind: str = "PERSON", **said: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "mentions": []} | said


def stance(holder_text: str, target_text: str, **said: Any) -> dict[str, Any]:
    given = {
        "holderText": holder_text,
        "targetText": target_text,
        "label": "against",
        "confidence": 0.75,
        "voice": "reported",
    }
    return given | {"evidence": {"start": 4, "end": 9, "text": "words"}} | said


def opinions(*stances: dict[str, Any], entities: list[dict[str, Any]] | None = None, **said: Any) -> Article:
    enrich = {"model": {"name": "some_model", "version": "1"}, "entities": entities or [], "stances": list(stances)}
    return version(URI, enrich=enrich, **said)


def only(article: Article) -> dict[str, Any]:
    (made,) = stance_documents(article)
    return made


def test_a_statement_has_its_article_its_parties_its_label_and_its_words() -> None:
    made = only(
        opinions(
            stance("Lamont", "Kestrel's plan", holder="e", cue={"start": 5, "end": 7, "text": "opposes"}),
            entities=[entity("Ada Lamont", id="e", key="person:ada-lamont", country="NOR")],
            version_created=APRIL,
            embargoed_until=APRIL,
        )
    )
    assert made == {
        "uri": URI,
        "version": "1",
        "pubStatus": "usable",
        "embargoedUntil": "2026-04-02T08:00:00Z",
        "firstCreated": "2026-03-30T08:00:00Z",
        "versionCreated": "2026-04-02T08:00:00Z",
        "storyDate": "2026-03-30",
        "receivedAt": "2026-03-30T08:00:00Z",
        "headline": "Ferry to Port Arden runs again, version 1",
        "wire": {"provider": "Kestrel"},
        "holder": {
            "name": "Ada Lamont",
            "key": "person:ada-lamont",
            "type": "PERSON",
            "country": "NOR",
            "text": "Lamont",
        },
        "target": {"name": "Kestrel's plan", "key": "phrase:kestrels-plan", "text": "Kestrel's plan"},
        "pair": "person:ada-lamont > phrase:kestrels-plan",
        "label": "against",
        "polarity": -1,
        "confidence": 0.75,
        "voice": "reported",
        "cue": {"text": "opposes", "start": 5, "end": 7},
        "evidence": {"text": "words", "start": 4, "end": 9},
    }


def test_dates_provider_and_uri_are_those_of_the_articles_document() -> None:
    article = opinions(stance("a", "b"))
    made, whole = only(article), document(article)
    shared = made.keys() & whole.keys() - {"headline", "wire"}
    assert shared >= {"uri", "version", "storyDate", "receivedAt", "firstCreated", "pubStatus"}
    assert {name: made[name] for name in shared} == {name: whole[name] for name in shared}
    assert made["wire"]["provider"] == whole["wire"]["provider"]


@pytest.mark.parametrize(("label", "polarity"), [("favor", 1), ("against", -1), ("neutral", 0)])
def test_a_label_is_a_number_too(label: str, polarity: int) -> None:
    assert only(opinions(stance("a", "b", label=label)))["polarity"] == polarity


@pytest.mark.parametrize(
    ("one", "other"),
    [("the Dam", "The dam"), ("NATO’s enlargement", "Nato's enlargement"), ("a “peace deal”", "peace  deal")],
)
def test_the_same_phrase_however_it_is_written_has_the_same_key(one: str, other: str) -> None:
    keys = [only(opinions(stance(text, "x")))["holder"]["key"] for text in (one, other)]
    assert keys[0] == keys[1]
    assert keys[0] == keys[0].lower()


def test_an_entity_without_a_key_has_that_of_its_name_and_an_unknown_one_that_of_its_words() -> None:
    made = only(opinions(stance("it", "them", holder="Old Law", target="e99"), entities=[entity("Old Law", "LAW")]))
    assert (made["holder"]["key"], made["holder"]["type"]) == ("phrase:old-law", "LAW")
    assert (made["target"]["key"], made["target"]["name"]) == ("phrase:them", "them")


def test_what_is_absent_makes_no_field() -> None:
    made = only(opinions(stance("a", "b"), headlines=[], text="", first_created=None, wire={"format": "text"}))
    assert not {"headline", "cue", "versionCreated", "firstCreated", "embargoedUntil"} & made.keys()
    assert not {"type", "country"} & made["holder"].keys()


def test_a_canceled_article_has_no_statements_and_a_withheld_one_says_that_it_is() -> None:
    assert stance_documents(opinions(stance("a", "b"), pub_status="canceled")) == []
    assert only(opinions(stance("a", "b"), pub_status="withheld"))["pubStatus"] == "withheld"


def test_an_article_without_enrichment_or_opinions_has_none() -> None:
    assert stance_documents(version(URI)) == stance_documents(opinions()) == []
    assert "stances" not in document(opinions())


def test_the_article_has_the_same_statements_in_the_same_order() -> None:
    nested = document(OPINIONATED)["stances"]
    assert nested[0] == {
        "holder": {"name": "Drovnia", "key": "place/drovnia"},
        "target": {"name": "the demand", "key": "phrase:demand"},
        "label": "against",
        "start": place("Stavgrad rejected")["start"],
        "end": place("within hours.")["end"],
    }
    for one, own in zip(nested, stance_documents(OPINIONATED), strict=True):
        assert (one["holder"]["key"], one["target"]["key"], one["label"]) == (
            *own["pair"].split(" > "),
            own["label"],
        )
        assert OPINIONATED.text[one["start"] : one["end"]] == own["evidence"]["text"]


def test_of_more_statements_than_any_article_has_the_first_are_indexed_in_both_places() -> None:
    article = opinions(*(stance(f"holder {n}", "b") for n in range(MOST_STANCES + 5)))
    documents, nested = stance_documents(article), document(article)["stances"]
    assert len(documents) == len(nested) == MOST_STANCES
    assert documents[-1]["holder"]["name"] == nested[-1]["holder"]["name"] == f"holder {MOST_STANCES - 1}"


def test_they_travel_with_the_operation_of_their_article() -> None:
    made = operation(OPINIONATED)
    assert [orjson.loads(one) for one in made.stances] == stance_documents(OPINIONATED)


WORDS = st.text(min_size=1)


@given(holder=WORDS, target=WORDS, cue=WORDS)
def test_no_words_however_odd_make_a_party_without_a_key_or_a_key_with_spaces(
    holder: str, target: str, cue: str
) -> None:
    made = only(opinions(stance(holder, target, cue={"start": 0, "end": 1, "text": cue})))
    for party in (made["holder"], made["target"]):
        assert party["key"].startswith("phrase:")
        assert not any(c.isspace() for c in party["key"])
