"""The document an article becomes, and the operation that writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article, PubStatus
from pipeline.indexing import operation
from pipeline.indexing.documents import document, from_document
from pipeline.indexing.versions import external_version
from tests.indexing.stories import APRIL, MARCH, version

URI = "urn:test:story"


def entity(name: str, kind: str, start: int = 0) -> dict[str, Any]:
    mention = {"start": start, "end": start + len(name), "text": name, "kind": "name"}
    return {"id": f"e{start}{name}", "name": name, "type": kind, "mentions": [mention]}


def enriched(*entities: dict[str, Any], **said: Any) -> Article:
    return version(URI, enrich={"model": {"name": "some_model", "version": "1"}, "entities": entities}, **said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.text(min_size=1)
ARTICLES = st.builds(
    version,
    WORDS,
    st.none() | WORDS,
    pub_status=st.sampled_from(["usable", "withheld"]),
    first_created=st.none() | st.datetimes(timezones=st.just(UTC)),
    embargoed_until=st.none() | st.datetimes(timezones=st.just(UTC)),
    text=st.text(),
    headlines=st.lists(WORDS.map(lambda value: {"value": value}), max_size=2),
    subjects=st.lists(
        st.fixed_dictionaries({"creator": st.just("provider")}, optional={"name": WORDS, "uri": WORDS}), max_size=3
    ),
    expires=st.none() | st.datetimes(timezones=st.just(UTC)),
    mood=JSON,
)


@given(ARTICLES)
def test_the_whole_article_comes_back_out_of_its_document(article: Article) -> None:
    assert from_document(orjson.loads(operation(article).document)) == article


def test_what_is_searched_stands_under_the_articles_own_names() -> None:
    article = version(
        URI,
        "3",
        language="en",
        urgency=4,
        slugline="FERRY-ARDEN",
        subjects=[
            {"name": "transport", "creator": "provider"},
            {"name": "sea", "creator": "machine"},
            {"name": "sea", "creator": "provider"},
            {"uri": "urn:test:subject", "creator": "provider"},
        ],
        wire={
            "format": "ninjs",
            "provider": "Kestrel",
            "feed_tag": "k-1",
            "change": {"kind": "correction", "number": 2},
        },
    )
    made = document(article)
    whole = made.pop("article")
    assert made == {
        "uri": URI,
        "version": "3",
        "pubStatus": "usable",
        "urgency": 4,
        "language": "en",
        "firstCreated": "2026-03-30T08:00:00Z",
        "slugline": "FERRY-ARDEN",
        "text": article.text,
        "headline": [article.headline],
        "subjects": ["sea", "transport"],
        "wire": {"format": "ninjs", "provider": "Kestrel", "feedTag": "k-1", "change": "correction"},
        "storyDate": "2026-03-30",
        "receivedAt": "2026-03-30T08:00:00Z",
    }
    assert whole["wire"]["change"] == {"kind": "correction", "number": 2}
    assert "text" not in whole, "the text stands twice"


def test_what_is_absent_makes_no_field() -> None:
    made = document(version(URI, None, headlines=[], first_created=None, wire={"format": "text"}))
    assert set(made) == {"uri", "pubStatus", "text", "wire", "storyDate", "receivedAt", "article"}


def test_entities_are_named_once_by_kind_and_every_mention_keeps_its_place() -> None:
    made = document(
        enriched(
            entity("Port Arden", "GPE"),
            entity("Kestrel Quay", "FAC", 20),
            entity("Ada Lamont", "PERSON", 40),
            entity("Ada Lamont", "PERSON", 60),
            entity("Lamont's Law", "LAW", 80),
        )
    )
    assert made["entities"] == {
        "law": ["Lamont's Law"],
        "person": ["Ada Lamont"],
        "place": ["Kestrel Quay", "Port Arden"],
    }
    assert [(m["entity"], m["start"], m["end"]) for m in made["mentions"]][2:4] == [
        ("Ada Lamont", 40, 50),
        ("Ada Lamont", 60, 70),
    ]


def test_an_article_in_which_nobody_is_named_has_no_entities() -> None:
    assert {"entities", "mentions"}.isdisjoint(document(enriched()))


def test_a_canceled_article_keeps_who_it_is_and_nothing_it_said() -> None:
    said = {
        "by": "Ada Lamont",
        "slugline": "ARDEN-FERRY",
        "ed_note": "Eds: Lamont denies it.",
        "subjects": [{"name": "Lamont", "creator": "machine"}],
        "mood": "Lamont's",
        "wire": {
            "format": "ninjs",
            "provider": "Kestrel",
            "change": {"kind": "kill", "reason": "wrong ferry"},
            "chain": {"root": "urn:test:root"},
            "warnings": ["Lamont is misspelled"],
            "cleaning": [{"rule": "slug-line", "start": 0, "end": 5, "text": "ARDEN"}],
        },
    }
    made = document(enriched(entity("Ada Lamont", "PERSON"), pub_status="canceled", **said))
    assert "Lamont" not in str(made)
    assert "ARDEN" not in str(made)
    assert set(made) == {
        *("uri", "version", "pubStatus", "firstCreated", "text", "wire", "storyDate", "receivedAt", "article")
    }
    assert made["text"] == ""
    assert made["wire"] == {"format": "ninjs", "provider": "Kestrel", "change": "kill"}
    back = from_document(made)
    assert (back.uri, back.version, back.pub_status, back.text, back.body) == (URI, "1", "canceled", "", [])
    assert back.wire.change
    assert back.wire.change.reason == "wrong ferry"


def test_a_withheld_article_keeps_its_text_for_the_day_it_may_appear() -> None:
    article = version(URI, pub_status="withheld", embargoed_until=APRIL)
    made = document(article)
    assert (made["pubStatus"], made["embargoedUntil"], made["text"]) == (
        "withheld",
        "2026-04-02T08:00:00Z",
        article.text,
    )


@pytest.mark.parametrize(
    ("status", "disposition"), [("usable", "indexed"), ("withheld", "withheld"), ("canceled", "retracted")]
)
@pytest.mark.parametrize("overwrite_equal", [True, False])
def test_the_operation_of_an_article(status: PubStatus, disposition: str, *, overwrite_equal: bool) -> None:
    article = version(URI, pub_status=status)
    made = operation(article, overwrite_equal=overwrite_equal)
    assert (made.uri, made.month, made.version) == (URI, "2026.03", external_version(article))
    assert (made.disposition, made.overwrite_equal) == (disposition, overwrite_equal)
    assert orjson.loads(made.document) == document(article)


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ({"first_created": MARCH, "version_created": APRIL}, "2026.03"),
        ({"first_created": datetime.fromisoformat("2026-04-01T00:30:00+02:00")}, "2026.04"),
        ({"first_created": None, "version_created": APRIL}, "2026.04"),
        (
            {"first_created": None, "wire": {"format": "text", "dateline": {"raw": "r", "date": "2024-07-04"}}},
            "2024.07",
        ),
        ({"first_created": None, "wire": {"format": "text", "dateline": {"raw": "r", "date": "--07-04"}}}, "2026.03"),
    ],
)
def test_the_month_is_that_of_the_first_date_an_article_tells(said: dict[str, Any], month: str) -> None:
    assert operation(version(URI, **said)).month == month


def test_a_number_of_any_size_that_a_provider_invents_is_kept() -> None:
    article = version(URI, size=2**70)
    assert orjson.loads(operation(article).document)["article"]["size"] == 2**70
