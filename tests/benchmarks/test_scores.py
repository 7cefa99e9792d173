"""Pairing wanted and found items, and the figures of it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scores import Figures, b_cubed, score


class Item(NamedTuple):
    worth: dict[str, float]
    optional: bool = False


def worth(gold: Item, found: str) -> float:
    return gold.worth.get(found, 0)


def test_precision_recall_and_f() -> None:
    result = score([Item({"a": 1}), Item({"b": 1}), Item({"c": 1})], ["a", "x"], worth)
    assert result.figures == pytest.approx((1 / 2, 1 / 3, 0.4))
    assert [found for _, found in result.hits] == ["a"]
    assert result.false == ["x"]
    assert len(result.misses) == 2


def test_nothing_wanted_and_nothing_found_is_zero() -> None:
    assert score([], [], worth).figures == Figures(0, 0, 0)
    assert score([], ["a"], worth).false == ["a"]
    assert len(score([Item({})], [], worth).misses) == 1


def test_each_item_is_taken_once_for_the_highest_sum() -> None:
    first, second = Item({"a": 3, "b": 2.5}), Item({"a": 2})
    assert score([first, second], ["a", "b"], worth).hits == [(first, "b"), (second, "a")]


def test_what_is_optional_counts_neither_way_but_strictly_as_false() -> None:
    result = score([Item({"a": 1}), Item({"b": 1}, optional=True), Item({"c": 1}, optional=True)], ["a", "b"], worth)
    assert result.figures == Figures(1, 1, 1)
    assert result.strict == pytest.approx((0.5, 1, 2 / 3))
    assert not result.misses


def test_a_required_item_comes_before_an_optional_one_that_fits_better() -> None:
    required, optional = Item({"a": 1}), Item({"a": 2}, optional=True)
    result = score([optional, required], ["a"], worth)
    assert result.hits == [(required, "a")]
    assert not result.excused


def test_b_cubed_of_the_example_of_bagga_and_baldwin() -> None:
    gold = dict(zip(range(1, 13), "aaaaabbccccc", strict=True))
    first = dict(zip(range(1, 13), "sssssttttttt", strict=True))  # the second and third chain joined
    second = dict(zip(range(1, 13), "sssssttsssss", strict=True))  # the first and third joined
    assert b_cubed([(gold[n], first[n]) for n in gold]).precision == pytest.approx(0.762, abs=0.001)
    assert b_cubed([(gold[n], second[n]) for n in gold]).precision == pytest.approx(0.583, abs=0.001)
    assert b_cubed([(gold[n], first[n]) for n in gold]).recall == 1


@given(st.lists(st.sampled_from("abcd"), min_size=1))
def test_b_cubed_of_the_gold_itself_is_perfect(entities: list[str]) -> None:
    assert b_cubed([(one, one.upper()) for one in entities]) == pytest.approx((1, 1, 1))
