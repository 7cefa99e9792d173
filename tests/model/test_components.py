"""The components of the encoder in a pipeline: alone, among others, on disk, in a pickle, on odd text."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import spacy
from en_wire_core.encoder import encoded
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

TEXTS = [
    "Foreign minister Lena Orsolics told reporters in Paris on Monday that 40 rebels had left Kenya.",
    "",
    "The Blue Shelf Trust praised Katla Reymond. “We never asked for this,” she said.",
    "\n \t",
    "a" * 5000,
    "’" * 50,
    "東京 🙂 ÄÖÜ \u202e\u200b\x00",
    "Ada Lamont of the Kestrel Union said so. " * 60,
    "word " * 600,
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("en_wire_core")


def told(doc: Doc) -> list[object]:
    """All that the components say of a document."""
    words = [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i, t.is_sent_start) for t in doc]
    spans = [(s.start, s.end, s.label_) for s in [*doc.ents, *doc.spans["attribution"]]]
    return [*words, *spans]


def test_the_same_is_found_alone_and_among_others(nlp: Language) -> None:
    alone = [told(nlp(text)) for text in TEXTS]
    assert [told(doc) for doc in nlp.pipe(TEXTS)] == alone


def test_entities_and_attributions_of_our_own_words_are_found(nlp: Language) -> None:
    doc = nlp(TEXTS[2])
    assert ("Katla Reymond", "PERSON") in {(ent.text, ent.label_) for ent in doc.ents}
    assert {("she", "SOURCE"), ("said", "CUE")} <= {(s.text, s.label_) for s in doc.spans["attribution"]}


def test_each_sentence_is_a_tree_of_its_own(nlp: Language) -> None:
    for doc in nlp.pipe(TEXTS):
        for sent in doc.sents:
            assert [token.dep_ for token in sent if token.head == token] == ["ROOT"] or not sent.text.strip()
            assert all(token.head.sent == sent for token in sent)
            assert all((token.dep_ == "ROOT") == (token.head == token) for token in sent if sent.text.strip())


def test_sentences_that_are_told_are_kept(nlp: Language) -> None:
    words = ["Pilots", "met", ".", "They", "left", "they", "came"]
    starts = [True, False, False, False, False, True, False]
    doc = Doc(nlp.vocab, words=words, sent_starts=starts)
    assert [bool(token.is_sent_start) for token in nlp(doc)] == starts


def test_nothing_of_the_encoder_is_left_on_a_document_but_what_pairs_are_read_from(nlp: Language) -> None:
    doc = nlp(TEXTS[0])
    assert not encoded(doc)
    assert set(doc.user_data) == {"wire_pairs"}


def test_it_survives_a_folder_and_a_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert told(spacy.load(tmp_path)(TEXTS[0])) == told(nlp(TEXTS[0]))
    again = pickle.loads(pickle.dumps(nlp.get_pipe("wire_encoder")))  # noqa: S301 - our own
    doc = nlp.get_pipe("wire_entities")(again(nlp.make_doc(TEXTS[0])))
    assert [ent.text for ent in doc.ents] == [ent.text for ent in nlp(TEXTS[0]).ents]


def test_capitals_throughout_are_read_too(nlp: Language) -> None:
    found = {ent.text for ent in nlp("FOREIGN MINISTER LENA ORSOLICS ARRIVED IN PARIS ON MONDAY.").ents}
    assert {"LENA ORSOLICS", "PARIS"} <= found


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_it(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert len(list(doc.sents)) >= (1 if len(doc) else 0)
