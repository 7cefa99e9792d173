"""The component on whole documents: what holds for each of them, and for hostile ones."""

from __future__ import annotations

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from pipeline.enrichment.linking.component import EntityLinker
from tests.enrichment.linking.notation import linked, made

WORDS = st.sampled_from(
    'Ana Ruiz Ruiz Oslo Kremlin The the president minister Chilean he his it said , . “ ” " of company NATO'
    " \u200b \u202e 🙂 counterpart who is I \n\n".split(" ")
)
VOCABULARY = Vocab()
LABELS = st.sampled_from(["PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "DATE", "XYZ"])
TAGS = st.sampled_from(["NN", "NNP", "NNS", "VBD", "JJ", "DT", "PRP", "PRP$", "IN", ""])
DEPS = st.sampled_from(["nsubj", "obj", "obl", "nmod:poss", "appos", "conj", "ROOT", "dep"])


@st.composite
def documents(draw: st.DrawFn) -> Doc:
    words = draw(st.lists(WORDS, max_size=40))
    count = len(words)
    parsed = draw(st.booleans())
    doc = Doc(
        VOCABULARY,
        words=words,
        spaces=draw(st.lists(st.booleans(), min_size=count, max_size=count)),
        tags=draw(st.lists(TAGS, min_size=count, max_size=count)),
        deps=draw(st.lists(DEPS, min_size=count, max_size=count)) if parsed else None,
        heads=[max(0, number - draw(st.integers(0, 3))) for number in range(count)] if parsed else None,
    )
    at, ents = 0, []
    while at < count:
        end = min(count, at + draw(st.integers(1, 3)))
        if draw(st.booleans()) and doc[at:end].text.strip():
            ents.append(Span(doc, at, end, label=draw(LABELS)))
        at = end
    doc.set_ents(ents)
    return doc


@settings(max_examples=100, deadline=None)
@given(documents())
def test_offsets_order_and_bounds_hold_for_any_document(doc: Doc) -> None:
    entities = EntityLinker()(doc)._.entities
    assert [entity.id for entity in entities] == [f"e{number}" for number in range(1, len(entities) + 1)]
    assert [e.mentions[0].start for e in entities] == sorted(e.mentions[0].start for e in entities)
    for entity in entities:
        assert 0 <= entity.salience <= 1
        assert entity.key or entity.type in {"DATE", "MONEY"}
        end = -1
        for mention in entity.mentions:
            assert doc.text[mention.start : mention.end] == mention.text
            assert mention.start >= end
            end = mention.end
    assert not entities or max(entity.salience for entity in entities) == 1


@settings(max_examples=50, deadline=None)
@given(documents())
def test_the_same_document_gives_the_same_entities(doc: Doc) -> None:
    assert EntityLinker()(doc)._.entities == EntityLinker()(doc)._.entities


def test_it_is_a_component_of_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ana Ruiz"}])
    nlp.add_pipe("wire_links", config={"left_out": []})
    (entity,) = nlp("Ana Ruiz spoke.")._.entities
    assert entity.name == "Ana Ruiz"


def test_an_empty_document_has_no_entities() -> None:
    assert linked("") == []


def test_parts_can_be_switched_off() -> None:
    doc = made("[Meridian/NNP]ORG lost/VBD ./. | The/DT company/NN closed/VBD ./. | It/PRP left/VBD ./.")
    (entity,) = EntityLinker(nominals=False, pronouns=False)(doc)._.entities
    assert [mention.text for mention in entity.mentions] == ["Meridian"]


def test_the_most_named_is_the_most_salient() -> None:
    entities = linked("[Ana Ruiz]PERSON met [Oslo Harbour Board]ORG . | [Ruiz]PERSON left . | [Ruiz]PERSON won .")
    assert {entity.name: entity.salience for entity in entities}["Ana Ruiz"] == 1


def test_ten_thousand_names_are_bounded() -> None:
    names = " | ".join(f"[Ana Ruiz{number}]PERSON met [Ruiz]PERSON ." for number in range(2000))
    assert len(linked(names)) >= 2000
