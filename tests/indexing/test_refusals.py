"""What Elasticsearch refuses is one item's own fate, told with its reason; its neighbours are indexed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import orjson
import pytest

from pipeline.article import Article
from pipeline.errors import Fatal
from pipeline.indexing import IndexOperation, operation
from pipeline.indexing.documents import document, from_document
from pipeline.indexing.writer import Outcome
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import APRIL, MARCH, new_uri, version

pytestmark = pytest.mark.integration

TOO_LONG_FOR_A_KEYWORD = "x" * 33_000
LONGEST_ID = 512


def between_neighbours(index: OwnIndex, refused: IndexOperation) -> Outcome:
    """Write something between two good articles, which must be indexed; returns its own outcome."""
    before, after = version(new_uri()), version(new_uri())
    outcomes = index.write([operation(before), refused, operation(after)])
    assert [outcomes[0], outcomes[2]] == [Outcome("indexed"), Outcome("indexed")]
    assert len(index.stored(before.uri, after.uri)) == 2
    return outcomes[1]


def reason(outcome: Outcome) -> str:
    assert outcome.disposition == "dead"
    assert outcome.reason
    return outcome.reason


@pytest.mark.parametrize("field", ["language", "version"])
def test_a_value_the_mapping_can_not_hold_is_one_items_fate(index: OwnIndex, field: str) -> None:
    article = version(new_uri()).model_copy(update={field: TOO_LONG_FOR_A_KEYWORD})
    outcome = between_neighbours(index, operation(article))
    assert outcome.cause == "document-parsing-exception"
    assert f"field [{field}]" in reason(outcome)
    assert "immense term" in reason(outcome)
    assert index.stored(article.uri) == []


@pytest.mark.parametrize("path", [("mood",), ("wire", "mood"), ("mentions", "mood")])
def test_the_mapping_refuses_a_field_nobody_planned(index: OwnIndex, path: tuple[str, ...]) -> None:
    op = operation(version(new_uri()))
    made = orjson.loads(op.document)
    place = made
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = "grim"
    outcome = between_neighbours(index, replace(op, document=orjson.dumps(made)))
    assert outcome.cause == "strict-dynamic-mapping-exception"
    assert "[mood]" in reason(outcome)
    assert index.stored(op.uri) == []


def test_a_refused_version_leaves_the_older_one(index: OwnIndex) -> None:
    good = version(new_uri(), "1")
    bad = version(good.uri, "2", language=TOO_LONG_FOR_A_KEYWORD)
    mended = version(good.uri, "3")
    assert [o.disposition for o in index.write([operation(good), operation(bad)])] == ["indexed", "dead"]
    assert index.one(good.uri).source == document(good)
    index.write([operation(mended)])
    assert index.one(good.uri).source == document(mended)


def test_no_property_a_provider_invents_is_refused_or_lost(index: OwnIndex) -> None:
    extras = {
        "": 1,
        ".": "a dot",
        "a.b": {"..": [1, "two", {"three": 3.5}]},
        "headline": {"not": "a string"},
        "storyDate": "yesterday",
        "article": ["not", {"an": "object"}],
        "mood": "grim",
        "huge": TOO_LONG_FOR_A_KEYWORD,
    }
    given = version(new_uri())
    wire = given.wire.model_dump(exclude_defaults=True) | {"moods": extras}
    article = Article.model_validate(given.model_dump(exclude_defaults=True) | extras | {"wire": wire})
    assert index.write([operation(article)]) == [Outcome("indexed")]
    assert from_document(index.one(article.uri).source) == article


@pytest.mark.parametrize("letter", ["u", "é"])
def test_the_longest_uri_is_indexed(index: OwnIndex, letter: str) -> None:
    start = new_uri()
    room = LONGEST_ID - len(start)
    uri = start + letter * (room // len(letter.encode()))
    assert index.write([operation(version(uri))]) == [Outcome("indexed")]
    assert index.one(uri).source["uri"] == uri


def test_a_uri_too_long_for_an_id_is_one_items_fate(index: OwnIndex) -> None:
    outcome = between_neighbours(index, operation(version(new_uri() + "u" * LONGEST_ID)))
    assert "512" in reason(outcome)


def test_a_story_never_has_two_homes_even_if_the_registry_refuses_it(index: OwnIndex) -> None:
    uri = new_uri()
    index.block(index.settings.stories, "write", on=True)
    try:
        for article in (version(uri, "1", first_created=MARCH), version(uri, "2", first_created=APRIL)):
            with suppress(Fatal):
                index.write([operation(article)])
        assert len(index.stored(uri)) <= 1
    finally:
        index.block(index.settings.stories, "write", on=False)
