from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning import clean
from tests.articles import blocks, cleaned, read_one

SEED = Path(__file__).parents[3] / "shared" / "samples" / "rfi-macron-putin.txt"
BODY = "The harbour board met for three hours and put off its decision, members said as they left the hall."
MORE = "A second meeting is planned for the end of the month, after the engineers have given their report."


def removed(text: str) -> dict[str, str]:
    return {removal.rule: removal.text for removal in cleaned(text).wire.cleaning}


def test_slug_copy_of_the_title() -> None:
    article = cleaned(f"Board puts off “final” decision\n\nBoard puts off final decision\n\n{BODY}\n\n{MORE}")
    assert article.headlines[0].value == "Board puts off “final” decision"
    assert article.slugline == "Board puts off final decision"
    assert blocks(article) == [("paragraph", BODY), ("paragraph", MORE)]


def test_cross_links_become_associations() -> None:
    article = cleaned(f"Board meets\n\n{BODY}\n\nRead also: Why the pier fell\n\n{MORE}\n\nTo listen also: The pier\n")
    assert [(a.rel, a.name) for a in article.associations] == [
        ("see-also", "Why the pier fell"),
        ("see-also", "The pier"),
    ]
    assert blocks(article) == [("paragraph", BODY), ("paragraph", MORE)]


def test_a_sentence_that_begins_like_a_cross_link_stays() -> None:
    text = "Read also carefully what the board did not say, the mayor told the islanders on Monday."
    assert ("paragraph", text) in blocks(cleaned(f"Board meets\n\n{BODY}\n\n{text}"))


def test_feed_tag_is_data() -> None:
    article = cleaned(f"Board meets\n\n{BODY}\n\n{MORE}\n\nal-1-africa")
    assert article.wire.feed_tag == "al-1-africa"
    assert "al-1-africa" not in article.text


def test_subheads_are_headings() -> None:
    article = cleaned(f"Board meets\n\n{BODY}\n\n“No” to the pier\n\n{MORE}")
    assert ("heading", "“No” to the pier") in blocks(article)


@pytest.mark.parametrize(
    ("start", "place", "date", "agency"),
    [
        ("NEW ARDEN, Jan 21 (Meridian) - ", "NEW ARDEN", None, "Meridian"),
        ("PORT LYS (KP) _ ", "PORT LYS", None, "KP"),
        ("Port Lys (tca/kp) - ", "Port Lys", None, "tca/kp"),
        ("Port Lys (nwx kp) ", "Port Lys", None, "nwx kp"),
        ("Jan 3 (Meridian) - ", None, None, "Meridian"),
        ("LYSBURG, Ardenia, Dec. 9 Kestrel - ", "LYSBURG, Ardenia", None, "Kestrel"),
        ("Lys City, Ardenian Isles, May 16, 2021 (KP) - ", "Lys City, Ardenian Isles", "2021-05-16", "KP"),
        ("harbour News, 27 January - ", None, None, "harbour News"),
        ("LYSBURG – ", "LYSBURG", None, None),
    ],
)
def test_datelines(start: str, place: str | None, date: str | None, agency: str | None) -> None:
    article = cleaned(f"Board meets\n\n{start}{BODY}\n\n{MORE}")
    line = article.wire.dateline
    assert line
    assert (line.place, line.date, line.agency) == (place, date, agency)
    assert line.raw == start.strip()
    assert article.text.startswith("The harbour board")
    assert article.located == place


@pytest.mark.parametrize(
    "sentence",
    [
        "The Harbour Workers Party (HWP) has left the talks, its chairwoman said on Monday evening.",
        "Nobody - neither the board nor the mayor - would say what the pier will cost in the end.",
        "A spokesman told Meridian (the agency) that the pier was safe when it was last looked at.",
    ],
)
def test_what_is_no_dateline_stays(sentence: str) -> None:
    article = cleaned(f"Board meets\n\n{sentence}\n\n{MORE}")
    assert article.wire.dateline is None
    assert article.text.startswith(sentence)


def test_an_agency_in_mid_text_stays() -> None:
    text = f"{BODY} NEW ARDEN (Meridian) - was the line it ran under."
    assert text in cleaned(f"Board meets\n\n{MORE}\n\n{MORE[::-1]}\n\n{text}").text


def test_byline_credits_and_end_mark() -> None:
    article = cleaned(
        f"Board meets\n\nBy ADA LAMONT=\n\n{BODY}\n\n{MORE}\n\n(Reporting by Ada Lamont; Editing by Jo Birk)\n\n###\n"
    )
    assert article.by == "ADA LAMONT"
    assert article.wire.credits == ["Reporting by Ada Lamont; Editing by Jo Birk"]
    assert blocks(article) == [("paragraph", BODY), ("paragraph", MORE)]


def test_more_marks_the_item_partial() -> None:
    assert cleaned(f"Board meets\n\n{BODY}\n\n{MORE}\n\n(MORE)").wire.partial


def test_headline_tags_say_what_changes() -> None:
    article = cleaned(f"UPDATE 2-Board puts off decision\n\n(Adds quote, background)\n\n{BODY}\n\n{MORE}")
    change = article.wire.change
    assert article.headlines[0].value == "Board puts off decision"
    assert change
    assert (change.kind, change.number, change.reason) == ("update", 2, "Adds quote, background")
    assert article.ed_note == "Adds quote, background"


def test_embargo_withholds() -> None:
    known = cleaned(f"Board meets\n\nEMBARGOED UNTIL 5 November 2026 06:00 UTC\n\n{BODY}\n\n{MORE}")
    assert known.pub_status == "withheld"
    assert known.embargoed_until
    assert known.embargoed_until.isoformat() == "2026-11-05T06:00:00+00:00"
    unknown = cleaned(f"Board meets\n\nEMBARGOED UNTIL the gavel falls\n\n{BODY}\n\n{MORE}")
    assert unknown.pub_status == "withheld"
    assert unknown.embargoed_until is None
    assert unknown.wire.warnings


def test_notes_for_the_desk_stay_out_of_the_text() -> None:
    article = cleaned(
        f"Board meets\n\n{BODY}\n\n{MORE}\n\nThe following information is not for publication\n\nDesk: 555 0100"
    )
    assert "555 0100" not in article.text
    assert "555 0100" in (article.ed_note or "")


def test_bullets_tables_and_repeats() -> None:
    article = cleaned(
        f"Board meets\n\n{BODY}\n\n* Arden index +0.3 pct\n\n* Lys index -0.1 pct\n\n"
        f"Ferry     100    98\nPilots     40    41\n\n{BODY}\n\n{MORE}"
    )
    assert [kind for kind, _ in blocks(article)] == ["paragraph", "list", "list", "table", "table", "paragraph"]
    assert removed(f"Board meets\n\n{BODY}\n\n{MORE}\n\n{BODY}")["repeated"] == BODY


def test_characters() -> None:
    article = cleaned(f"Board meets\n\nThe\u00a0har\u00adbour\u200b  Cafe\u0301 was  full, {BODY}\n\n{MORE}")
    assert article.text.startswith("The harbour Café was full, ")


@pytest.mark.parametrize(
    ("given", "wanted", "alone"),
    [
        ("He wants to “avoid war” now.", "He wants to “avoid war” now.", 0),
        ("He said “ we go “, and left.", "He said “we go”, and left.", 0),
        ("Calm « and lucid » he left.", "Calm “and lucid” he left.", 0),
        ("He was ” calm and lucid » then.", "He was “calm and lucid” then.", 0),
        ("He spoke of“ calm ” and “reason“.", "He spoke of “calm” and “reason”.", 0),
        ('Plain "quotes" stay plain.', 'Plain "quotes" stay plain.', 0),
        ("It is possible “, said the pilot.", "It is possible”, said the pilot.", 1),
        ("He said ” the pier will fall.", "He said ” the pier will fall.", 1),
        ('A 12" board and a 7" nail.', 'A 12" board and a 7" nail.', 0),
    ],
)
def test_quotes(given: str, wanted: str, alone: int) -> None:
    article = cleaned(f"Board meets\n\n{given}\n\n{MORE} {BODY}")
    assert article.text.split("\n\n")[0] == wanted
    assert (article.wire.translation.unbalanced_quotes if article.wire.translation else 0) == alone


def test_a_quote_over_paragraphs_is_not_unbalanced() -> None:
    article = cleaned(f"Board meets\n\n“{BODY}\n\n“{MORE}”\n\n{MORE}")
    assert article.wire.translation is None


def test_residue_is_marked_and_editorial_brackets_are_not() -> None:
    article = cleaned(
        f"Board meets\n\nHe has the same fear [que son voisin] as them [sic] all [of the board]. {BODY}\n\n{MORE}"
    )
    translation = article.wire.translation
    assert translation
    assert [span.text for span in translation.residue] == ["[que son voisin]"]
    assert translation.source_language == "fr"
    span = translation.residue[0]
    assert article.text[span.start : span.end] == span.text


def test_language_is_detected_and_a_declared_one_is_kept() -> None:
    assert cleaned(f"Board meets\n\n{BODY}\n\n{MORE}").language == "en"
    french = "Le conseil du port a reporté sa décision, ont dit ses membres à la sortie de la salle hier soir."
    article = cleaned(json.dumps({"uri": "u", "headline": "h", "language": "en", "body_text": french}))
    assert article.language == "en"
    assert any("fr" in warning for warning in article.wire.warnings)


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article beside the project is not here")
def test_the_seed_article() -> None:
    raw = read_one(SEED.read_bytes())
    article = clean(raw)
    assert [kind for kind, _ in blocks(article)].count("heading") == 4
    assert article.slugline
    assert len(article.associations) == 2
    assert article.wire.feed_tag == raw.text.split()[-1]
    assert article.wire.translation
    assert len(article.wire.translation.residue) == 1
    assert article.wire.translation.source_language == "fr"
    assert {r.rule for r in article.wire.cleaning} == {"slug-copy", "cross-link", "feed-tag"}
    # Nothing of the reporting is lost: every word is in the text, the headline, or a noted removal.
    words = [w for w in raw.text.split() if any(c.isalnum() for c in w)]
    kept = article.text + article.headlines[0].value + " ".join(r.text for r in article.wire.cleaning)
    assert len([w for w in words if w.strip('“”«»"., ') not in kept]) == 0


pieces = st.lists(
    st.sampled_from(
        ["“", "”", "«", "»", '"', " ", "  ", "\u00a0", "\n", "\n\n", "word", "Read also: x", "[que son homologue]", ".",
         ", ", "LYSBURG, May 3 (KP) - ", "* item", "a   b   c", "e\u0301", "\u200b", "ab-1-cd", "###", "(MORE)",
         "UPDATE 1-", "https://x.example/1", BODY, "Short line"]
    ),
    min_size=1,
    max_size=30,
)  # fmt: skip


@given(pieces)
@settings(max_examples=300)
def test_laws(parts: list[str]) -> None:
    text = "Title here\n\n" + "".join(parts) + "\n\nThe end of it all is a sentence."
    raw = read_one(text)
    article = clean(raw)
    for removal in article.wire.cleaning:
        assert raw.text[removal.start : removal.end] == removal.text
    position = 0
    for block in article.body:
        piece = article.text[block.start : block.end]
        assert block.start >= position
        assert piece
        assert piece == piece.strip()
        position = block.end
    assert clean(raw) == article
    for span in article.wire.translation.residue if article.wire.translation else []:
        assert article.text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "text", ["“ a ” " * 10_000, "word " * 300_000, "(" * 50_000, "A, " * 60_000, "\u0301" * 50_000]
)
def test_hostile_text_is_cleaned(text: str) -> None:
    cleaned(f"Title\n\nThe text: {text}\n\n{MORE}")
