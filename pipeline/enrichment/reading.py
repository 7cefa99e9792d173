"""From an article to one spaCy document: the language pipeline reads its paragraphs, the document holds them all.

The model sees paragraphs and list items one at a time; subheads and tables stay out of it. What it found is put
together into one document an article, whose text is the article's text character for character, so that the
components after it (see `pipeline.enrichment.components`) see the whole story and every offset is the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from spacy import attrs
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.article import Article

READ = frozenset({"paragraph", "list"})
"""Kinds of blocks the model reads."""

PIPE_BATCH = 128
"""Paragraphs the model reads at a time."""

BLOCKS = "blocks"
"""Key of ``doc.spans``: the article's blocks, labelled with their kind."""

RESIDUE = "residue"
"""Key of ``doc.spans``: words left untranslated, in which nothing is found."""

ATTRIBUTION = "attribution"
"""Key of ``doc.spans``: spans labelled SOURCE, CUE and CONTENT, where the model finds them."""

LONGEST_RUN = 100
"""Characters without a space between them that are read as they are."""

_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")

_PARAGRAPHS = "paragraphs"
"""Key of ``doc.user_data``: the pipeline's documents of the paragraphs, each with its first word's index."""

_COPIED = ("TAG", "POS", "MORPH", "LEMMA", "ENT_IOB", "ENT_TYPE")

Doc.set_extension("reference_date", default=None, force=True)
Doc.set_extension("reference_is_stated", default=False, force=True)
Doc.set_extension("dateline_place", default=None, force=True)


def read(nlp: Language, articles: Sequence[Article], labels: Mapping[str, str]) -> Iterator[Doc]:
    """One document an article, in order.

    Args:
        nlp: any spaCy pipeline.
        articles: cleaned articles.
        labels: entity labels of the pipeline that differ from ours, each with ours; an empty string drops a label.

    Yields:
        Documents with ``doc.text == article.text``; ``doc.spans["blocks"]`` with labels paragraph, heading, list
        and table; ``doc.spans["attribution"]``, which may be empty; ``doc._.reference_date``, the day the article
        was written (`datetime.date`), and ``doc._.reference_is_stated``, false where that is only the day it came in;
        ``doc._.dateline_place``, where it was written, or None. Entities that touch untranslated residue are left out.
    """
    paragraphs = (
        (document(nlp, article.text[block.start : block.end]), None)
        for article in articles
        for block in article.body
        if block.kind in READ
    )
    found: Any = nlp.pipe(paragraphs, as_tuples=True, batch_size=PIPE_BATCH)
    docs = (doc for doc, _ in found)
    for article in articles:
        yield _whole(nlp, article, docs, labels)


def document(nlp: Language, text: str) -> Doc:
    """The words of a text, in time that grows with its length.

    spaCy's tokenizer takes punctuation off a run of characters one by one, and looks at all the rest of the run each
    time; so a run that is longer than any word is cut first.
    """
    starts = [
        0,
        *(at for run in _RUN.finditer(text) for at in range(run.start() + LONGEST_RUN, run.end(), LONGEST_RUN)),
    ]
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    if len(pieces) == 1:
        return nlp.make_doc(text)
    doc: Doc = Doc.from_docs([nlp.make_doc(piece) for piece in pieces], ensure_whitespace=False)
    return doc


def _whole(nlp: Language, article: Article, docs: Iterator[Doc], labels: Mapping[str, str]) -> Doc:
    pieces: list[tuple[str, Doc]] = []
    at = 0
    for block in article.body:
        if at < block.start:
            pieces.append(("", document(nlp, article.text[at : block.start])))
        text = article.text[block.start : block.end]
        pieces.append((block.kind, next(docs) if block.kind in READ else document(nlp, text)))
        at = block.end
    if at < len(article.text):
        pieces.append(("", document(nlp, article.text[at:])))
    doc = _joined(nlp, [piece for _, piece in pieces])
    blocks, attribution = [], []
    paragraphs: list[tuple[int, Doc]] = []
    start = 0
    for kind, piece in pieces:
        if kind and len(piece):
            blocks.append(Span(doc, start, start + len(piece), label=kind))
        attribution += [
            Span(doc, start + span.start, start + span.end, label=span.label_)
            for span in piece.spans.get(ATTRIBUTION, ())
        ]
        if kind in READ:
            paragraphs.append((start, piece))
        start += len(piece)
    doc.user_data[_PARAGRAPHS] = paragraphs
    doc.spans[BLOCKS] = blocks
    doc.spans[RESIDUE] = list(_residue(doc, article))
    doc.spans[ATTRIBUTION] = attribution
    doc.set_ents(list(_entities(doc, labels)), default="outside")
    doc._.reference_date, doc._.reference_is_stated = reference_date(article)
    doc._.dateline_place = article.wire.dateline.place if article.wire.dateline else article.located
    return doc


def _joined(nlp: Language, pieces: Sequence[Doc]) -> Doc:
    doc = Doc(
        nlp.vocab,
        words=[token.text for piece in pieces for token in piece],
        spaces=[bool(token.whitespace_) for piece in pieces for token in piece],
    )
    if not len(doc):
        return doc
    parsed = any(piece.has_annotation("DEP") for piece in pieces)
    names = [*_COPIED, "HEAD", "DEP"] if parsed else [*_COPIED, "SENT_START"]
    keys = [getattr(attrs, name) for name in names]
    rows: list[list[int]] = []
    for piece in pieces:
        array = piece.to_array(keys).reshape(len(piece), len(keys))
        if parsed and not piece.has_annotation("DEP"):
            # One sentence, all words hanging on its first.
            array[:, names.index("HEAD")] = [(-i) % 2**64 for i in range(len(piece))]
            array[:, names.index("DEP")] = [
                nlp.vocab.strings.add("ROOT" if i == 0 else "dep") for i in range(len(piece))
            ]
        if not parsed and len(piece):
            array[0, names.index("SENT_START")] = 1
        rows.extend(array.tolist())
    return doc.from_array(keys, np.array(rows, dtype=np.uint64))


def _residue(doc: Doc, article: Article) -> Iterator[Span]:
    for span in article.wire.translation.residue if article.wire.translation else []:
        if words := doc.char_span(span.start, span.end, alignment_mode="expand"):
            yield words


def _entities(doc: Doc, labels: Mapping[str, str]) -> Iterator[Span]:
    masked = words_in_residue(doc)
    for ent in doc.ents:
        label = labels.get(ent.label_, ent.label_)
        if label and ent.text.strip() and masked.isdisjoint(range(ent.start, ent.end)):
            yield Span(doc, ent.start, ent.end, label=label)


def paragraphs_of(doc: Doc) -> list[tuple[int, Doc]]:
    """What the language pipeline made of each paragraph, with the index of its first word; else the document itself."""
    found: list[tuple[int, Doc]] = doc.user_data.get(_PARAGRAPHS, [(0, doc)])
    return found


def words_in_residue(doc: Doc) -> set[int]:
    """The words that are left untranslated, by their index."""
    return {word for span in doc.spans.get(RESIDUE, ()) for word in range(span.start, span.end)}


def reference_date(article: Article) -> tuple[date, bool]:
    """The day an article was written, and whether it says so itself (else it is the day it came in)."""
    for stated in (article.version_created, article.first_created):
        if stated:
            return stated.date(), True
    if article.wire.dateline and (written := article.wire.dateline.calendar_day):
        return written, True
    return article.ingest.received_at.date(), False


def blocks_of(doc: Doc, kinds: Iterable[str] = READ) -> list[Span]:
    """The article's blocks of the given kinds; the whole document where it has none noted."""
    wanted = frozenset(kinds)
    if BLOCKS not in doc.spans:
        return [doc[:]] if len(doc) else []
    return [span for span in doc.spans[BLOCKS] if span.label_ in wanted]
