"""Asking the alerts about a batch of articles; an alert that Elasticsearch can't run does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, AsyncElasticsearch

from pipeline.alerting.alerts import StandingQuery
from pipeline.alerting.changes import Batch
from pipeline.indexing.templates import READABLE

ASKED_AT_ONCE = 50
"""Alerts of one request."""

_PASSING = frozenset({408, 429, 502, 503, 504})


@dataclass(slots=True)
class Matches:
    """What alerts found in a batch.

    Attributes:
        hits: each with the query it is a hit of.
        refused: why Elasticsearch can't run an alert, by its name.
        waiting: the same where that passes by itself: a shard is away, it has too much to do.
    """

    hits: list[tuple[StandingQuery, Mapping[str, Any]]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)


def received_or_opened(since: datetime) -> dict[str, Any]:
    """What an alert made at a time tells of: articles received since, and those whose embargo ended since."""
    bound = {"gte": since.isoformat()}
    either = [{"range": {"receivedAt": bound}}, {"range": {"embargoedUntil": bound}}]
    return {"bool": {"should": either, "minimum_should_match": 1}}


async def match(client: AsyncElasticsearch, queries: Sequence[StandingQuery], batch: Batch) -> Matches:
    """Ask all alerts which articles of a batch they match.

    Raises:
        elasticsearch.ApiError, elasticsearch.TransportError: Elasticsearch does not answer, or refuses us.
    """
    matches = Matches()
    for start in range(0, len(queries), ASKED_AT_ONCE):
        await _ask(client, queries[start : start + ASKED_AT_ONCE], batch, matches)
    return matches


async def _ask(client: AsyncElasticsearch, queries: Sequence[StandingQuery], batch: Batch, matches: Matches) -> None:
    header = {"index": list(batch.indices), "allow_partial_search_results": False, "ignore_unavailable": True}
    filters = [{"ids": {"values": list(batch.uris)}}, READABLE]
    searches: list[Mapping[str, Any]] = []
    for query in queries:
        searches += [header, query.request([*filters, received_or_opened(query.alert.created)], len(batch.uris))]
    try:
        # One after the other: searches of readers come first.
        answer = await client.msearch(searches=searches, max_concurrent_searches=1)
    except ApiError as error:
        if error.status_code != 400:
            raise
        # One that can't even be read spoils the request of all.
        if len(queries) == 1:
            matches.refused[queries[0].alert.name] = f"{error.message}: {error.body}"
            return
        half = len(queries) // 2
        await _ask(client, queries[:half], batch, matches)
        await _ask(client, queries[half:], batch, matches)
        return
    for query, found in zip(queries, answer["responses"], strict=True):
        if "error" not in found:
            matches.hits += [(query, hit) for hit in found["hits"]["hits"]]
            continue
        failed = matches.waiting if found.get("status") in _PASSING else matches.refused
        failed[query.alert.name] = "; ".join(reasons(found["error"]))


def reasons(error: Mapping[str, Any]) -> Iterator[str]:
    """What Elasticsearch says is wrong: the causes rather than "all shards failed"."""
    causes = error.get("root_cause") or [error]
    yield from dict.fromkeys(str(cause.get("reason") or cause.get("type")) for cause in causes)
