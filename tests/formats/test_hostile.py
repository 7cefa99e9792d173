"""What the fuzzer (`benchmarks/fuzz.py`) found, each as small as it gets, and some of its work anew."""

from __future__ import annotations

import json
import random
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import fuzz
from pipeline.article import Article
from pipeline.cleaning import clean
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS, cleaned, read_one

FIXTURES = Path(__file__).parent.parent / "fixtures"
NITF = "<nitf><body><body.content><p>Words.</p></body.content></body></nitf>"
DIGITS = "9" * 5_000
KILL = "KILL KILL\r\n\r\nPlease kill item kns 61.\r\n\x03\r\n191702 GMT Nov 26"
DOCDATA = f"<head><docdata><du-key key='k' version='{DIGITS}'/><urgency ed-urg='{DIGITS}'/></docdata></head>"
FEEDPARSER_FAILS = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>M</title></channel><item><title>N</title><dc:subject>a
<dc:creator>L</dc:creator><dc:subject>V</dc:subject></item></rdf:RDF></dc:subject></item></rdf:RDF>"""
ATTRIBUTES = " ".join(f"a{n}='x'" for n in range(2_000))


def rss(item: str) -> str:
    return f"<rss version='2.0'><channel><title>F</title><item>{item}</item></channel></rss>"


@pytest.mark.parametrize(
    "data",
    [
        FEEDPARSER_FAILS,
        f"<html {ATTRIBUTES}><body><p>Words.</p></body></html>",
        rss("<title>T</title>").replace("<channel>", f"<channel {ATTRIBUTES}>"),
        rss("<title>T</title><description>" + "<p>" * 11_000 + "</description>"),
        rss("<title>T</title>" + "<p/>" * 110_000),
        "Board meets\n" + "\n=" * 50_001,
        "Board meets\n\n" + "- a b\n\n" * 12_000,
        json.dumps({"uri": "u", "altids": [{"role": True, "value": "x"}]}),
    ],
    ids=[
        "feedparser", "html-attributes", "feed-attributes", "feed-deep", "feed-tags", "lines", "blocks",
        "ninjs-altids",
    ],
)  # fmt: skip
def test_what_no_reader_can_take_is_named(data: str) -> None:
    with pytest.raises(Poison) as poison:
        read(data.encode(), HINTS)
    assert poison.value.cause in {"too-large", "too-deep", "malformed-xml", "wrong-type"}
    assert len(str(poison.value)) < 300


@pytest.mark.parametrize(
    "data",
    [
        "<!-- -->" * 60 + NITF,
        "\x01eca074 2 i 41 ccccb kns 073\r\n\x02a-b," + "c" * 60 + " d\r\n\r\nThe ferry sails again.\r\n\x03",
        "\x01eca074 2 i 41 ccccb " + "k" * 60_000 + "-\r\n\x02The ferry sails again.\r\n\x03",
        "Board meets\n\n" + '"' * 60_000,
        "Board meets " + "“" * 60_000 + "\n\nThe board met.",
        NITF.replace("<body>", f"{DOCDATA}<body>"),
        f"<newsItem guid='g' version='{DIGITS}'><contentMeta><headline>H</headline></contentMeta></newsItem>",
        f"\x01eca074 2 i 41 ccccb kns {DIGITS}\r\n\x02{KILL}",
        rss("<title>T &#xd800; &#0;</title>"),
        "<html><body><p>Words.</p><nav>x</nav>&#3; more words</body></html>",
        NITF.replace("<p>", "<p odd:00x='1'>"),
        NITF.replace("<body>", f"<body><body.head><dateline>LONDON {'-' * 90} x</dateline></body.head>"),
        NITF.replace("<body>", f"<body><body.head><dateline>LONDON (HP) {'--' * 90} x</dateline></body.head>"),
        "ZCZC\nWords.\n010100 JST JAN 0001\nNNNN",
    ],
    ids=[
        "comments", "slug", "filler", "marks", "headline-marks", "nitf-digits", "g2-digits", "iptc-digits",
        "references", "html-references", "prefix", "dashes", "dashes-after-agency",
        "first-year",
    ],
)  # fmt: skip
def test_what_took_forever_or_failed_is_read(data: str) -> None:
    article = cleaned(data)
    assert Article.from_json(article.to_json()) == article


def test_half_a_character_in_json_is_replaced() -> None:
    article = read_one(
        '{"uri": "u", "headline": "Fish \\ud83d", "body_text": "Two fish \\ud83d\\udc1f.", "x": {"\\udc00": 1}}'
    )
    assert article.headline == "Fish \ufffd"
    assert article.text == "Two fish 🐟."
    assert Article.from_json(article.to_json()).model_extra == {"x": {"\ufffd": 1}}


def test_marks_without_end_are_counted_and_left() -> None:
    article = cleaned("Board meets\n\n" + '"' * 999 + " said the mayor.")
    assert article.wire.translation
    assert article.wire.translation.unbalanced_quotes == 999
    assert article.text.startswith('"' * 999)


def test_a_hundred_items_of_the_fuzzer() -> None:
    seeds = [path.read_bytes() for path in sorted(FIXTURES.rglob("*")) if path.is_file() and path.suffix != ".json"]
    chance = random.Random(27)
    items = (data for made, data in fuzz.mutated(seeds, chance) if made != "pumped")
    readings = [reading for data in islice(items, 100) for reading in fuzz.read_and_clean(data)]
    assert sum(isinstance(reading, Article) for reading in readings) > 20


def test_of_a_group_that_names_the_poison_the_others_are_read() -> None:
    good, bad = read(json.dumps([{"uri": "a", "headline": "H"}, {"uri": "b", "urgency": DIGITS}]).encode(), HINTS)
    assert isinstance(good, Article)
    assert clean(good).headline == "H"
    assert isinstance(bad, Poison)
