"""Annotated documents written by hand, so that tests don't hang on what a model happens to find.

Paragraphs are lines. Words are apart by spaces and written ``word``, ``word/TAG`` or ``word/TAG/dep/head``, where
``head`` is the governing word, counted in the paragraph from 0. Entities stand in brackets:
``[Ana/NNP Ruiz/NNP]PERSON``.
Each paragraph is one sentence, unless a word "|" ends one.
"""

from __future__ import annotations

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from pipeline.article import Entity
from pipeline.enrichment.linking.component import EntityLinker

LEMMAS = {"accused": "accuse", "demands": "demand", "talks": "talk", "answered": "answer", "seems": "seem"}
"""Lemmas of the inflected words in the tests that matter."""

_NO_SPACE_BEFORE = frozenset({",", ".", "'s", "’s", ")", "”", ";"})


def made(*paragraphs: str, kinds: dict[int, str] | None = None) -> Doc:
    """The document of these paragraphs; ``kinds`` names those that are no paragraphs, by number."""
    words: list[str] = []
    tags: list[str] = []
    deps: list[str] = []
    heads: list[int] = []
    sentence_starts: list[bool] = []
    ents: list[tuple[int, int, str]] = []
    blocks: list[tuple[int, int, str]] = []
    for number, paragraph in enumerate(paragraphs):
        if number:
            _append((words, tags, deps, heads), ("\n\n", "_SP", "", None), len(words))
            sentence_starts.append(True)
        start, fresh, open_at = len(words), True, None
        for piece in paragraph.split():
            if piece == "|":
                fresh = True
                continue
            if piece.startswith("["):
                open_at, piece = len(words), piece[1:]  # noqa: PLW2901
            label = ""
            if "]" in piece:
                piece, label = piece.split("]")  # noqa: PLW2901
            word, tag, dep, head = (*piece.split("/"), "", "", "")[:4]
            _append((words, tags, deps, heads), (word, tag, dep, start + int(head) if head else None), len(words))
            sentence_starts.append(fresh)
            fresh = False
            if label and open_at is not None:
                ents.append((open_at, len(words), label))
        blocks.append((start, len(words), (kinds or {}).get(number, "paragraph")))
    following = [*words[1:], ""] if words else []
    spaces = [w != "\n\n" and n not in _NO_SPACE_BEFORE | {"\n\n", ""} for w, n in zip(words, following, strict=True)]
    parsed = any(deps)
    doc = Doc(
        Vocab(),
        words=words,
        spaces=spaces,
        tags=tags,
        lemmas=[LEMMAS.get(word, word.lower()) for word in words],
        deps=[dep or "dep" for dep in deps] if parsed else None,
        heads=heads if parsed else None,
        sent_starts=None if parsed else sentence_starts,
    )
    doc.set_ents([Span(doc, start, end, label=label) for start, end, label in ents])
    doc.spans["blocks"] = [Span(doc, start, end, label=kind) for start, end, kind in blocks]
    return doc


def _append(
    columns: tuple[list[str], list[str], list[str], list[int]], word: tuple[str, str, str, int | None], at: int
) -> None:
    words, tags, deps, heads = columns
    words.append(word[0])
    tags.append(word[1])
    deps.append(word[2])
    heads.append(at if word[3] is None else word[3])


def linked(*paragraphs: str, kinds: dict[int, str] | None = None) -> list[Entity]:
    """The entities of these paragraphs."""
    entities: list[Entity] = EntityLinker()(made(*paragraphs, kinds=kinds))._.entities
    return entities


def groups(*paragraphs: str) -> dict[str, list[str]]:
    """The mentions of each entity, as written, by the entity's name."""
    return {entity.name: [mention.text for mention in entity.mentions] for entity in linked(*paragraphs)}
