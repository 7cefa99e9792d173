"""Lens charts: columns, and how they are drawn. A chart is kept inside the dashboard that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dashboards.columns import Average, Column, Count, DateHistogram, Json, Terms

LAYER = "layer"
"""The id of a chart's only layer."""

AGAINST, FAVOR, PLAIN = "#b2182b", "#2166ac", "#54708f"
"""Red and blue, which the colour-blind can tell apart too."""

_LEANING = (AGAINST, "#ef8a62", "#d9d9d9", "#67a9cf", FAVOR)
_SHOWN = {"x": True, "yLeft": True, "yRight": True}
_HIDDEN = {"x": False, "yLeft": False, "yRight": False}


@dataclass(frozen=True)
class DataView:
    """What Kibana calls a data view: an index pattern and the field its time filter goes by."""

    id: str
    pattern: str
    name: str
    time_field: str


@dataclass(frozen=True)
class Chart:
    """One Lens chart.

    Args:
        title: what stands above it.
        view: the documents it counts.
        columns: by their ids, groups first.
        kind: Lens's name of the visualization.
        drawing: the visualization's own state, which names the columns by their ids.
    """

    title: str
    view: DataView
    columns: Mapping[str, Column]
    kind: str
    drawing: Json

    def attributes(self) -> Json:
        """The chart's attributes, as of a Lens saved object."""
        layer = {
            "columns": {name: column.state() for name, column in self.columns.items()},
            "columnOrder": list(self.columns),
            "incompleteColumns": {},
            "sampling": 1,
        }
        return {
            "title": self.title,
            "description": "",
            "type": "lens",
            "visualizationType": self.kind,
            "state": {
                "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
                "visualization": self.drawing,
                "query": {"language": "kuery", "query": ""},
                "filters": [],
                "internalReferences": [],
                "adHocDataViews": {},
            },
            "references": self.references(),
        }

    def references(self) -> list[Json]:
        """The data view, under the name by which the layer finds it."""
        return [{"type": "index-pattern", "id": self.view.id, "name": f"indexpattern-datasource-layer-{LAYER}"}]


def over_time(
    title: str,
    view: DataView,
    values: Mapping[str, Column],
    *,
    split: Terms | None = None,
    line: bool = False,
    colors: Mapping[str, str] | None = None,
) -> Chart:
    """Bars or lines over the data view's time, stacked by ``split`` where there is one."""
    columns: dict[str, Column] = {"time": DateHistogram(view.time_field, "Time")}
    if split:
        columns["split"] = split
    return _xy(title, view, columns | dict(values), "line" if line else "bar_stacked", "time", values, colors or {})


def ranking(title: str, view: DataView, terms: Terms, counted: str) -> Chart:
    """Horizontal bars: the most frequent values of a field."""
    columns: dict[str, Column] = {"value": terms, "count": Count(counted)}
    return _xy(title, view, columns, "bar_horizontal", "value", ["count"], {"count": PLAIN})


def heat_map(title: str, view: DataView, x: Terms, y: Terms, value: Average) -> Chart:
    """A cell for each pair, coloured by a mean between -1 and 1: red below zero, blue above."""
    steps = [round(-1 + 0.4 * step, 1) for step in range(6)]
    palette = {
        "name": "custom",
        "type": "palette",
        "accessor": "value",
        "params": {
            "name": "custom",
            "reverse": False,
            "rangeType": "number",
            "rangeMin": None,
            "rangeMax": None,
            "continuity": "all",
            "progression": "fixed",
            "steps": len(_LEANING),
            "colorStops": [{"color": c, "stop": s} for c, s in zip(_LEANING, steps[:-1], strict=True)],
            "stops": [{"color": c, "stop": s} for c, s in zip(_LEANING, steps[1:], strict=True)],
        },
    }
    drawing = {
        "shape": "heatmap",
        "layerId": LAYER,
        "layerType": "data",
        "xAccessor": "x",
        "yAccessor": "y",
        "valueAccessor": "value",
        "palette": palette,
        "legend": {"type": "heatmap_legend", "isVisible": True, "position": "right"},
        "gridConfig": {
            "type": "heatmap_grid",
            "isCellLabelVisible": False,
            "isXAxisLabelVisible": True,
            "isYAxisLabelVisible": True,
            "isXAxisTitleVisible": True,
            "isYAxisTitleVisible": True,
        },
    }
    return Chart(title, view, {"x": x, "y": y, "value": value}, "lnsHeatmap", drawing)


def treemap(title: str, view: DataView, terms: Terms, counted: str) -> Chart:
    """Areas as large as the number of documents of a value."""
    drawing = {
        "shape": "treemap",
        "layers": [
            {
                "layerId": LAYER,
                "layerType": "data",
                "primaryGroups": ["value"],
                "metrics": ["count"],
                "numberDisplay": "value",
                "categoryDisplay": "default",
                "legendDisplay": "hide",
                "nestedLegend": False,
            }
        ],
    }
    return Chart(title, view, {"value": terms, "count": Count(counted)}, "lnsPie", drawing)


def table(title: str, view: DataView, columns: Mapping[str, Column]) -> Chart:
    """A table of groups and their figures, in the order of the first group."""
    drawing = {
        "layerId": LAYER,
        "layerType": "data",
        "columns": [{"columnId": name, "isTransposed": False} for name in columns],
        "paging": {"enabled": True, "size": 10},
    }
    return Chart(title, view, columns, "lnsDatatable", drawing)


def figure(title: str, view: DataView, column: Column) -> Chart:
    """One large number."""
    drawing = {"layerId": LAYER, "layerType": "data", "metricAccessor": "figure"}
    return Chart(title, view, {"figure": column}, "lnsMetric", drawing)


def _xy(
    title: str,
    view: DataView,
    columns: Mapping[str, Column],
    series: str,
    x: str,
    values: Sequence[str] | Mapping[str, Column],
    colors: Mapping[str, str],
) -> Chart:
    layer: Json = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "position": "top",
        "showGridlines": False,
        "xAccessor": x,
        "accessors": list(values),
        "yConfig": [{"forAccessor": name, "color": color} for name, color in colors.items()],
    }
    if "split" in columns:
        layer["splitAccessor"] = "split"
    drawing = {
        "preferredSeriesType": series,
        "legend": {"isVisible": "split" in columns or len(values) > 1, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": _HIDDEN,
        "tickLabelsVisibilitySettings": _SHOWN,
        "gridlinesVisibilitySettings": _SHOWN,
        "labelsOrientation": {"x": 0, "yLeft": 0, "yRight": 0},
        "layers": [layer],
    }
    return Chart(title, view, columns, "lnsXY", drawing)
