"""Where an article's sentences and paragraphs lie, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.enrichment.reading import blocks_of

_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("\"”»’')]")


@dataclass(frozen=True)
class Layout:
    """Sentences and paragraphs of a document, by word.

    Attributes:
        sentence: number of the sentence each word is in.
        sentences: first word and end (exclusive) of each sentence; none runs over the edge of a paragraph.
        paragraph: number of the paragraph or list item each word is in, -1 in subheads and tables.
        paragraphs: first word and end of each.
        children: the words that hang on each word by the parse, left to right; all empty where there is no parse.
    """

    sentence: list[int]
    sentences: list[tuple[int, int]]
    paragraph: list[int]
    paragraphs: list[tuple[int, int]]
    children: list[list[Token]]


def layout(doc: Doc) -> Layout:
    """Lay out a document; where the pipeline finds no sentences, full stops end them."""
    paragraph = [-1] * len(doc)
    paragraphs: list[tuple[int, int]] = []
    for block in blocks_of(doc):
        for start, end in _lines(doc, block.start, block.end):
            paragraph[start:end] = [len(paragraphs)] * (end - start)
            paragraphs.append((start, end))
    starts = _starts_by_pipeline(doc) if doc.has_annotation("SENT_START") else _starts_by_stops(doc)
    for before in range(len(doc) - 1):
        if paragraph[before] != paragraph[before + 1]:
            starts[before + 1] = True
    sentence: list[int] = []
    sentences: list[tuple[int, int]] = []
    begun = 0
    for place in range(len(doc)):
        if starts[place] and place:
            sentences.append((begun, place))
            begun = place
        sentence.append(len(sentences))
    if len(doc):
        sentences.append((begun, len(doc)))
    return Layout(sentence, sentences, paragraph, paragraphs, _children(doc))


def _children(doc: Doc) -> list[list[Token]]:
    # spaCy finds a word's children anew each time, in time that grows with the sentence.
    children: list[list[Token]] = [[] for _ in range(len(doc))]
    if doc.has_annotation("DEP"):
        for token in doc:
            if token.head.i != token.i:
                children[token.head.i].append(token)
    return children


def _lines(doc: Doc, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block's lines: where it has several, each is a paragraph."""
    begun = start
    for place in range(start, end):
        if "\n" in doc[place].text:
            if begun < place:
                yield begun, place
            begun = place + 1
    if begun < end:
        yield begun, end


def _starts_by_pipeline(doc: Doc) -> list[bool]:
    return [bool(token.is_sent_start) for token in doc]


def _starts_by_stops(doc: Doc) -> list[bool]:
    starts = [False] * len(doc)
    ended = False
    for place, token in enumerate(doc):
        text = token.text
        if ended and text not in _CLOSERS and not token.is_space:
            starts[place] = text[0].isupper() or text[0] in "“\"«‘'"
            ended = False
        if text[-1] in _STOPS and len(text) <= 3:
            ended = True
    return starts
