from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.enrichment.reading import BLOCKS
from pipeline.enrichment.types import NAME

LABELS = ["PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "MONEY", "DATE", "MISC"]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME)
    return nlp


def typed(nlp: Language, text: str, *named: tuple[str, str]) -> list[tuple[str, str]]:
    """Entities of a text, where a model has found those named, in order of the text."""
    doc = nlp.make_doc(text)
    spans, at = [], 0
    for name, label in named:
        start = text.index(name, at)
        at = start + len(name)
        span = doc.char_span(start, at, label=label)
        assert span is not None, name
        spans.append(span)
    doc.set_ents(spans)
    return [(ent.text, ent.label_) for ent in nlp.get_pipe(NAME)(doc).ents]


@pytest.mark.parametrize(
    ("name", "found", "wanted"),
    [
        ("Mali", "PERSON", "GPE"),
        ("Ukraine", "LOC", "GPE"),
        ("Odesa", "LOC", "GPE"),
        ("Punjab", "LOC", "GPE"),
        ("Europe", "LOC", "LOC"),
        ("Black Sea", "LOC", "LOC"),
        ("West Bank", "ORG", "LOC"),
        ("Kyiv", "ORG", "GPE"),
        ("Kenyans", "MISC", "NORP"),
        ("Kurdish", "LOC", "NORP"),
        ("NATO", "LOC", "ORG"),
        ("UN", "MISC", "ORG"),
        ("Kremlin", "FAC", "ORG"),
        ("Kremlin", "PERSON", "ORG"),
        ("Torvald", "LOC", "LOC"),
        ("Geneva, Switzerland", "LOC", "GPE"),
        ("Torvald province", "LOC", "GPE"),
    ],
)
def test_the_gazetteer_decides_the_type(nlp: Language, name: str, found: str, wanted: str) -> None:
    assert typed(nlp, f"It was {name} that would pay.", (name, found)) == [(name, wanted)]


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("The West fears a long winter.", ("The West", "NORP"), ("West", "LOC")),
        ("Rain is rare in the Sahel this year.", ("Sahel", "MISC"), ("Sahel", "LOC")),
        ("West fears a long winter.", ("West", "NORP"), ("West", "NORP")),
        ("The West house was sold.", ("West", "PERSON"), ("West", "PERSON")),
        ("The Kurds fear a long winter.", ("The Kurds", "NORP"), ("Kurds", "NORP")),
    ],
)
def test_one_word_is_a_region_only_after_the(
    nlp: Language, text: str, found: tuple[str, str], wanted: tuple[str, str]
) -> None:
    assert typed(nlp, text, found) == [wanted]


@pytest.mark.parametrize("name", ["Paris Hilton", "Jordan Smith", "Chad Le Clos", "Israel Adebayo"])
def test_a_person_called_like_a_place_stays_a_person(nlp: Language, name: str) -> None:
    assert typed(nlp, f"Reporters met {name} on the coast.", (name, "PERSON")) == [(name, "PERSON")]


def test_a_surname_beside_the_full_name_is_a_person(nlp: Language) -> None:
    text = "Maria Ortega won. Ortega thanked voters. Critics of Ortega left."
    names = [("Maria Ortega", "PERSON"), ("Ortega", "ORG"), ("Ortega", "PERSON")]
    assert typed(nlp, text, *names) == [("Maria Ortega", "PERSON"), ("Ortega", "PERSON"), ("Ortega", "PERSON")]


def test_a_country_is_not_taken_from_the_person_who_bears_its_name(nlp: Language) -> None:
    text = "Jordan Smith scored twice. Jordan left early."
    assert typed(nlp, text, ("Jordan Smith", "PERSON"), ("Jordan", "PERSON"))[1] == ("Jordan", "PERSON")


def test_one_name_has_one_type_by_most_of_its_mentions(nlp: Language) -> None:
    text = "Brivex sold. Brivex bought. Brivex fell."
    found = typed(nlp, text, ("Brivex", "ORG"), ("Brivex", "PERSON"), ("Brivex", "ORG"))
    assert {label for _, label in found} == {"ORG"}


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("in the Netherlands today", "the Netherlands", "Netherlands"),
        ("said “Anton Vare” twice", "“Anton Vare”", "Anton Vare"),
        ("the firm Varex) fell", "Varex)", "Varex"),
        ("by Russia’s army", "Russia’s", "Russia"),
        ("at The Hague today", "The Hague", "The Hague"),
        ("told The Northern Herald today", "The Northern Herald", "The Northern Herald"),
        ("the Bank (Varex) fell", "Bank (Varex)", "Bank (Varex)"),
    ],
)
def test_edges_hold_the_name_and_nothing_else(nlp: Language, text: str, found: str, wanted: str) -> None:
    assert [name for name, _ in typed(nlp, text, (found, "ORG"))] == [wanted]


def test_nothing_is_left_of_an_entity_of_marks(nlp: Language) -> None:
    assert typed(nlp, "He said: “ ” and left.", ("“ ”", "MISC")) == []


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("He spoke at the Astana Security Summit on trade.", ["Astana Security Summit"]),
        ("Since the Cold War ended, and World War II before it.", ["Cold War", "World War II"]),
        ("At least two died as Cyclone Nerida hit.", ["Cyclone Nerida"]),
        ("They go to COP28 and to the Munich Security Conference.", ["COP28", "Munich Security Conference"]),
        ("Leaders left the Summit of the Americas early.", ["Summit of the Americas"]),
        ("The World Cup starts.", ["World Cup"]),
        ("The team went home after the war and the cup.", []),
        ("A new War Memorial opened.", []),
        ("After the Summit they left.", []),
        ("The Conference of Northern Bishops met.", []),
    ],
)
def test_events_are_found_by_rule_and_lexicon(nlp: Language, text: str, events: list[str]) -> None:
    assert [name for name, label in typed(nlp, text) if label == "EVENT"] == events


def test_an_event_takes_in_the_parts_the_model_found(nlp: Language) -> None:
    text = "She won at the Tokyo Olympics."
    assert typed(nlp, text, ("Tokyo", "LOC"), ("Olympics", "MISC")) == [("Tokyo Olympics", "EVENT")]


@pytest.mark.parametrize(
    ("name", "label", "wanted"),
    [
        ("Lunar Film Festival", "MISC", "EVENT"),
        ("Astana Summit", "ORG", "EVENT"),
        ("Bandung Conference", "MISC", "EVENT"),
        ("Bishops Conference", "ORG", "ORG"),
        ("Quill Games", "ORG", "ORG"),
    ],
)
def test_a_body_is_no_event(nlp: Language, name: str, label: str, wanted: str) -> None:
    doc = nlp.make_doc(f"It was {name} that paid.")
    doc.set_ents([Span(doc, 2, 2 + len(name.split()), label=label)])
    assert [ent.label_ for ent in nlp.get_pipe(NAME)(doc).ents] == [wanted]


def test_countries_and_peoples_the_model_missed_are_added(nlp: Language) -> None:
    text = "Envoys from Norway and Kenya met French and Kurdish leaders in Ankara, the UN said."
    assert typed(nlp, text) == [
        ("Norway", "GPE"),
        ("Kenya", "GPE"),
        ("French", "NORP"),
        ("Kurdish", "NORP"),
        ("Ankara", "GPE"),
        ("UN", "ORG"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The Bank of China Holdings fell.",
        "The Norway Post fell.",
        "Jordan was late.",
        "Polish the table.",
        "it told us who said so.",
        "IT TOLD US WHO SAID SO",
    ],
)
def test_what_may_be_something_else_is_not_added(nlp: Language, text: str) -> None:
    assert typed(nlp, text) == []


def test_names_of_the_article_are_found_where_the_model_does_not_read(nlp: Language) -> None:
    text = "Ortega warns Brivex. Maria Ortega spoke to Brivex."
    doc = nlp.make_doc(text)
    start = text.index("Maria")
    named = [(start, start + 12, "PERSON"), (text.rindex("Brivex"), text.rindex("Brivex") + 6, "ORG")]
    doc.set_ents([span for s, e, label in named if (span := doc.char_span(s, e, label=label))])
    found = [(ent.text, ent.label_) for ent in nlp.get_pipe(NAME)(doc).ents]
    assert found == [("Ortega", "PERSON"), ("Brivex", "ORG"), ("Maria Ortega", "PERSON"), ("Brivex", "ORG")]


def test_a_heading_makes_no_event(nlp: Language) -> None:
    doc = nlp.make_doc("Avoiding War")
    doc.spans[BLOCKS] = [Span(doc, 0, 2, label="heading")]
    assert not nlp.get_pipe(NAME)(doc).ents


def test_additions_and_events_can_be_turned_off() -> None:
    plain = spacy.blank("en")
    plain.add_pipe(NAME, config={"add": False, "events": False})
    assert not plain("The World Cup in Norway.").ents


WRITTEN = (
    "The the of US Paris France French Cup World War Hurricane Ana Smith said ’s \" “ ( ) . COP28 and 😀 مصر 2022 '"
)
WORDS = st.sampled_from([*WRITTEN.split(), "\n\n", " ", "\u200b"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40), st.data())
def test_any_document_comes_out_whole(nlp: Language, words: list[str], data: st.DataObject) -> None:
    doc = Doc(nlp.vocab, words=words)
    spans, at = [], 0
    while at < len(words):
        end = data.draw(st.integers(at + 1, len(words)))
        if data.draw(st.booleans()):
            spans.append(Span(doc, at, end, label=data.draw(st.sampled_from(LABELS))))
        at = end
    doc.set_ents(spans)
    text = doc.text
    doc = nlp.get_pipe(NAME)(doc)
    assert doc.text == text
    for ent in doc.ents:
        assert ent.label_ in LABELS
        assert text[ent.start_char : ent.end_char] == ent.text
        assert ent.text.strip()


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Two F-16s and a MiG-29 took off .", ["F-16s", "MiG-29"]),
        ("The Boeing 737 landed .", ["Boeing 737"]),
        ("She held an iPhone 14 .", ["iPhone 14"]),
        ("Doses of Sputnik V arrived .", ["Sputnik V"]),
        ("The G-20 met over COVID-19 .", []),
        ("They drank a kindle of tea .", []),
    ],
)
def test_products_are_found_by_their_model(text: str, product: list[str]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("wire_types")
    doc = nlp(Doc(nlp.vocab, words=text.split()))
    assert [ent.text for ent in doc.ents if ent.label_ == "PRODUCT"] == product
