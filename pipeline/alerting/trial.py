"""What alerts would have told: their queries, asked about the articles of the last hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import AsyncElasticsearch

from pipeline.alerting.alerts import Alert, StandingQuery
from pipeline.alerting.matching import reasons
from pipeline.alerting.messages import AlertMessage
from pipeline.config import IndexingSettings
from pipeline.errors import Misconfigured

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """What an alert would have told: how many articles, the newest of them, or why it can't be asked."""

    alert: Alert
    total: int = 0
    messages: tuple[AlertMessage, ...] = ()
    error: str | None = None


async def tried(
    client: AsyncElasticsearch, indexing: IndexingSettings, alerts: Sequence[Alert], hours: float, size: int
) -> list[Trial]:
    """Ask each alert what it matches of what was received in the last hours and can be read now."""
    trials: list[Trial] = []
    for start in range(0, len(alerts), _AT_ONCE):
        trials += await _tried(client, indexing, alerts[start : start + _AT_ONCE], hours, size)
    return trials


async def _tried(
    client: AsyncElasticsearch, indexing: IndexingSettings, alerts: Sequence[Alert], hours: float, size: int
) -> list[Trial]:
    since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    failed: dict[str, str] = {}
    queries: list[StandingQuery] = []
    for alert in alerts:
        try:
            queries.append(StandingQuery.of(alert))
        except Misconfigured as wrong:
            failed[alert.name] = str(wrong)
    searches: list[Mapping[str, Any]] = []
    for query in queries:
        body = query.request([{"range": {"receivedAt": {"gte": since}}}], size)
        searches += [{"index": indexing.articles, "ignore_unavailable": True}, body | {"track_total_hits": True}]
    answers = (await client.msearch(searches=searches))["responses"] if searches else []
    found = {query.alert.name: _read(query, answer) for query, answer in zip(queries, answers, strict=True)}
    return [found.get(alert.name) or Trial(alert, error=failed[alert.name]) for alert in alerts]


def _read(query: StandingQuery, answer: Mapping[str, Any]) -> Trial:
    if "error" in answer:
        return Trial(query.alert, error="; ".join(reasons(answer["error"])))
    hits = answer["hits"]["hits"]
    told = [AlertMessage.of(query.alert, hit, datetime.fromisoformat(hit["_source"]["receivedAt"])) for hit in hits]
    return Trial(query.alert, answer["hits"]["total"]["value"], tuple(told))
