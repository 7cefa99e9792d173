"""The fields of our index templates, by their full names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.config import configs_dir

_WITHOUT_DOC_VALUES = frozenset({"text", "object", "nested"})


@dataclass(frozen=True)
class Field:
    """A field: its type, whether it can be aggregated, and whether a nested object is around it."""

    type: str
    aggregatable: bool
    nested: bool


def fields(*templates: str) -> dict[str, Field]:
    """All fields of these component templates."""
    found: dict[str, Field] = {}
    for name in templates:
        template = json.loads((configs_dir() / "elasticsearch" / f"{name}.json").read_text())["template"]
        found |= dict(_fields(template["mappings"]["properties"], "", nested=False))
    return found


def _fields(properties: Mapping[str, Any], path: str, *, nested: bool) -> Iterator[tuple[str, Field]]:
    for name, mapped in properties.items():
        kind = mapped.get("type", "object")
        if inner := mapped.get("properties"):
            yield from _fields(inner, f"{path}{name}.", nested=nested or kind == "nested")
            continue
        countable = kind not in _WITHOUT_DOC_VALUES and mapped.get("doc_values", True) and mapped.get("index", True)
        yield path + name, Field(kind, countable, nested)
        yield from _fields(mapped.get("fields", {}), f"{path}{name}.", nested=nested)
