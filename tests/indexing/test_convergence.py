"""Whatever the order, the company and the repetitions in which versions come: one document, the newest version."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.indexing import IndexOperation, operation
from pipeline.indexing.documents import document
from pipeline.indexing.versions import external_version
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import APRIL, MARCH, new_uri, version

pytestmark = pytest.mark.integration


def updated(uri: str) -> list[Article]:
    """Versions of a story that goes on, oldest first; they state three first dates, one of them none."""
    return [
        version(uri, "1", version_created=MARCH),
        version(uri, "2", version_created=APRIL, first_created=APRIL),
        version(uri, "2", version_created=APRIL + timedelta(hours=1), first_created=None),
        version(uri, "10", version_created=MARCH),
    ]


def killed(uri: str) -> list[Article]:
    """Versions of a story that is withdrawn in the end, oldest first."""
    return [*updated(uri)[1:], version(uri, "11", pub_status="canceled", first_created=None, version_created=APRIL)]


@pytest.mark.parametrize("story", [updated, killed])
def test_every_order_of_the_versions_ends_in_the_newest(index: OwnIndex, story: Callable[[str], list[Article]]) -> None:
    orders = [list(order) for order in itertools.permutations(range(4))]
    stories = {new_uri(): order for order in orders}
    arriving = [[operation(story(uri)[order[step]]) for uri, order in stories.items()] for step in range(4)]
    index.write(*arriving)
    stored = index.stored(*stories)
    assert [one.uri for one in stored] == sorted(stories)
    for one in stored:
        newest = story(one.uri)[-1]
        assert one.source == document(newest), stories[one.uri]
        assert one.version == external_version(newest)


def test_every_order_within_one_request_ends_in_the_newest(index: OwnIndex) -> None:
    stories = {new_uri(): order for order in itertools.permutations(range(4))}
    # Each version comes twice, once in each direction.
    everything = [operation(killed(uri)[one]) for uri, order in stories.items() for one in (*order, *reversed(order))]
    index.write(everything)
    stored = index.stored(*stories)
    assert [one.uri for one in stored] == sorted(stories)
    assert [one.source for one in stored] == [document(killed(uri)[-1]) for uri in sorted(stories)]


def expected(batches: list[list[IndexOperation]]) -> Iterator[str]:
    """The outcomes of one story's operations by the book: what is not newer than all before is superseded.

    A version whose kill comes in the same batch is never seen, however often it comes.
    """
    newest = -1
    for batch in batches:
        killed = max((op.version for op in batch if op.disposition == "retracted"), default=-1)
        for op in batch:
            if op.version < killed:
                yield "retracted" if op.version >= newest else "superseded"
            else:
                yield op.disposition if op.version > newest else "superseded"
            newest = max(newest, op.version)


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=1, max_size=4))
def test_repeats_and_gaps_end_in_the_newest_that_came(index: OwnIndex, batches: list[list[int]]) -> None:
    versions = killed(new_uri())
    written = [[operation(versions[number]) for number in batch] for batch in batches]
    outcomes = index.write(*written)
    assert [outcome.disposition for outcome in outcomes] == list(expected(written))
    newest = versions[max(itertools.chain(*batches))]
    stored = index.one(newest.uri)
    assert stored.source == document(newest)
    assert stored.version == external_version(newest)


def test_the_same_version_again_changes_nothing(index: OwnIndex) -> None:
    article = version(new_uri())
    assert [one.disposition for one in index.write([operation(article)])] == ["indexed"]
    before = index.one(article.uri)
    later = article.model_copy(update={"ingest": article.ingest.model_copy(update={"received_at": APRIL})})
    again = index.write([operation(article)], [operation(later), operation(article)])
    assert [one.disposition for one in again] == ["superseded"] * 3
    assert index.one(article.uri) == before


def test_a_replay_writes_over_its_equal_and_not_over_a_newer_version(index: OwnIndex) -> None:
    old, new = updated(new_uri())[1:3]
    index.write([operation(new)])
    before = index.one(new.uri)
    assert [o.disposition for o in index.write([operation(old, overwrite_equal=True)])] == ["superseded"]
    assert index.one(new.uri) == before
    assert [o.disposition for o in index.write([operation(new, overwrite_equal=True)])] == ["indexed"]
    after = index.one(new.uri)
    assert after.seq_no > before.seq_no
    assert (after.source, after.version) == (before.source, before.version)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(("first", "month"), [(0, "2026.03"), (1, "2026.04")])
def test_a_story_stays_in_the_month_of_the_version_that_came_first(
    index: OwnIndex, first: int, month: str, *, together: bool
) -> None:
    versions = updated(new_uri())
    operations = [operation(one) for one in (versions[first], *versions)]
    assert {op.month for op in operations} == {"2026.03", "2026.04"}
    index.write(*([operations] if together else [[op] for op in operations]))
    stored = index.one(versions[0].uri)
    assert stored.index == index.month(month)
    assert stored.source == document(versions[-1])
    assert index.home(stored.uri) == month


async def test_workers_that_meet_over_new_stories_agree_on_their_homes(index: OwnIndex) -> None:
    stories = [updated(new_uri()) for _ in range(25)]
    async with index.writer() as one, index.writer() as other:
        await asyncio.gather(
            one.write([operation(versions[0]) for versions in stories]),
            other.write([operation(versions[1]) for versions in reversed(stories)]),
        )
    uris = sorted(versions[0].uri for versions in stories)
    stored = index.stored(*uris)
    assert [found.uri for found in stored] == uris
    assert {found.source["version"] for found in stored} == {"2"}
    assert {found.index for found in stored} == {index.month(index.home(found.uri)) for found in stored}
