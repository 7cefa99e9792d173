"""A secured Kafka and Elasticsearch with the roles of deploy/security, and `wire` as each of them."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from elasticsearch import ApiError
from pydantic import SecretStr

from pipeline.config import ElasticsearchSettings, KafkaSettings, LocalSettings, Settings, StageName
from pipeline.errors import Misconfigured
from pipeline.local import free_ports
from pipeline.local.folders import server_account
from pipeline.local.service import HOST
from pipeline.searching.connection import open_index
from tests.security.certificates import Authority, Identity
from tests.security.servers import ADMIN, SecuredElasticsearch, SecuredKafka

TOP = Path(__file__).parent.parent.parent
SECURITY = TOP / "deploy" / "security"
MODELS = TOP / "tests" / "models"

SCRAM = (ADMIN, "wire-setup", "wire-feeder", "wire-clean", "wire-enrich", "wire-operator", "wire-desk")
"""Roles that say who they are with a password."""

MUTUAL = ("wire-index", "wire-lag")
"""Roles that say who they are with a certificate."""

STAGES: tuple[StageName, ...] = ("clean", "enrich", "index")

INDEX_ROLES = ("wire-setup", "wire-index", "wire-reader", "wire-desk")
"""Roles of Elasticsearch, each with an API key; the desk has a user and a password instead."""


class Secured:
    """Both servers, their secrets, and everything that any command of a test printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passwords = {name: secrets.token_hex(12) for name in SCRAM}
        self.keys: dict[str, str] = {}
        self.desk_password = secrets.token_hex(12)
        self.said: list[str] = []
        self.authority = Authority(folder, "authority")
        self.stranger = Authority(folder, "stranger")
        broker = self.authority.issue("kafka")
        self.identities = {name: self.authority.issue(name) for name in MUTUAL}
        kafka, self.mutual_port, controller, http, transport = free_ports(5)
        local = LocalSettings(
            kafka_port=kafka,
            kafka_controller_port=controller,
            elasticsearch_port=http,
            elasticsearch_transport_port=transport,
            kafka_heap="256m",
            elasticsearch_heap="512m",
        )
        account = server_account()
        self.kafka = SecuredKafka(
            folder / "kafka",
            local,
            account,
            mutual_port=self.mutual_port,
            passwords=self.passwords,
            authority=self.authority,
            broker=broker,
        )
        self.elasticsearch = SecuredElasticsearch(
            folder / "elasticsearch",
            local,
            account,
            password=self.passwords[ADMIN],
            authority=self.authority,
            server=broker,
        )

    # -- the servers -------------------------------------------------------------------------------

    def start(self) -> None:
        """Start both at once, and make the roles."""
        with ThreadPoolExecutor() as both:
            list(both.map(lambda server: server.start(), (self.kafka, self.elasticsearch)))
        self.run("deploy/security/kafka_acls.py", "--apply", role=ADMIN)
        for role in INDEX_ROLES:
            self._make_index_role(role)

    def _make_index_role(self, role: str) -> None:
        """As docs/security.md says, with the file of deploy/security as it is."""
        definition = json.loads((SECURITY / "elasticsearch" / f"{role}.json").read_text())
        if role == "wire-desk":
            self._ask("PUT", f"/_security/role/{role}", definition)
            self._ask("PUT", f"/_security/user/{role}", {"password": self.desk_password, "roles": [role]})
        else:
            made = self._ask("POST", "/_security/api_key", {"name": role, "role_descriptors": {role: definition}})
            self.keys[role] = made["encoded"]

    def _ask(self, method: str, path: str, body: object) -> dict[str, Any]:
        with self.elasticsearch.request(method, path, body) as answer:
            said: dict[str, Any] = json.load(answer)
        return said

    def stop(self) -> None:
        """Stop both."""
        self.kafka.stop()
        self.elasticsearch.stop()

    def secrets(self) -> dict[str, str]:
        """All that must never be shown, by whose it is."""
        keys = {f"API key of {role}": key for role, key in self.keys.items()}
        # A client would show a key as it sends it; the secret half of it alone must not be seen either.
        halves = {f"{name}, decoded": base64.b64decode(key).decode().split(":")[1] for name, key in keys.items()}
        return self.passwords | {"password of the desk": self.desk_password} | keys | halves

    # -- who a role is -----------------------------------------------------------------------------

    def kafka_as(self, role: str, **other: Any) -> KafkaSettings:
        """The settings with which a role reaches Kafka."""
        said: dict[str, Any] = {"ssl_cafile": self.authority.file, "request_timeout": 10.0}
        if role in MUTUAL:
            said |= {"bootstrap_servers": f"{HOST}:{self.mutual_port}", "security_protocol": "SSL"}
            said |= as_client(self.identities[role])
        else:
            said |= {
                "bootstrap_servers": self.kafka.address,
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_username": role,
                "sasl_password": SecretStr(self.passwords[role]),
            }
        return KafkaSettings(**said | other)

    def elasticsearch_as(self, role: str, **other: Any) -> ElasticsearchSettings:
        """The settings with which a role reaches Elasticsearch."""
        said: dict[str, Any] = {"url": f"https://{self.elasticsearch.address}", "ca_certs": self.authority.file}
        if role in self.keys:
            said["api_key"] = SecretStr(self.keys[role])
        elif role in {"wire-desk", ADMIN}:
            password = self.desk_password if role == "wire-desk" else self.passwords[ADMIN]
            said |= {"username": role, "password": SecretStr(password)}
        return ElasticsearchSettings(**said | other)

    def settings(self, role: str) -> Settings:
        """All settings of a role; who needs one server only has no right at the other."""
        return Settings(
            kafka=self.kafka_as(role) if role in SCRAM + MUTUAL else KafkaSettings(),
            elasticsearch=self.elasticsearch_as(role),
        )

    def environment(self, role: str) -> dict[str, str]:
        """The variables of a role; its secrets are files in a folder, as in Docker and Kubernetes."""
        hidden = self.folder / "secrets" / role
        hidden.mkdir(parents=True, exist_ok=True)
        variables = {"WIRE_SECRETS_DIR": str(hidden), "WIRE_LOGGING__FORMAT": "json", "PYTHONPATH": f"{TOP}:{MODELS}"}
        variables |= {"WIRE_ENRICHMENT__MODEL": "wire_test_model", "WIRE_STREAMING__ENRICH_PROCESSES": "1"}
        settings = self.settings(role)
        for section in ("kafka", "elasticsearch"):
            for key, value in getattr(settings, section).model_dump(exclude_defaults=True).items():
                name = f"WIRE_{section}__{key}".upper()
                if isinstance(value, SecretStr):
                    (hidden / name).write_text(value.get_secret_value())
                else:
                    variables[name] = str(value)
        return {name: value for name, value in os.environ.items() if not name.startswith("WIRE_")} | variables

    # -- commands ----------------------------------------------------------------------------------

    def run(self, *command: str, role: str, code: int = 0, **other: str) -> str:
        """What a Python program prints that runs as a role, both streams; it must exit with ``code``."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=TOP,
            env=self.environment(role) | other,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        self.said.append(done.stdout)
        assert done.returncode == code, done.stdout
        return done.stdout

    def wire(self, *arguments: str, role: str, code: int = 0, **other: str) -> str:
        """The same for a `wire` command."""
        return self.run("-m", "pipeline", *arguments, role=role, code=code, **other)

    def log_of(self, stage: str) -> Path:
        """Where the worker of a stage logs."""
        return self.folder / f"worker-{stage}.log"

    def work(self, stage: str, **other: str) -> subprocess.Popen[bytes]:
        """Start the worker of a stage as its own role."""
        command = [sys.executable, "-m", "pipeline", "worker", stage]
        environment = self.environment(f"wire-{stage}") | other
        with self.log_of(stage).open("wb") as log:
            return subprocess.Popen(command, cwd=TOP, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def indexed(self) -> int:
        """Articles a reader finds."""
        try:
            with open_index(self.elasticsearch_as("wire-reader")) as client:
                found: int = client.count(index="wire-articles")["count"]
        except (Misconfigured, ApiError):  # nothing was ever indexed, or the index is only just made
            return 0
        return found

    @contextmanager
    def tls_server(self, identity: Identity) -> Iterator[str]:
        """The address of a server that shows this certificate, and says nothing."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(identity.certificate, identity.key)

        def serve() -> None:
            client, _ = server.accept()
            # The client doesn't take it, which is what is tested.
            with client, suppress(OSError), context.wrap_socket(client, server_side=True):
                pass

        with socket.create_server((HOST, 0)) as server:
            thread = threading.Thread(target=serve)
            thread.start()
            yield f"{HOST}:{server.getsockname()[1]}"
            thread.join()


def as_client(identity: Identity) -> dict[str, Any]:
    """The settings that show a certificate to the broker."""
    return {"ssl_certfile": identity.certificate, "ssl_keyfile": identity.key}
