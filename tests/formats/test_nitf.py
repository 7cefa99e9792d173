from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article
from tests.articles import blocks, read_one

SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "nitf" / "ntb.xml"


def nitf(
    head: str = "", docdata: str = "", body_head: str = "", body: str = "<p>Words.</p>", **attributes: str
) -> Article:
    stated = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return read_one(
        f"<nitf><head>{head}<docdata{stated}>{docdata}</docdata></head><body><body.head>{body_head}</body.head>"
        f"<body.content>{body}</body.content></body></nitf>"
    )


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not beside the checkout")
def test_a_real_item_of_ntb() -> None:
    article = read_one(SAMPLE.read_bytes())
    assert article.uri == "NTB5df9281a-a270-4dc5-a618-869bbc3bbca7"
    assert [one.value for one in article.alt_ids] == ["NTB5df9281a-a270-4dc5-a618-869bbc3bbca7_00"]
    assert article.version == "1"
    assert article.pub_status == "usable"
    assert article.urgency == 5
    assert article.language == "nb-NO"
    assert article.version_created == datetime(2021, 5, 16, 9, 0, 4, tzinfo=UTC)
    assert article.headline.startswith("Pandemien herjer")
    assert (article.by, article.slugline, article.located) == ("NTB-AFP-DPA", "india-korona-bygd", "Unnao")
    assert [(one.uri or "")[-8:] for one in article.subjects] == ["", "07001000", "07000000"]
    assert [one.name for one in article.subjects] == ["Utenriks", "Sykdom", "Medisin og helse"]
    assert [one.name for one in article.genres] == ["Nyheter"]
    assert (article.wire.provider, article.wire.service, article.wire.sequence) == ("NTB", "Nyhetstjenesten", "1657")
    assert article.wire.chain is not None
    assert article.wire.chain.root == "india-korona-bygd"
    assert [one.rel for one in article.associations] == ["picture"]
    assert [kind for kind, _ in blocks(article)].count("heading") == 4
    assert blocks(article)[4] == ("heading", "- Det skjulte India")
    assert "Kremasjonsbål" not in article.text


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ("usable", "usable", None), ("embargoed", "withheld", None), ("withheld", "withheld", "hold"),
        ("canceled", "canceled", "kill"), ("Cancelled", "canceled", "kill"), ("perhaps", "withheld", None),
    ],
)  # fmt: skip
def test_management_status(said: str, status: str, kind: str | None) -> None:
    article = nitf(docdata="<doc-id id-string='a'/>", management_status=said)
    assert article.pub_status == status
    assert (article.wire.change.kind if article.wire.change else None) == kind
    assert ("unknown" in "".join(article.wire.warnings)) == (said == "perhaps")


def test_revisions_of_a_story_have_one_uri_where_the_id_counts_them() -> None:
    def uri(revision: int, version: int) -> str:
        return nitf(docdata=f"<doc-id id-string='NW77_{revision:02}'/><du-key key='k' version='{version}'/>").uri

    assert uri(0, 1) == uri(1, 2) == uri(11, 12) == "NW77"
    assert uri(0, 7) == "NW77_00"  # what ends it counts something else


def test_an_item_without_id_is_known_by_its_number_else_by_its_words() -> None:
    counted = "<meta name='anpa-sequence' content='0417'/>"
    day = "<date.issue norm='20261014T064500Z'/><del-list><from-src src-name='Kestrel'/></del-list>"
    first = nitf(counted, day, body="<p>Words.</p>")
    assert nitf(counted, day, body="<p>Other words.</p>").uri == first.uri
    assert nitf(counted, day.replace("14T", "15T"), body="<p>Words.</p>").uri != first.uri
    assert nitf(body="<p>Words.</p>").uri == nitf(body="<p>words</p>").uri != nitf(body="<p>Others.</p>").uri


def test_a_correction_says_of_what_and_why() -> None:
    article = nitf(docdata="<doc-id id-string='b'/><correction id-string='a' info='Corrects the sum'/>")
    assert article.wire.change is not None
    assert (article.wire.change.kind, article.wire.change.reason) == ("correction", "Corrects the sum")
    assert article.wire.chain is not None
    assert article.wire.chain.previous == "a"


def test_a_later_release_is_an_embargo_and_one_that_is_no_date_is_said() -> None:
    issued = "<date.issue norm='20261014T064500+0200'/>"
    later = nitf(docdata=issued + "<date.release norm='20261015T000100+0200'/>")
    assert later.embargoed_until == datetime(2026, 10, 14, 22, 1, tzinfo=UTC)
    assert nitf(docdata=issued + "<date.release norm='20261014T064500+0200'/>").embargoed_until is None
    broken = nitf(docdata="<date.expire norm='YYYYMMDD000000-HHMM'/>")
    assert broken.expires is None
    assert "YYYYMMDD000000-HHMM" in "".join(broken.wire.warnings)


@pytest.mark.parametrize(
    ("byline", "by", "title"),
    [
        ("By Ada Lamont", "By Ada Lamont", []),
        ("By<person>Ada Lamont</person>", "By Ada Lamont", []),
        ("By ADA LAMONT<byttl>Kestrel Writer</byttl>", "By ADA LAMONT", ["Kestrel Writer"]),
        ("By Ada Lamont, <byttl>Staff</byttl>", "By Ada Lamont", ["Staff"]),
        ("<person>Ada Lamont</person> and <person>Per Aldous</person>", "Ada Lamont and Per Aldous", []),
        ("<byttl>Sports Network</byttl>", "Sports Network", []),
    ],
)
def test_bylines(byline: str, by: str, title: list[str]) -> None:
    article = nitf(body_head=f"<byline>{byline}</byline>")
    assert article.by == by
    assert [one for one in article.wire.credits if one != by] == title


@pytest.mark.parametrize(
    ("line", "located", "day"),
    [
        ("Oslo", "Oslo", None),
        ("<location>NEW ARDEN</location>", "NEW ARDEN", None),
        ("<location><city>Arden</city><country>Skarland</country></location>", "Arden", None),
        ("<location>ARDEN</location><story.date norm='20261014T0800Z'>Oct. 14</story.date>", "ARDEN", "2026-10-14"),
    ],
)
def test_datelines(line: str, located: str, day: str | None) -> None:
    article = nitf(body_head=f"<dateline>{line}</dateline>")
    assert article.located == located
    assert article.wire.dateline is not None
    assert article.wire.dateline.date == day


def test_the_codes_of_broader_subjects_follow_from_the_narrow_one() -> None:
    tobject = (
        "<tobject tobject.type='News'><tobject.subject tobject.subject.refnum='02003001' tobject.subject.type='Justice'"
        " tobject.subject.matter='Police' tobject.subject.detail='Investigation'/><tobject.subject"
        " tobject.subject.ipr='EFE' tobject.subject.refnum='F01001000' tobject.subject.type='POL'/></tobject>"
    )
    assert [((one.uri or "").rpartition("/")[2], one.name) for one in nitf(tobject).subjects] == [
        ("02003001", "Investigation"), ("02000000", "Justice"), ("02003000", "Police"), ("F01001000", "POL"),
    ]  # fmt: skip


def test_an_abstract_is_no_body_unless_there_is_none() -> None:
    abstract = "<abstract><p>In short.</p></abstract>"
    assert nitf(body_head=abstract).text == "Words."
    short = nitf(body_head=abstract, body="")
    assert short.text == "In short."
    assert "no body" in "".join(short.wire.warnings)
