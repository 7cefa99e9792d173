"""What a person is told whose password, certificate or protocol is wrong: at once, why, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import AsyncElasticsearch
from pydantic import SecretStr

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable
from pipeline.indexing.templates import set_up
from pipeline.kafka_clients import open_admin
from pipeline.local.external import elasticsearch_status, kafka_status
from tests.security.secured import Secured, as_client

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

WRONG = "a-wrong-secret"
EXPIRED = -timedelta(hours=1)


def _wrong_password(_: Secured) -> dict[str, Any]:
    return {"sasl_password": SecretStr(WRONG)}


def _mechanism_the_broker_lacks(_: Secured) -> dict[str, Any]:
    return {"sasl_mechanism": "SCRAM-SHA-256"}


def _no_password(_: Secured) -> dict[str, Any]:
    return {"sasl_password": None}


def _untrusted_authority(secured: Secured) -> dict[str, Any]:
    return {"ssl_cafile": secured.stranger.file}


def _name_not_in_the_certificate(secured: Secured) -> dict[str, Any]:
    return {"bootstrap_servers": f"localhost:{secured.kafka.ports[0]}"}


def _plaintext(_: Secured) -> dict[str, Any]:
    return {"security_protocol": "PLAINTEXT"}


def _password_without_encryption(_: Secured) -> dict[str, Any]:
    return {"security_protocol": "SASL_PLAINTEXT"}


def _the_listener_for_certificates(secured: Secured) -> dict[str, Any]:
    return {"bootstrap_servers": f"127.0.0.1:{secured.mutual_port}"}


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        (_wrong_password, Misconfigured, ["refuses wire-feeder", "kafka.sasl_password"]),
        (_mechanism_the_broker_lacks, Misconfigured, ["refuses wire-feeder", "kafka.sasl_mechanism"]),
        (_no_password, Misconfigured, ["needs kafka.sasl_password", "WIRE_SECRETS_DIR"]),
        (_untrusted_authority, Misconfigured, ["is not trusted", "kafka.ssl_cafile"]),
        (_name_not_in_the_certificate, Misconfigured, ["is not trusted", "kafka.bootstrap_servers"]),
        (_plaintext, Misconfigured, ["speaks TLS", "kafka.security_protocol"]),
        (_password_without_encryption, Misconfigured, ["speaks TLS", "kafka.security_protocol"]),
        (_the_listener_for_certificates, ServiceUnreachable, ["lets us not in", "kafka.security_protocol"]),
    ],
)
def test_kafka_says_why_a_user_is_not_let_in(
    secured: Secured, changed: Callable[[Secured], dict[str, Any]], error: type[Fatal], words: list[str]
) -> None:
    with pytest.raises(error) as refused, open_admin(secured.kafka_as("wire-feeder", **changed(secured))):
        pass
    assert all(word in str(refused.value) for word in words), refused.value
    assert WRONG not in str(refused.value)


@pytest.mark.parametrize("which", ["none", "of a stranger", "expired"])
def test_kafka_lets_nobody_in_without_a_good_certificate(secured: Secured, which: str) -> None:
    shown: dict[str, Any] = {"ssl_certfile": None, "ssl_keyfile": None}
    if which != "none":
        authority = secured.authority if which == "expired" else secured.stranger
        shown = as_client(authority.issue(f"lag {which}", valid=EXPIRED if which == "expired" else timedelta(days=1)))
    with (
        pytest.raises(ServiceUnreachable, match=r"lets us not in.*ssl_certfile"),
        open_admin(secured.kafka_as("wire-lag", **shown)),
    ):
        pass


def test_an_expired_certificate_of_the_broker_is_named_as_such(secured: Secured) -> None:
    with (
        secured.tls_server(secured.authority.issue("late", valid=EXPIRED)) as address,
        pytest.raises(Misconfigured, match=r"has expired; have the broker's certificate renewed"),
        open_admin(secured.kafka_as("wire-feeder", bootstrap_servers=address)),
    ):
        pass


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"api_key": SecretStr("d3JvbmctaWQ6" + WRONG)}, Misconfigured, ["refuses", "elasticsearch.api_key"]),
        ({"api_key": None}, Misconfigured, ["refuses", "elasticsearch.api_key"]),
        ({"ca_certs": None}, ServiceUnreachable, ["CERTIFICATE_VERIFY_FAILED"]),
    ],
)
def test_elasticsearch_says_why_a_worker_is_not_let_in(
    secured: Secured, changed: dict[str, Any], error: type[Fatal], words: list[str]
) -> None:
    async def start() -> None:
        options = secured.elasticsearch_as("wire-index", **changed).client_options()
        async with AsyncElasticsearch(**options) as client:
            await set_up(client, IndexingSettings())

    with pytest.raises(error) as refused:
        asyncio.run(start())
    assert all(word in str(refused.value) for word in words), refused.value
    assert WRONG not in str(refused.value)


def test_status_tells_who_is_not_let_in_from_who_may_not_ask(secured: Secured) -> None:
    assert kafka_status(secured.kafka_as("wire-feeder")).state == "external"
    assert elasticsearch_status(secured.elasticsearch_as("wire-reader")).state == "external"
    with pytest.raises(Misconfigured, match="refuses wire-feeder"):
        kafka_status(secured.kafka_as("wire-feeder", sasl_password=SecretStr(WRONG)))
    with pytest.raises(Misconfigured, match="refuses our credentials"):
        elasticsearch_status(secured.elasticsearch_as("wire-desk", password=SecretStr(WRONG)))
    with pytest.raises(Misconfigured, match=r"elasticsearch\.ca_certs"):
        elasticsearch_status(secured.elasticsearch_as("wire-reader", ca_certs=secured.stranger.file))


def test_a_worker_and_a_feed_with_a_wrong_password_end_with_2(secured: Secured, tmp_path_factory: Any) -> None:
    wrong = {"WIRE_KAFKA__SASL_PASSWORD": WRONG}
    for role, command in {"wire-clean": ("worker", "clean"), "wire-feeder": ("feed", "README.md")}.items():
        said = secured.wire(*command, role=role, code=2, **wrong)
        assert f"refuses {role}" in said
        assert "Traceback" not in said
        assert WRONG not in said
