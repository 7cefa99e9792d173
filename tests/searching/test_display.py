"""A list of hits on a terminal: what it says, what stands out, and never a character that a terminal obeys."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.article import Article, Change
from pipeline.indexing.documents import document
from pipeline.searching.display import one_line, results, safe
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit, Statement
from tests.searching.archive import HOSTILE, story
from tests.searching.interview import INTERVIEW
from tests.searching.terminal import BIDI, ODD_TEXT, assert_harmless, hostile, lines, one_hit, shown

# -- nothing is interpreted ------------------------------------------------------------------------


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("fragments", [[], [HOSTILE]])
def test_no_control_character_of_an_article_reaches_the_terminal(fragments: list[str], *, colour: bool) -> None:
    written = shown(results(one_hit(hostile(HOSTILE), *fragments)), colour=colour)
    assert_harmless(written)
    assert "\ufffd[31mred" in written
    assert "[bold]not markup[/bold]" in written


@given(text=ODD_TEXT)
@examples(max_examples=50)
def test_no_text_however_odd_is_obeyed_or_breaks_the_page(text: str) -> None:
    article = hostile(text)
    assert_harmless(shown(results(one_hit(article, text)), colour=True))
    assert_harmless(shown(results(one_hit(article)), colour=True, width=5))
    stated = Found(1, [Hit(document(article), None, [], [Statement(text, text, text, text)])])
    assert_harmless(shown(results(stated), colour=True))


@given(text=st.text(st.characters(codec="utf-8")))
def test_making_text_safe_keeps_its_length_and_every_other_character(text: str) -> None:
    made = safe(text)
    assert len(made) == len(text)
    changed = {before for before, after in zip(text, made, strict=True) if before != after}
    assert all(unicodedata.category(c) == "Cc" or c in BIDI or c == "\u061c" for c in changed)
    assert safe(made) == made


@pytest.mark.parametrize("mark", ["\t", "\n", "é", "北", "🛥", "[", "\u00a0"])
def test_text_that_harms_nobody_stays(mark: str) -> None:
    assert safe(mark) == mark


def test_the_arabic_letter_mark_is_made_visible() -> None:
    assert safe("\u061c") == "\ufffd"


def test_lines_become_one() -> None:
    assert one_line(" Port\n  Arden\t\x1b ") == "Port Arden \ufffd"


# -- what a hit says -------------------------------------------------------------------------------


def test_nothing_found_is_said() -> None:
    assert shown(results(Found(0, []))) == "nothing found\n"


@pytest.mark.parametrize(
    ("total", "hits", "line"),
    [(1, 1, "1 article"), (2, 2, "2 articles"), (1234, 2, "1,234 articles, the first 2")],
)
def test_the_last_line_counts(total: int, hits: int, line: str) -> None:
    hit = Hit(document(story("a", "Headline", "Text.")), None, [])
    assert lines(results(Found(total, [hit] * hits)))[-1] == line


def test_a_hit_says_what_when_whose_who_and_which() -> None:
    article = story(
        "a", "Pilots meet", "Ada Lamont of the Kestrel Union in Tessika.", day="2026-10-03", located="Tessika",
        names={"PERSON": ["Ada Lamont"], "ORG": ["Kestrel Union"], "GPE": ["Tessika"]},
    )  # fmt: skip
    assert lines(results(one_hit(article))) == [
        "Pilots meet",
        "  2026-10-03 · meridian · Tessika",
        "  Ada Lamont, Kestrel Union, Tessika",
        "  urn:test:search:a",
        "",
        "1 article",
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


# -- summary and keyphrases ------------------------------------------------------------------------


def told(**enrich: object) -> Article:
    """The interview with other results of enrichment."""
    assert INTERVIEW.enrich
    return INTERVIEW.model_copy(update={"enrich": INTERVIEW.enrich.model_copy(update=enrich)})


def test_without_words_to_look_for_a_hit_is_summed_up() -> None:
    written = lines(results(one_hit(INTERVIEW)))
    assert written[2] == (
        "  Estonian President Liisa Raudvee urged Drovnia on Tuesday to reopen the bridge at Narva."
        " Stavgrad rejected the demand within hours."
    )


def test_the_words_around_what_was_found_take_the_place_of_the_summary() -> None:
    written = lines(results(one_hit(INTERVIEW, "to reopen the bridge")))
    assert written[2] == "  … to reopen the bridge …"
    assert not any("Stavgrad rejected" in line for line in written)


def test_the_statements_asked_for_stand_with_their_words() -> None:
    statement = Statement("Stavgrad", "the demand", "against", "Stavgrad rejected\n the demand.")
    written = lines(results(Found(1, [Hit(document(INTERVIEW), None, [], [statement])])))
    assert written[2] == "  against  Stavgrad → the demand: Stavgrad rejected the demand."
    assert not any(line.startswith("  Estonian President") for line in written)


def test_a_summary_that_is_no_summary_is_cut() -> None:
    (line,) = [
        line for line in lines(results(one_hit(told(summary="on and on " * 500))), width=2000) if "on and" in line
    ]
    assert line.endswith("and …")
    assert len(line) <= 2 + 400


def test_the_most_salient_names_come_first_and_keyphrases_that_name_them_again_do_not_come() -> None:
    (line,) = [line for line in lines(results(one_hit(INTERVIEW))) if "Raudvee, Miro" in line]
    assert line == (
        "  Liisa Raudvee, Miro Dragovar, European Commission, Drovnia, Stavgrad, Narva, Tallinn"
        " · Narva bridge, trade, closed border"
    )


def test_keyphrases_without_names_stand_alone_and_not_all_of_them() -> None:
    written = lines(results(one_hit(told(entities=[], keyphrases=[f"phrase {n}" for n in range(9)]))))
    assert written[3] == "  phrase 0, phrase 1, phrase 2, phrase 3, phrase 4"


def test_on_a_narrow_page_what_belongs_to_a_hit_stays_indented() -> None:
    written = lines(results(one_hit(INTERVIEW)), width=60)
    assert max(map(len, written)) <= 60
    assert [line for line in written if line and not line.startswith("  ")] == [
        "Estonia's president wants the Narva bridge open by",
        "mid-February",
        "1 article",
    ]
