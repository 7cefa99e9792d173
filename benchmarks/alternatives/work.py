"""What the alternatives do with an item."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline import cleaning, formats
from pipeline.article import Article
from pipeline.config import Settings, load_settings
from pipeline.enrichment.enricher import Enricher
from pipeline.errors import Poison
from pipeline.headers import Hints
from pipeline.indexing.documents import document

WARM = "warm"
"""What each process prints once its model is loaded and has read an article."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alternative reads and writes."""

    settings: Settings
    topic: str
    group: str
    index: str

    @classmethod
    def of_arguments(cls) -> Place:
        """From the command line."""
        return cls(load_settings(), *sys.argv[1:4])


class Work:
    """Reads, cleans and enriches."""

    def __init__(self, settings: Settings) -> None:
        self._enricher = Enricher(settings.enrichment)
        list(
            self.documents(
                [b"Ada Lamont of the Kestrel Union backs the talks, she told reporters in Port Arden on Monday.\n"]
            )
        )
        print(WARM, flush=True)

    def documents(self, values: Sequence[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The uri and the document of each article in raw items; what can't be read is skipped."""
        articles = [article for value in values for article in _articles(value)]
        for article in self._enricher.enrich(articles):
            yield article.uri, document(article)


def _articles(value: bytes) -> Iterator[Article]:
    try:
        for reading in formats.read(value, Hints("benchmark", datetime.now(UTC))):
            if not isinstance(reading, Poison):
                yield cleaning.clean(reading)
    except Poison:
        return
