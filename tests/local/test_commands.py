"""`wire up`, `wire down`, `wire status` where no local server need run."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.cli.local import _ours
from pipeline.config import ElasticsearchSettings, KafkaSettings, LocalSettings, Settings, load_settings
from pipeline.errors import ServiceUnreachable
from pipeline.local import LocalStack
from tests.local.commands import PORTS, Wire
from tests.local.conftest import InstallJava


@pytest.mark.parametrize(
    ("kafka", "elasticsearch", "ours"),
    [
        ("127.0.0.1:9092", "http://127.0.0.1:9200", {"kafka", "elasticsearch"}),
        ("localhost:9092", "http://localhost:9200/", {"kafka", "elasticsearch"}),
        ("kafka.example:9092", "http://127.0.0.1:9200", {"elasticsearch"}),
        ("127.0.0.1:9095", "http://127.0.0.1:9200", {"elasticsearch"}),
        ("127.0.0.1:9092,127.0.0.1:9095", "http://127.0.0.1:9200", {"elasticsearch"}),
        ("127.0.0.1:9092", "http://127.0.0.1:9201", {"kafka"}),
        ("127.0.0.1:9092", "https://127.0.0.1:9200", {"kafka"}),
        ("127.0.0.1:9092", "http://search.example:9200", {"kafka"}),
        ("kafka.example:9092", "https://search.example", set()),
    ],
)
def test_ours_to_start_is_what_the_settings_look_for_at_the_local_address(
    kafka: str, elasticsearch: str, ours: set[str]
) -> None:
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=kafka), elasticsearch=ElasticsearchSettings(url=elasticsearch)
    )
    assert {service.name for service in _ours(settings, LocalStack(settings.local))} == ours


def test_the_local_address_follows_the_port_of_the_settings() -> None:
    settings = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:9192"), local=LocalSettings(kafka_port=9192))
    assert "kafka" in {service.name for service in _ours(settings, LocalStack(settings.local))}


def test_up_refuses_an_occupied_port_and_says_what_to_do(empty_folder: Path) -> None:
    wire = Wire(empty_folder)
    port = wire.ports["KAFKA_PORT"]
    with socket.create_server(("127.0.0.1", port)):
        code, stdout, stderr = wire("up")
    assert (code, stdout) == (3, "")
    assert stderr.splitlines()[-1] == (
        f"wire: port {port}, which kafka needs, is taken by another process; "
        "stop that process, or choose another port: WIRE_LOCAL__KAFKA_PORT"
    )
    assert "Traceback" not in stderr


@pytest.mark.parametrize("name", PORTS)
def test_each_port_is_refused_by_the_setting_that_chooses_it(name: str, tmp_path: Path) -> None:
    ports = Wire(tmp_path).ports
    stack = LocalStack(
        LocalSettings(
            data_dir=tmp_path,
            kafka_port=ports["KAFKA_PORT"],
            kafka_controller_port=ports["KAFKA_CONTROLLER_PORT"],
            elasticsearch_port=ports["ELASTICSEARCH_PORT"],
            elasticsearch_transport_port=ports["ELASTICSEARCH_TRANSPORT_PORT"],
        )
    )
    service = stack.kafka if name.startswith("KAFKA") else stack.elasticsearch
    with (
        socket.create_server(("127.0.0.1", ports[name])),
        pytest.raises(ServiceUnreachable, match=f"port {ports[name]}, .* choose another port: WIRE_LOCAL__{name}$"),
    ):
        service.start()


def test_another_on_the_port_is_not_taken_for_ours(empty_folder: Path) -> None:
    wire = Wire(empty_folder)
    with socket.create_server(("127.0.0.1", wire.ports["KAFKA_PORT"])):
        code, states = wire.status()
    assert code == 3
    assert {state["state"] for state in states.values()} == {"stopped"}


def test_without_a_java_up_ends_with_one_sentence_that_says_how_to_install_one(
    install_java: InstallJava, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in Wire(tmp_path / "local").variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["wire", "up"])
    load_settings.cache_clear()  # other tests have read those of this machine
    with pytest.raises(SystemExit) as ended:
        cli.run()
    load_settings.cache_clear()
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "wire: Kafka and Elasticsearch need Java 17 or newer, and none was found; "
        "install one, for example: apt-get install openjdk-17-jdk-headless"
    )


def test_up_names_an_address_that_is_not_ours_and_does_not_answer(empty_folder: Path) -> None:
    code, stdout, stderr = Wire(empty_folder, kafka="127.0.0.1:1", elasticsearch="http://127.0.0.1:1")("up")
    assert (code, stdout) == (3, "")
    assert stderr.splitlines()[-1] == (
        "wire: kafka does not answer at 127.0.0.1:1, which the settings name; "
        "correct the address, or unset it to use the local one"
    )


def test_status_tells_one_that_does_not_run_from_one_that_is_not_ours_and_does_not_answer(empty_folder: Path) -> None:
    wire = Wire(empty_folder, elasticsearch="http://127.0.0.1:1")
    code, states = wire.status()
    assert code == 3
    assert states["kafka"]["state"] == "stopped"
    elsewhere = {"service": "elasticsearch", "address": "http://127.0.0.1:1", "state": "not answering"}
    assert states["elasticsearch"] == elsewhere


def test_down_where_nothing_runs_is_no_failure(empty_folder: Path) -> None:
    code, stdout, stderr = Wire(empty_folder)("down")
    assert (code, stdout) == (0, "")
    assert stderr.splitlines() == ["elasticsearch did not run", "kafka did not run"]
