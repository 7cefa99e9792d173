"""The manifests as `kubectl kustomize` builds them: they fit together, and nothing runs with more than it needs."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from pipeline.config import Settings, TopicSettings, load_settings
from pipeline.monitoring.lag import our_groups

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
OVERLAYS = ["small", "production"]
STAGES = {"wire-clean", "wire-enrich", "wire-index"}

Json = dict[str, Any]

pytestmark = pytest.mark.skipif(not shutil.which("kubectl"), reason="no kubectl here, which builds the manifests")
every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


@cache
def built(overlay: str) -> list[Json]:
    """An overlay's resources; kustomize reads files only."""
    made = subprocess.run(
        ["kubectl", "kustomize", str(FOLDER / "overlays" / overlay)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return list(yaml.safe_load_all(made.stdout))


def of(overlay: str, kind: str) -> dict[str, Json]:
    return {each["metadata"]["name"]: each for each in built(overlay) if each["kind"] == kind}


def pods(overlay: str) -> dict[str, Json]:
    """The pod templates, by the name of what makes them."""
    return {
        name: each["spec"]["template"] for kind in ("Deployment", "Job") for name, each in of(overlay, kind).items()
    }


def selects(selector: Json, labels: Json) -> bool:
    return bool(selector["matchLabels"]) and selector["matchLabels"].items() <= labels.items()


@every_overlay
def test_they_are_what_kubernetes_takes(overlay: str) -> None:
    kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="no kubernetes-validate here")
    for each in built(overlay):
        if each["apiVersion"] != "keda.sh/v1alpha1":
            kubernetes_validate.validate(each, "1.34", strict=True)


@every_overlay
def test_every_pod_is_confined_and_limited(overlay: str) -> None:
    assert pods(overlay).keys() == STAGES | {"wire-lag", "wire-setup"}
    for name, template in pods(overlay).items():
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 10000, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["serviceAccountName"] in of(overlay, "ServiceAccount")
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name
            assert "memory" in container["resources"]["limits"], name
            assert container["image"].rpartition(":")[2] not in {"", "latest"}, name


@every_overlay
def test_probes_and_annotations_name_ports_there_are(overlay: str) -> None:
    for name, template in pods(overlay).items():
        (container,) = template["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            action = container.get(probe, {}).get("httpGet") or container.get(probe, {}).get("tcpSocket")
            assert not action or action["port"] in ports, (name, probe)
        if name in STAGES:
            served = {"clean": 9400, "enrich": 9401, "index": 9402}[name.removeprefix("wire-")]
            assert ports == {"metrics": served}
            assert template["metadata"]["annotations"]["prometheus.io/port"] == str(served)
            assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
            assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"


@every_overlay
def test_selectors_find_their_pods_and_no_others(overlay: str) -> None:
    labels = {name: template["metadata"]["labels"] for name, template in pods(overlay).items()}
    for kind in ("Deployment", "PodDisruptionBudget"):
        for name, each in of(overlay, kind).items():
            assert [pod for pod, own in labels.items() if selects(each["spec"]["selector"], own)] == [name], kind
    for name in STAGES:
        for constraint in pods(overlay)[name]["spec"]["topologySpreadConstraints"]:
            assert [pod for pod, own in labels.items() if selects(constraint["labelSelector"], own)] == [name]
    for each in of(overlay, "NetworkPolicy").values():
        assert all(selects(each["spec"]["podSelector"], own) for own in labels.values())
    assert of(overlay, "PodDisruptionBudget").keys() == STAGES


@every_overlay
def test_what_is_mounted_is_there(overlay: str) -> None:
    for name, template in pods(overlay).items():
        volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        (container,) = template["spec"]["containers"]
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys(), name
        assert volumes["settings"]["configMap"]["name"] in of(overlay, "ConfigMap")
        secret = volumes["secrets"]["secret"]["secretName"]
        assert secret in of(overlay, "Secret") or secret == "wire-secrets"  # made by hand, named in the manual
    assert not any(each.get("data") for each in of(overlay, "Secret").values())  # none in the repository


@every_overlay
def test_a_stage_never_has_more_pods_than_partitions(overlay: str) -> None:
    settings = tomllib.loads((FOLDER / "overlays" / overlay / "settings.toml").read_text())
    partitions = settings["topics"]["partitions"]
    scaled = of(overlay, "ScaledObject")
    assert scaled.keys() == (STAGES if overlay == "production" else set())
    groups = our_groups(TopicSettings())
    for name, deployment in of(overlay, "Deployment").items():
        if name not in STAGES:
            continue
        assert deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"] == 0
        if name not in scaled:
            assert deployment["spec"]["replicas"] <= partitions
            continue
        assert "replicas" not in deployment["spec"]
        spec = scaled[name]["spec"]
        assert spec["scaleTargetRef"] == {"name": name}
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] <= partitions
        (trigger,) = spec["triggers"]
        assert groups[trigger["metadata"]["consumerGroup"]] == (trigger["metadata"]["topic"],)
        assert trigger["metadata"]["bootstrapServers"] == settings["kafka"]["bootstrap_servers"]
        assert trigger["authenticationRef"]["name"] in of(overlay, "TriggerAuthentication")


@every_overlay
def test_settings_and_secrets_are_read_as_a_cluster_mounts_them(
    overlay: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mounted Secret's files are links into a hidden folder, which must not be taken for settings themselves."""
    hidden = tmp_path / "secrets" / "..2026_11_24"
    hidden.mkdir(parents=True)
    (tmp_path / "secrets" / "..data").symlink_to(hidden.name)
    for name, value in {"WIRE_KAFKA__SASL_PASSWORD": "tide", "WIRE_ELASTICSEARCH__API_KEY": "reef\n"}.items():
        (hidden / name).write_text(value)
        (tmp_path / "secrets" / name).symlink_to(f"..data/{name}")
    monkeypatch.setenv("WIRE_CONFIG", str(FOLDER / "overlays" / overlay / "settings.toml"))
    monkeypatch.setitem(Settings.model_config, "secrets_dir", tmp_path / "secrets")
    load_settings.cache_clear()
    try:
        settings = load_settings()
    finally:
        load_settings.cache_clear()
    assert settings.kafka.sasl_password and settings.elasticsearch.api_key  # noqa: PT018
    assert settings.kafka.sasl_password.get_secret_value() == "tide"
    assert settings.elasticsearch.api_key.get_secret_value() == "reef"
