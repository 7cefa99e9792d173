"""One article on a terminal: all that is known of it, with colour and without, and nothing that a terminal obeys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from rich.console import RenderableType

from pipeline.article import Article, Block, Enrichment, Entity, Mention, Removal, Span, Translation
from pipeline.searching.article_display import whole
from pipeline.searching.marked_text import CUE, PARTY, SPEAKER, STANCE_CUES, style_of
from tests.searching.archive import HOSTILE, story
from tests.searching.interview import ENTITIES, INTERVIEW, OPINIONATED
from tests.searching.terminal import ODD_TEXT, assert_harmless, hostile, lines, painted, shown


def enriched(**enrich: object) -> Article:
    """The interview with other results of enrichment."""
    assert INTERVIEW.enrich
    return INTERVIEW.model_copy(update={"enrich": INTERVIEW.enrich.model_copy(update=enrich)})


def table(what: RenderableType, heading: str, *, width: int = 300) -> list[str]:
    """The rows of the table whose headings begin so, with those headings first."""
    written = lines(what, width=width)
    first = next(number for number, line in enumerate(written) if line.startswith(heading))
    return written[first : written.index("", first)]


# -- nothing is interpreted ------------------------------------------------------------------------


@pytest.mark.parametrize("colour", [False, True])
def test_no_control_character_of_an_article_reaches_the_terminal(*, colour: bool) -> None:
    written = shown(whole(hostile(HOSTILE)), colour=colour)
    assert_harmless(written)
    assert "\ufffd[31mred" in written
    # Headline and facts, the text, the legend, three tables (whose narrow cells break it), and what cleaning did.
    assert written.count("[bold]not markup[/bold]") > 20


@given(text=ODD_TEXT)
@examples(max_examples=50)
def test_no_text_however_odd_is_obeyed_or_breaks_the_page(text: str) -> None:
    article = hostile(text)
    assert_harmless(shown(whole(article), colour=True))
    assert_harmless(shown(whole(article), colour=True, width=20))


def test_an_entity_type_is_not_markup() -> None:
    article = story("a", "Headline", "Ada Lamont spoke.", names={"[/odd]": ["Ada Lamont"]})
    assert "[/odd]" in shown(whole(article))


# -- what is known ---------------------------------------------------------------------------------


def test_what_is_known_of_an_article_is_said_and_what_is_not_is_left_out() -> None:
    written = shown(whole(story("a", "Pilots meet", "Text.", day="2026-10-03", by="By Ivo Quill", version=3)))
    assert "version     3 of 2026-10-03 08:03 UTC\n" in written
    assert "by          By Ivo Quill\n" in written
    assert "dateline" not in written
    assert "summary" not in written
    assert "None" not in written


def test_summary_and_keyphrases_stand_above_the_text() -> None:
    written = lines(whole(INTERVIEW))
    summary = (
        "summary     Estonian President Liisa Raudvee urged Drovnia on Tuesday to reopen the bridge at Narva."
        " Stavgrad rejected the demand within hours."
    )
    phrases = "keyphrases  Narva bridge, Liisa Raudvee, trade, closed border"
    first = next(number for number, line in enumerate(written) if line.startswith("Estonian President"))
    assert written.index(summary) < written.index(phrases) < first


def test_on_a_narrow_page_a_long_fact_stays_beside_its_name() -> None:
    written = lines(whole(INTERVIEW), width=60)
    at = next(number for number, line in enumerate(written) if line.startswith("summary"))
    starts = [line[:18] for line in written[at : at + 4]]
    assert starts == ["summary     Estoni", "            on Tue", "            Stavgr", "keyphrases  Narva "]
    assert max(map(len, written)) <= 60


def test_an_empty_article_has_a_page_too() -> None:
    article = Article.model_validate(story("a", "gone", "x").model_dump(exclude={"headlines", "enrich"}))
    empty = article.model_copy(update={"text": "", "body": []})
    assert "uri         urn:test:search:a\n" in shown(whole(empty))


# -- the text --------------------------------------------------------------------------------------


def test_entities_are_marked_in_the_text_also_after_control_characters() -> None:
    article = story(
        "a", "Pilots meet", "Plain.", "\x1b[2J\x00🛥 Ada Lamont spoke to the Kestrel Union.",
        names={"PERSON": ["Ada Lamont"], "ORG": ["Kestrel Union"]},
    )  # fmt: skip
    (line,) = [line for line in shown(whole(article), colour=True).splitlines() if "spoke" in line]
    person, union = painted("Ada Lamont", "bold cyan"), painted("Kestrel Union", "bold magenta")
    assert line == f"\ufffd[2J\ufffd🛥 {person} spoke to the {union}."


def test_speakers_cues_and_quotes_are_marked_in_the_text() -> None:
    (line,) = [line for line in shown(whole(INTERVIEW), colour=True).splitlines() if "reporters in" in line]
    speaker = painted("the president", f"cyan underline {SPEAKER}")
    tallinn = painted("Tallinn", style_of(ENTITIES[5]))
    assert line.startswith(painted('"We will not wait until spring,"', "italic"))
    assert f" {speaker} {painted('told', CUE)} reporters in {tallinn}. " in line
    assert line.endswith(
        painted('"The bridge belongs to both banks, and she who closes it closes her own door."', "italic")
    )


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


# -- the tables ------------------------------------------------------------------------------------


def test_who_is_who_tells_all_of_each_entity_the_most_salient_first() -> None:
    assert table(whole(INTERVIEW), "who is who") == [
        "who is who           type    roles                          country  mentions           said  first at",
        "Liisa Raudvee        PERSON  Estonian President; president  EST      1 name, 1 nominal     2        19",
        "Drovnia              GPE                                             1 name, 1 metonym              39",
        "Miro Dragovar        PERSON  Foreign Minister                        1 name, 2 pronoun     1       390",
        "Stavgrad             GPE                                             2 name                        312",
        "Narva                GPE                                    EST      1 name                         82",
        "Tallinn              GPE                                    EST      1 name                        223",
        "European Commission  ORG                                             1 name                        544",
    ]


def test_of_equally_salient_entities_the_most_mentioned_comes_first() -> None:
    entities = [
        Entity(
            id=name,
            name=name,
            type="PERSON",
            mentions=[Mention(start=at, end=at + len(name), text=name, kind="name") for at in places],
        )
        for name, places in {"Orrin": [0], "Lamont": [10, 18], "Quill": []}.items()
    ]
    rows = [row.split() for row in table(whole(enriched(entities=entities, quotes=[])), "who is who")[1:]]
    assert rows == [["Lamont", "PERSON", "2", "name", "10"], ["Orrin", "PERSON", "1", "name", "0"], ["Quill", "PERSON"]]


def test_quotes_are_listed_in_the_order_of_the_text_with_speaker_cue_and_words() -> None:
    assert INTERVIEW.enrich
    article = enriched(quotes=INTERVIEW.enrich.quotes[::-1])
    rows = [" ".join(row.split()) for row in table(whole(article), "quotes by")]
    president = '"We will not wait until spring," … "The bridge belongs to both banks, and she who closes it closes'
    assert rows == [
        "quotes by kind cue words",
        'Liisa Raudvee mixed saying that trade "is not a weapon to be drawn"',
        f'Liisa Raudvee (the president) direct told {president} her own door."',
        'Miro Dragovar mixed said his country would answer "in kind" … he expected no talks in 2027',
        "European officials indirect According to neither side has asked the European Commission to mediate",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_words_of_a_quote_take_one_line_of_the_page_and_no_more(width: int) -> None:
    rows = table(whole(INTERVIEW), "quotes by", width=width)
    assert max(map(len, rows)) <= width
    assert sum("…" in row for row in rows) >= 1
    assert not any("her own door" in row for row in rows)
    assert [row for row in rows if '"We will not w' in row]


def test_statements_are_listed_in_the_order_of_the_text_each_with_its_sentence() -> None:
    written = lines(whole(OPINIONATED))
    first = written.index("who is for or against whom")
    lead = OPINIONATED.text[: OPINIONATED.text.index("\n")]
    assert written[first + 1 :] == [
        "Liisa Raudvee → the bridge at Narva  favor  reported  0.64  urged",
        f"  {lead}",
        "",
        "Drovnia (Stavgrad) → the demand  against  narrated  0.91  rejected",
        "  Stavgrad rejected the demand within hours.",
        "",
        "European officials → European Commission  neutral  reported  0.50",
        "  neither side has asked the European Commission to mediate.",
        "",
    ]


def test_holder_target_and_cue_are_marked_in_the_sentence_and_in_the_text() -> None:
    written = shown(whole(OPINIONATED), colour=True)
    holder, cue = painted("Stavgrad", style_of(ENTITIES[1], "metonym")), painted("rejected", STANCE_CUES["against"])
    assert written.count(f"{holder} {cue} {painted('the demand', PARTY)} within hours.") == 2


def test_a_statement_whose_sentence_is_not_where_it_says_is_shown_as_it_came() -> None:
    assert OPINIONATED.enrich
    stances = OPINIONATED.enrich.stances
    for at in ((-9, -2), (3, 2), (10**6, 10**6 + 9), (0, 9)):
        evidence = Span(start=at[0], end=at[1], text="They rejected it.")
        article = enriched(stances=[stances[0].model_copy(update={"evidence": evidence})])
        assert "  They rejected it." in lines(whole(article))


def test_dates_are_listed_once_with_what_they_mean() -> None:
    assert INTERVIEW.enrich
    article = enriched(dates=INTERVIEW.enrich.dates * 2)
    assert [row.split() for row in table(whole(article), "dates")] == [
        ["dates", "mean"],
        ["Tuesday", "2026-02-10"],
        ["February", "14", "2026-02-14"],
        ["2027", "2027"],
    ]


def test_what_was_not_found_has_no_table() -> None:
    bare = Enrichment(model=INTERVIEW.enrich.model) if INTERVIEW.enrich else None
    written = shown(whole(INTERVIEW.model_copy(update={"enrich": bare})))
    assert not any(heading in written for heading in ("who is who", "quotes by", "dates  ", "for or against"))


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
