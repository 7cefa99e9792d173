"""A Bytewax dataflow: the topic, a map over batches, Elasticsearch's bulk.

Processes of one Bytewax cluster share the partitions: ``BENCH_PROCESS`` is the number of this one,
``BENCH_ADDRESSES`` those of all, separated by semicolons.
"""

from __future__ import annotations

import os
from typing import Any

from bytewax import operators as op
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.run import cli_main
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from benchmarks.alternatives.work import Place, Work

BATCH = 32


class _Bulk(StatelessSinkPartition[dict[str, Any]]):
    def __init__(self, place: Place) -> None:
        self._client = Elasticsearch(place.settings.elasticsearch.url)
        self._index = place.index

    def write_batch(self, items: list[dict[str, Any]]) -> None:
        bulk(self._client, [{"_index": self._index, "_id": made["uri"], "_source": made} for made in items])


class _Index(DynamicSink[dict[str, Any]]):
    def __init__(self, place: Place) -> None:
        self._place = place

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Bulk:  # noqa: ARG002 - Bytewax's interface
        return _Bulk(self._place)


def flow(place: Place) -> Dataflow:
    """Batches as they are polled, enriched where they are read."""
    work = Work(place.settings)

    def enriched(messages: list[KafkaSourceMessage[bytes, bytes]]) -> list[dict[str, Any]]:
        return [made for _, made in work.documents([message.value or b"" for message in messages])]

    whole = Dataflow("wire")
    source = KafkaSource([place.settings.kafka.bootstrap_servers], [place.topic], batch_size=BATCH)
    articles = op.flat_map_batch("enrich", op.input("raw", whole, source), enriched)
    op.output("index", articles, _Index(place))
    return whole


if __name__ == "__main__":
    addresses = os.environ["BENCH_ADDRESSES"].split(";")
    cli_main(flow(Place.of_arguments()), process_id=int(os.environ["BENCH_PROCESS"]), addresses=addresses)
