"""Nothing is lost: every character of the raw text is in the cleaned text, in a removal, or in the headline."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.cleaning import RULES, clean
from pipeline.cleaning.draft import Draft
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS

REWRITTEN = "“”„«»\"‟″`'‘’"
"""Marks that cleaning writes in another form."""

LINES = [
    "UPDATE 2-Board puts off decision", "BC-Skarland-Boats, 1st Ld-Writethru,331", "SKARLAND-BOATS/VOTE (UPDATE 1)",
    "2ND LEAD", "(Eil \x07\x07)", "(Adds quote (in para 2), background)", "Eds: CORRECTS spelling.", "With HP Photos.",
    "By CHARLES ODUM=", "Von Andrej Lund, kns", "Harbour Press=", "EMBARGOED UNTIL 0001 GMT November 26",
    "KILL KILL KILL", "Please kill item kns 157", "HAVNES, Skarland (HP) _ The boats left on Friday, the mayor said.",
    "Paris, 18 nov 2026 (AGL) - Les bateaux sont partis vendredi, a dit le maire.", "The harbour board met on Monday.",
    "``We have been heard,'' said Oddvar Snefell. “Not so ” he added.", "* one item", "- another", "<#>",
    "Solhavn   41.20   +2.1", "Orrin   17.05   -0.3", "Read also: Why the pier fell", "(Reporting by A; Editing by B)",
    "The last word is his. (AGL/cml)", "hdu/cml/rb", "kns wsz jl npr", "(MORE)", "___", "ends", "Enditem", "==Minato",
    "((ada@kestrel.example; +372 555 0100))", "# Notizblock", "* * * *", "## Orte", "al-1-africa",
    "HP-NY-11-20-26 1134EST",
    "Copyright 2026 The Harbour Press. All rights reserved.", "Keywords: FISH/", "ryryryryryryryryryry",
    "TEST TEST TEST",
    "A subhead", "e\u0301te\u0301 \u200b\u00ad x", "[que son homologue]", "Headline: Boats leave", "Slug: boats",
    "NNNN",
    "ZCZC", "^Boats leave Havnes<", "^By ELIN HARROW=", "STAVGRAD, November 21. /NOVA/. The bridge is shut.",
]  # fmt: skip

ENVELOPES = ["", "ZCZC KNS101 3 I 20 FERRY\n", "\x01eca062 4 i 96 ccccb kns 061\r\nFerry/\r\n\x02"]

lines = st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=12)
gaps = st.sampled_from(["\n", "\n\n", "\r\n", "\n   ", "\r\n\r\n"])


@given(
    lines,
    gaps,
    st.sampled_from(ENVELOPES),
)
@settings(max_examples=400)
def test_every_character_is_accounted_for(parts: list[str], gap: str, envelope: str) -> None:
    try:
        readings = read((envelope + gap.join(parts)).encode("utf-8", "replace"), HINTS)
    except Poison:
        return
    for article in readings:
        if isinstance(article, Article):
            _account(article)


def _account(article: Article) -> None:
    raw = article.text
    draft = Draft.of(article)
    for rule in RULES:
        rule(draft)
    given_blocks = {place for block in article.body for place in range(block.start, block.end)}
    envelope = {place for one in article.wire.cleaning for place in range(one.start, one.end)}
    kept = {place for passage in draft.passages for place in passage.origins}
    removed = {place for one in draft.removals for place in range(one.start, one.end)}
    said = "".join(one.value for one in article.headlines) + "".join(one.value for one in article.alt_ids)
    for place, character in enumerate(raw):
        if character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Co", "Mn", "Zl", "Zp"}:
            continue
        if place in given_blocks:
            assert place in kept or place in removed or character in REWRITTEN, (place, character)
        else:
            assert place in envelope or character in said, (place, character)


@given(lines, gaps)
def test_removals_are_pieces_of_the_raw_text_and_cleaning_is_pure(parts: list[str], gap: str) -> None:
    try:
        readings = read(gap.join(parts).encode("utf-8", "replace"), HINTS)
    except Poison:
        return
    for raw in readings:
        if isinstance(raw, Poison):
            continue
        article = clean(raw)
        assert clean(raw) == article
        for removal in article.wire.cleaning:
            assert raw.text[removal.start : removal.end] == removal.text
        for block in article.body:
            piece = article.text[block.start : block.end]
            assert piece
            assert piece == piece.strip()
