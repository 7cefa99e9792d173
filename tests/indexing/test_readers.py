"""What readers of the alias see of articles that are canceled, withheld or under embargo."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.article import PubStatus
from pipeline.indexing import operation
from pipeline.indexing.documents import document
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import new_uri, version

pytestmark = pytest.mark.integration

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2199, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "embargo", "outcome", "shown"),
    [
        ("usable", None, "indexed", True),
        ("usable", LONG_AGO, "indexed", True),
        ("usable", FAR_AHEAD, "indexed", False),
        ("withheld", None, "withheld", False),
        ("withheld", LONG_AGO, "withheld", True),
        ("withheld", FAR_AHEAD, "withheld", False),
        ("canceled", None, "retracted", False),
        ("canceled", LONG_AGO, "retracted", False),
        ("canceled", FAR_AHEAD, "retracted", False),
    ],
)
def test_readers_see_what_may_be_published(
    index: OwnIndex, status: PubStatus, embargo: datetime | None, outcome: str, *, shown: bool
) -> None:
    article = version(new_uri(), pub_status=status, embargoed_until=embargo)
    assert [one.disposition for one in index.write([operation(article)])] == [outcome]
    assert index.one(article.uri).source == document(article)
    assert index.shown(article.uri) is shown


def test_an_embargo_opens_by_itself_and_not_before_its_time(index: OwnIndex) -> None:
    opens = datetime.now(UTC) + timedelta(seconds=3)
    article = version(new_uri(), pub_status="withheld", embargoed_until=opens)
    index.write([operation(article)])
    while not index.shown(article.uri):
        time.sleep(0.05)
    assert datetime.now(UTC) >= opens


def test_a_kill_takes_the_story_and_its_text_away(index: OwnIndex) -> None:
    story = version(new_uri(), "1")
    index.write([operation(story)])
    assert index.shown(story.uri)
    kill = version(story.uri, "2", pub_status="canceled")
    assert [one.disposition for one in index.write([operation(kill)])] == ["retracted"]
    assert not index.shown(story.uri)
    kept = str(index.one(story.uri).source)
    assert "Lamont" not in kept
    assert "Ferry" not in kept


def test_a_kill_that_comes_before_its_story_holds(index: OwnIndex) -> None:
    kill = version(new_uri(), "2", pub_status="canceled", first_created=None)
    story = version(kill.uri, "1")
    outcomes = index.write([operation(kill)], [operation(story)], [operation(kill)])
    assert [one.disposition for one in outcomes] == ["retracted", "superseded", "superseded"]
    assert not index.shown(kill.uri)
    assert index.one(kill.uri).source == document(kill)


@pytest.mark.parametrize("before", ["withheld", "canceled"])
def test_a_newer_usable_version_shows_the_story_again(index: OwnIndex, before: PubStatus) -> None:
    uri = new_uri()
    index.write([operation(version(uri, "1", pub_status=before))])
    assert not index.shown(uri)
    index.write([operation(version(uri, "2"))])
    assert index.shown(uri)
    assert "Lamont" in index.one(uri).source["text"]


@pytest.mark.parametrize("after", ["withheld", "canceled"])
def test_a_newer_version_that_is_not_for_readers_hides_the_story(index: OwnIndex, after: PubStatus) -> None:
    uri = new_uri()
    index.write([operation(version(uri, "1"))], [operation(version(uri, "2", pub_status=after))])
    assert not index.shown(uri)
