"""Quix Streams with its Elasticsearch sink."""

from __future__ import annotations

from quixstreams import Application
from quixstreams.sinks.base.item import SinkItem
from quixstreams.sinks.community.elasticsearch import ElasticsearchSink

from benchmarks.alternatives.work import Place, Work


def main(place: Place) -> None:
    """For ever."""
    work = Work(place.settings)
    app = Application(
        broker_address=place.settings.kafka.bootstrap_servers,
        consumer_group=place.group,
        auto_offset_reset="earliest",
        commit_interval=1.0,
    )
    # As the index has a mapping of its own already, the sink makes none.
    sink = ElasticsearchSink(place.settings.elasticsearch.url, place.index, document_id_setter=_uri)
    rows = app.dataframe(app.topic(place.topic, value_deserializer="bytes"))
    rows = rows.apply(lambda value: [made for _, made in work.documents([value or b""])], expand=True)
    rows.sink(sink)
    app.run()


def _uri(item: SinkItem) -> str:
    return str(item.value["uri"])


if __name__ == "__main__":
    main(Place.of_arguments())
