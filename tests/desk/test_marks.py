"""The text of an article in marked pieces: nothing of it lost, everything that was found marked where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article, Block, Mention, Span
from pipeline.desk.marks import marked_blocks
from tests.searching.interview import OPINIONATED
from tests.searching.terminal import hostile


def marked(article: Article, words: str) -> list[tuple[str, str]]:
    """The look of each piece in which these words stand alone, and what is said of it."""
    pieces = [piece for block in marked_blocks(article) for piece in block.pieces]
    return [(piece.look, piece.said) for piece in pieces if piece.text.strip() == words]


SPANS = st.tuples(st.integers(-3, 500), st.integers(-3, 500))


@given(spans=st.lists(SPANS, max_size=12))
def test_the_pieces_of_a_block_are_its_text_wherever_marks_stand(spans: list[tuple[int, int]]) -> None:
    enrich = OPINIONATED.enrich
    assert enrich
    mentions = [Mention(kind="name", start=start, end=end, text="x") for start, end in spans]
    entities = [enrich.entities[0].model_copy(update={"mentions": mentions}), *enrich.entities[1:]]
    article = OPINIONATED.model_copy(update={"enrich": enrich.model_copy(update={"entities": entities})})
    written = ["".join(piece.text for piece in block.pieces) for block in marked_blocks(article)]
    assert written == [article.text[block.start : block.end] for block in article.body]


def test_blocks_that_overlap_are_whole_too() -> None:
    article = hostile("abcdef").model_copy(
        update={"body": [Block(kind="paragraph", start=0, end=4), Block(kind="paragraph", start=2, end=7)]}
    )
    assert ["".join(p.text for p in block.pieces) for block in marked_blocks(article)] == ["aabc", "bcdef"]


def test_entities_quotes_and_who_speaks_are_marked_in_the_text() -> None:
    assert marked(OPINIONATED, "Liisa Raudvee")[0] == (
        "entity person name speaker",
        "Liisa Raudvee (PERSON) · Estonian President; speaker",
    )
    assert marked(OPINIONATED, "the president") == [
        ("entity person nominal speaker", "Liisa Raudvee (PERSON, nominal) · Estonian President; speaker")
    ]
    assert ("quoted", "") in marked(OPINIONATED, '"We will not wait until spring,"')
    assert marked(OPINIONATED, "told") == [("cue", "direct quote")]
    # Of a place and the government it stands for, the government is seen.
    assert marked(OPINIONATED, "Stavgrad")[-1][0].split()[:3] == ["entity", "gpe", "metonym"]


def test_the_cue_of_a_statement_leads_to_it() -> None:
    enrich = OPINIONATED.enrich
    assert enrich
    pieces = [piece for block in marked_blocks(OPINIONATED) for piece in block.pieces if piece.statement]
    with_cue = [stance for stance in enrich.stances if stance.cue]
    assert {piece.statement for piece in pieces} <= set(range(1, len(enrich.stances) + 1))
    assert len(pieces) >= len({(s.cue.start, s.cue.end) for s in with_cue if s.cue}) > 0
    assert all("stance" in piece.look.split() for piece in pieces)


def test_an_article_without_text_has_no_blocks() -> None:
    assert marked_blocks(OPINIONATED.model_copy(update={"text": "", "body": []})) == []


def test_a_span_over_several_blocks_is_marked_in_each() -> None:
    enrich = OPINIONATED.enrich
    assert enrich
    first, second = OPINIONATED.body[:2]
    over = Span(start=first.end - 4, end=second.start + 4, text="x")
    quotes = [enrich.quotes[0].model_copy(update={"content": [over], "speaker_mention": None, "cue": None})]
    only = enrich.model_copy(update={"quotes": quotes, "entities": [], "stances": []})
    blocks = marked_blocks(OPINIONATED.model_copy(update={"enrich": only}))
    assert [[piece.look for piece in block.pieces] for block in blocks[:2]] == [["", "quoted"], ["quoted", ""]]
