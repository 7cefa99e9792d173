"""What formats state beside the text, and what cleaning makes of it together with the text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.cleaning import clean
from pipeline.formats import read
from tests.articles import HINTS

FIXTURES = Path(__file__).parent.parent / "fixtures"


def cleaned(name: str) -> Article:
    article = read((FIXTURES / name).read_bytes(), HINTS)[0]
    assert isinstance(article, Article)
    return clean(article)


def nitf(head: str, body: str) -> Article:
    document = f"<nitf><head>{head}</head><body><body.content>{body}</body.content></body></nitf>"
    article = read(document.encode(), HINTS)[0]
    assert isinstance(article, Article)
    return clean(article)


def test_an_embargo_told_in_a_note_ends_by_the_agencys_own_clock() -> None:
    article = cleaned("newsml-1.2/embargo-in-comment.xml")
    assert article.pub_status == "withheld"
    assert article.embargoed_until == datetime(2026, 7, 2, 23, 1, tzinfo=UTC)
    assert article.wire.change is None  # it says nothing of what was sent before


def test_a_stated_dateline_gets_its_day_from_the_items_own() -> None:
    line = cleaned("newsml-1.2/embargo-in-comment.xml").wire.dateline
    assert line
    assert (line.place, line.date, line.agency) == ("Old Arden", "2026-07-02", "PA")


def test_a_marked_dateline_without_a_dash_is_none_of_the_text() -> None:
    assert cleaned("newsml-g2/telex-number.xml").text == "The harbour reopened on Thursday."


def test_the_text_fills_up_what_a_stated_dateline_leaves_open() -> None:
    article = cleaned("nitf/subtitle-in-byline.xml")
    line = article.wire.dateline
    assert article.text == "Ferries sailed again on Saturday, the mayor said."
    assert line
    assert (line.raw, line.date, line.agency) == ("ARDENA", "2026-07-11", "ANSA")
    assert article.by is None
    assert article.wire.credits == ["GEE"]


ISSUED = "<docdata><doc-id id-string='a' regsrc='HAP'/><date.issue norm='2026-11-19T15:00:00Z'/></docdata>"


@pytest.mark.parametrize("line", ["HAP RTV ar", "HAP ar/jt", "HAP", "(HAP)"])
def test_an_agency_signs_with_its_name_and_initials(line: str) -> None:
    article = nitf(ISSUED, f"<p>The harbour reopened.</p><p>Twelve ships wait.</p><p>{line}</p>")
    assert article.text.endswith("Twelve ships wait.")
    assert article.wire.credits == [line.strip("()")]


@pytest.mark.parametrize("line", ["HAP is an agency", "HAP and ERG", "Twelve ar", "HAP: more than ever"])
def test_a_last_line_that_says_something_stays(line: str) -> None:
    assert nitf(ISSUED, f"<p>The harbour reopened.</p><p>{line}</p>").text.endswith(line)
