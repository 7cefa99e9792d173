"""The Grafana dashboard asks for figures that there are, in PromQL that Prometheus reads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from pipeline.config import configs_dir
from pipeline.dashboards.grafana_model import WIDTH
from tests.dashboards.metrics import KNOWN, named

DASHBOARD = json.loads((configs_dir() / "grafana" / "dashboards" / "wire.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]]


def test_every_metric_is_one_that_somebody_exports() -> None:
    variables = [variable.get("definition", "") for variable in DASHBOARD["templating"]["list"]]
    assert all(named(text) for text in EXPRESSIONS)
    assert not {name for text in [*EXPRESSIONS, *variables] for name in named(text)} - KNOWN


def test_panels_have_a_place_and_an_id_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        {(x, y) for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])}
        for p in (panel["gridPos"] for panel in panels)
    ]
    assert not any(one & other for one, other in combinations(cells, 2))
    assert max(x for cell in cells for x, _ in cell) < WIDTH


def test_its_datasource_is_a_choice_and_its_group_too() -> None:
    used = {name for text in EXPRESSIONS for name in re.findall(r"\$(\w+)", text)} - {"__rate_interval"}
    offered = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert used | {"datasource"} == offered
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here (it comes with Prometheus)")
def test_prometheus_reads_every_expression(tmp_path: Path) -> None:
    filled = [text.replace("$__rate_interval", "1m").replace("$group", "wire-.*") for text in EXPRESSIONS]
    rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(filled)]
    file = tmp_path / "panels.json"  # JSON is YAML
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    checked = subprocess.run(["promtool", "check", "rules", str(file)], capture_output=True, text=True, check=False)  # noqa: S607
    assert checked.returncode == 0, checked.stdout + checked.stderr
