"""Every alert fires in its case and nothing else does; each is explained, and asks for figures that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from pipeline.config import configs_dir
from tests.dashboards.metrics import KNOWN, named

FOLDER = configs_dir() / "prometheus"
RUNBOOK = Path(__file__).parents[2] / "docs" / "operations.md"
GROUPS = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
RULES: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here (it comes with Prometheus)")
def test_each_fires_where_it_should_and_only_there() -> None:
    ran = subprocess.run(
        ["promtool", "test", "rules", str(FOLDER / "rules.test.yml")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_has_a_case_that_asks_for_all_that_fires() -> None:
    cases = yaml.safe_load((FOLDER / "rules.test.yml").read_text())["tests"]
    fired = {
        found
        for case in cases
        for asked in case["promql_expr_test"]
        for sample in asked["exp_samples"]
        for found in re.findall(r'alertname="(\w+)"', sample["labels"])
    }
    assert fired == {rule["alert"] for rule in ALERTS}
    asked = {each["expr"] for case in cases for each in case["promql_expr_test"]}
    assert asked == {'count by (alertname) (ALERTS{alertstate="firing"})'}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_the_runbook_says_what_it_means_and_what_to_do(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{name.lower()}"
    found = re.search(rf"^### {name}\n(.+?)(?=^#|\Z)", RUNBOOK.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"docs/operations.md has nothing on {name}"
    for part in ("**Means**", "**Look at**", "**Do**"):
        assert part in found[1], (name, part)


def test_they_ask_for_figures_that_there_are() -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    for rule in RULES:
        assert named(rule["expr"]) <= KNOWN
        assert set(re.findall(r"\bwire:[\w:]+", rule["expr"])) <= recorded
