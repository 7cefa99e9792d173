"""The text in colour: each mention by its entity and kind, quotes, cues, speakers; offsets hold whatever the text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from rich.style import Style
from rich.text import Text

from pipeline.article import Article, Block, Enrichment, Entity, Mention, NlpModel, Quote, Span
from pipeline.searching.marked_text import (
    COLOURS,
    CUE,
    KINDS,
    QUOTED,
    SPEAKER,
    MentionKind,
    legend,
    marked_blocks,
    style_of,
)
from tests.searching.archive import story
from tests.searching.interview import BLOCKS, INTERVIEW, OPINIONATED, place


def article(
    text: str, *entities: Entity, body: list[Block] | None = None, quotes: list[Quote] | None = None
) -> Article:
    enrich = Enrichment(model=NlpModel(name="by_hand", version="1"), entities=list(entities), quotes=quotes or [])
    blocks = body if body is not None else [Block(kind="paragraph", start=0, end=len(text))]
    return story("a", "Headline", "x").model_copy(update={"text": text, "body": blocks, "enrich": enrich})


def entity(kind: str, *mentions: tuple[int, int, MentionKind]) -> Entity:
    found = [Mention(start=start, end=end, text="x", kind=said) for start, end, said in mentions]
    return Entity(id="e1", name="x", type=kind, mentions=found)


def look(text: Text, at: int) -> Style:
    """The style of one character."""
    style = Style()
    for span in text.spans:
        if span.start <= at < span.end:
            style += span.style if isinstance(span.style, Style) else Style.parse(span.style)
    return style


def look_of(words: str, after: str = "") -> Style:
    """The style of words of the interview, which must be one and the same."""
    at = place(words, after)
    for block, text in zip(INTERVIEW.body, marked_blocks(INTERVIEW), strict=True):
        if block.start <= at["start"] < block.end:
            (style,) = {look(text, n - block.start) for n in range(at["start"], at["end"])}
            return style
    raise AssertionError(words)


# -- mentions --------------------------------------------------------------------------------------


def test_each_type_has_its_colour_and_each_kind_of_mention_its_look() -> None:
    looks = {style_of(entity("PERSON"), kind) for kind in KINDS}
    assert len(looks) == len(KINDS)
    assert {look.color and look.color.name for look in looks} == {COLOURS["PERSON"]}
    assert style_of(entity("PERSON")) == Style.parse("bold cyan")
    assert not style_of(entity("PERSON"), "nominal").bold
    assert style_of(entity("[/odd]")) == Style.parse("bold")


@pytest.mark.parametrize(
    ("words", "after", "style"),
    [
        ("Drovnia", "", "bold green"),
        ("Tallinn", "reporters", "bold green"),
        ("his", "Dragovar said", f"dim cyan {QUOTED}"),
        ("European Commission", "asked the", f"bold magenta {QUOTED}"),
        ("Stavgrad", "answers", "bold underline green"),  # a name too: that it stands for the government is on top
        ("Stavgrad", "", "bold green"),
        ("rejected the demand", "", ""),
    ],
)
def test_a_mention_has_the_colour_of_its_entity_and_the_look_of_its_kind(words: str, after: str, style: str) -> None:
    assert look_of(words, after) == Style.parse(style)


def test_a_name_within_a_longer_one_is_seen() -> None:
    (text,) = marked_blocks(
        article("Port Arden Rovers", entity("GPE", (0, 10, "name")), entity("ORG", (0, 17, "name")))
    )
    assert (look(text, 0).color, look(text, 12).color) == (
        Style.parse("green").color,
        Style.parse("magenta").color,
    )


# -- quotes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "after", "style"),
    [
        ("is not a weapon", "", QUOTED),
        ("saying", "", CUE),
        ("Liisa Raudvee", "", f"bold cyan {SPEAKER}"),
        ("the president", "", f"underline cyan {SPEAKER}"),
        ("European officials", "", SPEAKER),
        ("reporters in", "", ""),
    ],
)
def test_what_is_quoted_by_whom_and_with_which_word_is_seen(words: str, after: str, style: str) -> None:
    assert look_of(words, after) == Style.parse(style)


def test_a_quote_that_runs_over_paragraphs_is_marked_in_each() -> None:
    body = [Block(kind="paragraph", start=0, end=5), Block(kind="paragraph", start=7, end=12)]
    quote = Quote(kind="direct", content=[Span(start=2, end=9, text="x")])
    first, second = marked_blocks(article("abcde\n\nfghij", body=body, quotes=[quote]))
    assert [bool(look(first, n).italic) for n in range(5)] == [False, False, True, True, True]
    assert [bool(look(second, n).italic) for n in range(5)] == [True, True, False, False, False]


# -- blocks ----------------------------------------------------------------------------------------


def test_the_words_of_every_block_are_there() -> None:
    assert [text.plain for text in marked_blocks(INTERVIEW)] == [words for _, words in BLOCKS]


def test_control_characters_shift_nothing() -> None:
    text = "\x1b[2J\x00🛥 Ada Lamont spoke."
    (marked,) = marked_blocks(article(text, entity("PERSON", (7, 17, "name"))))
    assert marked.plain == "\ufffd[2J\ufffd🛥 Ada Lamont spoke."
    assert [n for n in range(len(text)) if look(marked, n).bold] == list(range(7, 17))


@pytest.mark.parametrize("span", [(-5, 3), (-3, -1), (3, 3), (4, 2), (100, 200)])
def test_a_span_that_is_nowhere_marks_nothing(span: tuple[int, int]) -> None:
    (marked,) = marked_blocks(article("Ada Lamont", entity("PERSON", (*span, "name"))))
    assert marked.plain == "Ada Lamont"
    assert not any(look(marked, n) for n in range(10))


def test_blocks_that_overlap_keep_their_words() -> None:
    body = [Block(kind="paragraph", start=start, end=end) for start, end in ((0, 6), (4, 10), (3, 3), (9, 99))]
    assert [text.plain for text in marked_blocks(article("0123456789", body=body))] == ["012345", "456789", "", "9"]


@given(data=st.data(), text=st.text(max_size=30))
@examples(max_examples=60)
def test_a_mention_is_marked_where_it_is_and_nowhere_else(data: Any, text: str) -> None:
    bounds = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    body = [Block(kind="paragraph", start=s, end=e) for s, e in pairwise(bounds)]
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    made = article(text, entity("PERSON", (start, end, "name")), body=body)
    for block, marked in zip(body, marked_blocks(made), strict=True):
        assert len(marked) == block.end - block.start
        bold = [block.start + n for n in range(len(marked)) if look(marked, n).bold]
        assert bold == [n for n in range(block.start, block.end) if start <= n < end]


# -- legend ----------------------------------------------------------------------------------------


def test_the_legend_tells_the_looks_that_are_in_the_article_and_no_others() -> None:
    assert INTERVIEW.enrich
    assert legend(INTERVIEW.enrich).plain.split() == [
        *("PERSON", "GPE", "ORG", "nominal", "pronoun", "metonym", "quoted", "cue", "speaker")
    ]
    assert OPINIONATED.enrich
    assert legend(OPINIONATED.enrich).plain.split()[9:] == ["favor", "against", "neutral", *"holder or target".split()]
    bare = article("Ada Lamont", entity("PERSON", (0, 10, "name"))).enrich
    assert bare
    assert legend(bare).plain == "PERSON"
