"""The component: what cues and classifier come to in an article, with exact offsets, on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.article import Article, Stance
from pipeline.enrichment.enricher import Enricher
from pipeline.enrichment.stances.component import StanceFinder
from pipeline.enrichment.stances.lexicon import lexicon
from pipeline.enrichment.stances.unsettled import MOST
from tests.enrichment.stances.reader import Reader
from tests.enrichment.stances.stubs import Opinion
from tests.enrichment.texts import Kind, article

STORY = """Kenya condemned Ethiopia's invasion of the islands on Monday. Orsola Vint, the minister, met Jonas Vek.

“We support Uganda,” Vint told reporters."""

WORDS = st.sampled_from(
    [
        "Kenya", "Ethiopia", "Orsola Vint", "she", "we", "condemned", "support", "criticism", "of", "by", "for", "not",
        "an end to", "the plan", "refused to", "said", "“", "”", '"', "’s", "and", ",", ".", "?", "if", "unacceptable",
        "is", "critical", "sent", "weapons", "who", "\u200b", "🛥", "\n", "call", "wants to avoid", "critic", "against",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=200))
KINDS = st.sampled_from(["paragraph", "heading", "list", "table"])
BLOCKS = st.lists(st.tuples(KINDS, TEXTS.filter(bool)), max_size=4)


def finder(classifier: Opinion | None = None, *, unsettled: float = 0.8) -> StanceFinder:
    found = StanceFinder(lexicon(), confidence=0.5, phrase_confidence=0.6, unsettled_confidence=unsettled)
    found.classifier = classifier
    return found


def stances(reader: Reader, component: StanceFinder, *paragraphs: str) -> list[Stance]:
    found: list[Stance] = component(reader.doc(*paragraphs))._.stances
    return found


def assert_exact(one: Article) -> None:
    assert one.enrich is not None
    ids = {entity.id for entity in one.enrich.entities} | {None}
    for stance in one.enrich.stances:
        for span in (stance.evidence, stance.cue):
            assert span is None or one.text[span.start : span.end] == span.text
        if stance.cue is not None:
            assert stance.evidence.start <= stance.cue.start < stance.cue.end <= stance.evidence.end
        assert 0 <= stance.confidence <= 1
        assert {stance.holder, stance.target} <= ids
        assert stance.holder is None or stance.holder != stance.target
        assert stance.target_text in one.text
        assert stance.holder_text in one.text
        assert stance.decided_by
    for entity in one.enrich.entities:
        assert entity.tone is None or 0 <= entity.tone.confidence <= 1


def test_the_statements_of_a_story(shipped: Enricher) -> None:
    (enriched,) = shipped.enrich([article(*STORY.split("\n\n"))])
    assert_exact(enriched)
    assert enriched.enrich is not None
    names = {entity.id: entity.name for entity in enriched.enrich.entities}
    found = [
        (names.get(one.holder or ""), names.get(one.target or ""), one.label, one.voice, one.cue.text)
        for one in enriched.enrich.stances
        if one.cue is not None and one.target is not None
    ]
    assert found == [
        ("Kenya", "Ethiopia", "against", "narrated", "condemned"),
        ("Orsola Vint", "Uganda", "favor", "quoted", "support"),
    ]
    first = enriched.enrich.stances[0]
    assert first.target_text == "Ethiopia's invasion of the islands"
    assert first.evidence.text == "Kenya condemned Ethiopia's invasion of the islands on Monday."
    assert first.decided_by[0] == "cue: accuse"


@given(blocks=BLOCKS)
@examples(max_examples=60, deadline=None)
def test_offsets_are_exact_whatever_the_text(shipped: Enricher, blocks: list[tuple[Kind, str]]) -> None:
    (enriched,) = shipped.enrich([article(*blocks)])
    assert_exact(enriched)


@pytest.mark.parametrize(
    "text",
    [
        '" ' * 25_000,
        '"' * 50_000,
        "“Kenya ” " * 5_500,
        "condemned " * 5_000,
        "Kenya condemned Ethiopia and " * 1_700,
        "an end to " * 5_000,
    ],
    ids=["straight quotes", "quotes without a space", "short quotes", "one verb", "one sentence", "turners"],
)
def test_hostile_text_passes(shipped: Enricher, text: str) -> None:
    (enriched,) = shipped.enrich([article(text)])
    assert_exact(enriched)


def test_a_document_without_a_parse_has_none(small: Enricher) -> None:
    (enriched,) = small.enrich([article("Ada Lamont condemned the Kestrel Union.")])
    assert enriched.enrich is not None
    assert enriched.enrich.stances == []


# -- cues and the classifier -----------------------------------------------------------------------


def test_without_a_classifier_cues_decide(reader: Reader) -> None:
    (found,) = stances(reader, finder(), "Kenya condemned Ethiopia on Monday.")
    assert (found.label, found.confidence, found.decided_by) == ("against", 0.93, ["cue: accuse"])


def test_the_classifier_says_that_it_agrees(reader: Reader) -> None:
    (found,) = stances(reader, finder(Opinion([0.05, 0.9, 0.05])), "Kenya did not support Ethiopia.")
    assert found.decided_by == ["cue: support", "negated", "classifier"]


def test_the_classifier_may_doubt_a_cue_but_not_turn_it(reader: Reader) -> None:
    (sure,) = stances(reader, finder(), "Kenya condemned Ethiopia on Monday.")
    (doubted,) = stances(reader, finder(Opinion([0.0001, 0.0001, 0.9998])), "Kenya condemned Ethiopia on Monday.")
    assert (doubted.label, doubted.decided_by) == ("against", ["cue: accuse"])
    assert doubted.confidence < sure.confidence - 0.2
    assert stances(reader, finder(Opinion([0.9998, 0.0001, 0.0001])), "Kenya may condemn Ethiopia.") == []


def test_the_classifier_may_silence_a_weak_cue(reader: Reader) -> None:
    text = "Kenya signed a deal with Ethiopia."
    assert [one.label for one in stances(reader, finder(), text)] == ["favor"]
    assert stances(reader, finder(Opinion([0.0001, 0.0001, 0.9998])), text) == []


def test_the_classifier_is_not_asked_about_phrases(reader: Reader) -> None:
    opinion = Opinion([0.0, 0.0, 1.0])
    (found,) = stances(reader, finder(opinion), "Kenya condemned the blockade on Monday.")
    assert (found.target, found.target_text, found.label) == (None, "the blockade", "against")
    assert opinion.pairs == []


def test_unsure_statements_are_left_out(reader: Reader) -> None:
    assert stances(reader, finder(), "Kenya would be angry if Uganda supported Ethiopia.") == []


def test_what_is_unsure_about_a_phrase_is_left_out_sooner(reader: Reader) -> None:
    assert [one.target_text for one in stances(reader, finder(), "Kenya may support Ethiopia.")] == ["Ethiopia"]
    assert stances(reader, finder(), "Kenya may support the blockade.") == []


# -- pairs that no cue joins -----------------------------------------------------------------------


def test_pairs_without_a_cue_are_the_classifiers(reader: Reader) -> None:
    opinion = Opinion([0.0, 1.0, 0.0])
    (found,) = stances(reader, finder(opinion), "Kenya met Ethiopia on Monday.")
    assert opinion.pairs == [("Kenya", "Ethiopia")]
    assert (found.holder_text, found.target_text, found.label) == ("Kenya", "Ethiopia", "against")
    assert (found.cue, found.decided_by) == (None, ["classifier"])
    assert found.evidence.text == "Kenya met Ethiopia on Monday."


def test_such_pairs_need_a_sure_classifier(reader: Reader) -> None:
    text = "Kenya met Ethiopia on Monday."
    assert stances(reader, finder(Opinion([0.1, 0.7, 0.2])), text) == []
    assert stances(reader, finder(Opinion([0.1, 0.7, 0.2]), unsettled=0.4), text) != []


def test_pairs_that_a_cue_joins_are_not_asked_about_again(reader: Reader) -> None:
    opinion = Opinion([0.05, 0.9, 0.05])
    assert len(stances(reader, finder(opinion), "Kenya condemned Ethiopia on Monday.")) == 1
    assert opinion.pairs == [("Kenya", "Ethiopia")]


def test_only_so_many_pairs_are_asked_about(reader: Reader) -> None:
    countries = ["Kenya", "Uganda", "Ethiopia", "Chad", "Ghana", "Mali", "Togo", "Benin"]
    pairs = [f"{one} met {other}." for one in countries for other in countries if one != other]
    opinion = Opinion([0.0, 0.0, 1.0])
    stances(reader, finder(opinion), " ".join(pairs))
    assert len(opinion.pairs) == MOST


def test_statements_are_in_the_order_of_the_text(reader: Reader) -> None:
    found = stances(reader, finder(), "Kenya condemned Ethiopia. Uganda met Chad.", "Kenya praised Uganda.")
    assert [one.label for one in found] == ["against", "favor"]
    starts = [one.evidence.start for one in found]
    assert starts == sorted(starts)
