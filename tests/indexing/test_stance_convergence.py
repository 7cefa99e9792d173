"""Whatever the order, the repetitions, the company and the deaths: a story's stances are its newest version's."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Fatal
from pipeline.indexing import operation
from pipeline.indexing.names import LONGEST_ID
from pipeline.indexing.stance_documents import stance_documents
from pipeline.indexing.stance_writer import stance_id
from tests.indexing.fault_proxy import Fault, FaultProxy
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import APRIL, new_uri, opinionated

pytestmark = pytest.mark.integration

REQUESTS = 8
"""More than a writer makes for one article that is new: what happens to each of them is tried."""


def told(uri: str, counts: Iterable[int]) -> list[Article]:
    """Versions of a story, oldest first, with so many stances each."""
    return [opinionated(uri, str(number), count) for number, count in enumerate(counts, 1)]


def assert_stances_of(index: OwnIndex, *articles: Article) -> None:
    """Readers see the stances of these articles, and of their stories nothing else."""
    seen = index.stances(*(article.uri for article in articles))
    for article in articles:
        assert seen[article.uri] == stance_documents(article), article.uri


# -- order and repetition --------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [(3, 1, 2), (1, 3, 0), (0, 2, 1), (2, 0, 4)])
def test_every_order_of_the_versions_ends_in_the_stances_of_the_newest(
    index: OwnIndex, counts: tuple[int, ...]
) -> None:
    orders = list(itertools.permutations(range(len(counts))))
    stories = [told(new_uri(), counts) for _ in orders]
    for step in range(len(counts)):
        index.write([operation(story[order[step]]) for story, order in zip(stories, orders, strict=True)])
    assert_stances_of(index, *(story[-1] for story in stories))


@settings(max_examples=25)
@given(
    counts=st.lists(st.integers(0, 4), min_size=2, max_size=4),
    batches=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_repeats_gaps_and_company_end_in_the_stances_of_the_newest_that_came(
    index: OwnIndex, counts: list[int], batches: list[list[int]]
) -> None:
    story = told(new_uri(), counts)
    arriving = [[story[number % len(story)] for number in batch] for batch in batches]
    index.write(*([operation(article) for article in batch] for batch in arriving))
    newest = max(itertools.chain(*arriving), key=lambda article: int(article.version or 0))
    assert_stances_of(index, newest)
    assert index.one(newest.uri).version == operation(newest).version


def test_the_same_version_again_writes_nothing_anew(index: OwnIndex) -> None:
    article = opinionated(new_uri(), "1", 2)
    index.write([operation(article)])
    stances = f"{index.settings.stances}-2026.03"
    before = [index.client.get(index=stances, id=f"{article.uri}:{number}")["_seq_no"] for number in range(2)]
    index.write([operation(article)], [operation(article)])
    after = [index.client.get(index=stances, id=f"{article.uri}:{number}")["_seq_no"] for number in range(2)]
    assert before == after


def test_a_replay_after_a_better_model_replaces_the_stances_of_the_same_version(index: OwnIndex) -> None:
    uri = new_uri()
    fewer, more = opinionated(uri, "1", 1), opinionated(uri, "1", 3)
    # It is the same copy: the hash that is in its version was taken of the article as read.
    same = {"ingest": fewer.ingest.model_copy(update={"content_hash": "0123456789abcdef"})}
    fewer, more = fewer.model_copy(update=same), more.model_copy(update=same)
    index.write([operation(more)], [operation(fewer, overwrite_equal=True)])
    assert_stances_of(index, fewer)
    index.write([operation(more, overwrite_equal=True)], [operation(fewer)])
    assert_stances_of(index, more)
    index.write([operation(fewer, overwrite_equal=True), operation(more)])
    assert_stances_of(index, fewer)
    index.write([operation(opinionated(uri, "2", 2))], [operation(more, overwrite_equal=True)])
    assert_stances_of(index, opinionated(uri, "2", 2))


def test_of_one_version_in_two_states_at_once_the_one_whose_article_is_written_counts(index: OwnIndex) -> None:
    uri = new_uri()
    same = {"ingest": opinionated(uri, "1", 1).ingest.model_copy(update={"content_hash": "0123456789abcdef"})}
    first, second = (opinionated(uri, "1", count).model_copy(update=same) for count in (1, 3))
    index.write([operation(first, overwrite_equal=True), operation(second)])
    assert_stances_of(index, first)


def test_stances_live_in_the_month_of_their_story(index: OwnIndex) -> None:
    uri = new_uri()
    index.write([operation(opinionated(uri, "1", 2))], [operation(opinionated(uri, "2", 1, first_created=APRIL))])
    assert index.home(uri) == "2026.03"
    found = index.client.search(index=f"{index.settings.stances}-*", query={"term": {"uri": uri}})["hits"]["hits"]
    assert {hit["_index"] for hit in found} <= {f"{index.settings.stances}-2026.03"}
    assert_stances_of(index, opinionated(uri, "2", 1, first_created=APRIL))


# -- who may be read -------------------------------------------------------------------------------


def test_a_kill_takes_the_stances_away_whenever_it_comes(index: OwnIndex) -> None:
    for order in itertools.permutations(range(3)):
        uri = new_uri()
        story = [*told(uri, (3, 1)), opinionated(uri, "3", 2, pub_status="canceled")]
        index.write(*([operation(story[number])] for number in order))
        assert index.stances(uri) == {uri: []}, order
        kept = index.client.search(index=f"{index.settings.stances}-*", query={"term": {"uri": uri}})
        assert "Lamont" not in str(kept), order


@pytest.mark.parametrize(
    ("status", "embargo", "shown"),
    [
        ("usable", "2020-01-01T00:00:00Z", True),
        ("usable", "2199-01-01T00:00:00Z", False),
        ("withheld", None, False),
        ("withheld", "2020-01-01T00:00:00Z", True),
        ("withheld", "2199-01-01T00:00:00Z", False),
    ],
)
def test_stances_are_seen_when_their_article_is(
    index: OwnIndex, status: str, embargo: str | None, *, shown: bool
) -> None:
    article = opinionated(new_uri(), "1", 2, pub_status=status, embargoed_until=embargo)
    index.write([operation(article)])
    assert index.shown(article.uri) is shown
    assert len(index.stances(article.uri)[article.uri]) == (2 if shown else 0)


# -- others who write, and deaths ------------------------------------------------------------------


@pytest.mark.parametrize("counts", [(3, 1), (1, 3), (2, 0), (0, 2)])
@pytest.mark.parametrize("held", range(REQUESTS))
@pytest.mark.parametrize("older_is_held", [True, False])
async def test_who_was_held_up_before_any_of_its_requests_spoils_nothing(
    index: OwnIndex, counts: tuple[int, int], held: int, *, older_is_held: bool
) -> None:
    story = told(new_uri(), counts)
    late, quick = story if older_is_held else reversed(story)
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as one, index.writer() as other:
        proxy.holds_at = held
        writing = asyncio.create_task(one.write([operation(late)]))
        holding = asyncio.create_task(proxy.held.wait())
        await asyncio.wait([writing, holding], return_when=asyncio.FIRST_COMPLETED)
        holding.cancel()
        await other.write([operation(quick)])
        proxy.released.set()
        await writing
    assert_stances_of(index, story[-1])
    assert index.one(story[-1].uri).version == operation(story[-1]).version


@pytest.mark.parametrize("counts", [(3, 1), (1, 3), (2, 0)])
@pytest.mark.parametrize("dies_at", range(REQUESTS))
@pytest.mark.parametrize("too_late", [True, False])
async def test_who_dies_before_or_after_any_of_its_requests_is_made_good_by_the_next_delivery(
    index: OwnIndex, counts: tuple[int, int], dies_at: int, *, too_late: bool
) -> None:
    story = told(new_uri(), counts)
    for dying in story:
        fault = Fault(400, after=dies_at, too_late=too_late)
        async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
            with suppress(Fatal):
                await writer.write([operation(dying)])
    async with index.writer() as writer:  # nothing was acknowledged: both come again, the newer one first
        await writer.write([operation(story[1])])
        await writer.write([operation(story[0])])
    assert_stances_of(index, story[-1])


async def test_the_requests_of_a_writer_are_no_more_than_those_that_were_tried(index: OwnIndex) -> None:
    uri = new_uri()
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as writer:
        for article in told(uri, (0, 3, 1)):
            before = proxy.requests
            await writer.write([operation(article)])
            assert proxy.requests - before <= REQUESTS
        before = proxy.requests
        # One that is there, and an older one.
        await writer.write([operation(opinionated(uri, "3", 1)), operation(opinionated(uri, "1", 3))])
        assert proxy.requests - before <= REQUESTS


async def test_many_articles_take_no_more_requests_than_one(index: OwnIndex) -> None:
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as writer:
        await writer.write([operation(opinionated(new_uri(), "1", 3)) for _ in range(50)])
    # The registry is read and written, then the articles, then their stances; then the registry is read again.
    # At last those who are their duplicates are looked for; such short texts have none.
    assert proxy.requests == 6


async def test_without_stances_there_is_no_request_for_them(index: OwnIndex) -> None:
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as writer:
        await writer.write([operation(opinionated(new_uri(), "1", 0)) for _ in range(5)])
    assert proxy.requests == 5


@settings(max_examples=10)
@given(counts=st.lists(st.integers(0, 3), min_size=2, max_size=4), seed=st.randoms(use_true_random=False))
def test_several_writers_at_once_end_in_the_stances_of_the_newest(
    index: OwnIndex, counts: list[int], seed: Any
) -> None:
    stories = [told(new_uri(), counts) for _ in range(5)]
    everything = [article for story in stories for article in story] * 2
    seed.shuffle(everything)

    async def write() -> None:
        async with index.writer() as one, index.writer() as two, index.writer() as three:
            parts = [everything[start::3] for start in range(3)]
            await asyncio.gather(
                *(w.write([operation(a) for a in part]) for w, part in zip((one, two, three), parts, strict=True))
            )

    asyncio.run(write())
    assert_stances_of(index, *(story[-1] for story in stories))


# -- refusals --------------------------------------------------------------------------------------


def test_a_refused_version_leaves_the_stances_of_the_older_one(index: OwnIndex) -> None:
    good = opinionated(new_uri(), "1", 2)
    bad = opinionated(good.uri, "2", 1, language="x" * 33_000)
    assert [o.disposition for o in index.write([operation(good)], [operation(bad)])] == ["indexed", "dead"]
    assert_stances_of(index, good)
    assert [o.disposition for o in index.write([operation(good), operation(bad)])] == ["superseded", "dead"]
    assert_stances_of(index, good)


def test_a_stance_that_is_refused_makes_its_article_a_dead_letter(index: OwnIndex) -> None:
    article = opinionated(new_uri(), "1", 2)
    made = operation(article)
    spoilt = type(made)(
        **{name: getattr(made, name) for name in made.__slots__} | {"stances": (made.stances[0], b'{"mood": "grim"}')}
    )
    (outcome,) = index.write([spoilt])
    assert (outcome.disposition, outcome.cause) == ("dead", "strict-dynamic-mapping-exception")
    # Once the defect is mended its replay is whole.
    index.write([operation(article, overwrite_equal=True)])
    assert_stances_of(index, article)


def test_the_longest_uri_has_stances_too(index: OwnIndex) -> None:
    uri = new_uri().ljust(LONGEST_ID, "u")
    article = opinionated(uri, "1", 3)
    assert [o.disposition for o in index.write([operation(article)])] == ["indexed"]
    assert_stances_of(index, article)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=520), st.integers(0, 1000)), max_size=20, unique=True))
def test_no_two_stances_have_the_same_id_and_none_a_longer_one_than_allowed(stances: list[tuple[str, int]]) -> None:
    ids = [stance_id(uri, number) for uri, number in stances]
    assert len(set(ids)) == len(ids)
    assert all(len(made.encode()) <= LONGEST_ID for made in ids)
