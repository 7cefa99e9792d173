"""The scorer of the gold annotation: each thing it counts, on an invented article, and the real gold against itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.annotation import Gold, read_gold
from benchmarks.matching import Matching
from benchmarks.scores import Figures
from benchmarks.seed import GOLD, Listing, figures
from benchmarks.statements import head, polarity, statements
from pipeline.article import Enrichment, Mention, Quote, Stance
from tests.articles import cleaned
from tests.benchmarks.newspaper import RAW, TEXT, gold_of, perfect, span

SEED = Path(__file__).parents[3] / "shared" / "samples" / "rfi-macron-putin.txt"
ALL = Figures(1, 1, 1)

Change = Callable[..., Matching]


@pytest.fixture
def gold(tmp_path: Path) -> Gold:
    return gold_of(tmp_path)


@pytest.fixture
def with_(gold: Gold) -> Change:
    """A matching of what a perfect pipeline would find, some of it replaced."""

    def change(**replaced: Any) -> Matching:
        return Matching(gold, TEXT, perfect(gold, TEXT).model_copy(update=replaced))

    return change


def _renamed(enrich: Enrichment, number: int, **changes: Any) -> Enrichment:
    entities = [one.model_copy(update=changes if n == number else {}) for n, one in enumerate(enrich.entities)]
    return enrich.model_copy(update={"entities": entities})


def _stance(**changes: Any) -> Stance:
    evidence = span("Drovnia rejects the mayor’s plan for an end to the fishing ban")
    given = {
        "holder": "found-e3",
        "holder_text": "Drovnia",
        "target_text": "the mayor’s plan",
        "label": "against",
        "confidence": 0.9,
        "voice": "reported",
        "evidence": evidence,
    }
    return Stance(**(given | changes))


def test_the_gold_itself_is_perfect(with_: Change) -> None:
    matching = with_()
    assert matching.mentions().figures == matching.grouping() == matching.touching().figures == ALL
    assert matching.quotes().figures == matching.dates().figures == ALL
    assert statements(matching, labels=True).figures == ALL
    assert polarity(statements(matching, labels=False)) == 1


def test_another_article_is_refused(tmp_path: Path) -> None:
    gold_of(tmp_path)
    with pytest.raises(ValueError, match="another article"):
        read_gold(tmp_path / "gold.json", (RAW + "\n").encode(), TEXT)


# -- entities --------------------------------------------------------------------------------------


def test_a_mention_needs_edges_and_type(gold: Gold) -> None:
    found = perfect(gold, TEXT)
    longer = Mention(**span("Orsola Vint arrived").model_dump(), kind="name")
    wrong_edge = _renamed(found, 0, mentions=[longer, *found.entities[0].mentions[1:]])
    wrong_type = _renamed(found, 0, type="ORG")
    assert len(Matching(gold, TEXT, wrong_edge).mentions().misses) == 1
    assert len(Matching(gold, TEXT, wrong_type).mentions().misses) == 3
    for enrich in (wrong_edge, wrong_type):
        assert Matching(gold, TEXT, enrich).touching().figures == ALL


def test_articles_possessives_other_types_and_other_edges_of_the_gold_are_right(gold: Gold) -> None:
    found = _renamed(perfect(gold, TEXT), 1, type="LOC")
    found = _renamed(found, 3, mentions=[Mention(**span("envoy Jonas Vek").model_dump(), kind="name")])
    found = _renamed(found, 4, mentions=[Mention(**span("The Citadel").model_dump(), kind="name")])
    assert Matching(gold, TEXT, found).mentions().figures == ALL


def test_optional_mentions_are_excused(gold: Gold) -> None:
    found = perfect(gold, TEXT)
    more = [*found.entities[2].mentions, Mention(**span("Its").model_dump(), kind="pronoun")]
    score = Matching(gold, TEXT, _renamed(found, 2, mentions=more)).mentions()
    assert score.figures == ALL
    assert score.strict.precision == pytest.approx(8 / 9)


def test_types_the_gold_does_not_know_are_left_out(gold: Gold) -> None:
    found = perfect(gold, TEXT)
    day = found.entities[0].model_copy(
        update={"id": "x", "type": "DATE", "mentions": [Mention(**span("Monday").model_dump(), kind="name")]}
    )
    enrich = found.model_copy(update={"entities": [*found.entities, day]})
    assert Matching(gold, TEXT, enrich).mentions().figures == ALL


def test_grouping_falls_where_two_are_one(gold: Gold) -> None:
    found = perfect(gold, TEXT)
    vint, *rest = found.entities
    both = vint.model_copy(update={"mentions": [*vint.mentions, *rest[2].mentions]})
    joined = found.model_copy(update={"entities": [both, *rest[:2], rest[3]]})
    matching = Matching(gold, TEXT, joined)
    assert matching.mentions().figures == ALL
    # Eight mentions: of the four joined ones three are of e1, one of e4.
    assert matching.grouping() == pytest.approx(Figures.of((3 * 3 / 4 + 1 / 4 + 4) / 8, 1))
    assert matching.identity["found-e1"] == "e1"


# -- quotes and dates ------------------------------------------------------------------------------


def _said(words: str, **speaker: Any) -> Quote:
    return Quote(kind="indirect", content=[span(words)], **speaker)


def test_content_needs_half_of_its_characters(with_: Change) -> None:
    assert with_(quotes=[_said("boats would wait", speaker="found-e4")]).quotes().hits
    assert not with_(quotes=[_said("wait", speaker="found-e4")]).quotes().hits


@pytest.mark.parametrize(
    ("speaker", "is_right"),
    [
        ({"speaker": "found-e4"}, True),
        ({"speaker": "found-e1"}, False),
        ({"speaker_mention": span("Its envoy Jonas Vek")}, True),
        ({"speaker_mention": span("Drovnia")}, False),
        ({"speaker": "found-e1", "speaker_mention": span("Jonas Vek")}, False),
        ({}, False),
    ],
)
def test_the_speaker_is_the_entity_and_where_there_is_none_its_words(
    with_: Change, speaker: dict[str, Any], is_right: bool
) -> None:
    matching = with_(quotes=[_said("that boats would wait", **speaker)])
    assert bool(matching.quotes().hits) is is_right
    assert matching.quotes(speakers=False).hits


def test_a_metonym_has_two_readings_where_it_stands(with_: Change) -> None:
    right = _said("Skarland of greed", speaker="found-e3", speaker_mention=span("The Citadel"))
    wrong = _said("Skarland of greed", speaker="found-e3", speaker_mention=span("Drovnia"))
    assert with_(quotes=[right]).quotes().hits
    assert not with_(quotes=[wrong]).quotes().hits


def test_a_date_needs_its_value(with_: Change, gold: Gold) -> None:
    (date,) = perfect(gold, TEXT).dates
    assert with_(dates=[date.model_copy(update={"value": "2026-10-05T00:00"})]).dates().hits
    assert with_(dates=[date.model_copy(update={"value": "2025-10-05"})]).dates().false


# -- stances ---------------------------------------------------------------------------------------


def test_a_phrase_is_found_by_its_head_word(with_: Change) -> None:
    for words in ("plan", "the mayor’s plan", "the mayor’s plan for an end to the fishing ban"):
        assert len(statements(with_(stances=[_stance(target_text=words)]), labels=True).hits) == 1, words
    for words in ("an end to the fishing ban", "the mayor", "the fishing ban"):
        score = statements(with_(stances=[_stance(target_text=words)]), labels=True)
        assert score.false, words


def test_a_holder_without_an_entity_is_found_by_its_words(with_: Change) -> None:
    assert statements(with_(stances=[_stance(holder=None)]), labels=True).hits
    assert statements(with_(stances=[_stance(holder="found-e4", holder_text="Drovnia")]), labels=True).false


def test_a_holder_may_be_a_metonym(with_: Change) -> None:
    evidence = span("The Citadel accused Skarland of greed.")
    stance = _stance(holder_text="The Citadel", target="found-e2", target_text="Skarland", evidence=evidence)
    assert statements(with_(stances=[stance]), labels=True).hits


def test_the_sentence_must_be_the_same(with_: Change) -> None:
    elsewhere = span("The Citadel accused Skarland of greed.")
    assert statements(with_(stances=[_stance(evidence=elsewhere)]), labels=False).false


def test_a_wrong_label_counts_only_where_labels_do(with_: Change) -> None:
    matching = with_(stances=[_stance(label="favor")])
    unlabelled = statements(matching, labels=False)
    assert len(unlabelled.hits) == 1
    assert polarity(unlabelled) == 0
    assert statements(matching, labels=True).false


def test_an_optional_statement_excuses_its_own_label_only(with_: Change) -> None:
    right, wrong = (_stance(target_text="the fishing ban", label=label) for label in ("favor", "against"))
    assert statements(with_(stances=[right]), labels=False).excused
    assert statements(with_(stances=[wrong]), labels=False).false


def test_no_stances_are_all_missed(with_: Change) -> None:
    score = statements(with_(stances=[]), labels=False)
    assert len(score.misses) == 3
    assert score.figures == Figures(0, 0, 0)
    assert polarity(score) == 0


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("the head of Drovnian diplomacy", "head"),
        ("to avoid a strike", "strike"),
        ("the Union’s fishing policy", "policy"),
        ("the mayor, a sailor", "mayor"),
        ("a cease-fire", "cease-fire"),
        ("that", "that"),
    ],
)
def test_the_head_word_of_a_phrase(phrase: str, word: str) -> None:
    start, end = head(phrase, (0, len(phrase)))
    assert phrase[start:end] == word


# -- what is printed -------------------------------------------------------------------------------


def test_the_listing_names_what_is_wrong(gold: Gold) -> None:
    found = perfect(gold, TEXT)
    quotes = [_said("that boats would wait", speaker="found-e1", speaker_mention=span("Orsola Vint"))]
    found = found.model_copy(update={"quotes": quotes, "dates": [], "stances": [_stance(label="favor")]})
    article = cleaned(RAW).model_copy(update={"enrich": found})
    lines = "\n".join(Listing(Matching(gold, TEXT, found), article).lines())
    assert "wanted Jonas Vek, found Orsola Vint (Orsola Vint), no cue: that boats would wait" in lines
    assert "Monday, October 5 2026-10-05" in lines
    assert "wanted against, found Drovnia -> the mayor’s plan favor" in lines


# -- the real one ----------------------------------------------------------------------------------


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not in the repository")
def test_the_gold_of_the_seed_article_fits_it_and_is_perfect_against_itself() -> None:
    data = SEED.read_bytes()
    text = cleaned(data).text
    matching = Matching(read_gold(GOLD, data, text), text, perfect(read_gold(GOLD, data, text), text))
    assert matching.mentions().figures == matching.grouping() == ALL
    assert matching.quotes().figures == matching.dates().figures == ALL
    assert statements(matching, labels=True).figures == ALL
    assert len(list(figures(matching))) == 14


def test_the_gold_holds_no_word_of_the_article() -> None:
    known = {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "name", "nominal", "pronoun", "metonym"}
    known |= {"direct", "indirect", "mixed", "favor", "against", "neutral", "quoted", "reported", "narrated"}
    values = set(_strings(json.loads(GOLD.read_text("utf-8"))))
    assert not {one for one in values - known if not re.fullmatch(r"e\d+|[0-9a-f]{64}|[\d/:T-]+", one)}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
