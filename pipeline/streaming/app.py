"""The Faust app of a stage, set up so that nothing is lost (see docs/decisions.md, "Faust")."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

import faust
from faust.types import TP
from mode.supervisors import CrashingSupervisor
from prometheus_client import CollectorRegistry

from pipeline.config import KafkaSettings, MonitoringSettings, Settings
from pipeline.streaming.endpoint import Endpoint
from pipeline.streaming.ledger import Partition
from pipeline.streaming.producer import ConfirmingProducer
from pipeline.streaming.runner import StageRunner
from pipeline.streaming.sinks import Sink, TopicSink
from pipeline.streaming.stages import Stage
from pipeline.streaming.stamps import STAMPS
from pipeline.streaming.topics import MAX_MESSAGE_BYTES


class Companion(Protocol):
    """What runs beside a stage in the event loop of one of its workers, and never ends the stage."""

    async def start(self, registry: CollectorRegistry, ours: Callable[[], bool]) -> None:
        """Begin; ``ours`` tells whether it is this worker's turn: that of the one with the first partition."""

    async def stop(self) -> None:
        """End."""


class StageApp(faust.App):
    """A Faust app that runs one stage; ``make_runner`` is called when its event loop runs."""

    make_runner: Callable[[StageApp], StageRunner]
    monitoring: MonitoringSettings
    runner: StageRunner | None = None
    endpoint: Endpoint | None = None
    companion: Companion | None = None
    first: TP
    """The partition whose owner runs the companion."""
    assigned: frozenset[TP] = frozenset()
    """The partitions this worker has."""

    async def on_start(self) -> None:
        """Start the stage before Faust starts its streams."""
        self.runner = self.make_runner(self)
        await self._listen(self.runner)
        await self.runner.start()
        if self.companion:
            await self.companion.start(self.runner.metrics.registry, lambda: self.first in self.assigned)
        await super().on_start()

    async def on_stop(self) -> None:
        """Stop the stage first: what it acknowledged by then is what Faust commits on its way out."""
        if self.companion:
            await self.companion.stop()
        if self.runner:
            await self.runner.stop()
        await super().on_stop()
        if self.endpoint:
            await self.endpoint.stop()

    async def _listen(self, runner: StageRunner) -> None:
        runner.watch(lambda: Counter(tp.topic for tp in self.assigned))
        self.endpoint = Endpoint(
            runner.metrics.registry,
            live=lambda: runner.not_alive(self.monitoring.stalled_after),
            ready=lambda: runner.not_ready() or (None if self.assigned else "no partition is assigned to this worker"),
        )
        await self.endpoint.start(self.monitoring.host, self.monitoring.port_of(runner.stage.name))


def stage_app(settings: Settings, stage: Stage, companion: Companion | None = None) -> StageApp:
    """The app of one stage, and what runs beside it; its consumer group is the stage's."""
    app = StageApp(stage.group, **_options(settings))
    app.make_runner = lambda running: _runner(settings, stage, running)
    app.monitoring = settings.monitoring
    app.companion, app.first = companion, TP(stage.source, 0)
    topic = app.topic(stage.source, key_serializer="raw", value_serializer="raw")

    @app.agent(topic, concurrency=1, name=stage.name)
    async def run(stream: Any) -> None:
        assert app.runner is not None, "Faust starts agents after on_start"  # noqa: S101
        streaming = settings.streaming
        async for events in stream.noack().noack_take(streaming.take, within=streaming.within(stage.name)):
            await app.runner.take(events)

    @app.on_partitions_assigned.connect
    async def assigned(_: Any, partitions: set[TP], **__: Any) -> None:
        app.assigned = frozenset(partitions)

    @app.on_partitions_revoked.connect
    async def revoked(_: Any, partitions: set[TP], **__: Any) -> None:
        app.assigned -= partitions
        if app.runner:
            app.runner.revoke([Partition(tp.topic, tp.partition) for tp in partitions])

    return app


def _runner(settings: Settings, stage: Stage, app: StageApp) -> StageRunner:
    producer = ConfirmingProducer(settings.kafka, settings.streaming)
    sink: Sink
    if stage.target:
        sink = TopicSink(producer, stage.target, STAMPS[stage.name])
    else:
        from pipeline.streaming.index_sink import IndexSink  # its client takes a second to load

        sink = IndexSink(settings)
    return StageRunner(
        stage,
        settings.streaming,
        sink=sink,
        producer=producer,
        dead_topic=settings.topics.dead,
        generation=lambda: app.consumer_generation_id,
        crash=app.crash,
    )


def _options(settings: Settings) -> dict[str, Any]:
    streaming = settings.streaming
    return {
        "broker": [f"aiokafka://{server}" for server in settings.kafka.bootstrap_servers.split(",")],
        "broker_credentials": _credentials(settings.kafka),
        "broker_session_timeout": streaming.session_timeout,
        "broker_heartbeat_interval": streaming.heartbeat_interval,
        "broker_commit_interval": streaming.commit_interval,
        "broker_request_timeout": settings.kafka.request_timeout,
        "consumer_max_fetch_size": MAX_MESSAGE_BYTES,
        "consumer_auto_offset_reset": "earliest",
        "stream_buffer_maxsize": streaming.buffer,
        # On a stop, don't wait for messages nobody acknowledged: they come again.
        "stream_wait_empty": False,
        "agent_supervisor": CrashingSupervisor,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
        # Faust insists on a data folder; we keep no tables, so it stays empty.
        "datadir": tempfile.mkdtemp(prefix="wire-faust-"),
    }


def _credentials(kafka: KafkaSettings) -> faust.types.auth.CredentialsT | None:
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.sasl_username,
            password=kafka.sasl_password.get_secret_value() if kafka.sasl_password else None,
            mechanism=kafka.sasl_mechanism,
            ssl_context=kafka.ssl_context(),
        )
    if context := kafka.ssl_context():
        return faust.SSLCredentials(context)
    return None
