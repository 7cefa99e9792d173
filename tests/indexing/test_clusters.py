"""Whatever the order, however many workers and however often: the same articles end in the same clusters."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import IndexingSettings
from pipeline.indexing import IndexOperation, operation
from pipeline.indexing import duplicates as module
from pipeline.indexing.bulk import BulkClient
from pipeline.indexing.clusters import Entry
from pipeline.indexing.duplicates import DuplicateRegistry
from pipeline.indexing.fingerprint import BANDS, PERMUTATIONS, ROWS, Fingerprint, Signature, kinship
from tests.indexing.shelf import Shelf
from tests.indexing.stories import version

WITHIN = IndexingSettings().duplicates_within * 3600
_BLOCKS = 8
_TEXTS = [random.Random(number).randbytes(2 * PERMUTATIONS) for number in range(4)]
TEMPLATE = operation(version("urn:x"))


def signature(blocks: list[int]) -> Signature:
    """A body of eight parts, each of which it has from one of four texts."""
    size = len(_TEXTS[0]) // _BLOCKS
    return Signature(b"".join(_TEXTS[text][at * size : (at + 1) * size] for at, text in enumerate(blocks)), 400)


def op(uri: str, number: int, hours: int, blocks: list[int] | None, *, retracted: bool) -> IndexOperation:
    told = Fingerprint(hours * 3600, hours * 3600 + number, None, signature(blocks) if blocks else None)
    disposition: Any = "retracted" if retracted else "indexed"
    return replace(TEMPLATE, uri=uri, version=number, fingerprint=told, disposition=disposition)


def brute_force(operations: list[IndexOperation]) -> dict[str, tuple[str, str]]:
    """The definition, word by word, for all that have a signature at last."""
    entries: dict[str, Entry] = {}
    for one in operations:
        entry = Entry.of(one)
        entries[one.uri] = entries[one.uri].updated(entry) if one.uri in entries else entry
    places: dict[str, tuple[str, str]] = {}
    for entry in sorted(entries.values(), key=lambda each: each.order):
        leading = []
        for other in entries.values():
            if other.order < entry.order and places[other.uri][0] == other.uri and _made_of(entry, other):
                assert entry.signature
                assert other.signature
                kind = kinship(entry.signature, other.signature)
                leading.append((kind == "rewrite", other.order, other.uri, kind))
        places[entry.uri] = (min(leading)[2], str(min(leading)[3])) if leading else (entry.uri, "original")
    return places


def _made_of(one: Entry, other: Entry) -> bool:
    a, b = one.signature, other.signature
    if a is None or b is None or abs(one.created - other.created) > WITHIN:
        return False
    return bool(set(a.bands) & set(b.bands)) and kinship(a, b) is not None


VERSIONS = st.dictionaries(
    st.tuples(st.sampled_from("abcdefghijkl"), st.integers(1, 2)),
    st.tuples(
        st.integers(0, 100),
        st.lists(st.integers(0, 3), min_size=_BLOCKS, max_size=_BLOCKS) | st.none(),
        st.sampled_from([False, False, False, False, True]),
    ),
    min_size=5,
)


async def work(shelf: Shelf, articles: dict[str, IndexOperation], batches: list[list[IndexOperation]]) -> None:
    """What the writer does: enter, write the articles, settle; and enter what is better known in the index."""
    registry = DuplicateRegistry(cast("BulkClient", shelf), IndexingSettings())
    for batch in batches:
        entries = await registry.enter(batch)
        for one in batch:
            articles[one.uri] = max(articles.get(one.uri, one), one, key=_standing)
        entries |= await registry.settle(entries)
        better = [
            articles[uri]
            for uri, entry in entries.items()
            if uri in articles and (entry.version, entry.retracted) < _standing(articles[uri])
        ]
        if better:
            await registry.settle(entries | await registry.enter(better))


def _standing(one: IndexOperation) -> tuple[int, bool]:
    return one.version, one.disposition == "retracted"


@settings(max_examples=60)
@given(versions=VERSIONS, seed=st.integers(0, 2**32), workers=st.integers(1, 4))
def test_the_same_articles_end_in_the_same_clusters(versions: dict[Any, Any], seed: int, workers: int) -> None:
    operations = [
        op(uri, number, hours, blocks, retracted=retracted)
        for (uri, number), (hours, blocks, retracted) in versions.items()
    ]
    order = random.Random(seed)
    # Some come twice, and some before it is known that they are retracted.
    deliveries = [*operations, *order.choices(operations, k=3)]
    deliveries += [replace(one, disposition="indexed") for one in operations if one.disposition == "retracted"]
    order.shuffle(deliveries)
    shares: list[list[list[IndexOperation]]] = [[] for _ in range(workers)]
    while deliveries:
        order.choice(shares).append([deliveries.pop() for _ in range(min(order.randint(1, 3), len(deliveries)))])
    shelf = Shelf(seed)
    articles: dict[str, IndexOperation] = {}

    async def all_at_once() -> None:
        await asyncio.gather(*(work(shelf, articles, share) for share in shares))

    asyncio.run(all_at_once())
    expected = brute_force(operations)
    found = shelf.places()
    assert found == {uri: expected[uri] for uri in found}
    assert {uri for uri, place in expected.items() if place[0] != uri} <= found.keys()


async def test_more_than_a_page_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 3)
    shelf = Shelf(0)
    late = [op(f"urn:{number}", 1, 10 + number, [0] * _BLOCKS, retracted=False) for number in range(10)]
    await work(shelf, {}, [late])
    await work(shelf, {}, [[op("urn:first", 1, 1, [0] * _BLOCKS, retracted=False)]])
    assert set(shelf.places().values()) == {("urn:first", "original"), ("urn:first", "reprint")}
    await work(shelf, {}, [[op("urn:first", 2, 1, None, retracted=True)]])
    assert set(shelf.places().values()) == {("urn:first", "original"), ("urn:0", "original"), ("urn:0", "reprint")}


def test_bands_are_a_part_of_the_signature() -> None:
    assert BANDS * ROWS <= PERMUTATIONS
