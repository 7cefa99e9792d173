"""The scorer of stance: what it counts as found, in an invented article and among given pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.alignment import Alignment
from benchmarks.stance_gold import ARTICLES, SENTENCES, GoldSentence, rows, sentence, triples
from benchmarks.stance_matching import StanceMatching, Triple
from benchmarks.stance_pairs import pair_scores, verdict
from benchmarks.stances import Scored, sentence_table, together
from pipeline.article import Enrichment, Entity, Mention, NlpModel, Span, Stance
from pipeline.enrichment.stances.weighing import Verdict
from tests.articles import cleaned
from tests.benchmarks.newspaper import RAW, TEXT, raw, span

NEWS = Path(__file__).parents[3] / "shared" / "corpora" / "news"

REJECTS = "Drovnia rejects the mayor’s plan for an end to the fishing ban."
ACCUSED = "The Citadel accused Skarland of greed."
ALIGNMENT = Alignment(RAW, TEXT)


def _row(words: str, *statements: dict[str, Any]) -> dict[str, Any]:
    start, end = raw(words)
    return {"start": start, "end": end, "stratum": "any", "statements": list(statements)}


def _statement(label: str, **places: Any) -> dict[str, Any]:
    return {"label": label, "voice": "narrated", **places}


PLAN = _statement(
    "against",
    holder=raw("Drovnia"),
    holderName=raw("Drovnia"),
    target=raw("the mayor’s plan for an end to the fishing ban"),
    targetName=raw("Orsola Vint"),
    alternatives=[{"target": raw("the fishing ban"), "label": "favor"}],
)
GREED = _statement(
    "against",
    holder=raw("The Citadel"),
    target=raw("Skarland", "Skarland of"),
    targetName=raw("Skarland", "Skarland on"),
)


def _mention(words: str, inside: str | None = None) -> Mention:
    return Mention(**span(words, inside).model_dump(), kind="name")


ENTITIES = [
    Entity(id="vint", name="Orsola Vint", type="PERSON", mentions=[_mention("Orsola Vint")]),
    Entity(
        id="skarland",
        name="Skarland",
        type="GPE",
        mentions=[_mention("Skarland", "Skarland on"), _mention("Skarland", "Skarland of")],
    ),
    Entity(id="drovnia", name="Drovnia", type="GPE", mentions=[_mention("Drovnia")]),
    Entity(id="vek", name="Jonas Vek", type="PERSON", mentions=[_mention("Jonas Vek")]),
    Entity(id="citadel", name="the Citadel", type="ORG", mentions=[_mention("The Citadel")]),
]


def _stance(evidence: str = REJECTS, **changes: Any) -> Stance:
    given = {
        "holder": "drovnia",
        "holder_text": "Drovnia",
        "target_text": "the mayor’s plan",
        "label": "against",
        "confidence": 0.9,
        "voice": "narrated",
        "cue": span("rejects") if evidence == REJECTS else span("accused"),
        "evidence": span(evidence),
    }
    return Stance(**(given | changes))


def _matching(*stances: Stance) -> StanceMatching:
    model = NlpModel(name="none", version="1")
    return StanceMatching(TEXT, Enrichment(model=model, entities=ENTITIES, stances=list(stances)))


def _gold(words: str, *statements: dict[str, Any]) -> GoldSentence:
    return sentence(_row(words, *statements), ALIGNMENT)


def _found(gold: GoldSentence, *stances: Stance, labels: bool = True) -> tuple[int, int, int]:
    score = _matching(*stances).sentence(gold, labels=labels)
    return len(score.hits), len(score.misses), len(score.false)


HIT, WRONG = (1, 0, 0), (0, 1, 1)

# -- statements in a sentence ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, HIT),
        ({"target_text": "plan"}, HIT),
        ({"target_text": "the mayor’s plan for an end to the fishing ban"}, HIT),
        ({"target": "vint", "target_text": "the mayor"}, HIT),  # whose plan it is
        ({"target_text": "the mayor"}, WRONG),
        ({"target": "vek", "target_text": "an end"}, WRONG),
        ({"holder": None}, HIT),
        ({"holder": "vek", "holder_text": "Its"}, WRONG),
        ({"holder": None, "holder_text": "the mayor"}, WRONG),
        ({"label": "favor"}, WRONG),
        # The other reading: what is to be ended is favored.
        ({"target_text": "the fishing ban", "label": "favor"}, HIT),
        ({"target_text": "the fishing ban", "label": "against"}, WRONG),
    ],
)
def test_holder_target_and_label_must_be_right(changes: dict[str, Any], expected: tuple[int, int, int]) -> None:
    assert _found(_gold(REJECTS, PLAN), _stance(**changes)) == expected


def test_without_labels_the_wrong_one_is_found() -> None:
    gold = _gold(REJECTS, PLAN)
    assert _found(gold, _stance(label="favor"), labels=False) == HIT
    scored = Scored(
        cleaned(RAW),
        gold,
        _matching(_stance(label="favor")).sentence(gold, labels=False),
        _matching(_stance(label="favor")).sentence(gold, labels=True),
    )
    lines = [line.split() for line in sentence_table([scored])]
    assert lines[1] == ["all", "100.0", "100.0", "100.0", "1", "0", "0", "0.0"]
    assert lines[2] == ["with", "label", "0.0", "0.0", "0.0", "0", "1", "1"]


def test_what_is_said_in_another_sentence_does_not_count() -> None:
    elsewhere = _stance(ACCUSED, holder="citadel", holder_text="The Citadel", target="skarland", target_text="Skarland")
    assert _found(_gold(REJECTS, PLAN), elsewhere) == (0, 1, 0)
    assert _found(_gold(ACCUSED, GREED), elsewhere) == HIT


def test_without_a_cue_the_evidence_tells_the_sentence() -> None:
    assert _found(_gold(REJECTS, PLAN), _stance(cue=None)) == HIT
    assert _found(_gold(ACCUSED, GREED), _stance(cue=None)) == (0, 1, 0)


def test_one_statement_is_found_once() -> None:
    assert _found(_gold(REJECTS, PLAN), _stance(), _stance(target_text="plan")) == (1, 0, 1)


def test_a_sentence_without_statements_has_only_false_ones() -> None:
    assert _found(_gold(REJECTS), _stance()) == (0, 0, 1)


def test_neutral_statements_count_on_neither_side() -> None:
    assert _found(_gold(REJECTS, PLAN | {"label": "neutral", "alternatives": []}), _stance(label="neutral")) == (
        0,
        0,
        0,
    )


def test_what_cleaning_lost_is_missed() -> None:
    lost = sentence(_row(REJECTS, PLAN), Alignment(RAW, TEXT.replace("rejects", "backs")))
    assert lost.at is None
    assert _found(lost, _stance()) == (0, 1, 0)


# -- triples of an article -------------------------------------------------------------------------


def _triples(*stances: Stance, labels: bool = True) -> tuple[int, int, int]:
    names = {"holder": raw("The Citadel"), "target": raw("Skarland", "Skarland on"), "label": "against"}
    score = _matching(*stances).triples(triples({"triples": [names]}, ALIGNMENT), labels=labels)
    return len(score.hits), len(score.misses), len(score.false)


GREEDY: dict[str, Any] = {
    "holder": "citadel",
    "holder_text": "The Citadel",
    "target": "skarland",
    "target_text": "Skarland",
}


def test_a_triple_is_of_entities_and_found_once() -> None:
    assert _triples(_stance(ACCUSED, **GREEDY), _stance(**GREEDY)) == HIT
    assert _triples(_stance(ACCUSED, **GREEDY | {"label": "favor"})) == WRONG
    assert _triples(_stance(ACCUSED, **GREEDY | {"label": "favor"}), labels=False) == HIT
    assert _triples(_stance(ACCUSED, **GREEDY | {"holder": "drovnia"})) == WRONG


def test_a_triple_needs_both_entities() -> None:
    assert _triples(_stance(ACCUSED, **GREEDY | {"holder": None})) == (0, 1, 0)
    assert Triple("a", "b", "favor") != Triple("b", "a", "favor")


# -- given pairs -----------------------------------------------------------------------------------


def _verdicts(*told: tuple[str, float]) -> list[Verdict]:
    return [Verdict(label, confidence, "cue") for label, confidence in told]  # type: ignore[arg-type]


def test_figures_of_pairs() -> None:
    gold = ["favor", "against", "neutral", "neutral"]
    found = _verdicts(("favor", 0.9), ("neutral", 0.9), ("neutral", 0.9), ("against", 0.6))
    forced = _verdicts(("favor", 0.9), ("against", 0.6), ("favor", 0.5), ("against", 0.6))
    scores = pair_scores(gold, found, forced)
    assert scores.f == {"favor": 1.0, "against": 0.0, "neutral": 0.5}
    assert scores.macro == pytest.approx(0.5)
    assert scores.polarity == 1
    assert scores.recall == 0.5  # one of two, before the false one


def test_recall_takes_no_verdict_from_among_equals() -> None:
    gold = ["favor", "favor", "neutral"]
    found = _verdicts(("favor", 0.9), ("favor", 0.8), ("favor", 0.8))
    assert pair_scores(gold, found, found).recall == 0.5


def test_an_opinion_may_leave_the_cue_or_the_classifier_out() -> None:
    assert verdict(("against", 0.9), None).label == "against"
    assert verdict(None, [0.8, 0.05, 0.15]).label == "favor"
    assert verdict(None, None).label == "neutral"


def test_a_forced_opinion_is_never_neutral() -> None:
    for cue in (None, ("neutral", 0.9)):
        assert verdict(cue, [0.1, 0.2, 0.7]).label == "neutral"
        assert verdict(cue, [0.1, 0.2, 0.7], forced=True).label == "against"


# -- the real gold ---------------------------------------------------------------------------------


def test_every_statement_of_the_real_gold_stands_in_its_cleaned_sentence() -> None:
    if not NEWS.is_dir():
        pytest.skip("the annotated articles are not here: they are not the project's to publish")
    file, found = next(iter(rows(SENTENCES).items()))
    data = (NEWS / file).read_bytes()
    article = cleaned(data)
    alignment = Alignment(data.decode(), article.text)
    for one in (sentence(row, alignment) for row in found):
        assert one.at is not None
        for statement in one.statements:
            target = statement.readings[0].target.words
            assert target is not None
            assert one.at[0] <= target[0] < target[1] <= one.at[1]


def test_the_samples_are_as_large_as_their_description_says() -> None:
    sentences = [row for found in rows(SENTENCES).values() for row in found]
    assert (len(sentences), len(rows(SENTENCES))) == (287, 130)
    assert sum(len(row["statements"]) for row in sentences) == 163
    assert sum(len(row["triples"]) for found in rows(ARTICLES).values() for row in found) == 102


def test_counts_are_added_up() -> None:
    gold = _gold(REJECTS, PLAN)
    one, other = _matching(_stance()).sentence(gold, labels=True), _matching().sentence(gold, labels=True)
    both = together([one, other])
    assert (len(both.hits), len(both.misses), len(both.false)) == (1, 1, 0)


def test_spans_of_the_mini_article_are_where_they_are_thought_to_be() -> None:
    assert isinstance(span("rejects"), Span)
    assert ALIGNMENT.place(*raw(REJECTS))[0] == span(REJECTS).start
