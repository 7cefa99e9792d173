"""Words in windows: each word with pieces once, in order, never more pieces than the encoder reads."""

from __future__ import annotations

import itertools

import pytest
import spacy
from en_wire_core.windows import LONGEST, WINDOW, Window, certain_starts, windows
from en_wire_core.words import MOST_PIECES, SHAPES, pieces, shape
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

MARKS = (101, 102)
DOCUMENTS = st.lists(st.tuples(st.integers(0, MOST_PIECES), st.booleans()), max_size=120)


def cut(document: list[tuple[int, bool]], longest: int = WINDOW) -> list[Window]:
    """Windows of words of so many pieces, numbered 1000 and on, with known starts."""
    numbers = [list(range(1000, 1000 + size)) for size, _ in document]
    return list(windows(numbers, [1] * len(document), [start for _, start in document], MARKS, longest))


@given(document=DOCUMENTS, longest=st.integers(1, WINDOW))
def test_every_word_with_pieces_is_read_once_in_order(document: list[tuple[int, bool]], longest: int) -> None:
    read = [word for window in cut(document, longest) for word in window.words]
    assert read == [word for word, (size, _) in enumerate(document) if size]


@given(document=DOCUMENTS, longest=st.integers(1, WINDOW))
def test_a_window_is_as_long_as_allowed_or_holds_one_sentence(document: list[tuple[int, bool]], longest: int) -> None:
    for window in cut(document, longest):
        assert len(window.ids) == len(window.shapes)
        assert all(window.ids[first] == 1000 for first in window.firsts)
        assert (window.ids[0], window.ids[-1]) == MARKS
        assert window.ids.count(MARKS[1]) == sum(window.starts)
        assert len(window.ids) - 2 <= (longest + len(window.words) if sum(window.starts) > 1 else LONGEST)


@given(
    document=DOCUMENTS.filter(lambda words: sum(size for size, _ in words) <= LONGEST), longest=st.integers(1, WINDOW)
)
def test_a_window_begins_where_a_sentence_begins(document: list[tuple[int, bool]], longest: int) -> None:
    for before, window in itertools.pairwise(cut(document, longest)):
        assert any(start for _, start in document[before.words[-1] + 1 : window.words[0] + 1])


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("He left. She stayed.", ["He", "She"]),
        ("He left. “She came.” They ate.", ["He", "“", "They"]),
        ('He left. "She came." They ate.', ["He", '"', "They"]),
        ("Mr. Vint of the U.S. Navy paid $3.5 million.", ["Mr."]),
        ("It is common “, said Ms. Oru. ” We won “.", ["It", "”"]),
        ("what now? nobody knew.", ["what"]),
        ("First line\nsecond line", ["First", "second"]),
        ("", []),
    ],
)
def test_certain_starts_are_told_by_stops_and_capitals(text: str, starts: list[str]) -> None:
    doc = spacy.blank("en").make_doc(text)
    words = [token.text for token in doc]
    found = certain_starts(words, [bool(token.whitespace_) for token in doc])
    assert [word for word, start in zip(words, found, strict=True) if start] == starts


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    folder = spacy.load("en_wire_core").path / "wire_encoder"
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


@given(words=st.lists(st.text(min_size=1, max_size=30), max_size=30))
def test_a_word_has_the_same_pieces_alone_and_among_others(tokenizer: Tokenizer, words: list[str]) -> None:
    assert pieces(tokenizer, words) == [pieces(tokenizer, [word])[0] for word in words]


def test_a_word_has_no_more_pieces_than_are_read(tokenizer: Tokenizer) -> None:
    assert list(map(len, pieces(tokenizer, ["qzx" * 20, " ", "harbour"]))) == [MOST_PIECES, 0, 1]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("harbour", "lower"), ("Harbour", "title"), ("UN", "upper"), ("A", "initial"), ("McLeod", "mixed"),
        ("2026", "digits"), ("G20", "letters and digits"), ("—", "other"), ("U.S.", "upper"), ("Éloïse", "title"),
    ],
)  # fmt: skip
def test_the_shape_of_a_word_is_told(word: str, name: str) -> None:
    assert SHAPES[shape(word)] == name
