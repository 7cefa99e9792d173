"""Reprints and rewrites in the real index, over several writers at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.article import Article
from pipeline.indexing import operation
from tests.indexing.copies import CHESS, FERRY, REWRITTEN, copy, elsewhere
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import new_uri

pytestmark = pytest.mark.integration


def places(index: OwnIndex, *articles: Article) -> list[tuple[str, str]]:
    """Cluster and role of each article, as its document tells."""
    found = {one.uri: (one.dup["clusterId"], one.dup["role"]) for one in index.stored(*(each.uri for each in articles))}
    return [found[each.uri] for each in articles]


async def write(index: OwnIndex, *batches: Sequence[Article]) -> None:
    """Write batches, each by a worker of its own, at the same time."""

    async def one(batch: Sequence[Article]) -> None:
        async with index.writer() as writer:
            for article in batch:
                await writer.write([operation(article)])

    await asyncio.gather(*map(one, batches))


@pytest.mark.parametrize("seed", range(3))
async def test_at_however_many_workers_and_in_whatever_order_copies_arrive_they_meet(
    index: OwnIndex, seed: int
) -> None:
    ferry, rewriting, chess = (elsewhere(one, f"q{seed}") for one in (FERRY, REWRITTEN, CHESS))
    original, early = copy(new_uri(), ferry), copy(new_uri(), ferry[:3], hours=2)
    cut, other = copy(new_uri(), ferry[:2], hours=60), copy(new_uri(), chess, hours=1)
    rewritten, late = copy(new_uri(), rewriting, hours=9), copy(new_uri(), ferry, hours=80)
    articles = [original, early, cut, rewritten, other, late]
    shuffled = random.Random(seed).sample(articles, len(articles))
    await write(index, *(shuffled[worker::3] for worker in range(3)))
    home = original.uri
    assert places(index, *articles) == [
        (home, "original"),
        (home, "reprint"),
        (home, "reprint"),
        (home, "rewrite"),
        (other.uri, "original"),
        (late.uri, "original"),  # more than three days after it
    ]


async def test_a_killed_original_leaves_and_the_next_takes_its_place(index: OwnIndex) -> None:
    ferry = elsewhere(FERRY, "k")
    original, early, late = (copy(new_uri(), ferry, hours=hours) for hours in range(3))
    await write(index, [early, late], [original])
    assert places(index, original, early, late) == [
        (original.uri, "original"),
        (original.uri, "reprint"),
        (original.uri, "reprint"),
    ]
    wire = {"format": "ninjs", "change": {"kind": "kill"}}
    await write(index, [copy(original.uri, ferry, "2", pub_status="canceled", wire=wire)])
    assert places(index, original, early, late) == [
        (original.uri, "original"),
        (early.uri, "original"),
        (early.uri, "reprint"),
    ]
    assert "contentHash" not in index.one(original.uri).dup
    assert index.one(early.uri).dup["contentHash"] == index.one(late.uri).dup["contentHash"]
    assert index.one(late.uri).version == operation(late).version


async def test_a_version_that_says_something_else_leaves_and_versions_are_no_copies_of_each_other(
    index: OwnIndex,
) -> None:
    ferry = elsewhere(FERRY, "v")
    first, reprint = (copy(new_uri(), ferry, hours=hours) for hours in range(2))
    await write(index, [first, reprint, copy(first.uri, [*ferry, "It sails again."], "2")])
    assert places(index, first, reprint) == [(first.uri, "original"), (first.uri, "reprint")]
    await write(index, [copy(reprint.uri, elsewhere(CHESS, "v"), "2", hours=1)])
    assert places(index, first, reprint) == [(first.uri, "original"), (reprint.uri, "original")]


async def test_what_the_index_refuses_is_nobodys_original(index: OwnIndex) -> None:
    ferry = elsewhere(FERRY, "r")
    refused, reprint = (operation(copy(new_uri(), ferry, hours=hours)) for hours in range(2))
    refused = replace(refused, document=b'{"unmapped":1}')
    async with index.writer() as writer:
        outcomes = [(await writer.write([one]))[0].disposition for one in (refused, reprint)]
    assert outcomes == ["dead", "indexed"]
    assert index.one(reprint.uri).dup["role"] == "original"
