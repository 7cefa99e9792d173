"""Articles in, articles with their enrichment out; pure: the model is all it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.tokens import Doc

from pipeline.article import Article, Enrichment
from pipeline.config import EnrichmentSettings
from pipeline.enrichment import model
from pipeline.enrichment.entities import Named, entities, named

PIPE_BATCH = 128
"""Paragraphs the model reads at a time."""


class Enricher:
    """Runs the language pipeline over articles.

    Args:
        settings: which spaCy pipeline, its labels, the languages it reads.

    Raises:
        Misconfigured: there is no such pipeline, or it finds no entities.
    """

    def __init__(self, settings: EnrichmentSettings) -> None:
        self._nlp = model.load(settings.model)
        self._model = model.identity(self._nlp, settings.model)
        self._labels = settings.labels
        self._languages = frozenset(settings.languages)

    def enrich(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles, in order, each with its enrichment.

        An article in a language the model doesn't read passes as it is, with a warning.
        """
        batch = list(articles)
        found: list[list[Named]] = [[] for _ in batch]
        # Strings the model meets are forgotten at the end of the zone: memory stays flat.
        with self._nlp.memory_zone():
            for doc, (number, offset) in self._read(batch):
                found[number].extend(named(doc, offset, self._labels))
        for article, spans in zip(batch, found, strict=True):
            yield self._enriched(article, spans)

    def _read(self, batch: list[Article]) -> Iterator[tuple[Doc, tuple[int, int]]]:
        paragraphs = (
            (article.text[block.start : block.end], (number, block.start))
            for number, article in enumerate(batch)
            if self._reads(article)
            for block in article.body
            if block.kind in {"paragraph", "list"}
        )
        pairs: Any = self._nlp.pipe(paragraphs, as_tuples=True, batch_size=PIPE_BATCH)
        yield from pairs

    def _reads(self, article: Article) -> bool:
        return article.language is None or article.language.split("-")[0].lower() in self._languages

    def _enriched(self, article: Article, spans: list[Named]) -> Article:
        if not self._reads(article):
            warning = f"not enriched: the model does not read the language {article.language!r}"
            wire = article.wire.model_copy(update={"warnings": [*article.wire.warnings, warning]})
            return article.model_copy(update={"wire": wire})
        residue = article.wire.translation.residue if article.wire.translation else []
        enrichment = Enrichment(model=self._model, entities=entities(spans, residue))
        return article.model_copy(update={"enrich": enrichment})
