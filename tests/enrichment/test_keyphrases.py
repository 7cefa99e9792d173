"""Keyphrases: the names and phrases a story is tagged with."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline.article import Entity, Mention
from pipeline.enrichment.keyphrases.component import Keyphrases
from pipeline.enrichment.reading import BLOCKS

ENGLISH = spacy.blank("en")
Words = Sequence[str]


def tagged(*words: str, ents: Sequence[tuple[int, int, str]] = ()) -> Doc:
    """A document of words with their tags ("port/NN"), lemmas without a plural s, entities by word numbers."""
    text, tags = zip(*(word.rsplit("/", 1) for word in words), strict=True)
    lemmas = [word.lower().removesuffix("s") for word in text]
    doc = Doc(ENGLISH.vocab, words=list(text), tags=list(tags), lemmas=lemmas)
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return doc


def keyphrases(doc: Doc, most: int = 10, most_names: int = 6) -> list[str]:
    found: list[str] = Keyphrases(most, most_names)(doc)._.keyphrases
    return found


STRIKE = [
    *"The/DT dock/NN strike/NN shut/VBD the/DT port/NN ./.".split(),
    *"Talks/NNS on/IN the/DT dock/NN strikes/NNS failed/VBD ./.".split(),
]


def test_a_phrase_is_written_as_in_the_text_without_its_article_and_counted_by_its_lemmas() -> None:
    assert keyphrases(tagged(*STRIKE)) == ["dock strike"]


def test_an_adjective_that_tells_little_is_left_off_and_a_title_is_no_phrase() -> None:
    doc = tagged(*"the/DT new/JJ prime/JJ minister/NN and/CC a/DT large/JJ coral/NN reef/NN".split())
    assert keyphrases(doc) == ["coral reef"]


def test_words_that_every_story_has_make_no_phrase() -> None:
    assert keyphrases(tagged(*"the/DT statement/NN of/IN the/DT week/NN ,/, the/DT news/NN report/NN".split())) == []


def test_dates_numbers_and_pronouns_are_none() -> None:
    words = "They/PRP sold/VBD 300/CD boats/NNS on/IN Monday/NNP ,/, March/NNP 3/CD".split()
    assert keyphrases(tagged(*words, ents=[(5, 6, "MISC"), (7, 9, "DATE")])) == []


def test_a_lone_noun_must_be_used_again_and_again() -> None:
    once = "ferry/NN sank/VBD ./.".split()
    assert keyphrases(tagged(*once, *once)) == []
    assert keyphrases(tagged(*once, *once, *once)) == ["ferry"]


def test_half_a_hyphenated_word_is_not_torn_off() -> None:
    doc = Doc(
        ENGLISH.vocab,
        words=["a", "re", "-", "election", "campaign"],
        spaces=[True, False, False, True, False],
        tags=["DT", "AFX", "HYPH", "NN", "NN"],
        lemmas=["a", "re", "-", "election", "campaign"],
    )
    assert keyphrases(doc) == ["re-election campaign"]
    doc[1].tag_ = "IN"
    assert keyphrases(doc) == []


def test_a_surname_counts_for_its_bearer_and_is_not_named_twice() -> None:
    words = "Tomas/NNP Orrin/NNP met/VBD Vek/NNP ./. Orrin/NNP left/VBD ./.".split()
    doc = tagged(*words, ents=[(0, 2, "PERSON"), (3, 4, "PERSON"), (5, 6, "PERSON")])
    assert keyphrases(doc) == ["Tomas Orrin", "Vek"]


def test_of_linked_entities_every_mention_counts() -> None:
    doc = tagged(*"Vek/NNP saw/VBD Orrin/NNP ./. He/PRP left/VBD ./.".split())
    entities = [
        Entity(id="e1", name="Vek", type="PERSON", mentions=[Mention(start=0, end=3, text="Vek", kind="name")]),
        Entity(
            id="e2",
            name="Orrin",
            type="PERSON",
            mentions=[
                Mention(start=8, end=13, text="Orrin", kind="name"),
                Mention(start=16, end=18, text="He", kind="pronoun"),
            ],
        ),
    ]
    had = Doc.has_extension("entities")
    if not had:
        Doc.set_extension("entities", default=None)
    doc._.entities = entities
    try:
        assert keyphrases(doc) == ["Orrin", "Vek"]
    finally:
        if not had:
            Doc.remove_extension("entities")


def test_the_agency_that_reports_is_no_keyphrase() -> None:
    doc = tagged(*"Reuters/NNP and/CC the/DT Kestrel/NNP Union/NNP".split(), ents=[(0, 1, "ORG"), (3, 5, "ORG")])
    assert keyphrases(doc) == ["Kestrel Union"]


def test_without_tags_there_are_names() -> None:
    doc = Doc(ENGLISH.vocab, words=["Orrin", "saw", "a", "coral", "reef"])
    doc.ents = (Span(doc, 0, 1, label="PERSON"),)
    assert keyphrases(doc) == ["Orrin"]


def test_names_leave_room_for_phrases() -> None:
    words = [*"Vek/NNP Orrin/NNP Lamont/NNP".split(), *STRIKE]
    doc = tagged(*words, ents=[(i, i + 1, "PERSON") for i in range(3)])
    assert len(keyphrases(doc, most=3)) == 3
    assert "dock strike" in keyphrases(doc, most=3, most_names=2)
    assert len(keyphrases(doc, most=10, most_names=1)) == 4  # there is room for all


def test_a_heading_and_a_table_are_not_read() -> None:
    doc = tagged(*STRIKE)
    doc.spans[BLOCKS] = [Span(doc, 0, 7, label="heading"), Span(doc, 7, len(doc), label="table")]
    assert keyphrases(doc) == []


TAGGED = st.sampled_from(
    "port/NN Ports/NNS new/JJ -/HYPH ’s/POS the/DT 🛥/NN Orrin/NNP é/NN 3/CD ./. week/NN said/VBD France/NNP".split()
)


@given(st.lists(TAGGED, min_size=1, max_size=40))
def test_keyphrases_stand_in_the_text_and_none_twice(words: list[str]) -> None:
    doc = tagged(*words)
    doc.ents = [Span(doc, i, i + 1, label="PERSON") for i, word in enumerate(words) if word.startswith("Orrin")]
    found = keyphrases(doc)
    assert len(found) == len(set(found)) <= 10
    assert all(phrase in doc.text for phrase in found)


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert keyphrases(ENGLISH.make_doc(text)) == []
