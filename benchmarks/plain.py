"""The limits: the same articles through plain `nlp.pipe`, and through the enrichment, without Kafka or an index.

    python -m benchmarks.plain --articles FILE --what model|default|enrichment --processes N

``model`` gives each process batches of 16 articles; ``default`` leaves the batch to spaCy, whose 1,000 articles keep
all but one process idle in a corpus this small; ``enrichment`` is what the pipeline does with an article, in the
pipeline's own batches. Reads canonical articles, one a line; prints the seconds it took to read them all and the CPU
seconds of all processes, loading and warming up left out.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import psutil
import spacy

from benchmarks.processes import cpu_seconds
from pipeline.article import Article
from pipeline.config import load_settings
from pipeline.enrichment.enricher import Enricher

BATCH = 16
Measured = dict[str, float]


def main() -> None:
    """Put all articles through once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain", description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--what", choices=["model", "default", "enrichment"], required=True)
    parser.add_argument("--processes", type=int, required=True)
    arguments = parser.parse_args()
    lines = arguments.articles.read_bytes().splitlines()
    ways: dict[str, Callable[[list[bytes], int], Measured]] = {
        "model": partial(_model, batch=BATCH),
        "default": _model,
        "enrichment": _enrichment,
    }
    print(json.dumps(ways[arguments.what](lines, arguments.processes)))


def _measured(count: Callable[[], int]) -> Measured:
    begun, cpu = time.perf_counter(), cpu_seconds(psutil.Process())
    entities = count()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": cpu_seconds(psutil.Process()) - cpu,
        "entities": entities,
    }


def _model(lines: list[bytes], processes: int, batch: int | None = None) -> Measured:
    """The language model alone, on whole texts."""
    texts = [Article.from_json(line).text for line in lines]
    # Without what pairs are read from, which would burden the way between processes to no end.
    nlp = spacy.load(load_settings().enrichment.model, exclude=["wire_pairs"])
    encoder = nlp.get_pipe("wire_encoder")
    encoder.outputs = tuple(name for name in encoder.outputs if name != "shared")
    for doc in nlp.pipe(texts[:20]):  # so that no first-time work is measured
        assert doc.has_annotation("ENT_IOB")
    return _measured(lambda: sum(len(doc.ents) for doc in nlp.pipe(texts, n_process=processes, batch_size=batch)))


def _enrichment(lines: list[bytes], processes: int) -> Measured:
    """The language model and all that reads an article as a whole."""
    batch = load_settings().streaming.batch
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_entities, [lines[:BATCH]] * processes * 2))  # each process loads and warms up
        return _measured(lambda: sum(pool.map(_entities, _batches(lines, batch))))


def _batches(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, size)):
        yield batch


@cache
def _enricher() -> Enricher:
    return Enricher(load_settings().enrichment)


def _entities(lines: list[bytes]) -> int:
    enriched = _enricher().enrich(map(Article.from_json, lines))
    return sum(len(article.enrich.entities) for article in enriched if article.enrich)


if __name__ == "__main__":
    main()
