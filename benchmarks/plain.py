"""The limits: the same articles through plain `nlp.pipe`, and through the enrichment, without Kafka or an index.

    python -m benchmarks.plain --articles FILE --what model|enrichment --processes N

Reads canonical articles, one a line; prints the seconds it took to read them all, loading left out.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import spacy

from pipeline.article import Article
from pipeline.config import load_settings
from pipeline.enrichment.enricher import Enricher

BATCH = 16


def main() -> None:
    """Put all articles through once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain", description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--what", choices=["model", "enrichment"], required=True)
    parser.add_argument("--processes", type=int, required=True)
    arguments = parser.parse_args()
    lines = arguments.articles.read_bytes().splitlines()
    read = {"model": _model, "enrichment": _enrichment}[arguments.what]
    seconds, entities = read(lines, arguments.processes)
    print(json.dumps({"seconds": seconds, "entities": entities}))


def _model(lines: list[bytes], processes: int) -> tuple[float, int]:
    """The language model alone, on whole texts."""
    texts = [Article.from_json(line).text for line in lines]
    # Without what pairs are read from, which would burden the way between processes to no end.
    nlp = spacy.load(load_settings().enrichment.model, exclude=["wire_pairs"])
    encoder = nlp.get_pipe("wire_encoder")
    encoder.outputs = tuple(name for name in encoder.outputs if name != "shared")
    for doc in nlp.pipe(texts[:20]):  # so that no first-time work is measured
        assert doc.has_annotation("ENT_IOB")
    begun = time.perf_counter()
    entities = sum(len(doc.ents) for doc in nlp.pipe(texts, n_process=processes))
    return time.perf_counter() - begun, entities


def _enrichment(lines: list[bytes], processes: int) -> tuple[float, int]:
    """The language model and all that reads an article as a whole."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_entities, [lines[:BATCH]] * processes * 2))  # each process loads and warms up
        begun = time.perf_counter()
        entities = sum(pool.map(_entities, _batches(lines)))
        return time.perf_counter() - begun, entities


def _batches(lines: list[bytes]) -> Iterator[list[bytes]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        yield batch


@cache
def _enricher() -> Enricher:
    return Enricher(load_settings().enrichment)


def _entities(lines: list[bytes]) -> int:
    enriched = _enricher().enrich(map(Article.from_json, lines))
    return sum(len(article.enrich.entities) for article in enriched if article.enrich)


if __name__ == "__main__":
    main()
