"""Documents for the quote tests: words with their parse as a table, so that no model is needed."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from spacy.tokens import Doc, Span

from pipeline.enrichment.reading import ATTRIBUTION, BLOCKS

NLP = spacy.blank("en")


def plain(*paragraphs: str) -> Doc:
    """A document without tags or parse, two line ends between its paragraphs."""
    text = "\n\n".join(paragraphs)
    doc = NLP.make_doc(text)
    doc.spans[BLOCKS] = list(_blocks(doc, paragraphs))
    return doc


def _blocks(doc: Doc, paragraphs: Sequence[str]) -> list[Span]:
    blocks = []
    at = 0
    for paragraph in paragraphs:
        span = doc.char_span(at, at + len(paragraph), label="paragraph", alignment_mode="expand")
        if span is not None:
            blocks.append(span)
        at += len(paragraph) + 2
    return blocks


def parsed(table: str) -> Doc:
    """A document of one paragraph from lines of ``word tag pos lemma head dep``; heads count from 1, 0 is the root.

    A blank line ends a sentence. A word ending in ``_`` has no space after it.
    """
    rows: list[tuple[str, str, str, str, int, str]] = []
    starts: list[bool] = []
    for sentence in table.strip().split("\n\n"):
        offset = len(rows)
        for number, line in enumerate(sentence.strip().splitlines()):
            word, tag, pos, lemma, head, dep = line.split()
            own = offset + number
            rows.append((word, tag, pos, lemma, offset + int(head) - 1 if int(head) else own, dep))
            starts.append(number == 0)
    doc = Doc(
        NLP.vocab,
        words=[row[0].removesuffix("_") for row in rows],
        spaces=[not row[0].endswith("_") for row in rows],
        tags=[row[1] for row in rows],
        pos=[row[2] for row in rows],
        lemmas=[row[3] for row in rows],
        heads=[row[4] for row in rows],
        deps=[row[5] for row in rows],
    )
    doc.spans[BLOCKS] = [Span(doc, 0, len(doc), label="paragraph")]
    return doc


def marked(doc: Doc, *spans: tuple[str, str]) -> Doc:
    """The document with attribution spans: each a label and its words, in the order of the text."""
    found = []
    at = 0
    for label, words in spans:
        start = doc.text.index(words, at)
        at = start + len(words)
        span = doc.char_span(start, at, label=label)
        assert span is not None, words
        found.append(span)
    doc.spans[ATTRIBUTION] = found
    return doc
