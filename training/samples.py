"""Corpora as the encoder learns from them: words in pieces, with a number to learn for each word and head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import spacy
from en_wire_core.bioes import tags_of
from en_wire_core.windows import certain_starts
from en_wire_core.words import pieces
from spacy.tokens import Doc, Span
from tokenizers import Tokenizer

from training.corpora import Corpora
from training.labels import ATTRIBUTION, Labels, morph_of

IGNORED = -100
"""The target of a word that a head does not learn from."""

_PARTLY = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
"""The types of the second corpus of entities, which does not know the others."""


@dataclass(slots=True)
class Sample:
    """A document to learn from.

    Attributes:
        words: its words.
        pieces: the numbers of each word's pieces.
        starts: for each word, whether it begins a sentence.
        targets: for each head a number a word, `IGNORED` where there is nothing to learn; under ``governor`` the
            index of the head in the document, the word's own for the root.
    """

    words: list[str]
    pieces: list[list[int]]
    starts: list[bool]
    targets: dict[str, list[int]]


def syntax_samples(corpora: Corpora, name: str, labels: Labels, tokenizer: Tokenizer) -> list[Sample]:
    """A treebank; where the same sentence has people, organisations and places annotated, with those too."""
    vocab = spacy.blank("en").vocab
    partly = _entity_tags_by_sentence(corpora.docs("ner/uner_gum_train", vocab), labels)
    tags, morphs, deps = (_numbers(names) for names in (labels.tags, labels.morphs, labels.deps))
    found = []
    for doc in corpora.docs(name, vocab):
        entities: list[int] = []
        for sentence in doc.sents:
            entities += partly.get(_words(sentence), [IGNORED] * len(sentence))
        targets = {
            "tag": [tags.get(token.tag_, IGNORED) for token in doc],
            "morph": [morphs.get(morph_of(token.pos_, str(token.morph)), IGNORED) for token in doc],
            "governor": [token.head.i for token in doc],
            "dep": [deps.get(token.dep_, IGNORED) for token in doc],
            "sentence": [int(bool(token.is_sent_start)) for token in doc],
            "partly": entities,
        }
        found.append(_sample(doc, [bool(token.is_sent_start) for token in doc], targets, tokenizer))
    return found


def _entity_tags_by_sentence(docs: Iterable[Doc], labels: Labels) -> dict[tuple[str, ...], list[int]]:
    numbers = _numbers(tags_of(labels.entities))
    found = {}
    for doc in docs:
        marks = _bioes(len(doc), ((e.start, e.end, _PARTLY[e.label_]) for e in doc.ents if e.label_ in _PARTLY))
        for sentence in doc.sents:
            found[_words(sentence)] = [numbers[mark] for mark in marks[sentence.start : sentence.end]]
    return found


def entity_samples(corpora: Corpora, name: str, labels: Labels, tokenizer: Tokenizer) -> list[Sample]:
    """Newswire with entities of all types. Its lines hold several sentences: starts are told by punctuation."""
    numbers = _numbers(tags_of(labels.entities))
    found = []
    for doc in corpora.docs(name, spacy.blank("en").vocab):
        marks = _bioes(len(doc), ((ent.start, ent.end, ent.label_) for ent in doc.ents))
        starts = _certain_starts(doc)
        found.append(_sample(doc, starts, {"entities": [numbers[mark] for mark in marks]}, tokenizer))
    return found


def attribution_samples(corpora: Corpora, name: str, labels: Labels, tokenizer: Tokenizer) -> list[Sample]:
    """Political news with sources, cues and contents; of nested attributions the outermost is learned."""
    numbers = _numbers(tags_of(labels.attribution))
    nlp = spacy.blank("en")
    found = []
    for row in corpora.rows(name):
        doc = nlp.make_doc(row["text"])
        marks = _bioes(len(doc), _attribution_spans(doc, row["attributions"]))
        starts = _certain_starts(doc)
        found.append(_sample(doc, starts, {"attribution": [numbers[mark] for mark in marks]}, tokenizer))
    return found


def _attribution_spans(doc: Doc, attributions: Sequence[dict[str, list[list[int]]]]) -> Iterator[tuple[int, int, str]]:
    """Spans in words, none overlapping another, none running over a line's end: contents first, the longest first."""
    spans = [
        (label, start, end)
        for one in attributions
        for label in ATTRIBUTION
        for start, end in one.get(label.lower(), ())
    ]
    spans.sort(key=lambda span: (span[0] != "CONTENT", span[1] - span[2]))
    taken: set[int] = set()
    for label, start, end in spans:
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is not None and not taken.intersection(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            yield from ((first, last, label) for first, last in _lines(span))


def _lines(span: Span) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for token in span:
        if token.is_space:
            if start is not None and "\n" in token.text:
                yield start, token.i
                start = None
        elif start is None:
            start = token.i
    if start is not None:
        yield start, span.end


def _bioes(size: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    marks = ["O"] * size
    for start, end, label in spans:
        marks[start:end] = [f"I-{label}"] * (end - start)
        marks[start], marks[end - 1] = f"B-{label}", f"E-{label}"
        if end - start == 1:
            marks[start] = f"S-{label}"
    return marks


def _certain_starts(doc: Doc) -> list[bool]:
    return certain_starts([token.text for token in doc], [bool(token.whitespace_) for token in doc])


def _sample(doc: Doc, starts: list[bool], targets: dict[str, list[int]], tokenizer: Tokenizer) -> Sample:
    words = [token.text for token in doc]
    return Sample(words, pieces(tokenizer, words), starts, targets)


def _words(tokens: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, tokens))


def _numbers(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}
