"""Whatever a feed or a reader says stays words: no element, no attribute and no link comes of it."""

from __future__ import annotations

import unicodedata
from functools import cache

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.desk.rendering import render
from tests.desk.pages import Shape, links, pages, shape
from tests.searching.archive import HOSTILE
from tests.searching.terminal import BIDI

SCRIPTS = (
    "x<script>window.flag=1</script>",
    "x\"><img src=x onerror='window.flag=1'>",
    "x' onmouseover='window.flag=1' autofocus onfocus='window.flag=1",
    "javascript:window.flag=1",
    "data:text/html,<script>window.flag=1</script>",
    "x</title></textarea></style></svg><script>window.flag=1</script>",
    "x<!--<base href=//evil.example>-->{{ 7 * 7 }}{% include 'base.html' %}",
    "//evil.example/x",
    "x\u2028</script>&lt;script&gt;\x00<\x00script>",
)

MARKUP = st.lists(
    st.sampled_from(
        [*"<>\"'`=/&;:!-()\\ ", "script", "svg", "on", "load", "&#60;", "]]>", "\n", "\t", "é", "\x00", *BIDI]
    ),
    max_size=12,
).map(lambda parts: "x" + "".join(parts) + "x")


@cache
def harmless(length: int) -> dict[str, Shape]:
    """The shapes of pages of nothing but the letter x."""
    return {name: shape(page) for name, page in pages("x" * length)}


def assert_only_words(text: str) -> None:
    for name, page in pages(text):
        assert shape(page) == harmless(len(text))[name], name
        assert all(one.startswith(("/", "#")) and not one.startswith("//") for one in links(page)), name
        obeyed = {c for c in page.html if unicodedata.category(c) == "Cc" or c in BIDI} - {"\n", "\t"}
        assert not obeyed, name


@pytest.mark.parametrize("text", [*SCRIPTS, f"x{HOSTILE}"])
def test_no_element_attribute_or_link_comes_of_words(text: str) -> None:
    assert_only_words(text)


@given(text=MARKUP)
@example(text='x" x')
@examples(max_examples=25)
def test_none_comes_of_any_mixture(text: str) -> None:
    assert_only_words(text)


def test_the_words_are_shown_as_they_came() -> None:
    said = "x<script>alert('1')</script>\"&amp;"
    for name, page in pages(said):
        assert said in lxml.html.fromstring(page.html).text_content(), name


def test_there_is_no_script_and_no_inline_style_on_any_page() -> None:
    for _, page in pages("words"):
        elements = shape(page)
        assert "script" not in {tag for tag, _ in elements}
        assert not {name for _, names in elements for name in names if name == "style" or name.startswith("on")}


def test_a_lone_surrogate_can_be_sent() -> None:
    page = render("error.html", status=500, heading="H", what="a\ud800b", todo="")
    assert "a?b" in page.html.encode().decode()
