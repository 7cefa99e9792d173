"""Which Elasticsearch is started, on which Java, and how it is set up; without starting it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import LocalSettings
from pipeline.errors import Misconfigured
from pipeline.local.elasticsearch import ElasticsearchService
from pipeline.local.folders import Account
from tests.local.conftest import InstallJava

JVM_OPTIONS = """\
-XX:+UseG1GC
20-:--add-modules=jdk.incubator.vector
-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=32,filesize=64m
-Dfile.encoding=UTF-8
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ElasticsearchService:
    """An Elasticsearch whose programs, of both versions, were fetched before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for version in ("9.4.3", "8.16.1"):
        config = tmp_path / "cache" / "wire-pipeline" / f"elasticsearch-{version}" / "config"
        config.mkdir(parents=True)
        (config / "jvm.options").write_text(JVM_OPTIONS)
        (config / "elasticsearch.yml").write_text("network.host: 0.0.0.0\n")
    data = tmp_path / "data"
    data.mkdir()
    settings = LocalSettings(elasticsearch_port=9290, elasticsearch_transport_port=9390, elasticsearch_heap="700m")
    return ElasticsearchService(data, settings, Account())


@pytest.mark.parametrize(
    ("javas", "version", "runs_on"),
    [
        ([("17.0.11", True)], "8.16.1", "java-17.0.11-full"),
        ([("21.0.3", True)], "9.4.3", "java-21.0.3-full"),
        ([("25", True), ("21.0.3", True), ("17.0.11", True)], "9.4.3", "java-25-full"),
        ([("25", False)], "8.16.1", "java-25-small"),
        ([("25", False), ("17.0.11", True)], "8.16.1", "java-17.0.11-full"),
        ([("25", False), ("17.0.11", False)], "8.16.1", "java-17.0.11-small"),
        ([("25", False), ("21.0.3", True)], "9.4.3", "java-21.0.3-full"),
    ],
)
def test_the_newest_version_the_javas_can_run_is_started_on_the_fittest(
    service: ElasticsearchService,
    install_java: InstallJava,
    javas: list[tuple[str, bool]],
    version: str,
    runs_on: str,
) -> None:
    homes = [install_java(number, full=full) for number, full in javas]
    assert service.version() == version
    launch = service.prepare()
    assert launch.folder.name == f"elasticsearch-{version}"
    (home,) = (home for home in homes if home.name == runs_on)
    assert launch.command[0] == str(home / "bin" / "java")
    assert launch.environment["ES_JAVA_HOME"] == str(home)


def test_data_made_by_one_version_is_opened_by_that_version(
    service: ElasticsearchService, install_java: InstallJava
) -> None:
    install_java("17.0.11")
    service.prepare()
    install_java("25")
    assert service.version() == "8.16.1"
    launch = service.prepare()
    assert launch.folder.name == "elasticsearch-8.16.1"
    assert "java-17.0.11-full" in launch.command[0]


def test_without_a_java_it_says_how_to_install_one(service: ElasticsearchService, install_java: InstallJava) -> None:
    with pytest.raises(Misconfigured, match="apt-get install openjdk-17-jdk-headless"):
        service.prepare()


def test_it_is_set_up_for_loopback_only_on_its_ports_with_its_data_in_its_folder(
    service: ElasticsearchService, install_java: InstallJava
) -> None:
    install_java("21")
    launch = service.prepare()
    written = (service.data / "config" / "elasticsearch.yml").read_text()
    said = dict(line.split(": ") for line in written.splitlines())
    assert {key: said[key] for key in ("network.host", "http.port", "transport.port", "discovery.type")} == {
        "network.host": "127.0.0.1",
        "http.port": "9290",
        "transport.port": "9390",
        "discovery.type": "single-node",
    }
    assert {said["path.data"], said["path.logs"]} == {f"{service.data}/indices", f"{service.data}/logs"}
    assert launch.environment["ES_PATH_CONF"] == str(service.data / "config")
    assert launch.environment["ES_JAVA_OPTS"] == "-Xms700m -Xmx700m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.mark.parametrize("vector", [True, False])
def test_options_its_java_or_its_user_cannot_follow_are_dropped(
    service: ElasticsearchService, install_java: InstallJava, vector: bool
) -> None:
    install_java("21", vector=vector)
    service.prepare()
    options = (service.data / "config" / "jvm.options").read_text()
    assert "gc.log" not in options
    assert ("jdk.incubator.vector" in options) == vector
    assert "G1GC" not in options  # a JVM told of two collectors does not start
    assert "-Dfile.encoding=UTF-8" in options.splitlines()


def test_its_name_is_its_own_and_stays(
    service: ElasticsearchService, install_java: InstallJava, tmp_path: Path
) -> None:
    install_java("21")
    before = service.expected_identity()
    service.prepare()
    name = service.expected_identity()
    service.prepare()
    assert service.expected_identity() == name != before
    (tmp_path / "other").mkdir()
    other = ElasticsearchService(tmp_path / "other", LocalSettings(), Account())
    other.prepare()
    assert other.expected_identity() != name
