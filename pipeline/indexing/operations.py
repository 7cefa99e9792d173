"""What is to be done with an article in the index; made in worker processes, pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from pipeline.article import Article
from pipeline.indexing.documents import document, from_document
from pipeline.indexing.fingerprint import Fingerprint
from pipeline.indexing.names import is_order, names, story_of
from pipeline.indexing.stance_documents import stance_documents
from pipeline.indexing.story import AS_SENT, Standing, Version
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
        told: what the history of its story keeps of it.
        fingerprint: by which its reprints and rewrites are found.
        story: the story it belongs to, by the uri of one of its items or by a name of its own; its own uri where it
            says nothing else.
        names: what its agency calls it on its day, or calls what it kills, holds or releases; see `names`.
    """

    uri: str
    month: str
    version: int
    document: bytes
    stances: tuple[bytes, ...]
    overwrite_equal: bool
    disposition: Disposition
    told: Version
    fingerprint: Fingerprint
    story: str
    names: tuple[str, ...] = ()

    @property
    def version_type(self) -> Literal["external", "external_gte"]:
        """How Elasticsearch compares the version with the one that is there."""
        return "external_gte" if self.overwrite_equal else "external"

    def unsigned(self) -> IndexOperation:
        """The write of an article that is made of no other, and of which no other is made."""
        return replace(self, fingerprint=replace(self.fingerprint, signature=None))


def operation(article: Article, *, overwrite_equal: bool = False) -> IndexOperation:
    """The write for an article."""
    version = external_version(article)
    order = is_order(article)
    return IndexOperation(
        uri=article.uri,
        month=f"{article.story_date:%Y.%m}",
        version=version,
        document=_json(document(article)),
        stances=tuple(map(_json, stance_documents(article))),
        overwrite_equal=overwrite_equal,
        disposition=_DISPOSITIONS[article.pub_status],
        told=Version.of(article, version, order=order),
        fingerprint=Fingerprint.of(article),
        story=story_of(article),
        names=names(article),
    )


def settled(op: IndexOperation, standing: Standing) -> IndexOperation:
    """The write for an article that may stand otherwise in its story than it says itself, and did so perhaps before."""
    if standing == AS_SENT or (standing.state == "canceled" and op.disposition == "retracted"):
        return op
    op = replace(op, overwrite_equal=True)
    fields = orjson.loads(op.document)
    if standing.state == "canceled":
        article = from_document(fields).model_copy(update={"pub_status": "canceled"})
        return replace(op, document=_json(document(article)), stances=(), disposition="retracted")
    disposition: Disposition = "superseded" if standing.superseded_by else op.disposition
    if standing.state != "as-sent":
        disposition = "withheld" if standing.state == "withheld" else "indexed"
    return replace(
        op,
        document=_json(_standing_fields(fields, standing)),
        stances=tuple(_json(_standing_fields(orjson.loads(one), standing)) for one in op.stances),
        disposition=disposition,
    )


def rewrite(source: dict[str, Any], standing: Standing) -> IndexOperation:
    """The write that gives an article that is in the index its standing, whatever it had before."""
    article = from_document(source)
    as_sent = operation(article, overwrite_equal=True)
    said = orjson.loads(as_sent.document)
    times = {name: source[name] for name in ("ingest", "latency") if name in source}
    return settled(replace(as_sent, document=_json(said | times)), standing)


def found_as(article_status: str, standing: Standing) -> tuple[str, str | None]:
    """The fields ``pubStatus`` and ``supersededBy`` of a document with this standing."""
    status = {"as-sent": article_status, "released": "usable"}.get(standing.state, standing.state)
    return status, standing.superseded_by


def _standing_fields(fields: dict[str, Any], standing: Standing) -> dict[str, Any]:
    """A document's fields with those by which readers find it or don't; what the article says itself is kept."""
    changed = dict(fields)
    changed["pubStatus"], superseded_by = found_as(changed["pubStatus"], standing)
    if standing.state != "as-sent":
        changed.pop("embargoedUntil", None)
    return changed | ({"supersededBy": superseded_by} if superseded_by else {})


_DISPOSITIONS: dict[str, Disposition] = {"usable": "indexed", "withheld": "withheld", "canceled": "retracted"}


def _json(fields: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields)
    except TypeError:  # a provider's own property may hold an integer of more than 64 bits
        return json.dumps(fields, ensure_ascii=False).encode()
