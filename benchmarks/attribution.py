"""Who said what, against annotated news: precision, recall and F of source, cue and content spans.

    python -m benchmarks.attribution --corpus FOLDER [--split dev] [--model NAME] [--gold-spans | --no-tagger]

Reads ``SPLIT.jsonl`` of the folder: one article a line, its ``text`` with a blank line between paragraphs and its
``attributions``, each with lists of ``[start, end]`` for source, cue and content. Every article goes through the real
reading and the components after it; the spans of ``doc._.quotes`` are compared with the gold ones.

exact: both edges are the same. overlap: each span counts as much as it shares with the span of the other side it
shares most with, by the Dice coefficient of their characters; averaged over the found spans this is precision, over
the gold spans recall. attributions: the share of gold attributions with all three parts exactly right, together.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.article import Article, Block, Ingest, Quote, Wire
from pipeline.config import load_settings
from pipeline.enrichment import quotes as _quotes  # noqa: F401 - registers `wire_quotes`
from pipeline.enrichment.reading import ATTRIBUTION, read

PARTS = ("source", "cue", "content")
Spans = set[tuple[int, int]]


def main() -> None:
    """Score one split and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--model", default=load_settings().enrichment.model)
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--gold-spans", action="store_true", help="give the spans, score their grouping")
    given.add_argument("--no-tagger", action="store_true", help="drop the tagger's spans, score the rules alone")
    arguments = parser.parse_args()
    lines = (arguments.corpus / f"{arguments.split}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    nlp = spacy.load(arguments.model)
    print(json.dumps(score(nlp, rows, gold_spans=arguments.gold_spans, tagger=not arguments.no_tagger), indent=2))


def score(nlp: Language, rows: list[dict[str, Any]], *, gold_spans: bool, tagger: bool) -> dict[str, Any]:
    """Figures of a pipeline on annotated articles, in percent."""
    component = spacy.blank("en").add_pipe("wire_quotes")
    gold: list[tuple[Spans, Spans, Spans]] = []
    found: list[tuple[Spans, Spans, Spans]] = []
    whole = seconds = words = 0.0
    for row, doc in zip(rows, read(nlp, [article(row["text"]) for row in rows], {}), strict=True):
        if gold_spans or not tagger:
            doc.spans[ATTRIBUTION] = list(_gold_spans(doc, row)) if gold_spans else []
        begun = time.process_time()
        component(doc)
        seconds += time.process_time() - begun
        words += len(doc)
        wanted = [_widened(doc, one) for one in row["attributions"] if one["cue"]]
        got = [_of_quote(quote) for quote in doc._.quotes]
        gold.append(_together(wanted))
        found.append(_together(got))
        whole += sum(_frozen(one) in {_frozen(other) for other in got} for one in wanted)
    attributions = sum(1 for row in rows for one in row["attributions"] if one["cue"])
    figures: dict[str, Any] = {
        part: _figures([one[n] for one in gold], [one[n] for one in found]) for n, part in enumerate(PARTS)
    }
    figures["attributions"] = round(100 * whole / attributions, 1)
    figures["microseconds_per_word"] = round(1e6 * seconds / words, 1)
    return figures


def article(text: str) -> Article:
    """An article with a paragraph for each part of a text between blank lines."""
    body: list[Block] = []
    at = 0
    for part in text.split("\n\n"):
        if part:
            body.append(Block(kind="paragraph", start=at, end=at + len(part)))
        at += len(part) + 2
    received = "2000-01-01T00:00:00Z"
    ingest = Ingest.model_validate({"source": "-", "receivedAt": received})
    return Article(uri="urn:corpus", pub_status="usable", body=body, text=text, wire=Wire(format="text"), ingest=ingest)


def _widened(doc: Doc, one: dict[str, Any]) -> tuple[Spans, Spans, Spans]:
    """The gold spans of one attribution, on the edges of words."""
    parts: list[Spans] = []
    for part in PARTS:
        spans = (doc.char_span(start, end, alignment_mode="expand") for start, end in one[part])
        parts.append({(span.start_char, span.end_char) for span in spans if span is not None})
    return parts[0], parts[1], parts[2]


def _gold_spans(doc: Doc, row: dict[str, Any]) -> Iterator[Span]:
    places = {(start, end, part.upper()) for one in row["attributions"] for part in PARTS for start, end in one[part]}
    for start, end, label in sorted(places):
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            yield span


def _of_quote(quote: Quote) -> tuple[Spans, Spans, Spans]:
    source = {(quote.speaker_mention.start, quote.speaker_mention.end)} if quote.speaker_mention else set()
    cue = {(quote.cue.start, quote.cue.end)} if quote.cue else set()
    return source, cue, {(piece.start, piece.end) for piece in quote.content}


def _frozen(one: tuple[Spans, Spans, Spans]) -> tuple[frozenset[tuple[int, int]], ...]:
    return tuple(frozenset(part) for part in one)


def _together(many: Iterable[tuple[Spans, Spans, Spans]]) -> tuple[Spans, Spans, Spans]:
    listed = list(many)
    return (
        set().union(*(one[0] for one in listed)),
        set().union(*(one[1] for one in listed)),
        set().union(*(one[2] for one in listed)),
    )


def _figures(gold: list[Spans], found: list[Spans]) -> dict[str, list[float]]:
    golds, founds = sum(map(len, gold)), sum(map(len, found))
    exact = sum(len(g & f) for g, f in zip(gold, found, strict=True))
    precise = sum(_shared(span, g) for g, f in zip(gold, found, strict=True) for span in f)
    recalled = sum(_shared(span, f) for g, f in zip(gold, found, strict=True) for span in g)
    return {
        "exact": _f(exact / max(founds, 1), exact / max(golds, 1)),
        "overlap": _f(precise / max(founds, 1), recalled / max(golds, 1)),
    }


def _shared(span: tuple[int, int], others: Spans) -> float:
    """The best Dice coefficient of a span with any of the others, from 0 to 1."""
    start, end = span
    return max(
        (2 * max(0, min(end, e) - max(start, s)) / (end - start + e - s) for s, e in others if s < end and start < e),
        default=0.0,
    )


def _f(precision: float, recall: float) -> list[float]:
    """Precision, recall and F in percent."""
    f = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return [round(100 * one, 1) for one in (precision, recall, f)]


if __name__ == "__main__":
    main()
