"""The stacks in containers: reachable from this machine only, limited, confined, watched, and nothing unpinned."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from pipeline.config import Settings

ROOT = Path(__file__).parents[2]
FILES = {name: ROOT / name for name in ("docker-compose.yml", "deploy/compose.managed.yml")}
STACKS: dict[str, dict[str, Any]] = {name: yaml.safe_load(file.read_text()) for name, file in FILES.items()}
SERVICES: dict[str, dict[str, Any]] = STACKS["docker-compose.yml"]["services"]
ONCE = {"setup", "dashboards"}
PORTS = {"clean": 9400, "enrich": 9401, "index": 9402}

every_service = pytest.mark.parametrize(
    ("file", "name"), [(file, name) for file, stack in STACKS.items() for name in stack["services"]]
)


def is_ours(service: dict[str, Any]) -> bool:
    return str(service["image"]).startswith("wire-pipeline:")


@every_service
def test_a_service_is_pinned_limited_and_confined(file: str, name: str) -> None:
    service = STACKS[file]["services"][name]
    assert re.fullmatch(r"[a-z-]+(/[a-z-]+)?:v?\d+\.\d+\.\d+", service["image"])  # a name of Docker Hub's, a version
    assert service["mem_limit"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:"), port
    if name not in ONCE:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]
    if is_ours(service):
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
    if name in PORTS:
        assert f":{PORTS[name]}/health/live" in service["healthcheck"]["test"][-1]


@every_service
def test_what_a_service_needs_is_there(file: str, name: str) -> None:
    stack = STACKS[file]
    service = stack["services"][name]
    needed = service.get("depends_on", {})
    assert set(needed) <= stack["services"].keys()
    for other, how in needed.items() if isinstance(needed, dict) else []:
        if how["condition"] == "service_healthy":
            assert "healthcheck" in stack["services"][other]
        if how["condition"] == "service_completed_successfully":
            assert other in ONCE
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        theirs = {"/", "./settings.toml"}  # the host's disks, and what whoever runs it writes
        assert source in stack.get("volumes", {}) or source in theirs or (ROOT / source).exists(), volume


@pytest.mark.parametrize("file", list(FILES))
def test_the_workers_settings_are_settings(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, service in STACKS[file]["services"].items():
        if not is_ours(service):
            continue
        with monkeypatch.context() as patched:
            for variable, value in service["environment"].items():
                patched.setenv(variable, value)
            settings = Settings()
            assert (settings.kibana.url is not None) == (name == "dashboards")
            assert {stage: settings.monitoring.port_of(stage) for stage in PORTS} == PORTS  # type: ignore[arg-type]


def test_secrets_come_from_files_that_are_not_in_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = STACKS["deploy/compose.managed.yml"]["secrets"]
    ignored = (ROOT / "deploy/.gitignore").read_text().split()
    for name, secret in secrets.items():
        assert secret == {"file": f"./secrets/{name}"}
        (tmp_path / name).write_text("tide")
    assert {"/secrets/", "/settings.toml"} <= set(ignored)
    monkeypatch.setitem(Settings.model_config, "secrets_dir", tmp_path)  # an unknown name would be refused
    settings = Settings()
    assert settings.kafka.sasl_username == "tide"
    for service in STACKS["deploy/compose.managed.yml"]["services"].values():
        assert set(service["secrets"]) == secrets.keys()


def test_prometheus_scrapes_every_worker_where_it_serves() -> None:
    jobs = yaml.safe_load((ROOT / "configs/prometheus/prometheus.yml").read_text())["scrape_configs"]
    found = {name: each["port"] for job in jobs for each in job.get("dns_sd_configs", []) for name in each["names"]}
    assert found == PORTS
    fixed = [target for job in jobs for one in job.get("static_configs", []) for target in one["targets"]]
    assert {target.split(":")[0] for target in fixed} <= SERVICES.keys()


def test_grafana_finds_its_dashboard_and_its_prometheus() -> None:
    provisioned = ROOT / "configs/grafana/provisioning"
    (source,) = yaml.safe_load((provisioned / "datasources/prometheus.yml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    (provider,) = yaml.safe_load((provisioned / "dashboards/wire.yml").read_text())["providers"]
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    assert mounts["./configs/grafana/dashboards"] == provider["options"]["path"]
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (ROOT / "configs/grafana/dashboards" / Path(home).name).is_file()
