"""Where alerts are kept: an index of alerts, and one of what they have told, which also keeps how far was looked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError

from pipeline.alerting.alerts import Alert
from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable
from pipeline.indexing.bulk import BulkClient, Line

MOST = 10_000
"""Alerts that can be kept."""

_KEYWORD = {"type": "keyword", "doc_values": False}
_ALERTS = {
    "dynamic": "strict",
    "properties": {"name": {"type": "keyword"}, "query": _KEYWORD | {"index": False}, "created": {"type": "date"}},
}
_TOLD = {
    "dynamic": "strict",
    "properties": {
        "alert": _KEYWORD,
        "uri": _KEYWORD | {"index": False},
        "at": {"type": "date"},
        "mark": {"type": "object", "enabled": False},
    },
}
_MARK = "mark"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far was looked: when, and up to which sequence number of each shard of each index (by its uuid)."""

    at: datetime
    seen: Mapping[str, int] = field(default_factory=dict)


@asynccontextmanager
async def open_store(settings: ElasticsearchSettings, indexing: IndexingSettings) -> AsyncIterator[AlertStore]:
    """The alerts, for a command.

    Raises:
        ServiceUnreachable: Elasticsearch does not answer.
        Misconfigured: it refuses our credentials.
        Fatal: it refuses what it is asked.
    """
    async with AsyncElasticsearch(**settings.client_options()) as client:
        try:
            yield AlertStore(client, indexing)
        except ApiError as error:
            if error.status_code in {401, 403}:
                raise Misconfigured(f"Elasticsearch refuses: {error.message}", "check elasticsearch.api_key") from error
            raise Fatal(f"Elasticsearch refuses a request: {error.message}: {error.body}", "see its log") from error
        except TransportError as error:
            raise ServiceUnreachable(
                f"Elasticsearch does not answer at {settings.url}", "start it with `wire up`"
            ) from error


class AlertStore:
    """The two indices."""

    def __init__(self, client: AsyncElasticsearch, indexing: IndexingSettings) -> None:
        self.client = client
        self._bulk = BulkClient(client, indexing)
        self._indexing = indexing
        self._alerts, self._told = indexing.alerts, indexing.alerts_told

    async def set_up(self) -> None:
        """Create the indices where they are missing."""
        for index, mappings in ((self._alerts, _ALERTS), (self._told, _TOLD)):
            if await self.client.indices.exists(index=index):
                continue
            settings = {"number_of_shards": 1, "number_of_replicas": self._indexing.replicas}
            try:
                await self.client.indices.create(index=index, mappings=mappings, settings=settings)
            except ApiError as error:
                if error.error != "resource_already_exists_exception":  # somebody else was faster
                    raise

    # -- alerts ------------------------------------------------------------------------------------

    async def add(self, alert: Alert, *, replace: bool = False) -> Alert:
        """Keep an alert; returns it as it is kept. One that is replaced stays as old as it was.

        Raises:
            Misconfigured: there is one of this name, or there are too many.
        """
        known = {one.name: one for one in await self.alerts()}
        if alert.name in known and not replace:
            raise Misconfigured(f"there is an alert {alert.name} already", "--replace changes its query")
        if alert.name in known:
            alert = Alert(alert.name, alert.query, known[alert.name].created)
        elif len(known) >= MOST:
            raise Misconfigured(f"there are {MOST:,} alerts, which is the most", "remove some")
        await self.client.index(index=self._alerts, id=alert.name, document=alert.document(), refresh=True)
        return alert

    async def remove(self, name: str) -> None:
        """Forget an alert, and what it has told.

        Raises:
            Misconfigured: there is none of this name.
        """
        try:
            await self.client.delete(index=self._alerts, id=name, refresh=True)
        except NotFoundError:
            raise Misconfigured(f"there is no alert {name}", "`wire alert list` names them") from None
        await self.client.delete_by_query(
            index=self._told, query={"term": {"alert": name}}, conflicts="proceed", ignore_unavailable=True
        )

    async def alerts(self) -> list[Alert]:
        """All alerts, by name; none where none was ever kept."""
        answer = await self.client.search(index=self._alerts, size=MOST, sort="name", ignore_unavailable=True)
        return [Alert.from_document(hit["_source"]) for hit in answer["hits"]["hits"]]

    async def state(self) -> tuple[str, int] | None:
        """Another one whenever the alerts are others; None while there are none."""
        asking = self.client.options(ignore_status=404).indices
        answer = await asking.stats(index=self._alerts, level="shards", metric="docs")
        found = answer.get("indices", {}).get(self._alerts)
        if not found or not found["primaries"]["docs"]["count"]:
            return None
        copies = (copy for several in found["shards"].values() for copy in several)
        return found["uuid"], max(copy["seq_no"]["max_seq_no"] for copy in copies)

    # -- what was told -----------------------------------------------------------------------------

    async def told(self, ids: Collection[str]) -> set[str]:
        """Which of these messages have been sent."""
        asked = [{"_index": self._told, "_id": one, "_source": False} for one in ids]
        return {doc["_id"] for doc in await self._bulk.get(asked) if doc.get("found")}

    async def tell(self, messages: Sequence[tuple[str, str, str]]) -> None:
        """Note that messages have been sent, each by its id, its alert and its article's uri."""
        at = datetime.now(UTC).isoformat()
        lines = [
            Line(
                {"index": {"_index": self._told, "_id": identity}},
                orjson.dumps({"alert": alert, "uri": uri, "at": at}),
            )
            for identity, alert, uri in messages
        ]
        await self._bulk.send(lines)
        if refused := next((line.error for line in lines if not line.written), None):
            raise Fatal(f"Elasticsearch does not take what was told: {refused}", f"see {self._told}")

    async def mark(self) -> Mark | None:
        """How far was looked; None before the first look."""
        (found,) = await self._bulk.get([{"_index": self._told, "_id": _MARK}])
        if not found.get("found"):
            return None
        kept: dict[str, Any] = found["_source"]["mark"]
        return Mark(datetime.fromisoformat(kept["at"]), kept["seen"])

    async def keep(self, mark: Mark) -> None:
        """Keep how far was looked."""
        document = {"mark": {"at": mark.at.isoformat(), "seen": dict(mark.seen)}}
        await self._bulk.send([Line({"index": {"_index": self._told, "_id": _MARK}}, orjson.dumps(document))])
