"""What a question finds in a real index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.errors import Misconfigured, ServiceUnreachable
from pipeline.searching.connection import open_index
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Question, Statement, search
from tests.searching.archive import HIDDEN, HIDDEN_WORD, ROOT, Archive, keys, visible

pytestmark = pytest.mark.integration

Ask = Callable[..., Found]
HIDDEN_KEYS = {each.uri.removeprefix(ROOT) for each in HIDDEN}


@pytest.fixture
def ask(client: Elasticsearch, archive: Archive) -> Ask:
    """Ask the archive; takes what a `Question` takes, and 100 hits, copies too, unless told otherwise."""
    return lambda **said: search(client, archive.indexing, Question(**({"size": 100, "duplicates": True} | said)))


# -- filters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"person": ["Ada Lamont"]}, {"harbour-strike", "harbour-deal"}),
        ({"person": ["lamont"]}, {"harbour-strike", "harbour-deal", "chess"}),
        ({"person": ["Lamonto"]}, set()),  # names are matched by whole words
        ({"person": ["amont"]}, set()),
        ({"person": ["Ada Lam"]}, set()),
        ({"person": ["Lamontov"]}, {"chess"}),
        ({"person": ["Tomas"]}, {"harbour-deal"}),
        ({"person": ["Éloïse Ndoro"]}, {"memoir"}),
        ({"person": ["Ada Lamont", "Orrin"]}, {"harbour-deal"}),
        ({"person": ["Kestrel Union"]}, set()),
        ({"person": ["*"]}, set()),
        ({"person": ["Ada L?mont"]}, set()),
        ({"person": ["\\"]}, set()),
        ({"person": ["Oleksiy Houlenko"]}, {"envoy-french", "envoy-english"}),
        ({"person": ["Oleksii Hulenko"]}, {"envoy-french", "envoy-english"}),
        ({"person": ["Hulenko"]}, {"envoy-french", "envoy-english"}),
        ({"person": ["houlenko"], "place": ["Ukraine"]}, {"envoy-english"}),
        ({"person": ["Hulenk"]}, set()),
        ({"org": ["kestrel union"]}, {"harbour-strike"}),
        ({"org": ["Port Arden"]}, {"cup", "cup-final"}),
        ({"org": ["Arden"]}, {"cup", "cup-final"}),
        ({"place": ["Port Arden"]}, {"harbour-strike"}),  # the Rovers are no place
        ({"place": ["Tessika"]}, {"chess"}),
        ({"place": ["Old Dock Ground"]}, {"cup"}),
        ({"place": ["Paris"]}, {"envoy-french"}),
        ({"place": ["France"]}, set()),  # in which Paris lies, but it is not named
        ({"provider": ["nordwire"]}, {"harbour-deal"}),
        ({"provider": ["kestrel"]}, {"chess", "cup", "cup-final"}),
        ({"provider": ["nord"]}, set()),
        ({"since": date(2026, 10, 20)}, {"cup", "cup-final"}),
        ({"since": date(2026, 10, 3), "until": date(2026, 10, 10)}, {"harbour-strike", "harbour-deal"}),
        ({"since": date(2026, 10, 11), "until": date(2026, 10, 11)}, {"chess"}),
        ({"since": date(2026, 10, 11), "until": date(2026, 10, 10)}, set()),
        ({"provider": ["kestrel"], "until": date(2026, 10, 19)}, {"chess"}),
        ({"words": "harbour", "person": ["Lamont"], "place": ["Port Arden"]}, {"harbour-strike"}),
        ({"words": "goals", "person": ["Ada Lamont"]}, set()),
        ({"holder": "Valkov"}, {"levy", "levy-back", "levy-again"}),
        ({"holder": "Dmitriy Valkov", "label": "against"}, {"levy", "levy-back", "levy-again"}),
        ({"holder": "Valkov", "target": "salt levy", "label": "against"}, {"levy", "levy-again"}),
        ({"holder": "Valkov", "target": "the Salt Levy", "label": "favor"}, {"levy-back"}),
        ({"holder": "Valkov", "target": "levy", "label": "neutral"}, set()),
        ({"holder": "Dalen", "target": "salt levy"}, set()),  # both are in one article, not in one statement
        ({"holder": "Dalen"}, {"levy"}),
        ({"target": "Dalen"}, {"levy-back"}),
        ({"target": "Valkov", "label": "favor"}, {"levy"}),
        ({"label": "favor"}, {"levy", "levy-back"}),
        ({"holder": "Valkov", "provider": ["chronicle"]}, {"levy-again"}),
        ({"words": "court", "holder": "Valkov"}, {"levy-again"}),
        ({"holder": "Ivo Quill"}, set()),  # nobody may read what he said
        ({"since": "2026-10-20"}, {"cup", "cup-final"}),
        ({"since": "now+1d"}, set()),
        ({"since": "now-9999y", "until": "2026-08-03"}, {"levy", "hostile-opinion"}),
    ],
)
def test_each_filter_finds_its_articles_and_no_others(ask: Ask, filters: dict[str, Any], expected: set[str]) -> None:
    found = ask(**filters)
    assert set(keys(found)) == expected
    assert found.total == len(found.hits) == len(expected)


def test_until_a_day_finds_that_day_and_all_before(ask: Ask) -> None:
    found = set(keys(ask(until=date(2026, 10, 10))))
    assert visible() - found == {"chess", "memoir", "cup", "cup-final"}


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param({"person": ["Eloise Ndoro"]}, id="person"),
        pytest.param({"place": ["Kobeli"]}, id="place"),
    ],
)
def test_a_name_is_found_without_its_accents(ask: Ask, filters: dict[str, Any]) -> None:
    assert keys(ask(**filters)) == ["memoir"]


def test_of_several_providers_each_is_found(ask: Ask) -> None:
    assert set(keys(ask(provider=["nordwire", "kestrel"]))) == {"harbour-deal", "chess", "cup", "cup-final"}


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("harbour", {"harbour-strike", "harbour-deal"}),
        ("HARBOURS", {"harbour-strike", "harbour-deal"}),
        ("pilot signed", {"harbour-deal"}),
        ("signing", {"harbour-deal"}),
        ("harbour river", set()),
        ("harbour -saturday", {"harbour-deal"}),
        ("fog | river", {"ferry", "memoir"}),
        ("tess*", {"chess"}),
        ("Tomas Orrin", {"harbour-deal"}),
        ("strike port", {"harbour-deal"}),
        ("backchannel", {"envoy-english"}),  # nowhere but in a keyphrase
        ("BACKCHANNELS hulenko", {"envoy-english"}),
    ],
)
def test_words_are_matched_stemmed_in_headline_text_names_and_keyphrases(
    ask: Ask, words: str, expected: set[str]
) -> None:
    assert set(keys(ask(words=words))) == expected


@pytest.mark.parametrize("words", ["resume", "résumé", "cafe", "CAFÉ", "Eloise", "Éloïse", "kobeli"])
def test_accents_do_not_count(ask: Ask, words: str) -> None:
    assert keys(ask(words=words)) == ["memoir"]


def test_accents_do_not_count_when_they_are_characters_of_their_own(ask: Ask) -> None:
    assert keys(ask(words="re\u0301sume\u0301")) == ["memoir"]


def test_words_in_quotes_are_a_phrase(ask: Ask) -> None:
    assert set(keys(ask(words="Lamont signed"))) == {"harbour-deal"}
    assert keys(ask(words='"Lamont signed"')) == []
    assert keys(ask(words='"Tomas Orrin signed"')) == ["harbour-deal"]
    assert keys(ask(words='"Orrin Tomas"')) == []
    assert keys(ask(words='"cafe in kobeli"')) == ["memoir"]


def test_small_words_do_not_hide_an_article_that_has_them(ask: Ask) -> None:
    assert keys(ask(words="queen in the hall")) == ["chess"]


@pytest.mark.parametrize(
    "words", ["-", "*", "~", "harbour~2 \\", "3:b/c[d]{e}", "_exists_:text", "harbour^9 +x &&", "/[a-z]+/", "@@", "the"]
)
def test_nothing_of_another_query_language_means_anything(ask: Ask, words: str) -> None:
    found = ask(words=words)
    assert set(keys(found)) <= visible()
    assert found.total == len(found.hits)


def test_the_words_of_a_headline_count_more_than_those_of_a_text(ask: Ask) -> None:
    assert keys(ask(words="lamont"))[0] == "chess"


def test_each_word_is_marked_where_it_stands_in_the_text(ask: Ask) -> None:
    (hit,) = ask(words="pilot harbours saturday").hits
    (fragment,) = hit.fragments
    marked = [piece.split(MARK_END)[0] for piece in fragment.split(MARK_BEGIN)[1:]]
    assert marked == ["harbour", "pilots", "Saturday"]
    assert fragment.replace(MARK_BEGIN, "").replace(MARK_END, "") in hit.source["text"]


def test_an_accent_is_marked_with_its_word(ask: Ask) -> None:
    (hit,) = ask(words="cafe").hits
    assert f"a {MARK_BEGIN}café{MARK_END} in" in hit.fragments[0]


def test_nothing_is_marked_where_only_the_headline_has_the_words_or_no_words_are_asked(ask: Ask) -> None:
    (hit,) = ask(words="years").hits
    assert hit.fragments == []
    assert [hit.fragments for hit in ask(provider=["nordwire"]).hits] == [[]]


def test_the_statements_asked_for_come_with_their_article(ask: Ask) -> None:
    (hit,) = ask(holder="valkov", target="levy", label="favor").hits
    assert hit.statements == [Statement("Dmitry Valkov", "The Salt Levy", "favor", "Dmitry Valkov now backs it.")]
    assert all(hit.statements == [] for hit in ask(person=["Valkov"]).hits)


def test_nothing_found_is_no_error(ask: Ask) -> None:
    assert ask(words="zyzzogeton") == Found(0, [])


# -- how many, in which order ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_size_limits_what_comes_back_not_what_is_counted(ask: Ask, size: int) -> None:
    found = ask(words="port", size=size)
    assert found.total == 4
    assert len(found.hits) == min(size, 4)


@pytest.mark.parametrize("question", [{"provider": ["kestrel"]}, {"words": "goals | queen", "sort": "time"}])
def test_the_newest_come_first_by_time_or_without_words(ask: Ask, question: dict[str, Any]) -> None:
    assert keys(ask(**question)) == ["cup-final", "cup", "chess"]


# -- what may not be published ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"words": HIDDEN_WORD},
        {"words": '"fish seen"'},
        {"words": "*"},
        {"words": "-harbour"},
        {"person": ["Ivo Quill"]},
        {"org": ["Quill Trust"]},
        {"place": ["Quill Bay"]},
        {"since": date(2026, 10, 5), "until": date(2026, 10, 5)},
        {"provider": ["meridian"], "sort": "time"},
    ],
)
def test_canceled_withheld_and_embargoed_articles_are_never_found(
    ask: Ask, archive: Archive, question: dict[str, Any]
) -> None:
    assert archive.stored() >= HIDDEN_KEYS  # they are there, all of them
    assert not set(keys(ask(**question))) & HIDDEN_KEYS


def test_what_was_under_an_embargo_that_is_over_is_found(ask: Ask) -> None:
    assert keys(ask(words=HIDDEN_WORD)) == ["embargo-over"]


def test_everything_else_is_found_once_and_in_its_newest_version(ask: Ask) -> None:
    found = ask()
    assert set(keys(found)) == visible()
    assert found.total == len(visible())
    assert keys(ask(words="ferry wind")) == []
    (ferry,) = ask(words="ferry fog").hits
    assert ferry.source["version"] == "2"


# -- no index, no server ---------------------------------------------------------------------------


def test_an_index_nothing_was_written_to_is_a_clear_error(archive: Archive) -> None:
    nowhere = IndexingSettings(articles=f"{archive.indexing.articles}x")
    with pytest.raises(Misconfigured, match="nothing is indexed yet"), open_index(archive.elasticsearch) as opened:
        search(opened, nowhere, Question())


def test_a_server_that_does_not_answer_is_a_clear_error() -> None:
    settings = ElasticsearchSettings(url="http://127.0.0.1:1")
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:1"), open_index(settings) as opened:
        search(opened, IndexingSettings(), Question())
