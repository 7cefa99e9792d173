"""The words of a document as columns."""

from __future__ import annotations

from spacy.tokens import Doc, Span

from pipeline.enrichment.linking.words import words_of
from pipeline.enrichment.reading import RESIDUE
from tests.enrichment.linking.notation import made


def with_residue(doc: Doc, start: int, end: int) -> Doc:
    doc.spans[RESIDUE] = [Span(doc, start, end)]
    return doc


def test_residue_does_not_split_its_sentence() -> None:
    doc = with_residue(made("She met le maire today . | He left .", "Rain fell ."), 2, 4)
    words = words_of(doc)
    assert [words.span(number) for number in range(3)] == [range(6), range(6, 10), range(10, 13)]


def test_a_document_that_begins_with_residue_has_a_sentence_there() -> None:
    words = words_of(with_residue(made("Le maire left . | He won ."), 0, 2))
    assert words.span(words.sentence[0]).start == 0
    assert words.span(words.sentence[4]) == range(4, 7)
