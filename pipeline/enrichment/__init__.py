"""What the language pipeline finds in an article: entities, later quotes and stances."""

from pipeline.enrichment.enricher import Enricher

__all__ = ["Enricher"]
