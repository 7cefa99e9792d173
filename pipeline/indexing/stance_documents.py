"""The documents of an article's stances: who is for or against whom or what, one statement each.

They are for charts and tables, which nested objects are not: a document stands for itself, with what is needed of its
article. The article has the same statements nested, so that a search for articles finds holder, target and label in
one and the same statement.
"""

from __future__ import annotations

from typing import Any

from pipeline.article import Article, Enrichment, Entity, Span

MOST_STANCES = 1000
"""Statements of one article that are indexed, the first ones; Elasticsearch takes 10,000 nested objects at most."""

POLARITY = {"favor": 1, "against": -1, "neutral": 0}
"""Labels as numbers: their mean tells how far opinion leans, their sum by how much."""

_OF_ARTICLE: dict[str, Any] = dict.fromkeys(
    ("uri", "version", "pub_status", "embargoed_until", "first_created", "version_created"), True
) | {"wire": {"provider"}, "ingest": {"received_at"}}
_LONGEST_HEADLINE = 1000


def stance_documents(article: Article) -> list[dict[str, Any]]:
    """One document a statement, in the article's order; none of an article that is canceled."""
    enrichment = article.enrich
    if article.pub_status == "canceled" or not enrichment or not enrichment.stances:
        return []
    common = article.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=_OF_ARTICLE)
    common |= {
        "headline": article.headline[:_LONGEST_HEADLINE],
        "storyDate": article.story_date.isoformat(),
        "receivedAt": common.pop("ingest")["receivedAt"],
    }
    entities = _by_id(enrichment)
    documents = []
    for stance in enrichment.stances[:MOST_STANCES]:
        holder = _party(entities.get(stance.holder or ""), stance.holder_text)
        target = _party(entities.get(stance.target or ""), stance.target_text)
        documents.append(
            _present(
                common
                | {
                    "holder": holder,
                    "target": target,
                    "pair": f"{holder['key']} > {target['key']}",
                    "label": stance.label,
                    "polarity": POLARITY[stance.label],
                    "confidence": stance.confidence,
                    "voice": stance.voice,
                    "cue": _span(stance.cue) if stance.cue else None,
                    "evidence": _span(stance.evidence),
                }
            )
        )
    return documents


def stance_fields(enrichment: Enrichment) -> list[dict[str, Any]]:
    """The statements as the article has them: the parties, the label, and where the evidence stands in ``text``."""
    entities = _by_id(enrichment)
    return [
        {
            "holder": _named(_party(entities.get(stance.holder or ""), stance.holder_text)),
            "target": _named(_party(entities.get(stance.target or ""), stance.target_text)),
            "label": stance.label,
            "start": stance.evidence.start,
            "end": stance.evidence.end,
        }
        for stance in enrichment.stances[:MOST_STANCES]
    ]


def _party(entity: Entity | None, text: str) -> dict[str, Any]:
    """Who holds a stance or is its target: an entity, or else the words as written, with a key of their own."""
    from pipeline.enrichment.linking.keys import key  # only articles with stances need what it loads

    if entity is None:
        return {"name": text, "key": key(text, "phrase"), "text": text}
    named = {"name": entity.name, "key": entity.key or key(entity.name, "phrase")}
    return _present({**named, "type": entity.type, "country": entity.country, "text": text})


def _named(party: dict[str, Any]) -> dict[str, Any]:
    return {"name": party["name"], "key": party["key"]}


def _span(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}


def _by_id(enrichment: Enrichment) -> dict[str, Entity]:
    return {entity.id: entity for entity in enrichment.entities}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
