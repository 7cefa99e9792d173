"""The summary: two sentences of the story, the lead and the one that adds the most."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

import pipeline.enrichment.summary
from pipeline.enrichment.reading import BLOCKS

LEAD = "Dock workers in Port Arden went on strike over pay early on Monday."
OFFER = "The dock workers of Port Arden refused an offer by the Kestrel Union to raise pay by a tenth."
WEATHER = "It rained for most of the morning in the hills around the town."
REST = "The Kestrel Union said that pay at the port, and the offer, would be talked over by workers again."


@pytest.fixture(scope="module")
def english() -> Language:
    """Splits sentences at their marks, and knows nothing else."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def summary(doc: Doc) -> str | None:
    found: str | None = pipeline.enrichment.summary.Summary()(doc)._.summary
    return found


def test_the_lead_and_the_sentence_that_adds_the_most(english: Language) -> None:
    assert summary(english(f"{LEAD} {WEATHER} {OFFER} {REST}")) == f"{LEAD} {OFFER}"


def test_without_sentences_the_text_is_split_at_its_marks() -> None:
    doc = spacy.blank("en")(f"{LEAD} {WEATHER} {OFFER} {REST}")
    assert summary(doc) == f"{LEAD} {OFFER}"


@pytest.mark.parametrize(
    "poor",
    [
        "“Dock workers in Port Arden will refuse an offer by the Kestrel Union to raise their pay.",
        'Dock workers in Port Arden will refuse an offer by the Kestrel Union" to raise their pay.',
        "Dock workers in Port Arden refused a pay offer by the Kestrel Union (a tenth.",
        "Dock workers in Port Arden refused a pay offer by the Kestrel Union",
        "Port Arden, Kestrel Union, pay.",
        "Read more of dock workers in Port Arden and the Kestrel Union at www.example.org.",
        "Dock workers in Port Arden " + "refused a pay offer by the Kestrel Union and " * 8 + "left.",
    ],
)
def test_what_is_no_whole_sentence_is_never_taken(english: Language, poor: str) -> None:
    doc = english(f"{LEAD}\n\n{poor}\n\n{OFFER}\n\n{REST}")
    at = [0, *(i + 1 for i, token in enumerate(doc) if token.is_space)]
    ends = [*(i - 1 for i in at[1:]), len(doc)]
    doc.spans[BLOCKS] = [Span(doc, start, end, label="paragraph") for start, end in zip(at, ends, strict=True)]
    found = summary(doc)
    assert found is not None
    assert found.startswith(LEAD)
    assert poor not in found


@pytest.mark.parametrize(
    "start", ["But dock workers", "He and dock workers", "However, dock workers", "These dock workers"]
)
def test_one_that_leans_on_another_gives_way(english: Language, start: str) -> None:
    leaning = OFFER.replace("The dock workers", start)
    assert summary(english(f"{LEAD} {leaning} {OFFER} {REST}")) == f"{LEAD} {OFFER}"


def test_the_us_is_not_us(english: Language) -> None:
    first = "Dock workers in the US went on strike over pay early on Monday."
    assert summary(english(f"{first} {OFFER} {REST}")) == f"{first} {OFFER}"


def test_headings_lists_and_tables_are_passed_over(english: Language) -> None:
    doc = english(f"{WEATHER} {LEAD} {OFFER} {REST}")
    kinds = ["heading", "paragraph", "list", "table"]
    doc.spans[BLOCKS] = [Span(doc, s.start, s.end, label=kind) for s, kind in zip(doc.sents, kinds, strict=True)]
    assert summary(doc) == LEAD


def test_a_sentence_parted_by_mistake_is_put_together(english: Language) -> None:
    doc = english(f"{LEAD} {OFFER}")
    doc[3].is_sent_start = True
    assert summary(doc) == f"{LEAD} {OFFER}"


def test_keyphrases_weigh(english: Language) -> None:
    ferry = "Crews of the ferry left the ferry in its harbour for days."
    crane = "Owners of the crane left the crane in its shed for days."
    doc = english(f"{LEAD} {ferry} {crane}")
    if not Doc.has_extension("keyphrases"):
        Doc.set_extension("keyphrases", default=None)
    assert summary(doc) == f"{LEAD} {ferry}"
    doc._.keyphrases = ["crane"]
    assert summary(doc) == f"{LEAD} {crane}"


@pytest.mark.parametrize("text", ["", "\n\n", "Rain.", "Not a sentence of any kind", "“ ” “"])
def test_no_sentence_no_summary(english: Language, text: str) -> None:
    assert summary(english(text)) is None


PIECES = [LEAD, OFFER, "“", "”", '"', "é 🛥", "\n", "(", "He said so to us all today.", "?", "...", "Mr.", "\u200b"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), st.booleans())
def test_a_summary_is_verbatim(english: Language, text: str, split: bool) -> None:
    found = summary(english(text) if split else english.make_doc(text))
    if found is not None:
        assert any(found[:cut].rstrip() in text and found[cut:].strip() in text for cut in range(1, len(found) + 1))
