"""How long articles took lately, from received to indexed, as the index tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.config import ElasticsearchSettings, IndexingSettings

MINUTES = 15
"""How far back articles count."""

TIMEOUT = 2.0
"""Seconds to wait for Elasticsearch: the lag is shown without it."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from an item's receipt until Elasticsearch was sent it, over the last `MINUTES`, without replays."""

    articles: int
    p50: float
    p95: float

    def __str__(self) -> str:
        return (
            f"received to indexed, last {MINUTES} minutes: p50 {self.p50:.1f} s, p95 {self.p95:.1f} s "
            f"({self.articles:,} articles)"
        )


def recent(elasticsearch: ElasticsearchSettings, indexing: IndexingSettings) -> Latency | None:
    """The latency of articles indexed lately; None where there are none, or Elasticsearch doesn't tell."""
    from elasticsearch import ApiError, Elasticsearch, TransportError  # takes half a second to load

    options = elasticsearch.client_options() | {"request_timeout": TIMEOUT, "max_retries": 0}
    try:
        with Elasticsearch(**options) as client:
            answer: Any = client.search(
                index=f"{indexing.articles}-*",
                size=0,
                track_total_hits=True,
                query={
                    "bool": {
                        "filter": [
                            {"range": {"ingest.indexedAt": {"gte": f"now-{MINUTES}m"}}},
                            {"exists": {"field": "latency"}},
                        ]
                    }
                },
                aggs={"latency": {"percentiles": {"field": "latency", "percents": [50, 95]}}},
            )
    except (ApiError, TransportError):
        return None
    articles = answer["hits"]["total"]["value"]
    if not articles:
        return None
    seconds = answer["aggregations"]["latency"]["values"]
    return Latency(articles, seconds["50.0"], seconds["95.0"])
