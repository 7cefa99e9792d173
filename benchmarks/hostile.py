"""Documents made to break readers: bombs, deep nesting, huge attributes and everlasting runs, in every format."""

from __future__ import annotations

from collections.abc import Iterator

LARGE = 1_000_000
"""Bytes of the larger ones."""

HOSTILE_PIECES = (
    b"\x00", b"\x01", b"\x02", b"\x03", b"\x1e", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"&#xd800;",
    b"&#0;", b"&a;", b"&amp;amp;", b"9" * 5000, b"-1", b"1e999", b"99999999999999999999", b"\xd9\xa3", b"]]>",
    b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE x [", b'<!ENTITY a "b">', b"<?xml", b"{", b"[", b'"', b"null", b"true",
    b"(((((((", b"((((((((((((((((((((((((((((((", b"\xe2\x80\x9c", b"``", b"''", b"ZCZC ", b"NNNN",
    b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"010100 JST JAN 0001", b"312359 PDT DEC 9999",
    b"EMBARGOED UNTIL ", b"By ", b"UPDATE 99-",
    b"\xcc\x88" * 40, b"\xe2\x80\xa8", b"\r", b"\t", b" " * 60, b"Kill item dpa 99999 ", b"2026-13-45", b"\xc2\x85",
)  # fmt: skip
"""What is implanted in items, and repeated."""

_MARKUP_RUNS = (
    "<!-- -->", "<!--", "<?x ?>", "<!DOCTYPE", "&amp;", "&#38;", "]]>", "<b>", "</p>", "<p/>", " ", "\n", '"'
)  # fmt: skip
_TEXT_RUNS = (
    b" ", b"\n", b"\r\n", b"\n \n", b"a", b"A", b"A ", b"A-", b"1", b"a b ", b"(", b"[a", b"- ", b"* ", b"=\n", b"<",
    b"a, ",
)  # fmt: skip
_OPENINGS = (
    b"", b"\x01", b"\x01s0102 ", b"ZCZC", b"Minister resigns\n\n", b"^", b"LONDON ", b'{"uri":"x","body_text":"'
)  # fmt: skip

_ROOTS = {
    "nitf": "<body><body.content><p>Words.</p></body.content></body>",
    "NewsML": "<NewsItem><NewsComponent><ContentItem><DataContent>Words.</DataContent></ContentItem></NewsComponent>"
    "</NewsItem>",
    "newsItem": "<contentMeta><headline>Words</headline></contentMeta>",
    "newsMessage": "<itemSet><newsItem guid='x'><contentMeta><headline>Words</headline></contentMeta></newsItem>"
    "</itemSet>",
    "rss": "<channel><item><title>Words</title></item></channel>",
    "feed": "<entry><title>Words</title></entry>",
    "html": "<body><p>Words of a page.</p></body>",
    "p": "Words",
    "document": "Words",
}
"""An element that stands for each format, with the least that makes an article of it."""


def hostile_documents() -> Iterator[tuple[str, bytes]]:
    """What each is, and the item: bombs, deep nesting, huge attributes and everlasting runs in every kind of markup."""
    bomb = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{10 * f'&a{n - 1};'}'>" for n in range(1, 10))
    attributes = " ".join(f"a{n}='x'" for n in range(60_000))
    outside = '<!ENTITY x SYSTEM "file:///etc/hostname">'
    for root, inside in _ROOTS.items():
        for declared, used in ((bomb, "&a9;"), (outside, "&x;"), ('<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;', "")):
            yield "entities", f"<?xml version='1.0'?><!DOCTYPE {root} [{declared}]><{root}>{used}</{root}>".encode()
        yield "declares", f'<!DOCTYPE {root} SYSTEM "http://127.0.0.1:9/x.dtd"><{root}>{inside}</{root}>'.encode()
        for deep in (90, 300, 100_000):
            yield "deep", f"<{root}>{'<p>' * deep}x{'</p>' * deep}</{root}>".encode()
            yield "deep", f"<{root}>{'<p>' * deep}".encode()
        yield "attribute", f"<{root} a='{'x' * LARGE}'>{inside}</{root}>".encode()
        yield "attributes", f"<{root} {attributes}>{inside}</{root}>".encode()
        for run in _MARKUP_RUNS:
            yield "run", (run * 40_000 + f"<{root}>{inside}</{root}>").encode()
            yield "run", f"<{root}>{run * 40_000}{inside}</{root}>".encode()
    for opens, closes in (("[", "]"), ('{"a":', "}"), ('{"uri":"x","a":[', "]}")):
        for deep in (90, 300, 100_000):
            yield "deep", (opens * deep + "1" + closes * deep).encode()
    for piece in (*HOSTILE_PIECES, *_TEXT_RUNS):
        for before in _OPENINGS:
            yield "run", before + piece * (LARGE // 4 // len(piece))
