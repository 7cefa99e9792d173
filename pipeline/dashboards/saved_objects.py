"""Kibana's saved objects: data views, saved searches, maps, dashboards, and the file that imports them.

The versions are old ones on purpose: Kibana brings what it imports up to its own release, and refuses what is newer.
The shapes are those of elastic/kibana's saved-object schemas (dashboard ``schema/v1``, saved search ``schema_legacy``).
No import into a Kibana has been run: docs/kibana.md says what was checked instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.dashboards.charts import Chart, DataView
from pipeline.dashboards.columns import Is, Json

WIDTH = 48
"""Columns of a dashboard's grid."""

_CORE = "8.8.0"
_VERSIONS = {"index-pattern": "8.0.0", "search": "10.5.0", "map": "8.4.0", "dashboard": "8.9.0"}
_SOURCE_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


@dataclass(frozen=True)
class SavedSearch:
    """A table of documents, newest first; ``sort`` fields are sorted downwards."""

    id: str
    title: str
    description: str
    view: DataView
    columns: tuple[str, ...]
    sort: tuple[str, ...]
    only: Is | None = None

    kind = "search"


@dataclass(frozen=True)
class PointMap:
    """A map with a circle for each cell of a grid, as large as the number of documents there."""

    id: str
    title: str
    view: DataView
    field: str

    kind = "map"


Content = Chart | SavedSearch | PointMap


@dataclass(frozen=True)
class Control:
    """A list above the dashboard, of a field's values to choose from."""

    field: str
    title: str
    view: DataView


@dataclass(frozen=True)
class Row:
    """Panels side by side, each with its width; the height is in the grid's rows (some 20 pixels each)."""

    height: int
    panels: tuple[tuple[int, Content], ...]


@dataclass(frozen=True)
class Dashboard:
    """Rows of panels over one another, and the controls above them; it opens with the time range ``since`` to now."""

    id: str
    title: str
    description: str
    rows: tuple[Row, ...]
    controls: tuple[Control, ...] = field(default=())
    since: str = "now-30d"


def ndjson(views: Iterable[DataView], dashboards: Sequence[Dashboard]) -> bytes:
    """The file that Kibana imports: each object once, one a line, and a summary at the end."""
    objects = [_data_view(view) for view in views]
    objects += _of_library(dashboards)
    objects += [_dashboard(dashboard) for dashboard in dashboards]
    summary = {
        "exportedCount": len(objects),
        "missingRefCount": 0,
        "missingReferences": [],
        "excludedObjects": [],
        "excludedObjectsCount": 0,
    }
    return "".join(_line(each) + "\n" for each in [*objects, summary]).encode()


def _of_library(dashboards: Iterable[Dashboard]) -> list[Json]:
    """The searches and maps the dashboards show, which stand in Kibana's library by themselves too."""
    contents = [content for dashboard in dashboards for row in dashboard.rows for _, content in row.panels]
    by_id = {content.id: content for content in contents if not isinstance(content, Chart)}
    return [_search(each) if isinstance(each, SavedSearch) else _map(each) for each in by_id.values()]


def _data_view(view: DataView) -> Json:
    attributes = {
        "title": view.pattern,
        "name": view.name,
        "timeFieldName": view.time_field,
        "fields": "[]",
        "fieldAttrs": "{}",
        "fieldFormatMap": "{}",
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
    }
    return _object("index-pattern", view.id, attributes, [])


def _search(search: SavedSearch) -> Json:
    source = {
        "query": {"language": "kuery", "query": search.only.kql() if search.only else ""},
        "filter": [],
        "indexRefName": _SOURCE_INDEX,
    }
    attributes = {
        "title": search.title,
        "description": search.description,
        "columns": list(search.columns),
        "sort": [[name, "desc"] for name in search.sort],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _line(source)},
    }
    return _object("search", search.id, attributes, [_view_reference(search.view, _SOURCE_INDEX)])


def _map(points: PointMap) -> Json:
    name = "layer_1_source_index_pattern"
    documents = {"name": "doc_count", "origin": "source"}
    size = {"type": "DYNAMIC", "options": {"minSize": 5, "maxSize": 24, "field": documents}}
    color = {"type": "DYNAMIC", "options": {"type": "ORDINAL", "color": "Blues", "field": documents}}
    base = {
        "id": "base",
        "type": "EMS_VECTOR_TILE",
        "label": None,
        "sourceDescriptor": {"type": "EMS_TMS", "isAutoSelect": True},
        "style": {"type": "EMS_VECTOR_TILE", "color": ""},
    }
    grid = {
        "id": "points",
        "type": "GEOJSON_VECTOR",
        "label": points.title,
        "joins": [],
        "sourceDescriptor": {
            "id": "points-source",
            "type": "ES_GEO_GRID",
            "indexPatternRefName": name,
            "geoField": points.field,
            "requestType": "point",
            "resolution": "COARSE",
            "metrics": [{"type": "count"}],
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "applyForceRefresh": True,
        },
        "style": {"type": "VECTOR", "isTimeAware": True, "properties": {"fillColor": color, "iconSize": size}},
    }
    shown = {"alpha": 0.8, "visible": True, "minZoom": 0, "maxZoom": 24, "includeInFitToBounds": True}
    attributes = {
        "title": points.title,
        "description": "",
        "layerListJSON": _line([base | shown, grid | shown]),
        "mapStateJSON": _line({"zoom": 1.2, "center": {"lat": 20, "lon": 10}}),
        "uiStateJSON": _line({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }
    return _object("map", points.id, attributes, [_view_reference(points.view, name)])


def _dashboard(dashboard: Dashboard) -> Json:
    panels: list[Json] = []
    references: list[Json] = []
    y = 0
    for row in dashboard.rows:
        x = 0
        for width, content in row.panels:
            panel, named = _panel(f"{len(panels) + 1:02}", content, {"x": x, "y": y, "w": width, "h": row.height})
            panels.append(panel)
            references += named
            x += width
        y += row.height
    attributes: Json = {
        "title": dashboard.title,
        "description": dashboard.description,
        "panelsJSON": _line(panels),
        "optionsJSON": _line({"useMargins": True, "syncColors": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": dashboard.since,
        "timeTo": "now",
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": _line({"query": {"language": "kuery", "query": ""}, "filter": []})
        },
    }
    if dashboard.controls:
        attributes["controlGroupInput"], named = _controls(dashboard.controls)
        references += named
    return _object("dashboard", dashboard.id, attributes, references)


def _panel(name: str, content: Content, place: Json) -> tuple[Json, list[Json]]:
    """A panel, and the references it needs: a chart's own, or the one to a search or map of the library."""
    panel: Json = {"version": _VERSIONS["dashboard"], "panelIndex": name, "gridData": place | {"i": name}}
    if isinstance(content, Chart):
        panel |= {
            "type": "lens",
            "title": content.title,
            "embeddableConfig": {"attributes": content.attributes(), "enhancements": {}},
        }
        return panel, [one | {"name": f"{name}:{one['name']}"} for one in content.references()]
    panel |= {"type": content.kind, "panelRefName": f"panel_{name}", "embeddableConfig": {"enhancements": {}}}
    return panel, [{"type": content.kind, "id": content.id, "name": f"{name}:panel_{name}"}]


def _controls(controls: Sequence[Control]) -> tuple[Json, list[Json]]:
    panels: Json = {}
    references: list[Json] = []
    for order, control in enumerate(controls):
        name = control.field
        panels[name] = {
            "type": "optionsListControl",
            "order": order,
            "width": "medium",
            "grow": True,
            "explicitInput": {
                "id": name,
                "fieldName": control.field,
                "title": control.title,
                "selectedOptions": [],
                "enhancements": {},
            },
        }
        references.append(_view_reference(control.view, f"controlGroup_{name}:optionsListDataView"))
    ignored = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    group = {
        "controlStyle": "oneLine",
        "chainingSystem": "HIERARCHICAL",
        "panelsJSON": _line(panels),
        "ignoreParentSettingsJSON": _line(ignored),
    }
    return group, references


def _view_reference(view: DataView, name: str) -> Json:
    return {"type": "index-pattern", "id": view.id, "name": name}


def _object(kind: str, name: str, attributes: Json, references: list[Json]) -> Json:
    return {
        "type": kind,
        "id": name,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": _CORE,
        "typeMigrationVersion": _VERSIONS[kind],
    }


def _line(value: Any) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
