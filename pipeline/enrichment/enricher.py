"""Articles in, articles with their enrichment out; pure: the model is all it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.tokens import Doc

from pipeline.article import Article, Enrichment
from pipeline.config import EnrichmentSettings
from pipeline.enrichment import model
from pipeline.enrichment.components import article_pipeline
from pipeline.enrichment.reading import read
from pipeline.enrichment.stopwatch import Stopwatch, time_components


class Enricher:
    """Runs the language model over articles, then the components that read each article as a whole.

    Args:
        settings: which spaCy pipeline, its labels, the languages it reads.
        stopwatch: gets the seconds of each component, and under ``reading`` those of putting an article together.

    Raises:
        Misconfigured: there is no such pipeline, or it finds no entities.
    """

    def __init__(self, settings: EnrichmentSettings, stopwatch: Stopwatch | None = None) -> None:
        self._nlp = model.load(settings.model)
        self._components = article_pipeline(self._nlp)
        self._model = model.identity(self._nlp, settings.model)
        self._labels = settings.labels
        self._languages = frozenset(settings.languages)
        if stopwatch:
            time_components(self._nlp, stopwatch, source="reading", consumer="reading")
            time_components(self._components, stopwatch, source="reading", consumer="writing")

    def enrich(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles, in order, each with its enrichment.

        An article in a language the model doesn't read passes as it is, with a warning.
        """
        batch = list(articles)
        understood = [article for article in batch if self._reads(article)]
        # Strings the model meets are forgotten at the end of the zone: memory stays flat.
        with self._nlp.memory_zone():
            docs: Any = self._components.pipe(read(self._nlp, understood, self._labels))
            enrichments = [self._enrichment(doc) for doc in docs]
        found = iter(enrichments)
        for article in batch:
            yield article.model_copy(update={"enrich": next(found)}) if self._reads(article) else self._passed(article)

    def _enrichment(self, doc: Doc) -> Enrichment:
        return Enrichment(
            model=self._model,
            entities=doc._.entities,
            dates=doc._.dates,
            quotes=doc._.quotes,
            stances=doc._.stances,
            keyphrases=doc._.keyphrases,
            summary=doc._.summary,
        )

    def _reads(self, article: Article) -> bool:
        return article.language is None or article.language.split("-")[0].lower() in self._languages

    def _passed(self, article: Article) -> Article:
        warning = f"not enriched: the model does not read the language {article.language!r}"
        wire = article.wire.model_copy(update={"warnings": [*article.wire.warnings, warning]})
        return article.model_copy(update={"wire": wire})
