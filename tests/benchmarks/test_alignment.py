"""Places of a raw text are found again in its cleaned one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.alignment import Alignment, edges, shared
from tests.articles import cleaned

RAW = """the ferry stays says mayor

The ferry stays, says mayor

Orsola Vint said the ferry “ will stay “ in Lomé.

Read also: The mayor of Lomé and her ferry

Nobody objected to Orsola Vint’s plan.
"""

WORDS = st.lists(st.sampled_from(["Orsola", "Vint", "the", "ferry", "Lomé", "42"]), min_size=1, max_size=12)
MARKS = st.sampled_from([" ", " “", "” ", ", ", ".\n\n", " « "])


def place(text: str, words: str) -> tuple[int, int]:
    assert text.count(words) == 1
    return text.index(words), text.index(words) + len(words)


def test_words_are_found_where_cleaning_moved_them() -> None:
    text = cleaned(RAW).text
    alignment = Alignment(RAW, text)
    assert "“will stay”" in text
    for raw, new in [("“ will stay “", "will stay"), ("in Lomé.", "in Lomé"), ("Orsola Vint’s plan", None)]:
        start, end = alignment.place(*place(RAW, raw))
        assert text[start:end] == (new or raw)


def test_words_that_cleaning_dropped_are_not_found_elsewhere() -> None:
    alignment = Alignment(RAW, cleaned(RAW).text)
    with pytest.raises(ValueError, match="dropped or changed"):
        alignment.place(*place(RAW, "The mayor of Lomé and her ferry"))


def test_a_place_without_a_word_is_none() -> None:
    with pytest.raises(ValueError, match="no word"):
        Alignment(RAW, RAW).place(*place(RAW, " “ will")[:1], place(RAW, " “ will")[0] + 3)


def test_words_put_in_between_are_a_change() -> None:
    with pytest.raises(ValueError, match="changed"):
        Alignment("Orsola Vint spoke", "Orsola Ada Vint spoke").place(0, 11)


@given(WORDS, st.data())
def test_marks_move_no_word(words: list[str], data: st.DataObject) -> None:
    raw, new = ("".join(word + data.draw(MARKS) for word in words) for _ in range(2))
    alignment = Alignment(raw, new)
    places = [match.span() for match in re.finditer(r"\w+", raw)]
    found = [alignment.place(*one) for one in places]
    assert [new[start:end] for start, end in found] == words
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("The Kestrel Union’s", "Kestrel Union"),
        ("“the ferry”", "ferry"),
        ("the", "the"),
        ("Paris", "Paris"),
        ("Ports", "Ports"),
    ],
)
def test_edges_leave_out_what_names_nothing(written: str, named: str) -> None:
    start, end = edges(written, (0, len(written)))
    assert written[start:end] == named


def test_shared_is_the_dice_coefficient_of_characters() -> None:
    assert shared([(0, 4), (10, 14)], [(2, 4), (10, 12)]) == pytest.approx(2 * 4 / 12)
    assert shared([(0, 4)], [(4, 8)]) == 0
    assert shared([(0, 4), (2, 6)], [(0, 6)]) == 1
