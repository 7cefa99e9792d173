"""The shipped saved objects are what the code says, have Kibana's shapes, and ask only for fields that there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from pipeline.config import IndexingSettings, configs_dir
from pipeline.dashboards.__main__ import files, main
from pipeline.dashboards.kibana import saved_objects
from pipeline.dashboards.saved_objects import WIDTH
from tests.dashboards import schemas
from tests.dashboards.fields import Field, fields
from tests.dashboards.reading import Json, Lens, Objects

OBJECTS = Objects((configs_dir() / "kibana" / "saved-objects.ndjson").read_bytes())
FIELDS = {
    "wire-articles": fields("article", "enrichment"),
    "wire-articles-*": fields("article", "enrichment"),
    "wire-stances": fields("stance"),
}
CHARTS = list(OBJECTS.charts())


def embedded(objects: Objects) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every string that holds JSON, parsed, with its path."""
    for each in objects.all:
        for path in schemas.EMBEDDED:
            value: Any = each["attributes"]
            for name in path:
                value = value.get(name) if isinstance(value, dict) else None
            if isinstance(value, str):
                yield path, json.loads(value)


def test_the_shipped_files_are_what_the_code_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], configs_dir()) == 0
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err.count("run `python -m pipeline.dashboards`") == len(files())
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "kibana" / "saved-objects.ndjson").write_text("{}")
    assert main(["--check"], tmp_path) == 1


def test_every_object_has_kibanas_shape() -> None:
    Draft202012Validator(schemas.SUMMARY).validate(OBJECTS.summary)
    assert OBJECTS.summary["exportedCount"] == len(OBJECTS.all)
    for each in OBJECTS.all:
        Draft202012Validator(schemas.OBJECT).validate(each)
        Draft202012Validator(schemas.ATTRIBUTES[each["type"]]).validate(each["attributes"])
    found = list(embedded(OBJECTS))
    assert {path for path, _ in found} == schemas.EMBEDDED.keys()  # none of the schemas is for nothing
    for path, value in found:
        Draft202012Validator(schemas.EMBEDDED[path]).validate(value)


def test_references_lead_somewhere_and_each_is_used() -> None:
    for each in OBJECTS.all:
        names = [reference["name"] for reference in each["references"]]
        assert len(names) == len(set(names)), each["id"]
        for reference in each["references"]:
            assert OBJECTS.find(reference), reference
    for dashboard in OBJECTS.of("dashboard"):
        assert {reference["name"] for reference in dashboard["references"]} == set(names_used(dashboard))


def names_used(dashboard: Json) -> Iterator[str]:
    for panel in json.loads(dashboard["attributes"]["panelsJSON"]):
        if panel["type"] == "lens":
            state = panel["embeddableConfig"]["attributes"]["state"]
            for layer in state["datasourceStates"]["formBased"]["layers"]:
                yield f"{panel['panelIndex']}:indexpattern-datasource-layer-{layer}"
        else:
            yield f"{panel['panelIndex']}:{panel['panelRefName']}"
    for name in json.loads(dashboard["attributes"]["controlGroupInput"]["panelsJSON"]):
        yield f"controlGroup_{name}:optionsListDataView"


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.where)
def test_a_chart_counts_fields_that_can_be_counted_and_draws_columns_that_it_has(chart: Lens) -> None:
    known = FIELDS[chart.pattern]
    for column in chart.columns.values():
        if column["sourceField"] != "___records___":
            assert_countable(known, column["sourceField"])
            kinds = {"date": {"date"}, "string": {"keyword"}, "number": {"byte", "float", "keyword"}}
            assert known[column["sourceField"]].type in kinds[column["dataType"]]
        if "filter" in column:
            assert_countable(known, column["filter"]["query"].split(" : ")[0])
    assert set(drawn(chart.drawing)) == set(chart.layer["columns"])
    assert sorted(chart.layer["columnOrder"]) == sorted(chart.layer["columns"])
    buckets = [column["isBucketed"] for column in chart.columns.values()]
    assert buckets == sorted(buckets, reverse=True)  # Lens groups first


def drawn(drawing: Any) -> Iterator[str]:
    """The columns a visualization names, wherever it does."""
    if isinstance(drawing, list):
        for each in drawing:
            yield from drawn(each)
    elif isinstance(drawing, dict):
        for name, value in drawing.items():
            if name in {"columnId", "forAccessor"} or name.lower().endswith("accessor"):
                yield value
            elif name in {"accessors", "metrics", "primaryGroups"}:
                yield from value
            else:
                yield from drawn(value)


def assert_countable(known: dict[str, Field], name: str) -> None:
    assert name in known, f"{name} is in no template"
    assert known[name].aggregatable, name
    assert not known[name].nested, name


def test_searches_maps_and_controls_ask_for_fields_that_there_are() -> None:
    for attributes, source, pattern in OBJECTS.searches():
        assert not set(attributes["columns"]) - FIELDS[pattern].keys()
        for name, _ in attributes["sort"]:
            assert_countable(FIELDS[pattern], name)
        if kql := source["query"]["query"]:
            assert_countable(FIELDS[pattern], kql.split(" : ")[0])
    for source, pattern in OBJECTS.map_layers():
        assert FIELDS[pattern][source["geoField"]].type == "geo_point"
    for pattern, name in OBJECTS.controls():
        assert_countable(FIELDS[pattern], name)
    for view in OBJECTS.of("index-pattern"):
        assert FIELDS[view["attributes"]["title"]][view["attributes"]["timeFieldName"]].type == "date"


def test_panels_fill_the_width_and_lie_side_by_side() -> None:
    for dashboard in OBJECTS.of("dashboard"):
        places = [panel["gridData"] for panel in json.loads(dashboard["attributes"]["panelsJSON"])]
        cells = [
            {(x, y) for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])} for p in places
        ]
        assert not any(one & other for one, other in combinations(cells, 2))
        height = max(place["y"] + place["h"] for place in places)
        assert set.union(*cells) == {(x, y) for x in range(WIDTH) for y in range(height)}


def test_what_is_withheld_or_killed_is_for_operators_only() -> None:
    """The newsroom's and the stance dashboard's data views are the readers' aliases."""
    assert {chart.pattern for chart in CHARTS if not chart.where.startswith("wire-pipeline")} == {
        "wire-articles",
        "wire-stances",
    }


def test_other_index_names_are_asked_where_settings_say_so() -> None:
    objects = Objects(saved_objects(IndexingSettings(articles="copy", stances="views")))
    patterns = {view["id"]: view["attributes"]["title"] for view in objects.of("index-pattern")}
    assert patterns == {"wire-articles": "copy", "wire-stances": "views", "wire-operations": "copy-*"}
