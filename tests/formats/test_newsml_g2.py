from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS, blocks, read_one

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "newsml-g2"
with_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside the checkout")


def g2(meta: str = "", content: str = "<headline>H</headline>", rest: str = "", version: str = "1") -> Article:
    return read_one(
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="{version}" xml:lang="en">'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{content}</contentMeta>{rest}</newsItem>"
    )


@with_samples
def test_a_real_message_of_tt() -> None:
    article = read_one((SAMPLES / "tt.xml").read_bytes())
    assert article.uri == "http://tt.se/media/text/210919-janguillou-879f202b"
    assert article.version == "1"
    assert article.urgency == 3
    assert article.language == "sv"
    assert article.version_created == datetime(2021, 9, 19, 18, 57, 43, tzinfo=UTC)
    assert article.headline == 'Jan Guillou skriver på ny "Hamilton"-bok'
    assert (article.slugline, article.copyright_holder, article.wire.provider) == ("janguillou", "TT", "TT")
    assert [one.name for one in article.subjects] == [
        "Litteratur", "Konst, kultur och nöje", "Jan Guillou", "Erik Ponti", "Hamilton", "Aftonbladet",
    ]  # fmt: skip
    assert article.subjects[0].uri == "http://cv.iptc.org/newscodes/mediatopic/20000013"
    assert ("picture", "http://tt.se/media/image/sdlm1btzmKu8WU") in [
        (one.rel, one.uri) for one in article.associations
    ]
    assert len(article.body) == 5
    assert article.text.startswith("Jan Guillou arbetar just nu")
    assert "Naina" not in article.text


@with_samples
def test_iptcs_text_documents() -> None:
    first = read_one((SAMPLES / "LISTING_1_A_NewsML-G2_News_Item.xml").read_bytes())
    assert first.uri == "urn:newsml:acmenews.com:20161018:US-FINANCE-FED"
    assert first.embargoed_until == datetime(2018, 10, 23, 12, tzinfo=UTC)
    assert (first.located, first.by, first.wire.service) == ("Berlin", "Meredith Jameson", "UK News Service")
    assert first.usage_terms == "Not for use outside the United States"
    assert first.genres[0].uri == "http://cv.iptc.org/newscodes/genre/interview"
    assert first.wire.change is not None
    assert (first.wire.change.kind, first.wire.change.evidence) == ("update", "sig:update")
    assert [one.rel for one in first.associations] == ["see-also"]
    second = read_one((SAMPLES / "LISTING_2_NewsML-G2_Text_Document.xml").read_bytes())
    assert (second.version, second.slugline, second.located) == ("11", "US-Finance-Fed", "New York, NY")
    assert [kind for kind, _ in blocks(second)] == ["paragraph", "paragraph"]
    assert second.info_sources == ["Associated Press"]


@with_samples
def test_a_message_of_empty_items_is_poison_for_each() -> None:
    path = SAMPLES / "LISTING_24_News_Message_conveying_a_complete_News_Package.xml"
    readings = read(path.read_bytes(), HINTS)
    assert [one.cause for one in readings if isinstance(one, Poison)] == ["not-an-article"] * 4
    assert "item 3" in str(readings[3])


@with_samples
def test_nitf_in_a_content_set_alone_is_read() -> None:
    path = SAMPLES / "LISTING_25_An_NITF_marked-up_article_conveyed_in_inlineXML.xml"
    article = read_one(path.read_bytes())
    assert article.by == "Sports Network"
    assert article.text.startswith("(Sports Network) - With the Philadelphia Phillies")


@pytest.mark.parametrize(
    ("status", "expected", "kind"),
    [
        ('<pubStatus qcode="stat:usable"/>', "usable", None),
        ("", "usable", None),
        ('<pubStatus qcode="stat:withheld"/>', "withheld", "hold"),
        ('<pubStatus qcode="stat:canceled"/>', "canceled", "kill"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", "kill"),
        ('<pubStatus qcode="stat:draft"/>', "withheld", "hold"),
    ],
)
def test_publication_status(status: str, expected: str, kind: str | None) -> None:
    article = g2(status)
    assert article.pub_status == expected
    assert (article.wire.change.kind if article.wire.change else None) == kind


def test_an_embargo_that_is_no_date_withholds() -> None:
    article = g2("<embargoed>until tonight</embargoed>")
    assert article.pub_status == "withheld"
    assert "until tonight" in "".join(article.wire.warnings)
    assert g2("<embargoed>2026-10-14T19:00:00+02:00</embargoed>").pub_status == "usable"


@pytest.mark.parametrize(
    ("signals", "version", "kind", "evidence"),
    [
        ('<signal qcode="sig:correction"/><signal qcode="sig:update"/>', "2", "correction", "sig:correction"),
        ('<signal qcode="sig:update"/><signal qcode="update:append-major-content"/>', "2", "update", "sig:update"),
        ('<signal qcode="edStat:C"/><signal qcode="prodId:TXT"/>', "1", "correction", "edStat:C"),
        ('<signal qcode="edStat:N"/>', "1", "new", "edStat:N"),
        ('<signal qcode="tt_sig:replace"/>', "1", "update", "tt_sig:replace"),
        ('<signal qcode="apsig:consumerready"/><signal qcode="nmsig:atomic"/>', "3", "update", "version 3"),
        ('<signal qcode="var:N"/>', "1", None, None),
        ("", "1132689232", None, None),
    ],
)
def test_what_a_version_does_to_its_story(signals: str, version: str, kind: str | None, evidence: str | None) -> None:
    change = g2(signals, version=version).wire.change
    assert (change.kind if change else None, change.evidence if change else None) == (kind, evidence)


def test_a_note_is_the_reason_of_a_change_that_is_signalled_and_of_no_other() -> None:
    note = "<edNote>Adds quote</edNote>"
    signalled = g2(note + '<signal qcode="sig:update"/>').wire.change
    assert signalled is not None
    assert signalled.reason == "Adds quote"
    counted = g2(note, version="2").wire.change
    assert counted is not None
    assert counted.reason is None


def test_sluglines_count_leads() -> None:
    for slugline, number in (("BC-SK--Ferries, 2nd Ld-Writethru", 2), ("GLOBAL-METALS/ (UPDATE 3, PIX)", 3)):
        change = g2(content=f"<slugline>{slugline}</slugline><headline>H</headline>").wire.change
        assert change is not None
        assert (change.kind, change.number) == ("update", number)


def test_links_make_the_chain() -> None:
    article = g2(
        '<link rel="irel:previousVersion" residref="urn:x:1" version="1"/><link guidref="urn:x:0" version="3"/>'
        '<link rel="irel:evolvedFrom" residref="urn:x:seed"/><link rel="irel:translatedFrom" residref="urn:x:sv"/>'
        '<link rel="irel:seeAlso" href="https://a.example/"><title>More</title></link>'
    )
    assert article.wire.chain is not None
    assert (article.wire.chain.root, article.wire.chain.previous) == ("urn:x:seed", "urn:x:0")
    assert [(one.rel, one.name) for one in article.associations] == [
        ("translated-from", "urn:x:sv"),
        ("see-also", "More"),
    ]


def test_codes_are_resolved_by_what_the_item_says_and_else_kept() -> None:
    article = g2(
        content='<headline>H</headline><subject qcode="own:7"/><subject qcode="odd:8"/><subject uri="http://u.example/9"/>',
        rest='<assert qcode="odd:8"><name>Eight</name></assert>',
    )
    assert [(one.uri, one.name) for one in article.subjects] == [
        ("own:7", None), ("odd:8", "Eight"), ("http://u.example/9", None),
    ]  # fmt: skip


def test_names_and_rights_are_those_in_the_items_language() -> None:
    article = g2(
        content="<headline>H</headline><subject qcode='medtop:1'><name xml:lang='de'>Arbeit</name>"
        "<name xml:lang='en-GB'>labour</name></subject>",
        rest="<rightsInfo><usageTerms xml:lang='de'>Nur so</usageTerms><usageTerms xml:lang='en'>Only so</usageTerms>"
        "</rightsInfo>",
    )
    assert article.subjects[0].name == "labour"
    assert article.usage_terms == "Only so"


def test_contacts_that_are_not_for_publication_are_in_no_searched_field() -> None:
    article = g2('<edNote>Pictures follow</edNote><edNote pubconstraint="c:nonpublic">Desk: 555-0142</edNote>')
    assert article.ed_note == "Pictures follow"
    assert (article.model_extra or {})["contacts"] == ["Desk: 555-0142"]


def picture(guid: str) -> str:
    return (
        f'<newsItem guid="{guid}"><itemMeta><itemClass qcode="ninat:picture"/></itemMeta>'
        f"<contentMeta><description>At the quay</description></contentMeta></newsItem>"
    )


def text(guid: str) -> str:
    return f'<newsItem guid="{guid}"><contentMeta><headline>Ferry</headline></contentMeta></newsItem>'


def package(guid: str, *members: str) -> str:
    refs = "".join(f'<itemRef residref="{member}"/>' for member in members)
    return f'<packageItem guid="{guid}"><contentMeta><headline>All</headline></contentMeta>{refs}</packageItem>'


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (text("t") + picture("p"), {"t": ["p"]}),
        (text("t") + text("u") + picture("p"), {"t": [], "u": [], "p": []}),
        (text("t") + text("u") + picture("p") + package("k", "u", "p"), {"t": [], "u": ["k", "p"]}),
        (picture("p") + picture("q"), {"p": [], "q": []}),
        (package("k", "far") + picture("p"), {"k": ["far"], "p": []}),
        (package("k", "p") + picture("p"), {"k": ["p"]}),
        (text("t") + package("k", "far"), {"t": [], "k": ["far"]}),
    ],
)
def test_pictures_and_packages_accompany_the_texts_of_their_message(items: str, expected: dict[str, list[str]]) -> None:
    readings = read(f"<newsMessage><itemSet>{items}</itemSet></newsMessage>".encode(), HINTS)
    found = {one.uri: [a.uri for a in one.associations] for one in readings if isinstance(one, Article)}
    assert found == expected
    assert len(readings) == len(expected)
