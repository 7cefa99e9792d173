"""Words in windows: each word with pieces once, in order, never more pieces than the encoder reads."""

from __future__ import annotations

import pytest
import spacy
from en_wire_core.words import SHAPES, WINDOW, shape, windows
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

TEXTS = st.lists(st.text(min_size=1, max_size=30), max_size=60)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    folder = spacy.load("en_wire_core").path / "wire_entities"
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


@given(words=TEXTS, longest=st.integers(8, WINDOW))
def test_every_word_with_pieces_is_read_once_in_order(tokenizer: Tokenizer, words: list[str], longest: int) -> None:
    read = [word for window in windows(tokenizer, words, longest) for word in window.words]
    assert read == [n for n, word in enumerate(words) if tokenizer.encode(word, add_special_tokens=False).ids]


@given(words=TEXTS, longest=st.integers(8, WINDOW))
def test_a_window_is_never_much_longer_than_allowed(tokenizer: Tokenizer, words: list[str], longest: int) -> None:
    for window in windows(tokenizer, words, longest):
        assert len(window.ids) == len(window.shapes)
        assert len(window.ids) - 2 <= longest * 3 // 2
        assert [window.ids[first] for first in window.firsts] == [window.ids[first] for first in sorted(window.firsts)]
        assert len(window.words) == len(window.firsts)


def test_a_long_text_is_cut_at_ends_of_sentences(tokenizer: Tokenizer) -> None:
    words = "The pilots of Port Arden met again .".split() * 60
    cut = list(windows(tokenizer, words))
    assert len(cut) > 2
    assert all(words[window.words[-1]] == "." for window in cut)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("harbour", "lower"), ("Harbour", "title"), ("UN", "upper"), ("A", "initial"), ("McLeod", "mixed"),
        ("2026", "digits"), ("G20", "letters and digits"), ("—", "other"), ("U.S.", "upper"), ("Éloïse", "title"),
    ],
)  # fmt: skip
def test_the_shape_of_a_word_is_told(word: str, name: str) -> None:
    assert SHAPES[shape(word)] == name
