"""One hit a cluster, from the real index; nothing is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.indexing import operation
from pipeline.searching.duplicates import Copies, Copy, as_json, collapsed, copies_of, stories, told
from tests.indexing.copies import CHESS, FERRY, REWRITTEN, copy
from tests.indexing.own_index import OwnIndex

SENT = {
    "first": ("nordwire", FERRY, 0),
    "second": ("kestrel", FERRY, 1),
    "third": ("meridian", FERRY[:3], 2),
    "fourth": (None, REWRITTEN, 3),
    "fifth": ("kestrel", FERRY[:2], 4),
    "chess": ("kestrel", CHESS, 5),
    "flash": ("kestrel", ["Skell: ferry halted"], 6),
}


@pytest.fixture(scope="module")
def filled(elasticsearch_url: str) -> Iterator[OwnIndex]:
    own = OwnIndex(elasticsearch_url)
    try:
        asyncio.run(own.set_up())
        articles = [
            copy(uri, text, hours=hours, wire={"format": "ninjs"} | ({"provider": provider} if provider else {}))
            for uri, (provider, text, hours) in SENT.items()
        ]
        own.write([operation(one) for one in articles])
        own.client.indices.refresh(index=own.month("*"))
        yield own
    finally:
        own.drop()


def ask(index: OwnIndex, **request: Any) -> Any:
    return index.client.search(index=index.settings.articles, size=10, sort=[{"firstCreated": "asc"}], **request)


@pytest.mark.integration
def test_a_cluster_is_one_hit_that_tells_of_the_others(filled: OwnIndex) -> None:
    answer = ask(filled, query={"match": {"text": "skell"}}, **collapsed())
    assert [hit["_id"] for hit in answer["hits"]["hits"]] == ["first", "flash"]
    assert stories(answer) == 2
    others = copies_of(filled.client, filled.settings.articles, answer["hits"]["hits"])
    assert others.keys() == {"first"}
    cluster = others["first"]
    assert cluster.total == 4
    assert sorted(one.uri for one in cluster.named) == ["fifth", "fourth", "second", "third"]
    assert told(cluster) == "and 3 reprints (kestrel, meridian), 1 rewrite"
    assert told(Copies()) == ""


@pytest.mark.integration
def test_all_others_are_told_of_and_the_original_where_it_is_not_shown(filled: OwnIndex) -> None:
    answer = ask(filled, query={"term": {"uri": "third"}}, **collapsed())
    others = copies_of(filled.client, filled.settings.articles, answer["hits"]["hits"])
    assert told(others["third"]) == "and the original (nordwire), 2 reprints (kestrel), 1 rewrite"


@pytest.mark.integration
def test_without_collapsing_all_are_there(filled: OwnIndex) -> None:
    answer = ask(filled, query={"match_all": {}})
    assert [hit["_id"] for hit in answer["hits"]["hits"]] == list(SENT)
    assert stories(answer) is None
    assert copies_of(filled.client, filled.settings.articles, []) == {}


def test_many_are_counted_and_few_named() -> None:
    named = tuple(Copy(f"urn:{at}", "reprint", f"agency {at % 6}") for at in range(100))
    assert told(Copies(130, named)) == "and 100 reprints (agency 0, agency 1, agency 2, agency 3, ...), 30 more"
    assert as_json(Copies(2, (Copy("urn:a", "rewrite", None), Copy("urn:b", "original", "kns")))) == {
        "total": 2,
        "articles": [{"uri": "urn:a", "role": "rewrite"}, {"uri": "urn:b", "role": "original", "provider": "kns"}],
    }
