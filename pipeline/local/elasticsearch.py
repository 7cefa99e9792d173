"""The local Elasticsearch: one node, without security, on loopback only."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
import uuid
from http.client import HTTPResponse
from pathlib import Path

from pipeline.config import LocalSettings
from pipeline.errors import Misconfigured
from pipeline.local.artifacts import elasticsearch_home
from pipeline.local.folders import Account
from pipeline.local.java import Java, find_java
from pipeline.local.service import HOST, Launch, Service, java_environment

_NEW, _NEW_JAVA = "9.4.3", 21
_OLD = "8.16.1"
_ANSWER_SECONDS = 2.0

# The disk of a developer's machine is often nearly full in per cent, and not in bytes: the disk
# watermarks would make a healthy local node refuse writes.
_SETTINGS = """\
cluster.name: {name}
node.name: local
network.host: {host}
http.port: {port}
transport.port: {transport_port}
discovery.type: single-node
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: true
path.data: {data}/indices
path.logs: {data}/logs
"""

# For a node that runs for hours at most and shares its cores: the optimizing compiler alone takes
# longer than indexing does (docs/decisions.md).
_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]

_LAUNCHER = ["-Xms4m", "-Xmx64m", *_JVM]


class ElasticsearchService(Service):
    """The local Elasticsearch."""

    name = "elasticsearch"

    def __init__(self, data: Path, settings: LocalSettings, account: Account) -> None:
        ports = (settings.elasticsearch_port, settings.elasticsearch_transport_port)
        super().__init__(data, ports, account, settings.start_timeout)
        self._heap = settings.elasticsearch_heap

    def version(self) -> str:
        """9.4.3 where a full JDK 21 or newer is found, else 8.16.1; data keeps the version it was made with."""
        noted = self.data / "version"
        if noted.is_file():
            return noted.read_text()
        best = find_java(self.account)[0]
        return _NEW if _runs_new(best) else _OLD

    def port_setting(self, port: int) -> str:
        """See `Service.port_setting`."""
        return "ELASTICSEARCH_PORT" if port == self.ports[0] else "ELASTICSEARCH_TRANSPORT_PORT"

    def expected_identity(self) -> str:
        """The cluster name the data folder was given."""
        noted = self.data / "cluster-name"
        return noted.read_text() if noted.is_file() else "not set up yet"

    def identity(self) -> str | None:
        """The name of the cluster that answers and has recovered its indices."""
        try:
            with self.ask("/_cluster/health?wait_for_status=yellow&timeout=1s") as answer:
                name: str = json.load(answer)["cluster_name"]
        except (OSError, ValueError, KeyError, urllib.error.URLError):
            return None
        return name

    def ask(self, path: str) -> HTTPResponse:
        """The server's answer to a GET request. Raises OSError where there is none."""
        answer: HTTPResponse = urllib.request.urlopen(f"http://{self.address}{path}", timeout=_ANSWER_SECONDS)
        return answer

    def settings(self) -> str:
        """What ``elasticsearch.yml`` holds."""
        return _SETTINGS.format(
            name=self.expected_identity(),
            host=HOST,
            port=self.ports[0],
            transport_port=self.ports[1],
            data=self.data,
        )

    def prepare(self) -> Launch:
        """Write the settings; returns how to start the version the Java allows."""
        version = self.version()
        java = self._java(version)
        home = elasticsearch_home(version)
        if not (self.data / "cluster-name").is_file():
            (self.data / "cluster-name").write_text(f"wire-local-{uuid.uuid4().hex[:12]}")
        (self.data / "version").write_text(version)
        config = self._configured(home, java)
        environment = java_environment() | {
            "ES_HOME": str(home),
            "ES_PATH_CONF": str(config),
            "ES_JAVA_HOME": str(java.home),
            "ES_JAVA_OPTS": " ".join([f"-Xms{self._heap}", f"-Xmx{self._heap}", *_JVM]),
            "ES_TMPDIR": str(self.data / "tmp"),
            "HOME": str(self.data),
        }
        if version == _NEW:
            environment |= {
                "JAVA": str(java.program),
                "JAVA_TYPE": "ES_JAVA_HOME",
                "ES_DISTRIBUTION_TYPE": "zip",
                "CLI_JAVA_OPTS": " ".join(_LAUNCHER),
            }
            command = [*self._launch(java, home), "org.elasticsearch.server.launcher.ServerLauncher"]
        else:
            command = [*self._launch_old(java, home, config), "org.elasticsearch.launcher.CliToolLauncher"]
        return Launch(command, environment, home)

    def _java(self, version: str) -> Java:
        javas = find_java(self.account)
        if version == _NEW:
            fit = [java for java in javas if _runs_new(java)]
            if not fit:
                raise Misconfigured(
                    f"the local Elasticsearch's data were made by {_NEW}, which needs a full JDK {_NEW_JAVA} or newer",
                    "install one, for example Temurin 25, or start empty: wire up --fresh",
                )
            return fit[0]
        return next((java for java in javas if java.version < 24), javas[0])

    def _configured(self, home: Path, java: Java) -> Path:
        for folder in ("indices", "logs", "tmp"):
            (self.data / folder).mkdir(exist_ok=True)
        config = self.data / "config"
        if config.exists():
            shutil.rmtree(config)
        shutil.copytree(home / "config", config)
        # 8.x opens its gc.log under its own home, where the server's user can't write, and dies of it.
        # Its own choice of a collector would stand beside ours, and a JVM refuses two.
        dropped = ["gc.log", "-XX:+UseG1GC"] + ([] if java.incubator_vector else ["jdk.incubator.vector"])
        options = config / "jvm.options"
        lines = [line for line in options.read_text().splitlines() if not any(word in line for word in dropped)]
        options.write_text("\n".join(lines) + "\n")
        (config / "elasticsearch.yml").write_text(self.settings())
        return config

    @staticmethod
    def _launch(java: Java, home: Path) -> list[str]:
        return [str(java.program), *_LAUNCHER, "-cp", f"{home}/lib/tools/server-launcher/*"]

    @staticmethod
    def _launch_old(java: Java, home: Path, config: Path) -> list[str]:
        return [
            str(java.program),
            *_LAUNCHER,
            "-Dcli.name=server",
            f"-Dcli.script={home}/bin/elasticsearch",
            "-Dcli.libs=lib/tools/server-cli",
            f"-Des.path.home={home}",
            f"-Des.path.conf={config}",
            "-Des.distribution.type=zip",
            "-Des.java.type=ES_JAVA_HOME",
            "-cp",
            f"{home}/lib/*:{home}/lib/cli-launcher/*",
        ]


def _runs_new(java: Java) -> bool:
    return java.full and java.version >= _NEW_JAVA
