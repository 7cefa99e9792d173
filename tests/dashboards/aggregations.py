"""What Lens asks Elasticsearch for a chart: its columns as aggregations, groups around figures.

A transcription of Lens's operations, but for the interval of time, which Kibana takes from the range shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.dashboards.reading import Json

_KQL = re.compile(r"(?P<field>[\w.]+) : \((?P<values>\"[^\"]*\"(?: or \"[^\"]*\")*)\)")


def query(kql: str) -> Json:
    """The query Kibana makes of ``field : ("a" or "b")``, the only kind we write; of nothing, all documents."""
    if not kql:
        return {"match_all": {}}
    found = _KQL.fullmatch(kql)
    assert found, kql
    return {"terms": {found["field"]: re.findall(r'"([^"]*)"', found["values"])}}


def aggregations(columns: dict[str, Json]) -> Json:
    """Aggregations of a layer's columns, by their ids."""
    metrics = {name: column for name, column in columns.items() if not column["isBucketed"]}
    inner: Json = {name: aggregation for name, column in metrics.items() if (aggregation := _metric(column))}
    for name, column in reversed(list(columns.items())):
        if column["isBucketed"]:
            inner = {name: _bucket(column, metrics) | ({"aggs": inner} if inner else {})}
    return inner


def _bucket(column: Json, metrics: dict[str, Json]) -> Json:
    field, params = column["sourceField"], column["params"]
    if column["operationType"] == "date_histogram":
        return {"date_histogram": {"field": field, "calendar_interval": "week"}}
    ordered = metrics.get(params["orderBy"].get("columnId", ""), params.get("orderAgg"))
    assert ordered, "groups are in the order of a figure that is not there"
    assert ordered["operationType"] == "count", "Lens would sort by another figure"
    missing: Json = {"missing": "__missing__"} if params["missingBucket"] else {}
    return {"terms": {"field": field, "size": params["size"], "order": {"_count": params["orderDirection"]}} | missing}


def _metric(column: Json) -> Json | None:
    """None for a count of documents, which every bucket has."""
    field, operation = column["sourceField"], column["operationType"]
    computed: dict[str, Json] = {
        "average": {"avg": {"field": field}},
        "unique_count": {"cardinality": {"field": field}},
        "percentile": {"percentiles": {"field": field, "percents": [column["params"].get("percentile")]}},
    }
    if "filter" in column:
        assert operation == "count"
        return {"filter": query(column["filter"]["query"])}
    return computed.get(operation)


def leaves(answer: Json, columns: dict[str, Json]) -> Iterator[Json]:
    """The innermost buckets of an answer; where nothing is grouped, the answer itself."""
    bucketed = [name for name, column in columns.items() if column["isBucketed"]]
    found: list[Json] = [answer.get("aggregations", {})]
    for name in bucketed:
        found = [bucket for each in found for bucket in each[name]["buckets"]]
    yield from found


def figure(leaf: Json, name: str, column: Json, total: int) -> Any:
    """A column's figure in a leaf; None where Elasticsearch had none."""
    if name not in leaf:  # a plain count
        return leaf.get("doc_count", total)
    value = leaf[name]
    if column["operationType"] == "percentile":
        (percentile,) = value["values"].values()
        return percentile
    return value.get("doc_count", value.get("value"))
