"""Streaming ingestion of wire-service articles: Kafka in, entities on the way, Elasticsearch out."""

from importlib.metadata import version

__version__ = version("wire-pipeline")
