from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.formats.layout import paragraphs_of

FULL = "The municipal library of Lyngholm has begun to lend out umbrellas, and"


def paragraphs(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in paragraphs_of(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
@pytest.mark.parametrize("indent", ["   ", "\t", " "])
def test_an_indented_line_begins_a_paragraph(end: str, indent: str) -> None:
    lines = [f"{indent}{FULL}", "every one of them was gone.", f"{indent}{FULL}", "none came back."]
    assert paragraphs(end.join(lines)) == [f"{FULL} every one of them was gone.", f"{FULL} none came back."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_wrapped_lines_are_one_paragraph(end: str) -> None:
    text = f"{FULL}{end}it rained.{end}{end}{FULL}{end}none came back."
    assert paragraphs(text) == [f"{FULL} it rained.", f"{FULL} none came back."]


def test_without_blank_lines_a_short_line_ends_a_paragraph() -> None:
    text = f"{FULL}\n{FULL}\nit rained.\n{FULL}\nnone came back."
    assert paragraphs(text) == [f"{FULL} {FULL} it rained.", f"{FULL} none came back."]


def test_line_feeds_part_what_carriage_returns_wrap() -> None:
    text = f"{FULL} \r\n{FULL} \r\nit rained.\nNone came back."
    assert paragraphs(text) == [f"{FULL} {FULL} it rained.", "None came back."]


def test_the_signature_of_a_desk_is_no_part_of_the_last_paragraph() -> None:
    assert paragraphs(f"{FULL}\nit rained.\nkns wsz jl npr\n201703 Nov 26") == [
        f"{FULL} it rained.", "kns wsz jl npr", "201703 Nov 26",
    ]  # fmt: skip


def test_items_of_a_list_are_paragraphs() -> None:
    assert paragraphs(f"* {FULL}\nit rained\n* none\n* two") == [f"* {FULL} it rained", "* none", "* two"]


def test_lines_of_a_table_stay_apart() -> None:
    assert len(paragraphs(f"{FULL[:50]}   12   30\n{FULL[:48]}   10   28\nAll   22   58")) == 3


def test_long_lines_are_paragraphs_whatever_stands_before_them() -> None:
    assert paragraphs(f"{FULL} {FULL}.\n {FULL} {FULL}.\n{FULL}.") == [f"{FULL} {FULL}.", f"{FULL} {FULL}.", f"{FULL}."]


@given(st.text(alphabet="ab .\n\r\t*-1", max_size=300))
def test_every_word_is_in_one_paragraph(text: str) -> None:
    blocks = paragraphs_of(text)
    assert "".join("".join(text[start:end].split()) for start, end in blocks) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in blocks)
