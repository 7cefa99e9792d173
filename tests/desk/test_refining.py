"""Queries changed by a click say what was typed, and the click."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.desk.refining import condition, conditions, dated, narrowed, put_right, query, same, without
from pipeline.searching.fields import FieldTable
from pipeline.searching.language import QueryError, parse
from pipeline.searching.syntax import All

TYPED = st.sampled_from(
    ["", "dam", "dam talks", '"toll bridge"', "dam OR river", "(dam OR river) -ferry", "provider:AFP dam", "escal*",
     "-(holder:Macron against:NATO)", "person:(Ada OR Orrin) x | y"]
)  # fmt: skip
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(lambda v: v.split())


@given(typed=TYPED, name=st.sampled_from(["person", "org", "provider", "feed", "holder", "target"]), value=VALUES)
def test_a_click_adds_a_condition_and_a_second_one_takes_it_away(typed: str, name: str, value: str) -> None:
    made = narrowed(typed, condition(name, value))
    assert made is not None
    (added,) = [one for one in conditions(made) if same(one, name, {value})]
    before, after = (parse(words, FieldTable()) for words in (typed, without(made, added)))
    assert after == before or after == All((before,))


def test_what_a_statement_can_not_be_is_no_click() -> None:
    assert narrowed("holder:Macron", condition("holder", "Orrin")) is None
    assert narrowed("against:NATO", condition("label", "favor")) is None
    assert narrowed("holder:Macron", condition("label", "favor")) == "holder:Macron label:favor"


def test_days_take_the_place_of_those_that_were_asked_for() -> None:
    assert dated("dam from:now-7d to:2026-10-03", "2026-10-01", "2026-10-02") == "dam from:2026-10-01 to:2026-10-02"


def test_a_query_of_conditions_alone() -> None:
    assert query(holder="Ada Lamont", label="against") == 'holder:"Ada Lamont" label:against'


def test_an_unknown_field_is_put_right_in_its_place() -> None:
    # This reads the words of the language's own error: it fails if they change.
    with pytest.raises(QueryError) as wrong:
        parse("dam persn:Macron x", FieldTable())
    assert put_right(wrong.value) == "dam person:Macron x"
    with pytest.raises(QueryError) as wrong:
        parse("dam (", FieldTable())
    assert put_right(wrong.value) is None
