"""The local stack's servers with everything locked: TLS on every port, authorization on, nothing allowed that isn't."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import ssl
import urllib.request
from collections.abc import Mapping
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from pipeline.config import LocalSettings
from pipeline.local.elasticsearch import ElasticsearchService
from pipeline.local.folders import Account
from pipeline.local.java import Java
from pipeline.local.kafka import KafkaService
from pipeline.local.service import HOST
from tests.security.certificates import Authority, Identity

ADMIN = "admin"
"""The super-user of both servers."""

PBKDF2_ROUNDS = 10_000

# The broker is a super-user by its certificate; `mapping.rules` makes the common name of a client's the principal.
PROPERTIES = """
listeners=SASL_SSL://{host}:{sasl},SSL://{host}:{mutual},CONTROLLER://{host}:{controller}
advertised.listeners=SASL_SSL://{host}:{sasl},SSL://{host}:{mutual}
listener.security.protocol.map=CONTROLLER:SSL,SASL_SSL:SASL_SSL,SSL:SSL
inter.broker.listener.name=SSL
listener.name.controller.ssl.client.auth=required
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=SCRAM-SHA-512
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
  org.apache.kafka.common.security.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:kafka;User:{admin}
"""

SETTINGS = """
xpack.security.enabled: true
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: {config}/tls/server.crt
xpack.security.http.ssl.key: {config}/tls/server.key
xpack.security.transport.ssl.enabled: false
xpack.security.authc.api_key.enabled: true
"""


class SecuredKafka(KafkaService):
    """A Kafka with a listener for SCRAM-SHA-512 over TLS, one for client certificates, and ACLs.

    Args:
        mutual_port: port of the listener for client certificates.
        passwords: of each SCRAM user.
        authority: who signed the certificates of broker and clients.
    """

    def __init__(
        self,
        data: Path,
        settings: LocalSettings,
        account: Account,
        *,
        mutual_port: int,
        passwords: Mapping[str, str],
        authority: Authority,
        broker: Identity,
    ) -> None:
        super().__init__(data, settings, account)
        self._mutual_port = mutual_port
        self._passwords = passwords
        self._authority = authority
        self._broker = broker

    def properties(self) -> str:
        """See `KafkaService.properties`; a later line wins."""
        overridden = ("listeners=", "advertised.listeners=", "listener.security.protocol.map=", "inter.broker.")
        kept = [line for line in super().properties().splitlines() if not line.startswith(overridden)]
        tls = self.data / "tls"
        tls.mkdir(exist_ok=True)
        keystore, trusted = tls / "broker.pem", tls / "authority.pem"
        keystore.write_bytes(self._broker.keystore().read_bytes())
        trusted.write_bytes(self._authority.file.read_bytes())
        return "\n".join(kept) + PROPERTIES.format(
            host=HOST,
            sasl=self.ports[0],
            mutual=self._mutual_port,
            controller=self.ports[1],
            keystore=keystore,
            authority=trusted,
            admin=ADMIN,
        )

    def format_options(self) -> list[str]:
        """The users, who have to exist before anybody can connect to make them."""
        return [
            option
            for name, password in self._passwords.items()
            for option in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
        ]

    def connection(self) -> dict[str, Any]:
        """See `KafkaService.connection`."""
        return {
            "bootstrap_servers": self.address,
            "security_protocol": "SASL_SSL",
            "ssl_context": ssl.create_default_context(cafile=self._authority.file),
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": ADMIN,
            "sasl_plain_password": self._passwords[ADMIN],
        }


class SecuredElasticsearch(ElasticsearchService):
    """An Elasticsearch over https, with one user who may make the others."""

    def __init__(
        self,
        data: Path,
        settings: LocalSettings,
        account: Account,
        *,
        password: str,
        authority: Authority,
        server: Identity,
    ) -> None:
        super().__init__(data, settings, account)
        self._password = password
        self._authority = authority
        self._server = server

    def settings(self) -> str:
        """See `ElasticsearchService.settings`."""
        plain = [line for line in super().settings().splitlines() if not line.startswith("xpack.")]
        return "\n".join(plain) + SETTINGS.format(config=self.data / "config")

    def _configured(self, home: Path, java: Java) -> Path:
        config = super()._configured(home, java)
        (config / "users").write_text(f"{ADMIN}:{_hashed(self._password)}\n")
        (config / "users_roles").write_text(f"superuser:{ADMIN}\n")
        tls = config / "tls"
        tls.mkdir()
        (tls / "server.crt").write_bytes(self._server.certificate.read_bytes())
        (tls / "server.key").write_bytes(self._server.key.read_bytes())
        return config

    def ask(self, path: str) -> HTTPResponse:
        """See `ElasticsearchService.ask`."""
        return self.request("GET", path)

    def request(self, method: str, path: str, body: object = None) -> HTTPResponse:
        """What the server answers its administrator."""
        token = base64.b64encode(f"{ADMIN}:{self._password}".encode()).decode()
        request = urllib.request.Request(
            f"https://{self.address}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
        )
        context = ssl.create_default_context(cafile=self._authority.file)
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=30, context=context)  # noqa: S310
        return answer


def _hashed(password: str) -> str:
    """A password as Elasticsearch's file realm keeps it: PBKDF2 with HMAC-SHA512."""
    salt = secrets.token_bytes(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, PBKDF2_ROUNDS, 32)
    return f"{{PBKDF2}}{PBKDF2_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
