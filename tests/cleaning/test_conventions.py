"""Conventions of wire copy in their variants, what only looks like one, and a format's own word against them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.article import Article, Chain, Change, Dateline, Headline
from pipeline.cleaning import clean
from tests.articles import cleaned, read_one

BODY = "The harbour board met for three hours and put off its decision, members said as they left the hall."
MORE = "A second meeting is planned for the end of the month, after the engineers have given their report."


def story(headline: str, *lines: str) -> Article:
    return cleaned("\n\n".join([headline, *lines, BODY, MORE]))


@pytest.mark.parametrize(
    ("headline", "kind", "number", "bare"),
    [
        ("UPDATE 2-Board meets", "update", 2, "Board meets"),
        ("WRAPUP 4-Board meets", "update", 4, "Board meets"),
        ("RPT-UPDATE 3-Board meets", "repeat", 3, "Board meets"),
        ("REFILE-Board meets", "refile", None, "Board meets"),
        ("CORRECTED-UPDATE 1-Board meets", "correction", 1, "Board meets"),
        ("OFFICIAL CORRECTION-Board meets", "correction", None, "Board meets"),
        ("CORRECTED-(OFFICIAL)-Board meets", "correction", None, "Board meets"),
        ("UPDATE1: Board meets", "update", 1, "Board meets"),
        ("2nd LD: Board meets", "update", 2, "Board meets"),
        ("(3rd LD) Board meets", "update", 3, "Board meets"),
        ("2ND LEAD Board meets", "update", 2, "Board meets"),
        ("ROUNDUP: Board meets", "update", None, "Board meets"),
        ("Correction: Board meets", "correction", None, "Board meets"),
        ("Rättelse: Styrelsen möts", "correction", None, "Styrelsen möts"),
        ("(AMPLIACIÓN) La junta se reúne", "update", None, "La junta se reúne"),
        ("Gremium tagt (Berichtigung)", "correction", None, "Gremium tagt"),
        ("Bestuur vergadert (herhaling)", "repeat", None, "Bestuur vergadert"),
        ("NY2: Styret møtes", "update", 2, "Styret møtes"),
        ("URGENT: Board meets", "new", None, "Board meets"),
        ("12:34 20Nov26 MRDN-UPDATE 1-Board meets", "update", 1, "Board meets"),
    ],
)
def test_tags_of_headlines(headline: str, kind: str, number: int | None, bare: str) -> None:
    article = story(headline)
    change = article.wire.change
    assert change
    assert (change.kind, change.number, article.headlines[0].value) == (kind, number, bare)
    assert change.evidence
    assert change.evidence in headline


@pytest.mark.parametrize(
    "headline",
    [
        "NY-based firm builds pier",
        "LEAD-ACID BATTERIES ARE BANNED",
        "Kill switch stops the ferry",
        "Lead pipes to be replaced",
        "Update on the pier is due",
        "Flash floods close the pier",
        "A toxic metal is found: lead",
        "Repeat offenders to be fined",
        "AP-NORC poll: most want a pier",
        "Story withdrawn from textbook is back in class",
        "Hold on, says the board",
    ],
)
def test_headlines_that_only_look_tagged(headline: str) -> None:
    article = story(headline)
    assert article.headlines[0].value == headline
    assert article.wire.change is None
    assert article.pub_status == "usable"


@pytest.mark.parametrize(
    "paragraph",
    [
        "The report was withdrawn on Monday after its authors had found a mistake in it.",
        "(In the village nobody had heard of the plan, and nobody wanted to.)",
        "Embargo or not, the ships came in on Monday.",
        "By Saturday nobody had come.",
        "Copyright law in 2026 protects the song of the pier for another 70 years.",
        "“Please delete the message,” he wrote.",
        "AM-FM radio is back in the harbour",
        "Ferry operator (FO) has more ships than ever.",
        "The board - all nine of it - was there.",
        "She works for a paper (the Herald) and for us.",
        "Ends meet in the harbour, said the mayor.",
    ],
)
@pytest.mark.parametrize("place", [0, 2])
def test_reporting_is_not_taken_for_a_convention(paragraph: str, place: int) -> None:
    parts = [BODY, MORE]
    parts.insert(place, paragraph)
    article = cleaned("\n\n".join(["Board meets in the hall of the harbour on Monday", *parts]))
    assert paragraph in article.text
    assert article.pub_status == "usable"
    assert article.embargoed_until is None


@pytest.mark.parametrize(
    ("start", "place", "agency", "date"),
    [
        ("STAVGRAD, November 21. /NOVA/. ", "STAVGRAD", "NOVA", None),
        ("STAVGRAD. Nov 21 (Nova-Tass) - ", "STAVGRAD", "Nova-Tass", None),
        ("(ALT) - ROMA, 18 NOV - ", "ROMA", "ALT", None),
        ("ROTTERDAM 21/11 (BEN) = ", "ROTTERDAM", "BEN", None),
        ("Porto Selmo, 18 nov (AGP).- ", "Porto Selmo", "AGP", None),
        ("Skarhavn (NTX): ", "Skarhavn", "NTX", None),
        ("PARIS, 18 nov 2026 (AGL) - ", "PARIS", "AGL", "2026-11-18"),
        ("Paris, 18 de noviembre de 2026 (AGL) - ", "Paris", "AGL", "2026-11-18"),
        ("Lyss (Suisse), 18 août 2026 (AGL) - ", "Lyss (Suisse)", "AGL", "2026-08-18"),
        ("Praha 21. listopadu (ČTX) - ", "Praha", "ČTX", None),
        ("Warszawa, 21.11.2026 (PAX) - ", "Warszawa", "PAX", "2026-11-21"),
        ("Budapest, 2026. november 21., szombat (MTX) - ", "Budapest", "MTX", "2026-11-21"),
        ("BEIJIANG, Nov. 21 (Beijiang) -- ", "BEIJIANG", "Beijiang", None),
        ("Wien/Berlin (apx/kns) - ", "Wien/Berlin", "apx/kns", None),
        ("New Lys, Nov 20 (PTX) ", "New Lys", "PTX", None),
        ("ST. LYS (AP) — ", "ST. LYS", "AP", None),
    ],
)
def test_datelines_of_many_agencies(start: str, place: str, agency: str, date: str | None) -> None:
    article = cleaned(f"Board meets\n\n{start}{BODY}\n\n{MORE}")
    line = article.wire.dateline
    assert line
    assert (line.place, line.agency, line.date) == (place, agency, date)
    assert article.text.startswith(BODY)
    assert article.located == place


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("By CHARLES SMITH=", "CHARLES SMITH"),
        ("By Manuel Lund, kns =", "Manuel Lund, kns"),
        ("Von Andrej Lund und Jo Birk, kns", "Andrej Lund und Jo Birk, kns"),
        ("Par Hélène DUSSAUD", "Hélène DUSSAUD"),
        ("    by Jo Birk", "Jo Birk"),
        ("Por María de la Torre", "María de la Torre"),
        ("By Ada Lamont in Arvila and Jo Birk in Lys", "Ada Lamont in Arvila and Jo Birk in Lys"),
    ],
)
def test_bylines(line: str, by: str) -> None:
    article = story("Board meets", line)
    assert article.by == by
    assert article.text.startswith(BODY)


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("(Reporting by Ada Lamont; Editing by Jo Birk)", "Reporting by Ada Lamont; Editing by Jo Birk"),
        ("Additional reporting by Ada Lamont", "Additional reporting by Ada Lamont"),
        ("--With assistance from Ada Lamont in Lys.", "With assistance from Ada Lamont in Lys."),
        ("(SDA/sj)", "SDA/sj"),
        ("kns wsz jln npr", "kns wsz jln npr"),
        ("bur-hdu/cml/rb", "bur-hdu/cml/rb"),
        ("XQ-BEN/ALM", "XQ-BEN/ALM"),
        ("/ritzau/", "ritzau"),
        ("TT", "TT"),
    ],
)  # fmt: skip
def test_credits(line: str, credit: str) -> None:
    article = cleaned(f"Board meets\n\n{BODY}\n\n{MORE}\n\n{line}")
    assert article.wire.credits == [credit]
    assert article.text == f"{BODY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line", ["ends", "(END)", "-30-", "###", "___", "Enditem", "==Minato", "-- BERNAX", "Lusa/Fim", "(Schluss)", "NNNN"]
)
def test_end_marks(line: str) -> None:
    assert cleaned(f"Board meets\n\n{BODY}\n\n{MORE}\n\n{line}").text == f"{BODY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line", ["(MORE)", "MORE", "mf", "more follows", "(segue)", "(à suivre)", "(wird fortgesetzt)"]
)
def test_what_is_to_be_continued_is_partial(line: str) -> None:
    article = cleaned(f"Board meets\n\n{BODY}\n\n{MORE}\n\n{line}")
    assert article.wire.partial
    assert article.text == f"{BODY}\n\n{MORE}"


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 2026-11-05 18:00 UTC", "2026-11-05T18:00"),
        ("EMBARGOED TO 0001 THURSDAY NOVEMBER 5", "2026-11-05T00:01"),
        ("Sperrfrist: Donnerstag, 5. November, 18.00 Uhr", "2026-11-05T17:00"),
        ("SOUS EMBARGO jusqu'au 5 novembre 2026 à 06h00 GMT", "2026-11-05T06:00"),
        ("HOLD FOR RELEASE AT 6 A.M. EST, DEC. 3, 2026", "2026-12-03T11:00"),
        ("NOT FOR PUBLICATION BEFORE 0600 GMT", "2026-11-03T06:00"),
        ("EMBARGOED UNTIL the gavel falls", None),
        ("EMBARGOED UNTIL 31 February 2026 06:00", None),
    ],
)
def test_embargoes(line: str, until: str | None) -> None:
    article = cleaned(f"{line}\n\nBoard meets\n\n{BODY}\n\n{MORE}")
    assert article.pub_status == "withheld"
    found = article.embargoed_until
    assert (found.strftime("%Y-%m-%dT%H:%M") if found else None) == until
    assert bool(article.wire.warnings) == (until is None)
    assert article.ed_note == line
    assert article.headlines[0].value == "Board meets"


@pytest.mark.parametrize(
    ("lines", "kind", "status", "target"),
    [
        (["KILL KILL KILL", "Please kill item kns 157 “Board meets”."], "kill", "canceled", "kns 157"),
        (["Editors: kill the story slugged BC-Board, sent as item hp a0417."], "kill", "canceled", "a0417"),
        (["Bitte die Meldung kns 157 nicht verwenden."], "kill", "canceled", "kns 157"),
        (["Achtung: Die Meldung kns 157 wird zurückgezogen."], "kill", "canceled", "kns 157"),
        (["NTB trekker meldingen om havna."], "kill", "canceled", None),
        (["Please kill BC-Board."], "kill", "canceled", None),
        (["HOLD HOLD HOLD", "Please hold item kns 158."], "hold", "withheld", "kns 158"),
        (["RELEASE RELEASE", "Please release item kns 158."], "release", "usable", "kns 158"),
    ],
)
def test_orders_to_the_desks(lines: list[str], kind: str, status: str, target: str | None) -> None:
    article = cleaned("\n\n".join([*lines, "The harbours are still closed."]))
    change = article.wire.change
    assert change
    assert (change.kind, article.pub_status) == (kind, status)
    assert change.model_dump().get("target") == target


@pytest.mark.parametrize("line", ["ryryryryryryryryryryry", "TEST TEST TEST", "This is a test message. Please ignore."])
def test_what_is_no_news_is_withheld(line: str) -> None:
    article = cleaned(line)
    assert article.pub_status == "withheld"
    assert [genre.name for genre in article.genres] == ["test or filler"]


def test_parts_of_one_story_share_their_chain() -> None:
    first = cleaned(f"Board meets\n\n{BODY}\n\n(MORE)")
    second = cleaned(f"Board meets =2\n\n{MORE}\n\nThe mayor was not there.")
    assert first.wire.partial
    assert second.wire.partial
    assert second.headlines[0].value == "Board meets"
    assert first.wire.chain
    assert first.wire.chain == second.wire.chain


@pytest.mark.parametrize(
    ("lines", "take"),
    [
        (["Board meets =2"], 2),
        (["Board meets (Take 3 of 4)"], 3),
        (["BC-Skarland-Boats, Take 2,211<", "Boats leave Havnes after vote"], 2),
        (["BC-Skarland-Boats, 1st Add,120<", "Boats leave Havnes after vote"], 2),
        (["Board meets", "TAKE 2 OF 3"], 2),
        (["Board meets", "Seven take part 2 times"], None),
        (["Board = 2 seats"], None),
    ],
)
def test_takes_are_numbered(lines: list[str], take: int | None) -> None:
    article = cleaned("\n\n".join([*lines, BODY, MORE]))
    assert article.wire.take == take
    assert article.wire.partial == (take is not None)


@pytest.mark.parametrize(
    ("order", "target"),
    [
        ("Please kill story a0417.", "HP-a0417"),
        ("Please kill item 157.", "HP 157"),
        ("Please kill item kns 9.", "kns 9"),
    ],
)
def test_the_target_of_an_order_is_named_with_its_agency(order: str, target: str) -> None:
    raw = read_one(f"KILL KILL KILL\n\n{order}")
    change = clean(raw.model_copy(update={"wire": raw.wire.model_copy(update={"provider": "HP"})})).wire.change
    assert change
    assert change.target == target


def test_a_chain_named_by_the_slug_is_of_its_agency_and_day_and_others_stay() -> None:
    def root(stated: str, **update: Any) -> str | None:
        raw = read_one(f"Board meets\n\n{BODY}")
        wire = raw.wire.model_copy(update={"provider": "HP", "chain": Chain(root=stated)})
        given = {"slugline": "board-lysburg", "version_created": STATED, "wire": wire, **update}
        chain = clean(raw.model_copy(update=given)).wire.chain
        return chain.root if chain else None

    today = root("Board-Lysburg")
    assert today == root("board-lysburg") != root("board-lysburg", version_created=STATED + timedelta(days=1))
    assert str(today).startswith("urn:wire:story:")
    assert root("urn:newsml:hp.example:1") == "urn:newsml:hp.example:1"
    assert root("HP7f3a") == "HP7f3a"


def test_a_dateline_in_the_text_fills_up_the_one_the_format_states() -> None:
    raw = read_one(f"Board meets\n\nLYSBURG, Nov. 9 (Meridian) - {BODY}")
    stated = raw.wire.model_copy(update={"dateline": Dateline(raw="Lysburg", place="Lysburg")})
    article = clean(raw.model_copy(update={"wire": stated, "version_created": STATED}))
    assert article.wire.dateline == Dateline(raw="Lysburg", place="Lysburg", date="2026-11-09", agency="Meridian")
    assert article.text == BODY


def test_a_file_photo_is_no_place() -> None:
    article = cleaned(f"Board meets\n\nFILE - {BODY}")
    assert article.located is None
    assert article.text.startswith("FILE - ")


STATED = datetime(2026, 11, 1, 8, tzinfo=UTC)


def test_what_the_format_states_goes_before_the_conventions() -> None:
    raw = read_one(
        "UPDATE 2-Board meets\n\n(Adds quote)\n\nEMBARGOED UNTIL 5 November 2026 06:00 UTC\n\n"
        f"By ADA LAMONT=\n\nLYSBURG, Nov. 9 (Meridian) - {BODY}\n\n{MORE}\n\nCopyright 2026 Meridian."
    )
    update: dict[str, Any] = {
        "by": "Jo Birk", "located": "Lys", "version_created": STATED, "embargoed_until": STATED, "urgency": 3,
        "copyright_notice": "(c) Kestrel",
        "wire": raw.wire.model_copy(update={"provider": "Kestrel", "change": Change(kind="correction", reason="Age")}),
    }  # fmt: skip
    article = clean(raw.model_copy(update=update))
    assert (article.by, article.located, article.copyright_notice) == ("Jo Birk", "Lys", "(c) Kestrel")
    assert article.version_created == article.embargoed_until == STATED
    assert article.pub_status == "usable"
    assert article.wire.provider == "Kestrel"
    change = article.wire.change
    assert change
    assert (change.kind, change.number, change.reason) == ("correction", 2, "Age")
    assert article.headlines == [Headline(value="Board meets")]
    assert article.text == f"{BODY}\n\n{MORE}"


def test_a_kill_in_the_text_does_not_cancel_what_the_format_calls_a_correction() -> None:
    raw = read_one("KILL KILL KILL\n\nPlease kill item kns 157.\n\nThe harbours are closed.")
    wire = raw.wire.model_copy(update={"change": Change(kind="correction")})
    assert clean(raw.model_copy(update={"wire": wire})).pub_status == "usable"


HOSTILE = [
    "A-" * 50,
    "Skarland-vote,lead" + "-0" * 50 + "!",
    f"SKARLAND/X ({'A' * 90}!",
    "(Adds (" * 40,
    "By " + "de " * 40,
    "1st Ld-" * 15,
    "AB // " * 20,
    "A, May 1 (" * 12,
]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_lines_are_cleaned(line: str) -> None:
    for text in (f"Title\n\n{line}\n\n{BODY}", f"Title\n\n{BODY}\n\n{line}", f"{line}\n\n{BODY}\n\n{MORE}"):
        cleaned(text)
