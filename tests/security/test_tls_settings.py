"""Certificates in the settings, and a listener that is no broker: without a server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import SecretStr

from pipeline.config import KafkaSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable
from pipeline.kafka_clients import connection
from tests.security.certificates import Authority, Identity

PASSWORD = "of-the-key"


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    """A certificate whose key is encrypted."""
    issued = Authority(tmp_path, "authority").issue("wire-lag")
    key = serialization.load_pem_private_key(issued.key.read_bytes(), None)
    issued.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PASSWORD.encode()),
        )
    )
    return issued


def settings(identity: Identity, password: str | None) -> KafkaSettings:
    return KafkaSettings(
        security_protocol="SSL",
        ssl_certfile=identity.certificate,
        ssl_keyfile=identity.key,
        ssl_key_password=SecretStr(password) if password else None,
    )


def test_an_encrypted_key_is_opened_with_its_password(identity: Identity) -> None:
    assert settings(identity, PASSWORD).ssl_context()


@pytest.mark.parametrize("password", ["another", None])
def test_nobody_is_asked_for_the_password_of_a_key(identity: Identity, password: str | None) -> None:
    with pytest.raises(Misconfigured, match="ssl_key_password") as refused:
        settings(identity, password).ssl_context()
    assert not password or password not in str(refused.value)


def test_a_file_that_holds_no_authority_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "authority.pem"
    empty.write_text("not a certificate")
    with pytest.raises(Misconfigured, match=r"kafka\.ssl_cafile"):
        KafkaSettings(security_protocol="SSL", ssl_cafile=empty).ssl_context()


@contextmanager
def listener(answer: bytes) -> Iterator[str]:
    """Somebody who answers the first connection so, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(64)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", Misconfigured, "is no Kafka"),
        (b"\x15\x03\x03\x00\x02\x02\x50", Misconfigured, "speaks TLS"),
        (b"", ServiceUnreachable, "hangs up"),
    ],
)
def test_what_is_no_unencrypted_kafka_is_told_at_once(answer: bytes, error: type[Fatal], words: str) -> None:
    with listener(answer) as address, pytest.raises(error, match=words):
        connection(KafkaSettings(bootstrap_servers=address))


def test_a_client_that_logs_its_arguments_shows_no_password() -> None:
    options = KafkaSettings(
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_username="desk",
        sasl_password=SecretStr(PASSWORD),
    ).client_options()
    assert options["sasl_plain_password"] == PASSWORD
    assert PASSWORD not in str(options)
