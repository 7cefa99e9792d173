"""Articles for the enrichment tests, put together block by block, and what must hold of any enrichment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from pipeline.article import Article, Block, Ingest, Mention, Span, Translation, Wire
from tests.articles import RECEIVED

MODELS = Path(__file__).parent.parent / "models"
"""Holds `wire_test_model`, which names Ada Lamont a PERSON and the Kestrel Union an ORG, and nothing else."""

Kind = Literal["paragraph", "heading", "list", "table"]


@contextmanager
def small_model_installed() -> Iterator[None]:
    """While open, `wire_test_model` is an installed package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(MODELS))
        yield


def article(*blocks: tuple[Kind, str] | str, language: str | None = "en", residue: Sequence[str] = ()) -> Article:
    """An article of these blocks, two line ends between them; a bare string is a paragraph.

    Args:
        blocks: kind and text of each.
        language: of the article.
        residue: words left untranslated, each at its first place in the text.
    """
    body: list[Block] = []
    text = ""
    for one in blocks:
        kind, words = ("paragraph", one) if isinstance(one, str) else one
        text += "\n\n" if body else ""
        body.append(Block(kind=kind, start=len(text), end=len(text) + len(words)))
        text += words
    spans = [Span(start=text.index(words), end=text.index(words) + len(words), text=words) for words in residue]
    return Article(
        uri="urn:test:enrichment",
        pub_status="usable",
        language=language,
        body=body,
        text=text,
        wire=Wire(format="text", translation=Translation(residue=spans) if spans else None),
        ingest=Ingest(source="feeds/test/item", received_at=RECEIVED),
    )


def mentions(one: Article) -> list[Mention]:
    """All mentions of an enriched article, in the order of the text."""
    assert one.enrich is not None
    return sorted((m for entity in one.enrich.entities for m in entity.mentions), key=lambda m: (m.start, m.end))


def named(one: Article) -> list[tuple[str, str, list[str]]]:
    """Name, type and the words of each mention, entity by entity."""
    assert one.enrich is not None
    return [(entity.name, entity.type, [m.text for m in entity.mentions]) for entity in one.enrich.entities]


def assert_sound(one: Article) -> None:
    """What holds of every enrichment, whatever the text and the model."""
    assert one.enrich is not None
    assert [entity.id for entity in one.enrich.entities] == [f"e{n + 1}" for n in range(len(one.enrich.entities))]
    names = [entity.name.casefold() for entity in one.enrich.entities]
    assert len(names) == len(set(names))
    firsts = [entity.mentions[0].start for entity in one.enrich.entities]
    assert firsts == sorted(firsts)
    for mention in mentions(one):
        assert one.text[mention.start : mention.end] == mention.text
        assert mention.text == mention.text.strip() != ""
        assert [b.kind for b in one.body if b.start <= mention.start and mention.end <= b.end] in (
            ["paragraph"],
            ["list"],
        )
        assert not _touched(mention, one.wire.translation.residue if one.wire.translation else [])


def _touched(mention: Span, residue: Iterable[Span]) -> bool:
    return any(span.start < mention.end and mention.start < span.end for span in residue)
