"""Saved objects read back from NDJSON, as Kibana would: nothing here knows how they were made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Lens:
    """A Lens chart of a dashboard: its only layer, and the index pattern it asks."""

    where: str
    pattern: str
    layer: Json
    drawing: Json

    @property
    def columns(self) -> dict[str, Json]:
        ordered: dict[str, Json] = {name: self.layer["columns"][name] for name in self.layer["columnOrder"]}
        return ordered


class Objects:
    """All objects of a file."""

    def __init__(self, ndjson: bytes) -> None:
        *objects, self.summary = (json.loads(line) for line in ndjson.decode().splitlines())
        self.all: list[Json] = objects

    def of(self, kind: str) -> list[Json]:
        return [each for each in self.all if each["type"] == kind]

    def find(self, reference: Json) -> Json | None:
        same = [each for each in self.all if (each["type"], each["id"]) == (reference["type"], reference["id"])]
        return same[0] if len(same) == 1 else None

    def pattern(self, of: Json, name: str) -> str:
        """The index pattern behind a reference of an object."""
        (reference,) = [each for each in of["references"] if each["name"] == name]
        view = self.find(reference)
        assert view, reference
        return str(view["attributes"]["title"])

    def charts(self) -> Iterator[Lens]:
        for dashboard in self.of("dashboard"):
            for panel in json.loads(dashboard["attributes"]["panelsJSON"]):
                if panel["type"] != "lens":
                    continue
                state = panel["embeddableConfig"]["attributes"]["state"]
                ((name, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
                reference = f"{panel['panelIndex']}:indexpattern-datasource-layer-{name}"
                yield Lens(
                    f"{dashboard['id']}: {panel['title']}",
                    self.pattern(dashboard, reference),
                    layer,
                    state["visualization"],
                )

    def controls(self) -> Iterator[tuple[str, str]]:
        """The index pattern and the field of each control."""
        for dashboard in self.of("dashboard"):
            group = dashboard["attributes"]["controlGroupInput"]
            for name, control in json.loads(group["panelsJSON"]).items():
                pattern = self.pattern(dashboard, f"controlGroup_{name}:optionsListDataView")
                yield pattern, control["explicitInput"]["fieldName"]

    def searches(self) -> Iterator[tuple[Json, Json, str]]:
        """Each search's attributes, its source, and its index pattern."""
        for search in self.of("search"):
            source = json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
            yield search["attributes"], source, self.pattern(search, source["indexRefName"])

    def map_layers(self) -> Iterator[tuple[Json, str]]:
        """The source of each map layer that asks Elasticsearch, and its index pattern."""
        for drawn in self.of("map"):
            for layer in json.loads(drawn["attributes"]["layerListJSON"]):
                if reference := layer["sourceDescriptor"].get("indexPatternRefName"):
                    yield layer["sourceDescriptor"], self.pattern(drawn, reference)
