"""JSON Schemas of Kibana's saved objects, transcribed from the attributes that elastic/kibana's own schemas allow.

Unknown attributes are forbidden, as Kibana forbids them for dashboards and searches. What a string holds as JSON has a
schema of its own: `EMBEDDED` says which.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NAMED: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}


def closed(required: Schema, optional: Schema | None = None) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def several(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


REFERENCES = several(
    closed({"type": {"enum": ["index-pattern", "search", "map"]}, "id": NAMED, "name": NAMED})
)  # fmt: skip
QUERY = closed({"language": {"const": "kuery"}, "query": TEXT})
SOURCE = closed({"query": QUERY, "filter": {"type": "array"}}, {"indexRefName": NAMED})
META = closed({"searchSourceJSON": TEXT})

ATTRIBUTES: dict[str, Schema] = {
    "index-pattern": closed(
        {"title": NAMED, "timeFieldName": NAMED, "name": NAMED, "fields": TEXT},
        {"fieldAttrs": TEXT, "fieldFormatMap": TEXT, "runtimeFieldMap": {"const": "{}"}, "sourceFilters": TEXT},
    ),
    "search": closed(
        {
            "title": NAMED,
            "columns": several(TEXT, 1),
            "sort": several({"type": "array", "prefixItems": [TEXT, {"enum": ["asc", "desc"]}], "items": False}, 1),
            "kibanaSavedObjectMeta": META,
        },
        {"description": TEXT, "grid": {"type": "object"}, "hideChart": FLAG, "isTextBasedQuery": {"const": False}},
    ),
    "map": closed(
        {"title": NAMED, "layerListJSON": TEXT, "mapStateJSON": TEXT, "uiStateJSON": TEXT}, {"description": TEXT}
    ),
    "dashboard": closed(
        {"title": NAMED, "panelsJSON": TEXT, "optionsJSON": TEXT, "kibanaSavedObjectMeta": META},
        {
            "description": TEXT,
            "timeRestore": FLAG,
            "timeFrom": NAMED,
            "timeTo": NAMED,
            "controlGroupInput": closed(
                {
                    "panelsJSON": TEXT,
                    "controlStyle": {"enum": ["oneLine", "twoLine"]},
                    "chainingSystem": {"enum": ["HIERARCHICAL", "NONE"]},
                    "ignoreParentSettingsJSON": TEXT,
                }
            ),
        },
    ),
}

PARAMS: dict[str, Schema] = {
    "terms": closed(
        {
            "size": {"type": "integer", "minimum": 1, "maximum": 1000},
            "orderBy": {
                "oneOf": [
                    closed({"type": {"const": "column"}, "columnId": NAMED}),
                    closed({"type": {"const": "custom"}}),
                ]
            },
            "orderDirection": {"enum": ["asc", "desc"]},
            "otherBucket": FLAG,
            "missingBucket": FLAG,
            "parentFormat": closed({"id": {"const": "terms"}}),
            "include": {"type": "array"},
            "exclude": {"type": "array"},
            "includeIsRegex": FLAG,
            "excludeIsRegex": FLAG,
        },
        {"orderAgg": {"type": "object"}},
    ),
    "date_histogram": closed({"interval": {"const": "auto"}, "includeEmptyRows": FLAG, "dropPartials": FLAG}),
    "count": closed({"emptyAsNull": FLAG}),
    "unique_count": closed({"emptyAsNull": FLAG}),
    "average": closed({"emptyAsNull": FLAG, "format": {"type": "object"}}),
    "percentile": closed(
        {"percentile": {"type": "integer", "minimum": 1, "maximum": 99}, "format": {"type": "object"}}
    ),
}
"""The parameters of each operation of Lens that we use."""

COLUMN: Schema = closed(
    {
        "label": NAMED,
        "customLabel": FLAG,
        "dataType": {"enum": ["string", "number", "date"]},
        "operationType": {"enum": sorted(PARAMS)},
        "scale": {"enum": ["ordinal", "interval", "ratio"]},
        "sourceField": NAMED,
        "isBucketed": FLAG,
        "params": {"type": "object"},
    },
    {"filter": QUERY},
) | {
    "allOf": [
        {
            "if": {"properties": {"operationType": {"const": name}}},
            "then": {"properties": {"params": params, "isBucketed": {"const": name in {"terms", "date_histogram"}}}},
        }
        for name, params in PARAMS.items()
    ]
}
LAYER = closed(
    {
        "columns": {"type": "object", "additionalProperties": COLUMN, "minProperties": 1},
        "columnOrder": several(NAMED, 1),
        "incompleteColumns": {"type": "object", "maxProperties": 0},
        "sampling": {"const": 1},
    }
)
LENS = closed(
    {
        "title": NAMED,
        "type": {"const": "lens"},
        "visualizationType": {"enum": ["lnsXY", "lnsHeatmap", "lnsPie", "lnsDatatable", "lnsMetric"]},
        "references": REFERENCES,
        "state": closed(
            {
                "datasourceStates": closed(
                    {"formBased": closed({"layers": {"type": "object", "additionalProperties": LAYER}})}
                ),
                "visualization": {"type": "object"},
                "query": QUERY,
                "filters": {"type": "array"},
                "internalReferences": {"type": "array"},
                "adHocDataViews": {"type": "object"},
            }
        ),
    },
    {"description": TEXT},
)
PLACE = closed(
    {
        "x": {"type": "integer", "minimum": 0},
        "y": {"type": "integer", "minimum": 0},
        "w": {"type": "integer", "minimum": 1},
        "h": {"type": "integer", "minimum": 1},
        "i": NAMED,
    }
)
PANEL: Schema = {
    "oneOf": [
        closed(
            {
                "type": {"const": "lens"},
                "title": NAMED,
                "version": NAMED,
                "panelIndex": NAMED,
                "gridData": PLACE,
                "embeddableConfig": closed({"attributes": LENS, "enhancements": {"type": "object"}}),
            }
        ),
        closed(
            {
                "type": {"enum": ["search", "map"]},
                "version": NAMED,
                "panelIndex": NAMED,
                "panelRefName": NAMED,
                "gridData": PLACE,
                "embeddableConfig": closed({"enhancements": {"type": "object"}}),
            }
        ),
    ]
}
CONTROL = closed(
    {
        "type": {"const": "optionsListControl"},
        "order": {"type": "integer"},
        "width": {"enum": ["small", "medium", "large"]},
        "grow": FLAG,
        "explicitInput": closed(
            {
                "id": NAMED,
                "fieldName": NAMED,
                "title": NAMED,
                "selectedOptions": {"type": "array"},
                "enhancements": {"type": "object"},
            }
        ),
    }
)
MAP_LAYER: Schema = {
    "type": "object",
    "required": ["id", "type", "sourceDescriptor", "style", "alpha", "visible", "minZoom", "maxZoom"],
    "properties": {
        "type": {"enum": ["EMS_VECTOR_TILE", "GEOJSON_VECTOR"]},
        "sourceDescriptor": {"properties": {"type": {"enum": ["EMS_TMS", "ES_GEO_GRID"]}}, "required": ["type"]},
    },
}

EMBEDDED: dict[tuple[str, ...], Schema] = {
    ("kibanaSavedObjectMeta", "searchSourceJSON"): SOURCE,
    ("panelsJSON",): several(PANEL, 1),
    ("optionsJSON",): closed({"useMargins": FLAG, "hidePanelTitles": FLAG}, {"syncColors": FLAG}),
    ("controlGroupInput", "panelsJSON"): {"type": "object", "additionalProperties": CONTROL, "minProperties": 1},
    ("controlGroupInput", "ignoreParentSettingsJSON"): {"type": "object", "additionalProperties": FLAG},
    ("layerListJSON",): several(MAP_LAYER, 1),
    ("mapStateJSON",): closed({"zoom": NUMBER, "center": closed({"lat": NUMBER, "lon": NUMBER})}),
    ("uiStateJSON",): {"type": "object"},
    ("fields",): {"const": []},
    ("fieldAttrs",): {"type": "object"},
    ("fieldFormatMap",): {"type": "object"},
    ("runtimeFieldMap",): {"type": "object", "maxProperties": 0},
    ("sourceFilters",): {"type": "array"},
}
"""Attributes that hold JSON as a string, by their path."""

OBJECT = closed(
    {
        "type": {"enum": sorted(ATTRIBUTES)},
        "id": {"type": "string", "pattern": "^wire-[a-z-]+$"},
        "attributes": {"type": "object"},
        "references": REFERENCES,
        "coreMigrationVersion": {"const": "8.8.0"},
        "typeMigrationVersion": {"pattern": r"^\d+\.\d+\.\d+$"},
    }
)
SUMMARY = closed(
    {
        "exportedCount": {"type": "integer"},
        "missingRefCount": {"const": 0},
        "missingReferences": {"const": []},
        "excludedObjects": {"const": []},
        "excludedObjectsCount": {"const": 0},
    }
)
