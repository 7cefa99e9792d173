from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS, blocks, read_one

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "newsml-1.2"
with_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside the checkout")


def newsml(component: str, management: str = "", identifier: str = "") -> str:
    return (
        "<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:newsml:x.example:20261014:a:1"
        f"</PublicIdentifier><RevisionId PreviousRevision='0' Update='N'>1</RevisionId>{identifier}</NewsIdentifier>"
        f"</Identification><NewsManagement>{management}</NewsManagement>{component}</NewsItem></NewsML>"
    )


def content(text: str, role: str = "", more: str = "") -> str:
    stated = f"<Role FormalName='{role}'/>" if role else ""
    return f"<NewsComponent>{stated}{more}<ContentItem><DataContent>{text}</DataContent></ContentItem></NewsComponent>"


@with_samples
def test_a_real_item_of_afp() -> None:
    article = read_one((SAMPLES / "afp.xml").read_bytes())
    assert article.uri == "urn:newsml:afp.com:20210516T080625Z:TX-PAR-WGF71"
    assert (article.version, article.pub_status, article.urgency, article.language) == ("1", "usable", 4, "en")
    assert article.first_created == article.version_created == datetime(2021, 5, 16, 8, 6, 25, tzinfo=UTC)
    assert article.headline == "Israel strikes key Hamas targets as UN Security Council to meet"
    assert article.by == "Adel Zaanoun with Guillaume Lavallee in Jerusalem"
    assert (article.slugline, article.located) == ("Israel-Palestinians-conflict", "Gaza City")
    assert article.ed_note is not None
    assert article.ed_note.startswith("RECASTS with attack")
    assert [one.name for one in article.genres] == ["Article", "Update"]
    assert article.subjects[0].uri == "http://cv.iptc.org/newscodes/subjectcode/16000000"
    assert article.wire.change is not None
    assert (article.wire.change.kind, article.wire.change.reason) == ("update", article.ed_note)
    assert article.wire.dateline is not None
    assert (article.wire.dateline.date, article.wire.dateline.agency) == ("2021-05-16", "AFP")
    assert (article.wire.provider, article.wire.service, article.wire.sequence) == ("AFP", "DGTE", "0235")
    assert article.wire.priority_raw == "4"
    assert [text for kind, text in blocks(article) if kind == "heading"] == [
        "- Media offices destroyed -", "- 'Grave concern' -", "- 'They're striking our children' -",
    ]  # fmt: skip


@with_samples
def test_a_real_release_of_business_wire() -> None:
    article = read_one((SAMPLES / "businesswire-20130605006126.xml").read_bytes())
    assert article.uri == "urn:newsml:businesswire.com:20010714:20130605006126"
    assert article.language == "zh"
    assert article.headline == "Cambrios被Gartner評選為「最酷供應商」"
    assert (article.slugline, article.located) == ("CA-CAMBRIOS-TECHNOLOGIES", "加州桑尼維爾")
    assert article.copyright_notice == "Copyright Business Wire 2013"
    assert article.wire.provider == "Business Wire"
    assert article.info_sources == ["Cambrios Technologies"]
    assert {"Nanotechnology", "California"} <= {one.name for one in article.subjects}
    assert article.wire.change is None  # its genre, a release, is a press release
    assert len(article.body) == 13
    assert article.text.startswith("(美國商業資訊)--")
    assert "bwalignc" not in article.text
    assert "415-397-7600" not in article.text
    assert [one.rel for one in article.associations] == ["related", "picture"]


@pytest.mark.parametrize(
    ("public", "revision", "uri"),
    [
        ("urn:newsml:a.example:20261014:x:1", "1", "urn:newsml:a.example:20261014:x"),
        ("urn:newsml:a.example:20261014:x:12U", "12", "urn:newsml:a.example:20261014:x"),
        ("urn:newsml:a.example:20261014:x:11839114654855", "11839114654855", "urn:newsml:a.example:20261014:x"),
        ("urn:newsml:a.example:20261014:x", "1", "urn:newsml:a.example:20261014:x"),
        ("urn:newsml:a.example:20261014:x:3N", "", "urn:newsml:a.example:20261014:x"),
        ("urn:newsml:www.a.example", "4", "urn:newsml:www.a.example:77"),
        ("", "4", "urn:newsml:a.example:20261014:77"),
    ],
)
def test_the_uri_is_that_of_all_revisions(public: str, revision: str, uri: str) -> None:
    article = read_one(
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>a.example</ProviderId><DateId>20261014</DateId>"
        f"<NewsItemId>77</NewsItemId><RevisionId>{revision}</RevisionId><PublicIdentifier>{public}</PublicIdentifier>"
        f"</NewsIdentifier></Identification>{content('Words.')}</NewsItem></NewsML>"
    )
    assert article.uri == uri
    assert article.version == (revision or None)


@pytest.mark.parametrize(
    ("management", "status", "kind"),
    [
        ("<Status FormalName='Usable'/>", "usable", None),
        ("<Status FormalName='USABLE'/>", "usable", None),
        ("<Status FormalName='Embargoed'/>", "withheld", None),
        ("<Status FormalName='Withheld'/>", "withheld", "hold"),
        ("<Status FormalName='Canceled'/>", "canceled", "kill"),
        ("<Status FormalName='Usable'/><NewsItemType FormalName='Correction'/>", "usable", "correction"),
        ("<Status FormalName='Usable'/><Instruction FormalName='Update'/>", "usable", "update"),
    ],
)
def test_status_and_instructions(management: str, status: str, kind: str | None) -> None:
    article = read_one(newsml(content("Words."), management))
    assert article.pub_status == status
    assert (article.wire.change.kind if article.wire.change else None) == kind


def test_a_coming_status_ends_an_embargo_or_the_item() -> None:
    coming = (
        "<StatusWillChange><FutureStatus FormalName='{}'/><DateAndTime>20261015T060000Z</DateAndTime>"
        "</StatusWillChange>"
    )
    moment = datetime(2026, 10, 15, 6, tzinfo=UTC)
    assert read_one(newsml(content("Words."), coming.format("Usable"))).embargoed_until == moment
    assert read_one(newsml(content("Words."), coming.format("Expired"))).expires == moment


@pytest.mark.parametrize("update", ["<Update><Delete DuidRef='x'/></Update>", ""])
def test_an_item_that_changes_parts_of_another_revision_is_refused(update: str) -> None:
    item = newsml(update).replace("Update='N'", "Update='A'" if not update else "Update='U'")
    with pytest.raises(Poison) as poison:
        read(item.encode(), HINTS)
    assert poison.value.cause == "partial-update"
    canceled = read_one(item.replace("<NewsManagement>", "<NewsManagement><Status FormalName='Canceled'/>"))
    assert canceled.pub_status == "canceled"


@pytest.mark.parametrize(
    "data",
    [
        "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title></head><body><p>One.</p><p>Two.</p></body></html>",
        "<p>One.</p><p>Two.</p>",
        "<![CDATA[<P>One.</P><P>Two.</P>]]>",
        "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;",
        "One.\n\nTwo.",
    ],
)
def test_contents_are_written_in_many_ways(data: str) -> None:
    assert blocks(read_one(newsml(content(data)))) == [("paragraph", "One."), ("paragraph", "Two.")]


def test_of_contents_that_say_the_same_one_is_read() -> None:
    twice = "<ContentItem><DataContent>{}</DataContent></ContentItem>"
    component = f"{twice.format('Short.')}{twice.format('<p>Much longer.</p>')}</NewsComponent>"
    assert read_one(newsml(f"<NewsComponent EquivalentsList='yes'>{component}")).text == "Much longer."
    assert read_one(newsml(f"<NewsComponent EquivalentsList='no'>{component}")).text == "Short.\n\nMuch longer."


def test_roles_say_what_is_body() -> None:
    parts = "".join(
        content(f"{role}.", role)
        for role in ("HeadLine", "Abstract", "Lead", "Body", "Caption", "Contact", "StyleSheet")
    )
    article = read_one(newsml(f"<NewsComponent>{parts}</NewsComponent>"))
    assert article.headline == "HeadLine."
    assert article.text == "Lead.\n\nBody."
    extras = article.model_extra or {}
    assert [one["value"] for one in extras["descriptions"]] == ["Abstract.", "Caption."]
    assert extras["contacts"] == ["Contact."]


def test_a_photo_by_itself_is_read_by_its_caption() -> None:
    file = "<ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem>"
    photo = f"<NewsComponent><Role FormalName='main'/>{file}</NewsComponent>"
    caption = content("At the quay.", "Caption")
    article = read_one(newsml(f"<NewsComponent><NewsLines><HeadLine/></NewsLines>{caption}{photo}</NewsComponent>"))
    assert article.text == "At the quay."
    assert [(one.rel, one.uri) for one in article.associations] == [("picture", "a.jpg")]


def test_each_language_is_an_article_and_inherits_what_is_said_around_it() -> None:
    def told(tag: str) -> str:
        lines = f"<NewsLines><HeadLine>In {tag}</HeadLine></NewsLines>"
        return content(f"Words in {tag}.", more=lines).replace("<NewsComponent>", f"<NewsComponent xml:lang='{tag}'>")

    around = "<NewsLines><CopyrightLine>(c) X</CopyrightLine></NewsLines>"
    readings = read(newsml(f"<NewsComponent>{around}{told('nl')}{told('fr')}</NewsComponent>").encode(), HINTS)
    articles = [one for one in readings if isinstance(one, Article)]
    uri = "urn:newsml:x.example:20261014:a"
    assert [one.uri for one in articles] == [uri, f"{uri}:fr"]
    assert [(one.language, one.headline, one.copyright_notice) for one in articles] == [
        ("nl", "In nl", "(c) X"),
        ("fr", "In fr", "(c) X"),
    ]


def test_an_item_that_tells_too_many_stories_is_refused() -> None:
    told = content("Words.", more="<NewsLines><HeadLine>H</HeadLine></NewsLines>") * 101
    with pytest.raises(Poison) as poison:
        read(newsml(f"<NewsComponent>{told}</NewsComponent>").encode(), HINTS)
    assert poison.value.cause == "too-large"


@pytest.mark.parametrize(
    ("line", "place", "agency"),
    [
        ("Gaza City, Palestinian Territories, May 16, 2021 (AFP) -", "Gaza City, Palestinian Territories", "AFP"),
        ("Paris, 21 jan 2019 (AFP) -", "Paris", "AFP"),
        ("BEIJING, July 23", "BEIJING", None),
        ("London (dpa) - ", "London", "dpa"),
        ("GREENWICH, Conn.", "GREENWICH, Conn.", None),
        ("January 21", None, None),
    ],
)
def test_datelines(line: str, place: str | None, agency: str | None) -> None:
    lines = f"<NewsLines><DateLine>{line}</DateLine></NewsLines>"
    article = read_one(newsml(content("Words.", more=lines)))
    assert article.wire.dateline is not None
    assert (article.wire.dateline.place, article.wire.dateline.agency) == (place, agency)
    assert article.located == place


def test_what_is_not_understood_is_said_within_bounds() -> None:
    odd = "".join(f"<Odd{n}>word {n}</Odd{n}>" for n in range(30))
    article = read_one(newsml(content("Words.", more=f"<DescriptiveMetadata>{odd}</DescriptiveMetadata>")))
    assert article.wire.warnings[0] == "not understood: odd0: 'word 0'"
    assert article.wire.warnings[-1] == "not understood: 20 more"
    assert len(article.wire.warnings) == 11
