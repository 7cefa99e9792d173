"""The enrichment on one core: its speed against the model alone, its memory, its growth on hostile text.

    python -m benchmarks.enrichment --corpus FOLDER [--articles 10000]

Speed and growth are in seconds of processor time. Words are the model's tokens, punctuation among them. Memory is that
of the process after each tenth of the articles: the corpus over and over, each time with a word of its own in each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil

from benchmarks.throughput import articles_of
from pipeline import cleaning, formats
from pipeline.article import Article
from pipeline.config import load_settings
from pipeline.enrichment import model
from pipeline.enrichment.enricher import Enricher
from pipeline.enrichment.reading import read
from pipeline.errors import Poison
from pipeline.headers import Hints

BATCH = 16
LENGTHS = (12_500, 25_000, 50_000)
HOSTILE = {
    "one line of letters": "a",
    "quote marks": "“ ",
    "straight quote marks": '"a ',
    "emoji": "🛥️🙂 ",
    "right to left": "\u202eשלום עולם ",
    "zero width": "wa\u200bter\u200d ",
    "control characters": "x\x01\x02 ",
    "one name": "Ada Lamont of the Kestrel Union said, ",
    "French": "Le président a déclaré que « rien n’est décidé » à Port Arden. ",
    "news": "Tomas Orrin told the Kestrel Union on Monday that “nobody has decided anything” in Port Arden. ",
}


def main() -> None:
    """Print speed, growth and memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enrichment", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--articles", type=int, default=10_000, help="articles to read for the memory; 0 leaves it out")
    arguments = parser.parse_args()
    articles = [Article.from_json(line) for line in articles_of(sorted(arguments.corpus.glob("*.txt")))]
    enricher = Enricher(load_settings().enrichment)
    _speed(enricher, articles[:200])
    _growth(enricher)
    if arguments.articles:
        _memory(enricher, articles, arguments.articles)


def _speed(enricher: Enricher, articles: Sequence[Article]) -> None:
    nlp = model.load(load_settings().enrichment.model)
    seconds: dict[str, list[float]] = {"model": [], "enrichment": []}
    words = 0
    for _ in range(3):
        begun = time.process_time()
        words = sum(len(doc) for batch in _batches(articles) for doc in read(nlp, batch, {}))
        seconds["model"].append(time.process_time() - begun)
        begun = time.process_time()
        for batch in _batches(articles):
            list(enricher.enrich(batch))
        seconds["enrichment"].append(time.process_time() - begun)
    alone, whole = (words / min(seconds[name]) for name in ("model", "enrichment"))
    print(
        f"the model alone: {alone:,.0f} words/s; the whole enrichment: {whole:,.0f} words/s, ratio {whole / alone:.2f}"
    )


def _growth(enricher: Enricher) -> None:
    print(f"{'seconds for so many characters':<32}" + "".join(f"{length:>10,}" for length in LENGTHS))
    for name, piece in HOSTILE.items():
        row = []
        for length in LENGTHS:
            article = _article((piece * (length // len(piece) + 1))[:length])
            begun = time.process_time()
            list(enricher.enrich([article] if article else []))
            row.append(time.process_time() - begun)
        print(f"{name:<32}" + "".join(f"{seconds:>10.2f}" for seconds in row), flush=True)


def _article(text: str) -> Article | None:
    hints = Hints("benchmark", datetime.now(UTC), content_type="text/plain")
    try:
        (reading,) = formats.read(text.encode(), hints)
    except Poison:
        return None
    article = None if isinstance(reading, Poison) else cleaning.clean(reading)
    return article.model_copy(update={"language": "en"}) if article else None


def _memory(enricher: Enricher, articles: Sequence[Article], count: int) -> None:
    process = psutil.Process()
    begun = time.perf_counter()
    for number, batch in enumerate(_batches(list(_renamed(articles, count))), 1):
        list(enricher.enrich(batch))
        if number * BATCH % max(count // 10 // BATCH * BATCH, BATCH) == 0:
            seconds = time.perf_counter() - begun
            print(
                f"{number * BATCH:>8,} articles: {process.memory_info().rss / 1e6:,.0f} MB, {seconds:.0f} s", flush=True
            )


def _renamed(articles: Sequence[Article], count: int) -> Iterator[Article]:
    """Articles that each hold a word no other has."""
    for number, article in enumerate(islice(cycle(articles), count)):
        if article.body:
            end = article.body[-1].end
            word = f" Xq{number}zt."
            last = article.body[-1].model_copy(update={"end": end + len(word)})
            changes: dict[str, Any] = {"text": article.text[:end] + word, "body": [*article.body[:-1], last]}
            yield article.model_copy(update=changes)


def _batches(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    for start in range(0, len(articles), BATCH):
        yield articles[start : start + BATCH]


if __name__ == "__main__":
    main()
