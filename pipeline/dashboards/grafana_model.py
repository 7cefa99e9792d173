"""Grafana's dashboard model: titled rows of panels, each with its PromQL, laid out from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.dashboards.columns import Json

WIDTH = 24
"""Columns of a dashboard's grid."""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
"""The Prometheus that is chosen above the dashboard."""


@dataclass(frozen=True)
class Query:
    """PromQL, and how its series are named in the legend."""

    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel. ``unit`` is Grafana's name of it; ``kind`` its name of the visualization."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    stacked: bool = False
    about: str = ""


@dataclass(frozen=True)
class Section:
    """A titled row of panels."""

    title: str
    panels: tuple[Panel, ...]


def panels(sections: Sequence[Section]) -> Iterator[Json]:
    """The sections, each a row with its panels under it, from left to right."""
    number, y = 0, 0
    for section in sections:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": section.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1},
        }
        x, y, height = 0, y + 1, 4 if all(panel.kind == "stat" for panel in section.panels) else 8
        for panel in section.panels:
            if x + panel.width > WIDTH:
                x, y = 0, y + height
            number += 1
            yield _panel(panel, number, {"x": x, "y": y, "w": panel.width, "h": height})
            x += panel.width
        y += height


def _panel(panel: Panel, number: int, place: Json) -> Json:
    stat = panel.kind == "stat"
    custom = {} if stat else {"fillOpacity": 25 if panel.stacked else 5, "stacking": {"mode": "none", "group": "A"}}
    if panel.stacked:
        custom["stacking"] = {"mode": "normal", "group": "A"}
    options: Json = (
        {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "graphMode": "area"}
        if stat
        else {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    )
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "custom": custom}, "overrides": []},
        "options": options,
        "targets": [
            {
                "refId": chr(ord("A") + order),
                "datasource": SOURCE,
                "expr": query.expr,
                "legendFormat": query.legend or "__auto",
                "range": True,
            }
            for order, query in enumerate(panel.queries)
        ],
    }
