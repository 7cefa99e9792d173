"""Asking the alerts of everything that comes in, in the index worker that has the first partition of its topic.

A look: the articles that can be read now and could not be at the last look, all alerts asked of them, a message for
each match that has none yet, a note that it was sent, and last the mark up to which was looked. Whoever dies in between
leaves the old mark: its successor looks again, and knows from the notes what was sent; and what was sent and not noted,
from the topic itself, which it reads from the mark on. So every match is sent, and sent once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from elasticsearch import ApiError, AsyncElasticsearch, TransportError
from prometheus_client import CollectorRegistry

from pipeline.alerting.alerts import Alert, StandingQuery
from pipeline.alerting.changes import OVERLAP, Batch, Changes, Shard
from pipeline.alerting.matching import Matches, match, received_or_opened
from pipeline.alerting.messages import AlertMessage, headers
from pipeline.alerting.metrics import AlertMetrics
from pipeline.alerting.sent import sent_since
from pipeline.alerting.store import AlertStore, Mark
from pipeline.alerting.stories import Stories
from pipeline.config import Settings
from pipeline.errors import Misconfigured, Transient, WireError
from pipeline.streaming.producer import ConfirmingProducer, Outgoing
from pipeline.streaming.topics import create_topics

log = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0
"""How often it is looked whether there are alerts, while there are none."""

PATIENCE = 5
"""Looks in a row that are done again because an alert can't be asked just now; after that the others go on without."""

SLOWEST_CLOCK = timedelta(minutes=10)
"""How far clocks of workers may differ for a successor to find what was sent."""


class AlertRunner:
    """Runs beside a stage, in its event loop, whenever it is this worker's turn."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queries: list[StandingQuery] = []
        self._fresh: list[StandingQuery] = []
        self._known: object = None
        self._waited: Counter[str] = Counter()
        self._warned: dict[str, str] = {}
        self._mark: Mark | None = None
        self._task: asyncio.Task[None] | None = None
        self._connected = False
        self._failing = ""

    async def start(self, registry: CollectorRegistry, ours: Callable[[], bool]) -> None:
        """Begin; ``ours`` tells whether this worker is the one that asks the alerts.

        Raises:
            ServiceUnreachable: Kafka does not answer.
        """
        await self.connect(registry)
        self._task = asyncio.create_task(self._for_ever(ours))

    async def connect(self, registry: CollectorRegistry) -> None:
        """What `look` needs; raises as `start`."""
        self._metrics = AlertMetrics(registry)
        self._client = AsyncElasticsearch(**self._settings.elasticsearch.client_options())
        indexing = self._settings.indexing
        self._store = AlertStore(self._client, indexing)
        self._changes = Changes(self._client, indexing)
        self._stories = Stories(self._client, indexing)
        self._producer = ConfirmingProducer(self._settings.kafka, self._settings.streaming)
        self._connected = True
        await self._producer.start()

    async def stop(self) -> None:
        """End; what was not noted yet is found by whoever goes on."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._connected:
            await self._producer.stop()
            await self._client.close()

    async def _for_ever(self, ours: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        every = self._settings.alerting.interval
        while True:
            begun = loop.time()
            try:
                if ours():
                    await self.look()
                    self._failing = ""
                else:
                    self._mark = None
            except (WireError, ApiError, TransportError) as error:
                self._failed(error)
            except Exception as error:  # indexing goes on, whatever is wrong here
                log.exception("a defect in alerting", error=str(error))
                self._failed(error)
            # As long as it took, at least: half of a thread of Elasticsearch at most is busy with alerts.
            pause = max(every, loop.time() - begun)
            await asyncio.sleep(pause if self._queries else max(pause, IDLE_SECONDS))

    def _failed(self, error: Exception) -> None:
        self._metrics.failed_looks.inc()
        if str(error) != self._failing:  # an outage is one line
            self._failing = str(error)
            log.warning("alerts: looking again", reason=str(error), error_type=type(error).__name__)

    # -- a look ------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Tell of everything that can be read since the last look.

        Raises:
            Transient: an alert could not be asked just now; what the others found is told.
        """
        await self._load()
        if not self._queries:
            return
        mark = self._mark or await self._take_over()
        now = datetime.now(UTC)
        shards = await self._changes.shards()
        refused: dict[str, str] = {}
        waiting: dict[str, str] = {}
        async for batch in self._readable(shards, mark, now):
            matches = await self._told(batch)
            refused |= matches.refused
            waiting |= matches.waiting
        for name, reason in refused.items():
            self._refuse(name, reason)
        self._wait_for(waiting)
        seen = dict(mark.seen) | {shard.key: shard.checkpoint for shard in shards}
        if seen != mark.seen:
            mark = Mark(now, seen)
            await self._store.keep(mark)
        self._mark, self._fresh = mark, []

    async def _readable(self, shards: list[Shard], mark: Mark, until: datetime) -> AsyncIterator[Batch]:
        """What can be read since the last look."""
        if not shards:  # nothing was ever indexed
            return
        oldest = min(query.alert.created for query in self._queries)
        async for batch in self._changes.written(shards, mark.seen, received_or_opened(oldest)):
            yield batch
        async for batch in self._changes.opened(mark.at, until):
            yield batch
        # What came in after an alert was made, and was looked at before the alert was known here.
        recent = [query.alert.created for query in self._fresh if query.alert.created > mark.at - OVERLAP]
        if recent and mark.seen:
            async for batch in self._changes.received(received_or_opened(min(recent))):
                yield batch

    async def _load(self) -> None:
        """Read the alerts again if they have changed."""
        state = await self._store.state()
        if state == self._known:
            return
        alerts = await self._store.alerts() if state else []
        before, self._queries = self._queries, await asyncio.to_thread(self._compiled, alerts)
        self._fresh = [query for query in self._queries if query not in before]
        self._known = state
        self._metrics.standing.set(len(self._queries))

    def _compiled(self, alerts: Sequence[Alert]) -> list[StandingQuery]:
        """Those that can be meant; the language may have changed since one was made."""
        compiled = []
        for alert in alerts:
            try:
                compiled.append(StandingQuery.of(alert))
            except Misconfigured as wrong:
                self._refuse(alert.name, str(wrong))
        return compiled

    async def _take_over(self) -> Mark:
        """Begin where the last worker ended, and learn what it has sent."""
        await asyncio.to_thread(create_topics, self._settings.kafka, self._settings.topics)
        await self._store.set_up()
        mark = await self._store.mark()
        begun = min(query.alert.created for query in self._queries)
        since = max(mark.at, begun) if mark else begun
        sent = await asyncio.to_thread(sent_since, self._settings, since - SLOWEST_CLOCK)
        await self._store.tell([(one.id, one.alert, one.uri) for one in sent])
        return mark or Mark(since)

    def _wait_for(self, waiting: dict[str, str]) -> None:
        self._waited = Counter({name: self._waited[name] + 1 for name in waiting})
        for name, reason in waiting.items():
            if self._waited[name] > PATIENCE:
                self._refuse(name, reason)
        if patient := [name for name, times in self._waited.items() if times <= PATIENCE]:
            raise Transient(f"Elasticsearch can't be asked now for {', '.join(patient)}: {waiting[patient[0]]}")

    def _refuse(self, name: str, reason: str) -> None:
        self._metrics.failures.labels(name).inc()
        if self._warned.get(name) != reason:
            self._warned[name] = reason
            log.warning("an alert can't be asked, the others go on", alert=name, reason=reason)

    # -- telling -----------------------------------------------------------------------------------

    async def _told(self, batch: Batch) -> Matches:
        """Send what the alerts find in a batch, and return it."""
        begun = asyncio.get_running_loop().time()
        matches = await match(self._client, self._queries, batch)
        messages = await self._untold(matches)
        for fate in await self._producer.send([outgoing for outgoing, _ in messages]):
            if fate:
                raise fate
        await self._store.tell([(one.id, one.alert, one.uri) for _, one in messages])
        seconds = asyncio.get_running_loop().time() - begun
        for _, one in messages:
            self._metrics.sent.labels(one.alert).inc()
            self._metrics.seconds.observe(seconds)
            log.debug("alert", alert=one.alert, uri=one.uri, version=one.version)
        return matches

    async def _untold(self, matches: Matches) -> list[tuple[Outgoing, AlertMessage]]:
        """The messages that have not been sent: neither of this article, nor of one of its story that it follows."""
        followed = await self._stories.followed([hit["_source"] for _, hit in matches.hits])
        ids = {
            (query.alert.name, hit["_source"]["uri"]): [
                query.alert.hit(uri) for uri in (hit["_source"]["uri"], *followed.get(hit["_source"]["uri"], ()))
            ]
            for query, hit in matches.hits
        }
        told = await self._store.told({identity for several in ids.values() for identity in several})
        now = datetime.now(UTC)
        untold = []
        for query, hit in matches.hits:
            if told.isdisjoint(ids[query.alert.name, hit["_source"]["uri"]]):
                message = AlertMessage.of(query.alert, hit, now)
                key = message.alert.encode()
                outgoing = Outgoing(self._settings.topics.alerts, key, message.to_json(), headers(hit))
                untold.append((outgoing, message))
        return untold
