from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrichment.quotes.layout import layout
from pipeline.enrichment.quotes.marks import quoted
from tests.enrichment.quotes.docs import plain


def found(*paragraphs: str) -> list[str]:
    doc = plain(*paragraphs)
    return [doc[one.start : one.end].text for one in quoted(doc, layout(doc))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She said “we will stay” on Monday.", ["“we will stay”"]),
        ('She said "we will stay" on Monday.', ['"we will stay"']),
        ("She wants to ” open a door “ to the north.", ["” open a door “"]),
        ("He promised « a new start “ and ” more trust ».", ["« a new start “", "” more trust »"]),
        ("The road is long “, said Ada Lamont.", ["The road is long “"]),
        ("adding to want” open talks ” and ” build a bridge “.", ["” open talks ”", "” build a bridge “"]),
        ("The army leaves “ next week “, he said. “ We are ready. “added the minister.",
         ["“ next week “", "“ We are ready. “"]),
        ("He spoke of “ a hard winter for all.", ["“ a hard winter for all"]),
        ("No marks here.", []),
    ],
)  # fmt: skip
def test_marks_pair_whatever_their_shape_and_spacing(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_quotation_left_open_runs_to_the_end_where_the_next_paragraph_opens_again() -> None:
    assert found("She said: “We came. We saw.", "“We left.”") == ["“We came. We saw.", "“We left.”"]


@given(st.text(alphabet='“”"«» aB.,\n', max_size=60))
def test_quotations_never_overlap_nor_leave_the_text(text: str) -> None:
    doc = plain(text)
    last = 0
    for one in quoted(doc, layout(doc)):
        assert last <= one.start < one.end <= len(doc)
        last = one.end
