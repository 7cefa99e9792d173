"""A producer whose word can be trusted: what it returns from is confirmed by the broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from pipeline.config import KafkaSettings, StreamingSettings
from pipeline.errors import Fatal, Poison, ServiceUnreachable
from pipeline.headers import Headers
from pipeline.streaming.topics import MAX_MESSAGE_BYTES

log = structlog.get_logger(__name__)

RETRY_SECONDS = 1.0
BATCH_LIFETIME_SECONDS = 120.0
"""How long a batch waits for its broker before it is given back to us; we then send it again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to produce."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


class ConfirmingProducer:
    """Produces with acks=all and idempotence, and waits for the broker's confirmation."""

    def __init__(self, kafka: KafkaSettings, streaming: StreamingSettings) -> None:
        self._kafka = kafka
        self._streaming = streaming
        self._producer = self._client()
        self.refusal: str | None = None
        """Why nothing is confirmed now, and is sent again."""

    def _client(self) -> AIOKafkaProducer:
        compression = self._streaming.compression
        return AIOKafkaProducer(
            **self._kafka.client_options(),
            acks="all",
            enable_idempotence=True,
            compression_type=None if compression == "none" else compression,
            max_request_size=MAX_MESSAGE_BYTES,
            request_timeout_ms=int(BATCH_LIFETIME_SECONDS * 1000),
            linger_ms=5,
        )

    async def start(self) -> None:
        """Connect.

        Raises:
            ServiceUnreachable: no broker answers.
        """
        try:
            await self._producer.start()
        except KafkaError as error:
            raise ServiceUnreachable(
                f"Kafka does not answer at {self._kafka.bootstrap_servers} ({error})", "start it with `wire up`"
            ) from error

    async def send(self, messages: Sequence[Outgoing]) -> list[Poison | None]:
        """Produce messages in order; returns for each None, or a Poison if it is too large for its topic.

        Whatever passes by itself (a broker that restarts) is retried for as long as it takes. From
        the first message that failed on, all are sent again: order counts more than a duplicate.

        Raises:
            Fatal: the broker refuses for a reason no retry mends.
        """
        fates: list[Poison | None] = []
        while len(fates) < len(messages):
            confirmed = await self._try(messages[len(fates) :])
            fates.extend(confirmed)
            if len(fates) < len(messages):
                self.refusal = "Kafka does not confirm what is sent"
                await asyncio.sleep(RETRY_SECONDS)
        self.refusal = None
        return fates

    async def _try(self, messages: Sequence[Outgoing]) -> list[Poison | None]:
        """Send all at once; returns the fates up to the first that has to be sent again."""
        sent = await asyncio.gather(*(self._send(message) for message in messages), return_exceptions=True)
        fates: list[Poison | None] = []
        refused = False
        for message, fate in zip(messages, sent, strict=True):
            if isinstance(fate, MessageSizeTooLargeError):
                refused = True
                fates.append(_too_large(message))
            elif isinstance(fate, KafkaError):
                if not fate.retriable and not refused:
                    raise Fatal(f"Kafka refuses a message for {message.topic}: {fate!r}") from fate
                log.warning("Kafka does not confirm, sending again", topic=message.topic, error=repr(fate))
                break
            elif isinstance(fate, BaseException):
                raise fate
            else:
                fates.append(None)
        if refused:
            # The client has numbered what the broker refused; the broker misses that number from now on.
            await self._producer.stop()
            self._producer = self._client()
            await self.start()
        return fates

    async def _send(self, message: Outgoing) -> None:
        confirmation = await self._producer.send(
            message.topic, message.value, message.key, headers=list(message.headers.items())
        )
        await confirmation

    async def stop(self) -> None:
        """Disconnect; what is not confirmed is not waited for: its origin is not acknowledged either."""
        await self._producer.stop()


def _too_large(message: Outgoing) -> Poison:
    parts = [message.key, message.value, *message.headers.values()]
    return Poison(
        f"{sum(len(part or b'') for part in parts):,} bytes are more than {message.topic} takes in one message",
        "raise the topic's max.message.bytes, then replay",
        cause="too-large",
    )
