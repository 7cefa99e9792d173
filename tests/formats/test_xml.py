"""XML of any kind: what is refused and why, what is forgiven, and who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from pipeline.formats.xml_document import MOST_NESTING, root_name
from tests.articles import HINTS, blocks, read_one

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("n*/*.xml"))

NITF = (
    "<nitf><head><docdata><doc-id id-string='x1'/></docdata></head><body><body.content>{}</body.content></body></nitf>"
)


def story(body: str, prolog: str = "") -> str:
    return prolog + NITF.format(body)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (story("<p>Words & words</p>"), "malformed-xml"),
        (story("<p>Words</p>")[:-4], "malformed-xml"),
        (story("<p>Words</p>") + "<p>more</p>", "malformed-xml"),
        (story("<p>&undeclared;</p>"), "malformed-xml"),
        (story("<p>&undeclared;</p>", '<!DOCTYPE nitf SYSTEM "nitf.dtd">'), "malformed-xml"),
        ("<?xml version='1.0'?>", "malformed-xml"),
        ("<?xml version='1.0'?><rss", "malformed-xml"),
        (story("<p>&lol;</p>", '<!DOCTYPE nitf [<!ENTITY lol "lol">]>'), "xml-entities"),
        (story("<p>&x;</p>", '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "xml-entities"),
        (story("<p>Words</p>", '<!DOCTYPE nitf [<!ENTITY a "a"><!ENTITY b "&a;&a;">]>'), "xml-entities"),
        (story("<em>" * MOST_NESTING + "Words" + "</em>" * MOST_NESTING), "too-deep"),
        ("<nitf>" * 50_000, "too-deep"),
        ("<orders><order>two pizzas</order></orders>", "not-an-article"),
        ("<?xml version='1.0'?><release><body>Words</body></release>", "not-an-article"),
        ('<conceptItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="c"/>', "not-an-article"),
        ("<newsMessage><itemSet/></newsMessage>", "not-an-article"),
        ("<NewsML><NewsEnvelope/></NewsML>", "not-an-article"),
        ("<nitf><body/></nitf>", "not-an-article"),
        ("<nitf><head><docdata management-status='canceled'/></head></nitf>", "no-identity"),
        ("<NewsML>" + "<NewsItem/>" * 10_001 + "</NewsML>", "too-large"),
    ],
)
def test_bad_xml_is_poison_that_names_its_cause(text: str, cause: str) -> None:
    with pytest.raises(Poison) as poison:
        read(text.encode(), HINTS)
    assert poison.value.cause == cause


def test_an_entity_is_never_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("<p>the secret</p>")
    dtd = tmp_path / "nitf.dtd"
    dtd.write_text(f'<!ENTITY eacute SYSTEM "{secret.as_uri()}">')
    prolog = f'<!DOCTYPE nitf SYSTEM "{dtd.as_uri()}" [<!ENTITY % more SYSTEM "{dtd.as_uri()}"> %more;]>'
    article = read_one(story("<p>Caf&eacute; owners</p>", prolog))
    assert article.text == "Café owners"


def test_named_and_numbered_characters_are_read_as_in_html() -> None:
    article = read_one(story("<p>A&nbsp;dam&mdash;&#147;old&#148; &amp; &lt;big&gt; &#0;&#x1F;\x0c&#x4E2D;</p>"))
    assert article.text == "A dam—“old” & <big> 中"


def test_references_escaped_twice_are_resolved() -> None:
    assert (
        read_one(story("<p>4 o&amp;#39;clock, &amp;quot;he&amp;quot; said: R&amp;D</p>")).text
        == '4 o\'clock, "he" said: R&D'
    )


def test_a_prefix_nobody_declared_is_forgiven_and_a_vendors_element_is_not_the_standards() -> None:
    loose = "<n:newsItem guid='g1' v:x='1'><n:contentMeta><n:headline>One</n:headline></n:contentMeta></n:newsItem>"
    assert read_one(loose).headline == "One"
    foreign = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xmlns:v="http://vendor.example/" guid="g2"><contentMeta>'
        "<v:headline>Not it</v:headline><headline>It</headline></contentMeta></newsItem>"
    )
    article = read_one(foreign)
    assert [one.value for one in article.headlines] == ["It"]
    assert "not understood: headline: 'Not it'" in article.wire.warnings


@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n  ", "\x01\x02", "<!-- <p> --><?xml-stylesheet href='a'?>\n"])
def test_what_stands_before_the_first_element_does_no_harm(before: str) -> None:
    assert read_one(before + story("<p>The ferry runs again.</p>")).text == "The ferry runs again."


def test_nitf_wrapped_in_something_else_is_read() -> None:
    one, two = read(
        f"<documents>{story('<p>One story.</p>')}<x/>{story('<p>Another story.</p>')}</documents>".encode(), HINTS
    )
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert [one.text, two.text] == ["One story.", "Another story."]


def test_text_that_merely_begins_with_a_bracket_is_text() -> None:
    assert (
        read_one("<b>Ferry</b> runs again\n\nThe ferry to Old Arden runs again, its owner said.").wire.format == "text"
    )


@pytest.mark.parametrize(
    ("declared", "encoded", "charset", "warned"),
    [
        ("ISO-8859-1", "utf-8", "utf-8", True),
        ("UTF-8", "windows-1252", "windows-1252", True),
        ("US-ASCII", "utf-8", "utf-8", True),
        ("ISO-8859-15", "iso-8859-15", "iso8859-15", False),
        ("windows-1252", "windows-1252", "windows-1252", False),
        ("UTF-16", "utf-16-le", "utf-16-le", False),
        ("rot13", "utf-8", "utf-8", False),
        ("no-such-charset", "windows-1252", "windows-1252", True),
    ],
)
def test_the_charset_is_the_declared_one_unless_that_is_a_lie(
    declared: str, encoded: str, charset: str, warned: bool
) -> None:
    text = "Zürich wählt, die Fähre fährt für 14 Euro nach Århus."
    data = f'<?xml version="1.0" encoding="{declared}"?>{story(f"<p>{text}</p>")}'.encode(encoded)
    article = read_one(data)
    assert article.text == text
    assert any("UTF-8" in warning for warning in article.wire.warnings) == warned


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", "Паром снова ходит"), ("iso-8859-7", "Το πλοίο ξεκινά πάλι"), ("iso-2022-jp", "船がまた出る"),
        ("Shift_JIS", "船がまた出る"), ("euc-kr", "배가 다시 다닌다"), ("gb2312", "渡轮复航"), ("big5", "渡輪復航"),
    ],
)  # fmt: skip
def test_charsets_of_other_scripts_are_read_as_declared(charset: str, text: str) -> None:
    data = f'<?xml version="1.0" encoding="{charset}"?>{story(f"<p>{text}</p>")}'.encode(charset)
    article = read_one(data)
    assert article.text == text
    assert not article.wire.warnings


def test_damaged_utf8_is_refused_whatever_is_declared() -> None:
    damaged = story("<p>Zürich wählt für Århus: Fähre nach Køge</p>").encode().replace("ä".encode(), b"\xc3", 1)
    with pytest.raises(Poison) as poison:
        read(b'<?xml version="1.0" encoding="iso-8859-1"?>' + damaged, HINTS)
    assert poison.value.cause == "invalid-encoding"


def test_a_wrapped_story_in_one_paragraph_is_parted_and_indented_markup_is_not() -> None:
    wire = story("<p>(Adds price)\n    * Copper up\n\n    Copper rose on hopes\nof rain.\n    Traders bought.\n</p>")
    assert [text for _, text in blocks(read_one(wire))] == [
        "(Adds price)", "* Copper up", "Copper rose on hopes of rain.", "Traders bought.",
    ]  # fmt: skip
    pretty = story("<p>\n      Read\n      <a>more</a>\n      , or less.\n    </p>")
    assert [text for _, text in blocks(read_one(pretty))] == ["Read more, or less."]


def test_root_name() -> None:
    prolog = '\ufeff<?xml version="1.0"?><!-- <p> --><!DOCTYPE a [<!ENTITY % b "x>y"> <!-- ] > \' -->]>\n'
    assert root_name(prolog + '<x:NewsML a="1">') == "NewsML"
    assert root_name("Words <b>first</b>") is None
    assert root_name("<!--" * 1000) is None


def _reads_or_poisons(data: bytes) -> None:
    try:
        readings = read(data, HINTS)
    except Poison:
        return
    for reading in readings:
        if isinstance(reading, Article):
            assert Article.from_json(reading.to_json()) == reading
            assert all(0 <= block.start < block.end <= len(reading.text) for block in reading.body)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(FIXTURES), share=st.floats(0, 1))
def test_a_truncated_item_is_read_or_poison(path: Path, share: float) -> None:
    data = path.read_bytes()
    _reads_or_poisons(data[: int(len(data) * share)])


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(FIXTURES), changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=4))
@example(path=FIXTURES[0], changes=[(0.5, b"\xff\xfe")])
def test_a_damaged_item_is_read_or_poison(path: Path, changes: list[tuple[float, bytes]]) -> None:
    data = path.read_bytes()
    for share, new in changes:
        place = int(len(data) * share)
        data = data[:place] + new + data[place + len(new) :]
    _reads_or_poisons(data)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(FIXTURES), data=st.data())
def test_an_item_without_any_one_of_its_elements_is_read_or_poison(path: Path, data: st.DataObject) -> None:
    from lxml import etree

    root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, recover=True))
    elements = [one for one in root.iter(etree.Element) if one.getparent() is not None]
    gone = data.draw(st.sampled_from(elements))
    gone.getparent().remove(gone)
    _reads_or_poisons(etree.tostring(root))
    for one in root.iter(etree.Element):
        one.attrib.clear()
    _reads_or_poisons(etree.tostring(root))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reading_again_gives_the_same(path: Path) -> None:
    first, second = (read(path.read_bytes(), HINTS) for _ in range(2))
    assert list(map(str, first)) == list(map(str, second))
