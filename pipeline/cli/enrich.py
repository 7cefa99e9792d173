"""`wire enrich`: parse, clean and enrich, no services needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.article import Article
from pipeline.cli.clean import CleanedArticles, Paths
from pipeline.config import load_settings

if TYPE_CHECKING:
    from pipeline.enrichment.enricher import Enricher

BATCH = 16
"""Articles the model reads at a time."""


def enrich(paths: Paths) -> None:
    """Parse, clean and enrich articles; write one canonical article a line."""
    from pipeline.enrichment.enricher import Enricher

    articles = CleanedArticles(paths)
    enricher = Enricher(load_settings().enrichment)
    waiting = iter(articles)
    while batch := list(islice(waiting, BATCH)):
        for article in _enriched(enricher, batch, articles):
            sys.stdout.buffer.write(article.to_json() + b"\n")
        sys.stdout.buffer.flush()
    articles.exit()


def _enriched(enricher: Enricher, batch: list[Article], articles: CleanedArticles) -> Iterator[Article]:
    """A batch, enriched; where it fails, one article at a time, so that one does not spoil the others."""
    try:
        yield from list(enricher.enrich(batch))
    except Exception as error:  # noqa: BLE001 - as in the workers
        if len(batch) == 1:
            articles.failed_with(batch[0].ingest.source, error)
        else:
            for article in batch:
                yield from _enriched(enricher, [article], articles)
