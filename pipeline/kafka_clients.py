"""kafka-python clients for the edges, opened within a bounded time and with their failures explained."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import AuthorizationError, KafkaError, SaslAuthenticationFailedError

from pipeline.config import KafkaSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable

CONNECT_TIMEOUT = 10.0
"""Seconds until a broker that doesn't answer counts as unreachable."""


@contextmanager
def explained(kafka: KafkaSettings) -> Iterator[None]:
    """Turn what kafka-python raises inside into our errors.

    Raises:
        ServiceUnreachable: the broker does not answer, or no longer.
        Misconfigured: the broker refuses our credentials or our right to do this.
        Fatal: any other answer of the broker that is an error.
    """
    try:
        yield
    except (SaslAuthenticationFailedError, AuthorizationError) as refused:
        raise Misconfigured(
            f"Kafka at {kafka.bootstrap_servers} refuses: {refused}", "check kafka.sasl_* and the user's ACLs"
        ) from refused
    except KafkaError as error:
        if error.retriable:
            raise unreachable(kafka, error) from error
        raise Fatal(f"Kafka at {kafka.bootstrap_servers} answered with an error: {error}") from error


def unreachable(kafka: KafkaSettings, error: Exception | None = None) -> ServiceUnreachable:
    """The error for a broker that does not answer, naming its address and what to do."""
    why = f" ({error})" if error else ""
    return ServiceUnreachable(
        f"Kafka does not answer at {kafka.bootstrap_servers}{why}",
        "start it with `wire up`, or correct kafka.bootstrap_servers and kafka.security_protocol",
    )


def connection(kafka: KafkaSettings) -> dict[str, Any]:
    """Arguments every kafka-python client takes, for a broker somebody listens at.

    Raises:
        ServiceUnreachable: nobody does. A client would find out itself, but only after the whole
            timeout, and leave a thread and its sockets behind.
    """
    _knock(kafka)
    return kafka.client_options() | {
        "bootstrap_timeout_ms": int(CONNECT_TIMEOUT * 1000),
        "request_timeout_ms": int(kafka.request_timeout * 1000),
        "reconnect_backoff_max_ms": 1000,
    }


def _knock(kafka: KafkaSettings) -> None:
    """Raise ServiceUnreachable where none of the bootstrap servers takes a connection."""
    failure: OSError | None = None
    for server in kafka.bootstrap_servers.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_TIMEOUT).close()
        except OSError as refused:
            failure = refused
        except ValueError:
            raise Misconfigured(f"{server!r} is no host:port", "correct kafka.bootstrap_servers") from None
        else:
            return
    raise unreachable(kafka, failure) from failure


@contextmanager
def open_admin(kafka: KafkaSettings) -> Iterator[KafkaAdminClient]:
    """A client for administration, closed at the end.

    Raises:
        ServiceUnreachable: see `explained`.
        Misconfigured: see `explained`.
        Fatal: see `explained`.
    """
    with explained(kafka):
        client = KafkaAdminClient(**connection(kafka))
        try:
            yield client
        finally:
            client.close()


@contextmanager
def open_consumer(kafka: KafkaSettings, **options: Any) -> Iterator[KafkaConsumer]:
    """A consumer without a group that creates no topics; ``options`` are kafka-python's. Raises as `open_admin`."""
    with explained(kafka):
        client = KafkaConsumer(
            **connection(kafka), group_id=None, enable_auto_commit=False, allow_auto_create_topics=False, **options
        )
        try:
            yield client
        finally:
            client.close()


@contextmanager
def open_producer(kafka: KafkaSettings, **options: Any) -> Iterator[KafkaProducer]:
    """An idempotent producer that creates no topics; ``options`` are kafka-python's. Raises as `open_admin`.

    Leaving the block waits for what was sent only as long as it takes to connect: whoever needs
    to know the fate of a message awaits its future inside the block.
    """
    with explained(kafka):
        client = KafkaProducer(
            **connection(kafka)
            | {"acks": "all", "enable_idempotence": True, "allow_auto_create_topics": False}
            | options
        )
        try:
            yield client
        finally:
            client.close(timeout=CONNECT_TIMEOUT)
