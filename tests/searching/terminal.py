"""What a terminal gets of something that is shown, and articles that try to tell it what to do."""

from __future__ import annotations

import re
import unicodedata
from io import StringIO

from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style

from pipeline.article import (
    Article,
    Association,
    Change,
    Dateline,
    Enrichment,
    Entity,
    Mention,
    NlpModel,
    Quote,
    Removal,
    ResolvedDate,
    Span,
    Stance,
)
from pipeline.indexing.documents import document
from pipeline.searching.queries import Found, Hit
from tests.searching.archive import story

SGR = re.compile(r"\x1b\[[0-9;]*m")
"""What rich itself writes on a colour terminal."""

BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ODD_TEXT = st.text(
    st.characters(codec="utf-8", categories=["Cc"]) | st.sampled_from([*BIDI, "[", "]", "/", "\\", "b", " ", "é", "🛥"]),
    min_size=1,
    max_size=20,
)


def shown(what: RenderableType, *, colour: bool = False, width: int = 300) -> str:
    """What is written to a terminal, a wide one unless told otherwise, or, without colour, to a file."""
    out = StringIO()
    Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None).print(what)
    return out.getvalue()


def lines(what: RenderableType, *, width: int = 300) -> list[str]:
    """The lines that are written, without what fills them up."""
    return [line.rstrip() for line in shown(what, width=width).splitlines()]


def painted(words: str, style: str | Style) -> str:
    """Words in a style, as rich writes them."""
    return (Style.parse(style) if isinstance(style, str) else style).render(words, color_system=ColorSystem.STANDARD)


def assert_harmless(written: str) -> None:
    left = SGR.sub("", written).replace("\n", "")
    assert not {c for c in left if unicodedata.category(c) == "Cc" or c in BIDI}


def one_hit(article: Article, *fragments: str) -> Found:
    return Found(1, [Hit(document(article), 1.0, list(fragments))])


def hostile(text: str) -> Article:
    """An article that says ``text`` wherever a feed, or what is found in its copy, can say something."""
    plain = story(text, text, f"a{text}", provider=text, by=text, located=text)
    span = Span(start=0, end=len(text), text=text)
    mention = Mention(kind="name", **span.model_dump())
    enrich = Enrichment(
        model=NlpModel(name="by_hand", version="1"),
        entities=[
            Entity(id="e1", name=text, key=text, type=text, country=text, roles=[text], mentions=[mention]),
            Entity(id="e2", name=text, type="PERSON", mentions=[mention]),
        ],
        dates=[ResolvedDate(value=text, **span.model_dump())],
        quotes=[
            Quote(speaker="e1", speaker_mention=span, kind="direct", cue=span, content=[span, span]),
            Quote(speaker_mention=span, kind="indirect", content=[span]),
        ],
        stances=[
            Stance(
                holder=holder,
                holder_text=text,
                target_text=text,
                label="against",
                confidence=0.5,
                voice="narrated",
                cue=span,
                evidence=evidence,
            )
            for holder, evidence in (("e1", span), (None, Span(start=1, end=1 + len(text), text=text)))
        ],
        keyphrases=[text, f"b{text}"],
        summary=text,
    )
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
    said = {"wire": wire, "ed_note": text, "version": text, "enrich": enrich}
    return plain.model_copy(update=said | {"associations": [Association(rel="see-also", name=text)]})
