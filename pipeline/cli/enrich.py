"""`wire enrich`: parse, clean and enrich, no services needed."""

from __future__ import annotations

import sys
from itertools import islice

from pipeline.cli.clean import CleanedArticles, Paths
from pipeline.config import load_settings

BATCH = 16
"""Articles the model reads at a time."""


def enrich(paths: Paths) -> None:
    """Parse, clean and enrich articles; write one canonical article a line."""
    from pipeline.enrichment import Enricher

    articles = CleanedArticles(paths)
    enricher = Enricher(load_settings().enrichment)
    waiting = iter(articles)
    while batch := list(islice(waiting, BATCH)):
        for article in enricher.enrich(batch):
            sys.stdout.buffer.write(article.to_json() + b"\n")
        sys.stdout.buffer.flush()
    articles.exit()
