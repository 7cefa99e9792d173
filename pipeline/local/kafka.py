"""The local Kafka: one KRaft node, broker and controller in one."""

from __future__ import annotations

import base64
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from pipeline.config import LocalSettings
from pipeline.errors import ServiceUnreachable
from pipeline.local.artifacts import KAFKA_VERSION, kafka_jars
from pipeline.local.folders import Account
from pipeline.local.java import find_java
from pipeline.local.service import HOST, Launch, Service, java_environment

MESSAGE_MAX_BYTES = 20 * 2**20
_ANSWER_MS = 2000

# As for the local Elasticsearch: light beats fast at its peak.
_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}/topics
message.max.bytes={message_max_bytes}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=10
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
"""

_LOGGING = """\
Configuration:
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: '%d %p %m (%c)%n'
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        ref: STDOUT
"""


class KafkaService(Service):
    """The local Kafka."""

    name = "kafka"

    def __init__(self, data: Path, settings: LocalSettings, account: Account) -> None:
        super().__init__(data, (settings.kafka_port, settings.kafka_controller_port), account, settings.start_timeout)
        self._heap = settings.kafka_heap

    def version(self) -> str:
        """The version of Kafka."""
        return KAFKA_VERSION

    def port_setting(self, port: int) -> str:
        """See `Service.port_setting`."""
        return "KAFKA_PORT" if port == self.ports[0] else "KAFKA_CONTROLLER_PORT"

    def properties(self) -> str:
        """What the server's properties file holds."""
        return _PROPERTIES.format(
            host=HOST,
            port=self.ports[0],
            controller_port=self.ports[1],
            data=self.data,
            message_max_bytes=MESSAGE_MAX_BYTES,
        )

    def connection(self) -> dict[str, Any]:
        """Arguments of the client that asks who answers."""
        return {"bootstrap_servers": self.address}

    def format_options(self) -> list[str]:
        """Arguments of ``kafka-storage format`` besides the cluster id and the properties."""
        return []

    def expected_identity(self) -> str:
        """The cluster id the data folder was formatted with."""
        noted = self.data / "cluster-id"
        return noted.read_text() if noted.is_file() else "not formatted yet"

    def identity(self) -> str | None:
        """The cluster id of the Kafka that answers."""
        try:
            client = KafkaAdminClient(
                **self.connection(), bootstrap_timeout_ms=_ANSWER_MS, request_timeout_ms=_ANSWER_MS
            )
        except KafkaError:
            return None
        try:
            answered: str | None = client.describe_cluster()["cluster_id"]
        except KafkaError:
            return None
        finally:
            client.close()
        return answered

    def prepare(self) -> Launch:
        """Write the settings, format the data folder if it is new; returns how to start."""
        java = str(find_java(self.account)[0].program)
        classpath = f"{kafka_jars()}/*"
        properties = self.data / "server.properties"
        properties.write_text(self.properties())
        logging = self.data / "log4j2.yaml"
        logging.write_text(_LOGGING)
        options = [f"-Dlog4j2.configurationFile={logging}", "-cp", classpath]
        if not (self.data / "cluster-id").is_file():
            self._format([java, "-Xmx128m", *options], properties)
        heap = [f"-Xms{self._heap}", f"-Xmx{self._heap}", *_JVM]
        command = [java, *heap, "-Djava.awt.headless=true", *options, "kafka.Kafka", str(properties)]
        return Launch(command, java_environment(), self.data)

    def _format(self, java: list[str], properties: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A", 1)
        command = [*java, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
        command += self.format_options()
        shutil.rmtree(self.data / "topics", ignore_errors=True)  # of a start that was cut off
        self.account.own(self.data)
        options = self.account.popen_options()
        done = subprocess.run(command, env=java_environment(), capture_output=True, text=True, check=False, **options)
        if done.returncode:
            words = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            telling = [line for line in words if "Exception" in line or "Error" in line]
            raise ServiceUnreachable(
                f"Kafka's data folder can't be formatted: {(telling or words or ['no reason given'])[0].strip()}"
            )
        (self.data / "cluster-id").write_text(cluster)
