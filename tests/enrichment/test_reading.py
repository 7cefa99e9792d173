"""Words of a text, also where it has none: runs of marks that no tokenizer was made for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.enrichment.enricher import Enricher
from pipeline.enrichment.reading import LONGEST_RUN, document


@pytest.fixture(scope="session")
def nlp(shipped: Enricher) -> Language:
    found: Language = shipped._nlp
    return found


@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(['"', "(", "ab", "x.", " ", "\n", "“a"]), st.integers(1, 300)), max_size=6
    )
)
def test_no_character_is_lost_or_moved(nlp: Language, pieces: list[tuple[str, int]]) -> None:
    text = "".join(piece * times for piece, times in pieces)
    doc = document(nlp, text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_ordinary_text_is_read_as_ever(nlp: Language) -> None:
    text = "Lena Orsolics didn't say (in Drovnia) where: https://drovnia.example/" + "a" * 30
    assert [token.text for token in document(nlp, text)] == [token.text for token in nlp.make_doc(text)]


def test_no_word_is_longer_than_a_run_may_be(nlp: Language) -> None:
    assert max(len(token) for token in document(nlp, "x" * 1000)) == LONGEST_RUN
