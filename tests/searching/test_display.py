"""What a terminal gets: the text, the marks, and never a character that a terminal obeys."""

from __future__ import annotations

import re
import unicodedata
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style

from pipeline.article import (
    Article,
    Block,
    Change,
    Dateline,
    Enrichment,
    Entity,
    Mention,
    NlpModel,
    Removal,
    Span,
    Translation,
)
from pipeline.indexing.documents import document
from pipeline.searching.display import STYLES, results, safe, whole
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit
from tests.searching.archive import HOSTILE, story

SGR = re.compile(r"\x1b\[[0-9;]*m")
"""What rich itself writes on a colour terminal."""

BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ODD_TEXT = st.text(
    st.characters(codec="utf-8", categories=["Cc"]) | st.sampled_from([*BIDI, "[", "]", "/", "\\", "b", " ", "é", "🛥"]),
    min_size=1,
    max_size=20,
)


def shown(what: RenderableType, *, colour: bool = False) -> str:
    """What is written to a wide terminal, or, without colour, to a file."""
    out = StringIO()
    Console(file=out, width=300, force_terminal=colour, color_system="standard" if colour else None).print(what)
    return out.getvalue()


def painted(words: str, style: str) -> str:
    """Words in a style, as rich writes them."""
    return Style.parse(style).render(words, color_system=ColorSystem.STANDARD)


def assert_harmless(written: str) -> None:
    left = SGR.sub("", written).replace("\n", "")
    assert not {c for c in left if unicodedata.category(c) == "Cc" or c in BIDI}


def one_hit(article: Article, *fragments: str) -> Found:
    return Found(1, [Hit(document(article), 1.0, list(fragments))])


def hostile(text: str) -> Article:
    """An article that says ``text`` wherever a feed can say something."""
    plain = story(text, text, f"a{text}", names={"PERSON": [f"a{text}"]}, provider=text, by=text, located=text)
    wire = plain.wire.model_copy(
        update={
            "feed_tag": text,
            "credits": [text],
            "warnings": [text],
            "change": Change(kind="update", reason=text),
            "dateline": Dateline(raw=text),
            "cleaning": [Removal(rule=text, start=0, end=len(text), text=text)],
        }
    )
    return plain.model_copy(update={"wire": wire, "ed_note": text, "version": text})


# -- nothing is interpreted ------------------------------------------------------------------------


@pytest.mark.parametrize("colour", [False, True])
def test_no_control_character_of_an_article_reaches_the_terminal(colour: bool) -> None:
    article = hostile(HOSTILE)
    for written in (shown(whole(article), colour=colour), shown(results(one_hit(article, HOSTILE)), colour=colour)):
        assert_harmless(written)
        assert "\ufffd[31mred" in written
        assert "[bold]not markup[/bold]" in written


@given(text=ODD_TEXT)
@examples(max_examples=50)
def test_no_text_however_odd_is_obeyed_or_breaks_the_page(text: str) -> None:
    article = hostile(text)
    assert_harmless(shown(whole(article), colour=True))
    assert_harmless(shown(results(one_hit(article, text)), colour=True))


@given(text=st.text(st.characters(codec="utf-8")))
def test_making_text_safe_keeps_its_length_and_every_other_character(text: str) -> None:
    made = safe(text)
    assert len(made) == len(text)
    changed = {before for before, after in zip(text, made, strict=True) if before != after}
    assert all(unicodedata.category(c) == "Cc" or c in BIDI for c in changed)
    assert safe(made) == made


@pytest.mark.parametrize("mark", ["\t", "\n", "é", "北", "🛥", "[", "\u00a0"])
def test_text_that_harms_nobody_stays(mark: str) -> None:
    assert safe(mark) == mark


def test_the_arabic_letter_mark_is_made_visible() -> None:
    assert safe("\u061c") == "\ufffd"


def test_an_entity_type_is_not_markup() -> None:
    article = story("a", "Headline", "Ada Lamont spoke.", names={"[/odd]": ["Ada Lamont"]})
    assert "[/odd]" in shown(whole(article))


# -- a list of hits --------------------------------------------------------------------------------


def test_nothing_found_is_said() -> None:
    assert shown(results(Found(0, []))) == "nothing found\n"


@pytest.mark.parametrize(
    ("total", "hits", "line"),
    [(1, 1, "1 article"), (2, 2, "2 articles"), (1234, 2, "1,234 articles, the first 2")],
)
def test_the_last_line_counts(total: int, hits: int, line: str) -> None:
    hit = Hit(document(story("a", "Headline", "Text.")), None, [])
    assert shown(results(Found(total, [hit] * hits))).splitlines()[-1] == line


def test_a_hit_says_what_when_whose_who_and_which() -> None:
    article = story(
        "a", "Pilots meet", "Ada Lamont of the Kestrel Union in Tessika.", day="2026-10-03", located="Tessika",
        names={"PERSON": ["Ada Lamont"], "ORG": ["Kestrel Union"], "GPE": ["Tessika"]},
    )  # fmt: skip
    lines = [line.strip() for line in shown(results(one_hit(article))).splitlines()]
    assert lines[:4] == [
        "Pilots meet",
        "2026-10-03 · meridian · Tessika",
        "Ada Lamont, Kestrel Union, Tessika",
        "urn:test:search:a",
    ]


def test_a_correction_is_called_one() -> None:
    plain = story("a", "Pilots meet", "Text.")
    wire = plain.wire.model_copy(update={"change": Change(kind="correction")})
    assert "meridian · correction" in shown(results(one_hit(plain.model_copy(update={"wire": wire}))))


def test_an_article_without_headline_is_called_by_its_text() -> None:
    article = story("a", "gone", "The ferry was late.").model_copy(update={"headlines": []})
    assert shown(results(one_hit(article))).startswith("The ferry was late.\n")


def test_words_that_were_found_stand_out() -> None:
    fragment = f"the {MARK_BEGIN}harbour{MARK_END} of\nArden and its {MARK_BEGIN}pilots{MARK_END}"
    found = one_hit(story("a", "Headline", "Text."), fragment)
    assert "… the harbour of Arden and its pilots …" in shown(results(found))
    written = shown(results(found), colour=True)
    for word in ("harbour", "pilots"):
        assert re.search(rf"\x1b\[7m{word}\x1b\[0m", written)
    assert written.count("\x1b[7m") == 2


# -- one article -----------------------------------------------------------------------------------


def test_entities_are_marked_in_the_text_also_after_control_characters() -> None:
    article = story(
        "a", "Pilots meet", "Plain.", "\x1b[2J\x00🛥 Ada Lamont spoke to the Kestrel Union.",
        names={"PERSON": ["Ada Lamont"], "ORG": ["Kestrel Union"]},
    )  # fmt: skip
    (line,) = [line for line in shown(whole(article), colour=True).splitlines() if "spoke" in line]
    person, union = painted("Ada Lamont", STYLES["PERSON"]), painted("Kestrel Union", STYLES["ORG"])
    assert line == f"\ufffd[2J\ufffd🛥 {person} spoke to the {union}."


def test_who_is_who_lists_each_entity_the_most_mentioned_first() -> None:
    plain = story("a", "Pilots meet", "Orrin met Lamont. Lamont left.")
    entities = [
        Entity(
            id=name,
            name=name,
            type="PERSON",
            mentions=[Mention(start=at, end=at + len(name), text=name, kind="name") for at in places],
        )
        for name, places in {"Orrin": [0], "Lamont": [10, 18]}.items()
    ]
    enrich = Enrichment(model=NlpModel(name="by_hand", version="1"), entities=entities)
    rows = [line.split() for line in shown(whole(plain.model_copy(update={"enrich": enrich}))).splitlines()]
    table = rows[rows.index(["name", "type", "mentions", "first", "at"]) + 2 :]
    assert [row for row in table if row] == [["Lamont", "PERSON", "2", "10"], ["Orrin", "PERSON", "1", "0"]]


def test_headings_lists_and_residue_look_different() -> None:
    text = "Talks\nFirst point\nIl a dit non."
    body = [
        Block(kind="heading", start=0, end=5),
        Block(kind="list", start=6, end=17),
        Block(kind="paragraph", start=18, end=31),
    ]
    plain = story("a", "Headline", "x")
    residue = Translation(source_language="fr", residue=[Span(start=18, end=26, text="Il a dit")], unbalanced_quotes=3)
    wire = plain.wire.model_copy(update={"translation": residue})
    article = plain.model_copy(update={"text": text, "body": body, "wire": wire, "enrich": None})
    assert "\nTalks\n" in (written := shown(whole(article)))
    assert "\n  • First point\n" in written
    assert "translation from fr: 1 untranslated, 3 quote marks without partner" in written
    coloured = shown(whole(article), colour=True)
    assert painted("Talks", "bold") in coloured
    assert f"{painted('Il a dit', 'strike dim')} non." in coloured


def test_what_is_known_of_an_article_is_said_and_what_is_not_is_left_out() -> None:
    written = shown(whole(story("a", "Pilots meet", "Text.", day="2026-10-03", by="By Ivo Quill", version=3)))
    assert "version  3 of 2026-10-03 08:03 UTC\n" in written
    assert "by       By Ivo Quill\n" in written
    assert "dateline" not in written
    assert "None" not in written


def test_an_empty_article_has_a_page_too() -> None:
    article = Article.model_validate(story("a", "gone", "x").model_dump(exclude={"headlines", "enrich"}))
    empty = article.model_copy(update={"text": "", "body": []})
    assert "uri      urn:test:search:a\n" in shown(whole(empty))


def test_what_cleaning_took_out_is_shown_shortened() -> None:
    plain = story("a", "Headline", "Text.")
    removals = [Removal(rule="cross-link", start=0, end=200, text="Read\nalso " + "on " * 80)]
    wire = plain.wire.model_copy(update={"cleaning": removals, "warnings": ["a date without its year"]})
    written = shown(whole(plain.model_copy(update={"wire": wire})))
    (line,) = [line for line in written.splitlines() if line.startswith("removed")]
    assert line.startswith("removed (cross-link): Read also on on")
    assert line.endswith("…")
    assert len(line) == len("removed (cross-link): ") + 80
    assert "warning: a date without its year\n" in written
