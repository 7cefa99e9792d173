"""One article by its uri, or by as much of it as is enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.searching.queries import PART_OF_URI_LEAST, article_of
from tests.searching.archive import ARTICLES, EMBARGO_OVER, HIDDEN, ROOT, Archive

pytestmark = pytest.mark.integration

Fetch = Callable[[str], Article]
NEWEST = {each.uri: each for each in [*ARTICLES, EMBARGO_OVER]}


@pytest.fixture
def fetch(client: Elasticsearch, archive: Archive) -> Fetch:
    return lambda uri: article_of(client, archive.indexing, uri)


@pytest.mark.parametrize("uri", sorted(NEWEST), ids=lambda uri: uri.removeprefix(ROOT)[:5])
def test_the_whole_uri_gives_the_newest_version_as_it_went_in(fetch: Fetch, uri: str) -> None:
    assert fetch(uri) == NEWEST[uri]


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("harbour-strike", "harbour-strike"),
        ("ur-strike", "harbour-strike"),
        (f"{ROOT}mem", "memoir"),
        (":cup-final", "cup-final"),
        (f"{ROOT}cup", "cup"),  # it is also how cup-final begins, but a whole uri wins
        ("search:cup", "cup"),  # cup-final does not end with it
    ],
)
def test_a_beginning_or_an_end_is_enough_where_only_one_has_it(fetch: Fetch, part: str, key: str) -> None:
    assert fetch(part).uri == ROOT + key


def test_part_of_several_uris_is_an_error_that_lists_them(fetch: Fetch) -> None:
    with pytest.raises(Poison) as ambiguous:
        fetch(f"{ROOT}harbour-")
    assert ambiguous.value.cause == "ambiguous"
    assert f"{ROOT}harbour-strike" in ambiguous.value.what
    assert f"{ROOT}harbour-deal" in ambiguous.value.what
    assert "give more of it" in str(ambiguous.value)


def test_of_many_candidates_some_are_listed_and_the_rest_hinted_at(fetch: Fetch) -> None:
    with pytest.raises(Poison, match=r"\.\.\.;") as ambiguous:
        fetch(ROOT)
    listed = ambiguous.value.what.split(f"called like {ROOT}: ")[1].removesuffix(" ...").split(", ")
    assert len(listed) == len(set(listed)) == 3
    assert set(listed) <= NEWEST.keys()


@pytest.mark.parametrize(
    "uri",
    [
        f"{ROOT}no-such",
        "our-stri",  # in the middle of one
        f"{ROOT}*",
        f"{ROOT}cup-fina?",
        f"{ROOT}\\",
        "memoir",  # shorter than any part may be
        "",
    ],
)
def test_what_is_no_uri_nor_an_edge_of_one_is_an_error_that_names_it(fetch: Fetch, uri: str) -> None:
    with pytest.raises(Poison) as missing:
        fetch(uri)
    assert missing.value.cause == "no-such-article"
    assert f"no article is called {uri}" in missing.value.what


def test_the_shortest_part_that_is_looked_up(fetch: Fetch) -> None:
    end = "p-final"
    assert len(end) == PART_OF_URI_LEAST - 1
    with pytest.raises(Poison, match="no article"):
        fetch(end)
    assert fetch("up-final").uri == f"{ROOT}cup-final"


@pytest.mark.parametrize("uri", sorted({each.uri for each in HIDDEN}))
def test_what_may_not_be_published_is_not_shown_by_uri_or_part(fetch: Fetch, uri: str) -> None:
    for said in (uri, uri.removeprefix("urn:")):
        with pytest.raises(Poison) as missing:
            fetch(said)
        assert missing.value.cause == "no-such-article"
