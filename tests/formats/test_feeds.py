"""RSS and Atom: each entry an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS

HEAD = "<rss version='2.0'><channel><title>Harbour Press</title><link>https://harbour.example/</link>"


def feed(*items: str, head: str = HEAD) -> bytes:
    return f"{head}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def entries(data: bytes) -> list[Article]:
    readings = read(data, HINTS)
    assert all(isinstance(reading, Article) for reading in readings)
    return [reading for reading in readings if isinstance(reading, Article)]


@pytest.mark.parametrize(
    ("item", "uri"),
    [
        ("<guid>https://harbour.example/1</guid><link>https://harbour.example/2</link>", "https://harbour.example/1"),
        ("<guid isPermaLink='false'>tag:harbour.example,2026:7</guid>", "tag:harbour.example,2026:7"),
        ("<guid isPermaLink='false'>77</guid><link>https://harbour.example/2</link>", "https://harbour.example/#77"),
        ("<link>https://harbour.example/2</link>", "https://harbour.example/2"),
    ],
)
def test_the_identity_is_the_guid(item: str, uri: str) -> None:
    (article,) = entries(feed(f"<title>Ferry sails</title>{item}"))
    assert article.uri == uri


def test_without_guid_and_link_the_words_are_the_identity() -> None:
    first, again = (entries(feed("<title>Ferry sails</title><description>Again.</description>"))[0] for _ in range(2))
    assert first.uri == again.uri
    assert first.uri.startswith("urn:wire:")


def test_the_whole_text_goes_before_the_description() -> None:
    head = HEAD.replace("<rss ", "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/' ")
    whole = "<content:encoded>&lt;p>Long one.&lt;/p>&lt;p>Two.&lt;/p></content:encoded>"
    item = f"<title>F</title><description>Short.</description>{whole}"
    (article,) = entries(feed(item, head=head))
    assert [article.text[block.start : block.end] for block in article.body] == ["Long one.", "Two."]
    assert not article.wire.warnings
    (short,) = entries(feed("<title>F</title><description>Short.</description>"))
    assert short.text == "Short."
    assert short.wire.warnings == ["no body: its description is taken"]


def test_a_feed_forgotten_to_be_closed_is_read() -> None:
    (article,) = entries(feed("<title>Ferry &amp; boats</title><link>https://harbour.example/2</link>")[:-16])
    assert article.headlines[0].value == "Ferry & boats"


def test_an_entry_without_words_does_not_stop_the_others() -> None:
    first, bad = read(feed("<title>Ferry sails</title>", "<link>https://harbour.example/2</link>"), HINTS)
    assert isinstance(first, Article)
    assert isinstance(bad, Poison)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (feed(), "not-an-article"),
        (b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + feed("<title>&x;</title>"), "xml-entities"),
    ],
)
def test_bad_feeds_are_named(data: bytes, cause: str) -> None:
    with pytest.raises(Poison) as poison:
        read(data, HINTS)
    assert poison.value.cause == cause


@given(st.text(max_size=60), st.integers(0, 200))
def test_any_feed_is_read_or_poison(noise: str, place: int) -> None:
    whole = feed("<title>Ferry sails</title><guid>77</guid><pubDate>Thu, 19 Nov 2026 17:34:00 GMT</pubDate>")
    try:
        read(whole[:place] + noise.encode("utf-8", "replace") + whole[place:], HINTS)
    except Poison:
        return
