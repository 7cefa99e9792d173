"""What a desk finds with the query language in a real index: spellings, order, pages, facets, copies, suggestions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings

from pipeline.errors import Misconfigured, Poison
from pipeline.searching.display import results
from pipeline.searching.language import QueryError
from pipeline.searching.queries import Found, Question, search
from pipeline.searching.stances import search_stances
from pipeline.searching.suggestions import did_you_mean
from tests.searching.archive import HIDDEN, HIDDEN_WORD, ROOT, Archive, keys, visible
from tests.searching.terminal import lines
from tests.searching.test_language import TYPED

pytestmark = pytest.mark.integration

Ask = Callable[[str], Found]
BRIDGE = {"bridge-old-spelling", "bridge-new-spelling"}


@pytest.fixture
def ask(client: Elasticsearch, archive: Archive) -> Ask:
    return lambda words: search(client, archive.indexing, Question(words, size=100))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Kiev", BRIDGE),
        ("kyiv", BRIDGE),
        ('"footbridge in Kyiv"', BRIDGE),
        ('place:Kiev "is closed"', {"bridge-new-spelling"}),
        ("Hulenko", {"envoy-french", "envoy-english"}),
        ("closing -Kiev", set()),
        ("signing", {"harbour-deal"}),
        ("sign* OR café", {"harbour-deal", "memoir"}),
        ("(fog OR river) -ferry", {"memoir"}),
        ("person:(Orrin OR Ndoro)", {"harbour-deal", "memoir"}),
        ("person:Lamon*", {"harbour-strike", "harbour-deal", "chess"}),
        ("provider:LEDGER -org:Rovers footbridge", {"footbridge-ledger"}),
        ("feed:rf-1-europe urgency:1..3", {"bridge-old-spelling"}),
        ("is:alert", {"bridge-old-spelling"}),
        ("change:correction", {"bridge-old-spelling"}),
        ("country:UKR Kyiv", set()),  # the archive's entities have no countries
        ("headline:strike from:2026-10-04", {"harbour-deal"}),
        ("against:levy", {"levy", "levy-again"}),
        ("holder:Valkov (for:levy OR against:Dalen)", {"levy-back"}),
        ("holder:Dalen (for:levy OR against:levy)", set()),  # each is said in the article, but not by him
        ("holder:Valkov against:levy -holder:Dalen", {"levy-again"}),
        ("against:Dalen for:levy", {"levy-back"}),
        (f"uri:{ROOT}cup*", {"cup", "cup-final"}),
        (f"{ROOT}cup", {"cup"}),
        (HIDDEN_WORD, {"embargo-over"}),
        ("holder:Quill", set()),
    ],
)
def test_a_query_finds_what_it_says(ask: Ask, words: str, expected: set[str]) -> None:
    assert set(keys(ask(words))) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_elasticsearch_takes_whatever_the_language_does(client: Elasticsearch, archive: Archive, text: str) -> None:
    for asked in (search, search_stances):
        try:
            found = asked(client, archive.indexing, Question(text, facets=asked is search))
        except QueryError:
            continue
        if isinstance(found, Found):
            assert set(keys(found)) <= visible()


def test_the_headline_counts_most_and_of_equals_the_newer_comes_first(ask: Ask) -> None:
    assert keys(ask("lamont"))[0] == "chess"
    assert keys(ask("Kyiv")) == ["bridge-new-spelling", "bridge-old-spelling"]
    assert keys(ask("Kiev"))[0] == "bridge-old-spelling"  # as it was typed
    assert keys(ask("Rovers goals"))[:2] == ["cup-final", "cup"]


@pytest.mark.parametrize(
    "question", [Question("port OR the", size=3), Question(size=4), Question(size=4, duplicates=True)]
)
def test_pages_go_on_where_the_last_one_ended_and_have_each_article_once(
    client: Elasticsearch, archive: Archive, question: Question
) -> None:
    whole = keys(search(client, archive.indexing, replace(question, size=100)))
    seen: list[str] = []
    while True:
        page = search(client, archive.indexing, question)
        seen += keys(page)
        if not page.more:
            break
        question = replace(question, after=page.hits[-1].cursor)
    assert seen == whole
    assert len(set(seen)) == len(seen) > 4


def test_a_cursor_is_of_its_own_search_only(client: Elasticsearch, archive: Archive) -> None:
    page = search(client, archive.indexing, Question("port", size=1))
    for question, said in (
        (Question("harbour", after=page.hits[0].cursor), "another search"),
        (Question("port", sort="time", after=page.hits[0].cursor), "another search"),
        (Question("port", after="nonsense!"), "no cursor"),
    ):
        with pytest.raises(Misconfigured, match=said):
            search(client, archive.indexing, question)


def test_copies_are_one_story_unless_all_are_asked_for(client: Elasticsearch, archive: Archive) -> None:
    question = Question("walkers footbridge")
    (hit,) = (found := search(client, archive.indexing, question)).hits
    assert (found.total, found.stories, hit.copies.total) == (3, 1, 2)
    written = lines(results(found))
    assert written[-1] == "3 articles in 1 story"
    assert any(line.startswith("  and ") for line in written)
    assert len(search(client, archive.indexing, replace(question, duplicates=True)).hits) == 3


def test_like_this_finds_neither_the_article_nor_its_copies_nor_what_is_hidden(
    client: Elasticsearch, archive: Archive
) -> None:
    def like(key: str, words: str = "") -> list[str]:
        return keys(search(client, archive.indexing, Question(words, like=f"{ROOT}{key}", size=100)))

    assert like("harbour-strike")[0] == "harbour-deal"
    assert "cup-final" in like("cup", "provider:kestrel")
    assert not {key for key in like("footbridge-ledger") if key.startswith("footbridge")}
    assert not set(like("embargo-over")) & {each.uri.removeprefix(ROOT) for each in HIDDEN}
    with pytest.raises(Poison, match="no article"):
        like("canceled")


def test_facets_count_articles_by_key_under_the_most_frequent_name(client: Elasticsearch, archive: Archive) -> None:
    def counted(words: str) -> dict[str, dict[str, int]]:
        found = search(client, archive.indexing, Question(words, facets=True, size=1))
        return {facet.name: {entry.name: entry.articles for entry in facet.entries} for facet in found.facets}

    everything = counted("")
    assert everything["person"]["Ada Lamont"] == 2
    assert [everything["place"].get(name) for name in ("Kyiv", "Kiev")] in ([2, None], [None, 2])
    assert {"Oleksiy Houlenko", "Oleksii Hulenko"} & everything["person"].keys()
    assert everything["label"] == {"against": 4, "favor": 2}
    assert everything["holder"]["Dmitri Valkov"] == 3
    assert everything["urgency"] == {"2": 1, "5": 1}
    assert everything["feed"] == {"rf-1-europe": 2}
    assert everything["change"] == {"correction": 1}
    # Among statements that were asked for, not among all of the articles that have one.
    assert counted("for:Valkov")["holder"] == {"Oskar Dalen": 1}
    assert "Ivo Quill" not in everything["holder"]
    assert "person" not in counted(HIDDEN_WORD)  # only articles that are hidden name him
    assert counted("zyzzogeton") == {}


def test_facets_are_counted_once_where_nothing_new_came_in(client: Elasticsearch, archive: Archive) -> None:
    def kept() -> int:
        stats = client.indices.stats(index=f"{archive.indexing.articles}-*", metric="request_cache")
        hits: int = stats["_all"]["primaries"]["request_cache"]["hit_count"]
        return hits

    question = Question("Lamont OR levy", facets=True, size=1)
    first = search(client, archive.indexing, question)
    before = kept()
    second = search(client, archive.indexing, replace(question, after=first.hits[-1].cursor))
    assert kept() > before  # the next page is of another moment, and of the same facets
    assert second.facets == first.facets
    assert [facet.name for facet in first.facets if facet.name in {"person", "label"}] == ["person", "label"]


def test_what_finds_nothing_is_put_right_but_never_to_what_is_hidden(client: Elasticsearch, archive: Archive) -> None:
    def meant(words: str) -> str | None:
        assert not search(client, archive.indexing, Question(words)).total
        return did_you_mean(client, archive.indexing, Question(words))

    assert meant("person:Lamontt harbor") == "person:Lamont harbour"
    assert meant('"Tomas Orin" -kestrel') == '"Tomas Orrin" -kestrel'
    assert meant("zyzzogeton") is None
    assert meant(f"{HIDDEN_WORD[:-1]}q from:2026-10-05") is None  # stands only in what nobody may read yet


def test_statements_are_asked_for_in_the_same_language(client: Elasticsearch, archive: Archive) -> None:
    def stances(words: str) -> list[tuple[str, str]]:
        found = search_stances(client, archive.indexing, Question(words))
        return [(pair.holder.key, pair.target.key) for pair in found.pairs]

    assert stances("holder:Valkov against:levy provider:chronicle") == [("person:dmitri-valkov", "phrase:salt-levy")]
    assert stances("against:Dalen OR for:Valkov") == [
        ("person:dmitri-valkov", "person:oskar-dalen"),
        ("person:oskar-dalen", "person:dmitri-valkov"),
    ]
    with pytest.raises(QueryError, match="statements have no person"):
        stances("person:Valkov")
