"""A plain loop: poll, enrich, bulk, commit."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer
from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_bulk

from benchmarks.alternatives.work import Place, Work

BATCH = 32


async def run(place: Place) -> None:
    """For ever."""
    work = Work(place.settings)
    consumer = AIOKafkaConsumer(
        place.topic,
        bootstrap_servers=place.settings.kafka.bootstrap_servers,
        group_id=place.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    async with AsyncElasticsearch(place.settings.elasticsearch.url) as client:
        while True:
            polled = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            values = [record.value or b"" for records in polled.values() for record in records]
            if not values:
                continue
            lines = [{"_index": place.index, "_id": uri, "_source": made} for uri, made in work.documents(values)]
            await async_bulk(client, lines)
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(run(Place.of_arguments()))
