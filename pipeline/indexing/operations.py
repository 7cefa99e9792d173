"""What is to be done with an article in the index; made in worker processes, pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from pipeline.article import Article
from pipeline.indexing.documents import document
from pipeline.indexing.stance_documents import stance_documents
from pipeline.indexing.versions import external_version

Disposition = Literal["indexed", "superseded", "withheld", "retracted", "dead"]


@dataclass(frozen=True, slots=True)
class IndexOperation:
    """One write.

    Attributes:
        uri: the document's id.
        month: ``YYYY.MM`` of the story's date as this version tells it; the first version decides.
        version: see `external_version`.
        document: the document, as one line of JSON.
        stances: the documents of its stances, each as one line of JSON.
        overwrite_equal: write over an equal version (a replay) instead of leaving it.
        disposition: what the article is once it is written.
    """

    uri: str
    month: str
    version: int
    document: bytes
    stances: tuple[bytes, ...]
    overwrite_equal: bool
    disposition: Disposition

    @property
    def version_type(self) -> Literal["external", "external_gte"]:
        """How Elasticsearch compares the version with the one that is there."""
        return "external_gte" if self.overwrite_equal else "external"


def operation(article: Article, *, overwrite_equal: bool = False) -> IndexOperation:
    """The write for an article."""
    dispositions: dict[str, Disposition] = {"usable": "indexed", "withheld": "withheld", "canceled": "retracted"}
    return IndexOperation(
        uri=article.uri,
        month=f"{article.story_date:%Y.%m}",
        version=external_version(article),
        document=_json(document(article)),
        stances=tuple(map(_json, stance_documents(article))),
        overwrite_equal=overwrite_equal,
        disposition=dispositions[article.pub_status],
    )


def _json(fields: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields)
    except TypeError:  # a provider's own property may hold an integer of more than 64 bits
        return json.dumps(fields, ensure_ascii=False).encode()
