"""HTML pages: what they say of themselves, and their main text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS, blocks, read_one

TEXT = "The night ferry between Arvila and Old Arden sailed on Thursday for the first time in seven years, it was full."
SECOND = (
    "Nobody slept, and nobody wanted to, said the captain, Joonas Lepamets, when the ship came in at dawn on Friday."
)


CANONICAL = "<link rel='canonical' href='https://harbour.example/1'>"


def page(head: str = "", body: str = f"<h1>Ferry sails</h1><p>{TEXT}</p><p>{SECOND}</p>") -> str:
    head = f"<head><title>Ferry sails - Harbour Press</title>{head}</head>"
    return f"<!DOCTYPE html><html lang='en'>{head}<body>{body}</body></html>"


def ld(data: str) -> str:
    return f"<script type='application/ld+json'>{data}</script>"


def test_json_ld_goes_before_open_graph() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "Ferry sails again",
        "author": {"name": "Ada Lamont"},
        "datePublished": "2026-11-19T16:34:00Z",
    }
    article = read_one(page("<meta property='og:title' content='Other'>" + ld(json.dumps(data))))
    assert article.headlines[0].value == "Ferry sails again"
    assert article.by == "Ada Lamont"
    assert article.first_created
    assert article.first_created.isoformat() == "2026-11-19T16:34:00+00:00"


@pytest.mark.parametrize(
    "script", ["{", "[]", '"x"', '{"@type": 5}', '{"@type": ["NewsArticle"], "author": [[1]]}', "[" * 3000]
)
def test_broken_json_ld_is_left(script: str) -> None:
    article = read_one(page(ld(script)))
    assert blocks(article) == [("paragraph", TEXT), ("paragraph", SECOND)]


@pytest.mark.parametrize(
    ("head", "uri"),
    [
        (CANONICAL + "<meta property='og:url' content='https://h.example/2'>", "https://harbour.example/1"),
        ("<meta property='og:url' content='https://harbour.example/2'>", "https://harbour.example/2"),
        ("<link rel='canonical' href='/relative'>", None),
    ],
)  # fmt: skip
def test_the_canonical_link_is_the_identity(head: str, uri: str | None) -> None:
    assert read_one(page(head)).uri == (uri or read_one(page()).uri)


def test_what_surrounds_the_article_is_left() -> None:
    links = "".join(f"<li><a href='/{n}'>Another story of the day, number {n}</a></li>" for n in range(30))
    story = f"<div class='story'><h1>Ferry sails</h1><p>{TEXT}</p><p>{SECOND}</p></div>"
    article = read_one(page(body=f"<nav><ul>{links}</ul></nav>{story}<div><ul>{links}</ul></div>"))
    assert TEXT in article.text
    assert SECOND in article.text
    assert "Another story" not in article.text


def test_the_title_loses_the_name_of_the_site() -> None:
    assert read_one(page(body=f"<p>{TEXT}</p><p>{SECOND}</p>")).headlines[0].value == "Ferry sails"


def test_a_fragment_is_read() -> None:
    article = read_one(f"<p>{TEXT}</p>\n<ul><li>One</li><li>Two</li></ul>")
    assert article.wire.format == "html"
    assert [kind for kind, _ in blocks(article)] == ["paragraph", "list", "list"]


def test_a_charset_declared_in_the_page_counts() -> None:
    data = page("<meta charset='iso-8859-2'>", f"<p>Łódź: {TEXT}</p>").encode("iso-8859-2")
    assert read_one(data).text.startswith("Łódź")


def test_a_page_without_text_is_no_article() -> None:
    with pytest.raises(Poison) as poison:
        read(page(body="<nav><a href='/'>Home</a></nav>").encode(), HINTS)
    assert poison.value.cause == "not-an-article"


@given(st.text(max_size=200))
def test_any_page_is_read_or_poison(noise: str) -> None:
    try:
        readings = read(page(body=f"<p>{TEXT}</p>{noise}").encode("utf-8", "replace"), HINTS)
    except Poison:
        return
    assert all(isinstance(reading, Article) for reading in readings)


def test_a_deep_page_ends() -> None:
    with pytest.raises(Poison) as poison:
        read(page(body="<div>" * 5_000 + TEXT).encode(), HINTS)
    assert poison.value.cause == "not-an-article"
