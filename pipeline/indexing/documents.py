"""The document of an article: what is searched and charted, and the whole article beside it.

Fields that are searched or charted have the canonical article's names. What is only read back
(``body``, ``enrich``, what cleaning removed ...) is kept under ``article``, which is stored and not
indexed, so that no property of a provider can break the mapping.
"""

from __future__ import annotations

from typing import Any

from pipeline.article import Article
from pipeline.indexing.enrichment_fields import enrichment_fields

_SEARCHED_TOP = (
    "uri", "version", "pubStatus", "urgency", "language", "firstCreated", "versionCreated", "embargoedUntil", "expires",
    "by", "slugline", "located", "edNote", "text",
)  # fmt: skip
_SEARCHED_WIRE = ("format", "provider", "service", "feedTag", "partial")


def document(article: Article) -> dict[str, Any]:
    """The document of an article; a canceled one keeps its identity and loses its text."""
    whole = article.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if article.pub_status == "canceled":
        whole = _tombstone(whole)
    wire = whole["wire"]
    fields = {name: whole[name] for name in _SEARCHED_TOP if name in whole}
    fields["headline"] = [one["value"] for one in whole.get("headlines", [])]
    fields["subjects"] = sorted({s["name"] for s in whole.get("subjects", []) if s.get("name")})
    fields["wire"] = {name: wire[name] for name in _SEARCHED_WIRE if name in wire}
    if change := wire.get("change"):
        fields["wire"]["change"] = change["kind"]
    fields["storyDate"] = article.story_date.isoformat()
    fields["receivedAt"] = whole["ingest"]["receivedAt"]
    if article.enrich and "enrich" in whole:
        fields |= enrichment_fields(article.enrich)
    # The text stands once: `from_document` puts it back.
    fields["article"] = {name: value for name, value in whole.items() if name != "text"}
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def from_document(source: dict[str, Any]) -> Article:
    """The canonical article a document was made of."""
    return Article.model_validate({**source["article"], "text": source.get("text", "")})


def _tombstone(whole: dict[str, Any]) -> dict[str, Any]:
    kept = {"uri", "version", "pubStatus", "firstCreated", "versionCreated", "wire", "ingest"}
    bare = {name: value for name, value in whole.items() if name in kept}
    wire = {name: value for name, value in whole["wire"].items() if name in {"format", "provider", "change", "chain"}}
    return {**bare, "wire": wire, "text": "", "body": []}
