"""kafka-python clients for the edges, opened within a bounded time and with their failures explained."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import AuthorizationError, KafkaError, SaslAuthenticationFailedError

from pipeline.config import KafkaSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable

CONNECT_TIMEOUT = 10.0
"""Seconds until a broker that doesn't answer counts as unreachable."""

_FAREWELL = 1.0
"""Seconds to wait until a connection that was tried is closed."""

_API_VERSIONS = bytes.fromhex("0000000a 0012 0000 00000000 ffff")
"""The request any client begins with: its length, ApiVersions, version 0, correlation id 0, no client id."""

_KAFKA = b"\x00"
"""The first byte of any answer to that: the highest of its length."""

_TLS_ALERT = b"\x15"
"""The first byte of a TLS record that says what is wrong (RFC 8446, 5.1)."""

_OTHER_PROTOCOL = (
    "if it is up, it wants another kafka.security_protocol, or has a port of its own for this one; "
    "if it is starting or stopping, try again"
)

_UNTRUSTED = {
    9: "check this machine's clock and the broker's certificate",
    10: "have the broker's certificate renewed",
    62: "name the broker in kafka.bootstrap_servers as its certificate does",
    64: "name the broker in kafka.bootstrap_servers as its certificate does",
}
"""What to do about OpenSSL's reasons (X509_V_ERR_...): not valid yet, expired, another host, another address."""


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


def no_topic(*names: str) -> Misconfigured:
    """What it means that the broker does not know topics: they are not there, or hidden from us."""
    missing = " and no topic ".join(names)
    return Misconfigured(f"there is no topic {missing}, or no right to it", "create the topics with `wire setup`")


def connection(kafka: KafkaSettings) -> dict[str, Any]:
    """Arguments every kafka-python client takes, for a broker that was found to let us in.

    Raises:
        ServiceUnreachable: nobody listens there, or hangs up. A client would find out itself, but only after the
            whole timeout, without a reason, and leave a thread and its sockets behind.
        Misconfigured: the broker is not trusted or doesn't trust us, or speaks another protocol.
    """
    _knock(kafka)
    return kafka.client_options() | {
        "bootstrap_timeout_ms": int(CONNECT_TIMEOUT * 1000),
        "request_timeout_ms": int(kafka.request_timeout * 1000),
        "reconnect_backoff_max_ms": 1000,
    }


def _knock(kafka: KafkaSettings) -> None:
    """Raise where none of the bootstrap servers lets us in: kafka-python would only say, in the end, that it waited."""
    _refuse_incomplete(kafka)
    failure: Fatal | None = None
    for server in kafka.bootstrap_servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if not host or not port.isdecimal():
            raise Misconfigured(f"{server!r} is no host:port", "correct kafka.bootstrap_servers")
        address = host.strip("[]"), int(port)
        try:
            failure = None if "SSL" in kafka.security_protocol.split("_") else _greet(*address)
            if failure is None and kafka.security_protocol != "PLAINTEXT":
                failure = _log_in(kafka, *address)
        except OSError as refused:
            failure = unreachable(kafka, refused)
        if failure is None:
            return
    if failure:
        raise failure


def _refuse_incomplete(kafka: KafkaSettings) -> None:
    """Raise Misconfigured where the settings name a protocol without what it needs."""
    needed = ("sasl_mechanism", "sasl_username", "sasl_password") if kafka.security_protocol.startswith("SASL") else ()
    if missing := [f"kafka.{name}" for name in needed if not getattr(kafka, name)]:
        raise Misconfigured(
            f"kafka.security_protocol {kafka.security_protocol} needs {', '.join(missing)}",
            "set them; a secret as a variable, or as a file in the folder WIRE_SECRETS_DIR",
        )


def _greet(host: str, port: int) -> Fatal | None:
    """Why what listens there doesn't speak Kafka's protocol unencrypted; None if it does. Raises OSError."""
    with socket.create_connection((host, port), timeout=CONNECT_TIMEOUT) as broker:
        broker.sendall(_API_VERSIONS)
        try:
            answer = broker.recv(1)
        except ConnectionResetError:
            answer = b""
    if answer == _KAFKA:
        return None
    if not answer:  # a broker that is just going down does so, too
        return ServiceUnreachable(f"{host}:{port} hangs up on an unencrypted connection", _OTHER_PROTOCOL)
    speaks = "speaks TLS" if answer == _TLS_ALERT else "is no Kafka"
    return Misconfigured(f"{host}:{port} {speaks}", "correct kafka.security_protocol or kafka.bootstrap_servers")


def _log_in(kafka: KafkaSettings, host: str, port: int) -> Fatal | None:
    """Why a broker doesn't take us as who we are, or we it; None if all is well. Raises OSError."""
    from aiokafka.conn import AIOKafkaConnection
    from aiokafka.errors import KafkaError as Refused

    options = kafka.client_options() | {"request_timeout_ms": int(CONNECT_TIMEOUT * 1000)}
    del options["bootstrap_servers"]

    async def log_in() -> Refused | None:
        broker = AIOKafkaConnection(host, port, **options)
        refused = None
        try:
            await broker.connect()
        except Refused as error:
            refused = error
        await asyncio.wait([broker.close()], timeout=_FAREWELL)
        return refused

    where = f"Kafka at {host}:{port}"
    try:
        refused = asyncio.run(log_in())
    except ssl.SSLCertVerificationError as untrusted:
        todo = _UNTRUSTED.get(untrusted.verify_code, "name the authority that signed it in kafka.ssl_cafile")
        return Misconfigured(f"the certificate of {where} is not trusted: {untrusted.verify_message}", todo)
    except ssl.SSLError as failed:
        return ServiceUnreachable(f"{where} and we don't agree on TLS: {failed.reason}", _OTHER_PROTOCOL)
    except ConnectionResetError:
        return ServiceUnreachable(f"{where} hangs up on a TLS connection", _OTHER_PROTOCOL)
    if refused is None:
        return None
    if refused.retriable:  # it hung up
        return ServiceUnreachable(
            f"{where} lets us not in: {refused}",
            f"with client certificates, check that it trusts kafka.ssl_certfile; {_OTHER_PROTOCOL}",
        )
    return Misconfigured(
        f"{where} refuses {kafka.sasl_username}: {getattr(refused, 'description', refused)}",
        "check kafka.sasl_username, kafka.sasl_password and kafka.sasl_mechanism",
    )


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
