"""Indexing: articles to Elasticsearch, each story in one place, its newest version winning.

`operations` and what it uses is pure and runs in worker processes; `writer` and `templates` talk to
Elasticsearch and are imported by those who do.
"""

from pipeline.indexing.operations import IndexOperation, operation

__all__ = ["IndexOperation", "operation"]
