"""What is new in a feed: every version of every entry is sent once, and reads as it does in the whole document."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.feeding.entries import REMEMBERED, News, news
from pipeline.formats import read
from pipeline.headers import Hints

HINTS = Hints(source="https://agency.example/rss", received_at=datetime(2026, 10, 8, tzinfo=UTC))
Entries = dict[str, str]
"""An entry's id and its words."""


def rss(entries: Entries, more: str = "", encoding: str = "utf-8") -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>tag:agency.example,2026:{name}</guid><title>{escape(words)}</title>"
        f"<description>{escape(words)} in Ober-Ücking.</description></item>\n"
        for name, words in entries.items()
    )
    head = "<title>Kestrel Wire</title><link>https://agency.example/</link><language>de</language>"
    document = (
        f"<?xml version='1.0' encoding='{encoding}'?>\n<rss version='2.0'><channel>{head}{more}{items}</channel></rss>"
    )
    return document.encode(encoding)


def atom(entries: Entries) -> bytes:
    items = "".join(
        f"<entry><id>tag:agency.example,2026:{name}</id><title>{escape(words)}</title>"
        f"<content type='html'>{escape(words)} in Ober-Ücking.</content></entry>"
        for name, words in entries.items()
    )
    head = "<id>https://agency.example/</id><title>Kestrel Wire</title>"
    return f"<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns='http://www.w3.org/2005/Atom'>{head}{items}</a:feed>".encode()


def rdf(entries: Entries) -> bytes:
    items = "".join(
        f"<item rdf:about='https://agency.example/{name}'><link>https://agency.example/{name}</link>"
        f"<title>{escape(words)}</title><description>{escape(words)} in Ober-Ücking.</description></item>"
        for name, words in entries.items()
    )
    spaces = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
    return f"<rdf:RDF {spaces}><channel><title>Kestrel Wire</title></channel>{items}</rdf:RDF>".encode()


def broken(entries: Entries) -> bytes:
    """As feedparser forgives it and no XML parser does."""
    return rss(entries, more="<copyright>Kestrel & Sons</copyright>")


def articles(data: bytes) -> dict[str, Article]:
    found = {one.uri: one for one in read(data, HINTS) if isinstance(one, Article)}
    return {uri: one.model_copy(update={"ingest": None}) for uri, one in found.items()}


names = st.sampled_from("abcdef")
words = st.sampled_from(["Dam talks begin", "Dam talks end & begin", "„Dam“ talks fail", "Ferry runs"])
looks = st.lists(st.dictionaries(names, words, min_size=1), min_size=1, max_size=5)


@pytest.mark.parametrize("write", [rss, atom, rdf], ids=lambda write: write.__name__)
@settings(max_examples=40)
@given(history=looks)
def test_each_version_of_each_entry_is_sent_once_and_reads_as_in_the_whole(
    write: object, history: list[Entries]
) -> None:
    assert callable(write)
    seen: dict[str, str] = {}
    known: dict[str, Article] = {}
    for entries in history:
        whole = articles(write(entries))
        assert len(whole) == len(entries)
        found = news(write(entries), seen)
        sent = articles(found.data) if found.data else {}
        assert sent == {uri: one for uri, one in whole.items() if known.get(uri) != one}
        assert found.entries == len(sent)
        seen, known = found.seen, known | whole


@settings(max_examples=40)
@given(history=looks)
def test_of_a_feed_that_is_no_xml_all_is_sent_when_it_changed(history: list[Entries]) -> None:
    seen: dict[str, str] = {}
    before = None
    for entries in history:
        document = broken(entries)
        found = news(document, seen)
        assert found.data == (None if document == before else document)
        seen, before = found.seen, document


def test_a_feed_is_read_in_the_charset_it_is_in() -> None:
    found = news(rss({"a": "Überfall"}, encoding="iso-8859-1"), {})
    assert found.data is not None
    (article,) = articles(found.data).values()
    assert article.headlines[0].value == "Überfall"


def test_two_entries_of_one_id_are_sent_together_when_one_changes() -> None:
    def twins(words: str) -> bytes:
        return rss({"a": "Dam talks", "b": words}).replace(b"2026:b", b"2026:a")

    first = news(twins("Ferry runs"), {})
    assert news(twins("Ferry runs"), first.seen).data is None
    changed = news(twins("Ferry sinks"), first.seen)
    assert (changed.entries, changed.data) == (2, news(twins("Ferry sinks"), {}).data)


def test_entries_that_come_back_are_still_known_and_memory_is_bounded() -> None:
    seen = news(rss({"a": "Dam talks"}), {}).seen
    for number in range(5):
        found = news(rss({f"{number}-{one}": "Ferry runs" for one in range(1000)}), seen)
        seen = found.seen
        assert len(seen) <= REMEMBERED + 1000
        if number == 1:
            assert news(rss({"a": "Dam talks"}), seen).data is None


@pytest.mark.parametrize(
    ("said", "every"),
    [
        ("<ttl>15</ttl>", 900.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<updatePeriod>hourly</updatePeriod>", 3600.0),
        ("<updatePeriod> daily </updatePeriod><updateFrequency>4</updateFrequency>", 21600.0),
        ("<updatePeriod>hourly</updatePeriod><updateFrequency>0</updateFrequency>", 3600.0),
        ("", None),
    ],
)
def test_how_often_a_feed_says_it_changes(said: str, every: float | None) -> None:
    assert news(rss({"a": "Dam talks"}, more=said), {}).every == every


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "begins '<!DOCTYPE html>"),
        (b"", "empty"),
        (b"\x89PNG\r\n", "binary"),
        (b"Service unavailable", "begins 'Service"),
        (rss({"a": "Dam talks", "b": "Ferry runs"})[:-60], "breaks off"),
        (broken({"a": "Dam talks", "b": "Ferry runs"})[:-30], "breaks off"),
    ],
)
def test_what_is_no_feed_or_half_of_one_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Poison, match=why) as refused:
        news(data, {})
    assert refused.value.cause == "not-a-feed"


def test_a_feed_with_entities_is_left_to_the_reader_that_refuses_it() -> None:
    bomb = rss({"a": "&x;"}).replace(b"<rss", b"<!DOCTYPE rss [<!ENTITY x 'xx'>]>\n<rss").replace(b"&amp;x;", b"&x;")
    assert news(bomb, {}).data == bomb
    with pytest.raises(Poison, match="entities"):
        read(bomb, HINTS)


def test_a_feed_without_entries_has_no_news() -> None:
    assert news(rss({}), {}) == News(None, {}, 0, None)
