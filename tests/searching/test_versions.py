"""The versions of a story: what became of each, which words changed, and nothing of what is killed or withheld."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import AsyncElasticsearch
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.config import IndexingSettings
from pipeline.indexing import operation
from pipeline.indexing.story import AS_SENT, Version
from pipeline.indexing.writer import ArticleWriter
from pipeline.searching.version_display import as_json, versions
from pipeline.searching.versions import Told, changed_paragraphs, changes, story_of, why_not
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import MARCH, version
from tests.searching.terminal import ODD_TEXT, assert_harmless, shown

WORDS = st.lists(st.sampled_from(["ferry", "harbour", "the", "\n\n", "sails", "again."]), max_size=12).map(" ".join)


@given(WORDS | ODD_TEXT, WORDS | ODD_TEXT)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = changes(before, after)
    made = "".join(words for kind, words in pieces if kind != "removed")
    assert made == (after if after.strip() else "")
    assert " ".join(words for kind, words in pieces if kind != "added").split() == before.split()


def test_only_paragraphs_that_changed_are_shown() -> None:
    before = "The ferry sails at dawn.\n\nNobody was hurt.\n\nThe harbour is open."
    after = "The ferry sails at noon.\n\nNobody was hurt.\n\nThe harbour is open. It rained."
    marked = ["".join(f"<{kind}>{w}" for kind, w in one) for one in changed_paragraphs(changes(before, after))]
    assert marked == [
        "<same>The ferry sails at <removed>dawn.<added>noon.",
        "<same>The harbour is open. <added>It rained.",
    ]


@given(ODD_TEXT)
def test_nothing_a_feed_says_is_obeyed(text: str) -> None:
    one = Version(uri=text, version=1, sent=1, revision=text, headline=text, reason=text, text=text)
    other = Version(uri="urn:b", version=2, sent=2, headline="b", text=f"b {text}")
    told = [Told(each, AS_SENT, replaced=False) for each in (one, other)]
    assert_harmless(shown(versions(told)))


def test_a_take_is_compared_with_the_same_take() -> None:
    takes = [
        (None, "The ferry sails."),
        (2, "The mayor said so."),
        (None, "The ferry sailed."),
        (2, "The mayor said no."),
    ]
    told = [
        Told(Version(uri=f"urn:{at}", version=at, sent=at, take=take, text=text), AS_SENT, replaced=False)
        for at, (take, text) in enumerate(takes, 1)
    ]
    written = list(as_json(told))
    assert [one.get("take") for one in written] == [None, 2, None, 2]
    assert ["changes" in one for one in written] == [False, False, True, True]
    assert ["removed", "so."] in written[3]["changes"]
    on_screen = shown(versions(told))
    assert "take 2" in on_screen
    assert "from 1 to 3" in on_screen
    assert "from 2 to 4" in on_screen
    assert "from 1 to 2" not in on_screen


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[OwnIndex]:
    own = OwnIndex(elasticsearch_url)
    asyncio.run(own.set_up())
    yield own
    own.drop()


def sent(uri: str, minute: int, number: str | None, text: str, **said: Any) -> Article:
    given = {"text": text, "version_created": MARCH + timedelta(minutes=minute)}
    return version(uri, number, **given | said)


@pytest.mark.integration
def test_a_story_from_its_first_version_to_its_kill(index: OwnIndex) -> None:
    uri, lead, kill = (f"urn:test:{uuid4().hex}" for _ in range(3))
    corrected = {"kind": "correction", "reason": "corrects the number of boats"}
    follows = {"chain": {"previous": uri}, "change": {"kind": "update", "number": 1}}
    story = [
        sent(uri, 1, "1", "Three boats sank off Arden."),
        sent(uri, 5, "2", "Two boats sank off Arden.", wire={"format": "ninjs", "change": corrected}),
        sent(lead, 9, "1", "Two boats sank off Arden. The crews are safe.", wire={"format": "ninjs", **follows}),
        sent(f"{uri}:x", 7, "1", "Not yet.", pub_status="withheld", wire={"format": "ninjs", "chain": {"root": uri}}),
    ]
    index.write([operation(article) for article in story])
    index.client.indices.refresh(index=index.month("*"))
    told = story_of(index.client, index.settings, uri)
    assert [one.state for one in told] == ["replaced", "superseded", "readable"]
    assert told == story_of(index.client, index.settings, lead)
    page = shown(versions(told))
    assert "[-Three-] {+Two+} boats sank" in page
    assert "{+The crews are safe.+}" in page
    assert "corrects the number of boats" in page
    assert "Not yet" not in page + str(list(as_json(told)))
    gone = why_not(told, uri)
    assert gone is not None
    assert lead in str(gone)
    assert why_not(told, lead) is None

    killing = {"format": "ninjs", "change": {"kind": "kill"}, "chain": {"previous": uri}}
    index.write([operation(sent(kill, 20, None, "Kill.", pub_status="canceled", wire=killing))])
    index.client.indices.refresh(index=index.month("*"))
    told = story_of(index.client, index.settings, lead)
    assert [one.state for one in told] == ["killed"] * 5  # what was withheld among them
    left = (
        shown(versions(told)) + str(list(as_json(told))) + str(index.client.get(index=index.settings.stories, id=uri))
    )
    assert "boats sank" not in left
    assert "killed" in str(why_not(told, lead))


@pytest.mark.integration
async def test_what_never_came_has_no_versions(index: OwnIndex) -> None:
    async with AsyncElasticsearch(index.url) as client:
        await ArticleWriter(client, IndexingSettings(**index.settings.model_dump())).write([])
    assert story_of(index.client, index.settings, "urn:test:never") == []
