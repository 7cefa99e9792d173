"""The columns of a Lens chart: what documents are grouped by, and what is computed of a group.

Each is an operation of Kibana's Lens (its "form-based" datasource) as a saved object holds it; Kibana makes an
Elasticsearch aggregation of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]

RECORDS = "___records___"
"""What Lens calls the field of a count of documents."""


@dataclass(frozen=True)
class Is:
    """A filter: the field has one of these values."""

    field: str
    values: tuple[str, ...]

    def kql(self) -> str:
        """The filter in Kibana's query language."""
        values = " or ".join(f'"{value}"' for value in self.values)
        return f"{self.field} : ({values})"


class Column(Protocol):
    """A column of a Lens chart."""

    def state(self) -> Json:
        """The column as Lens keeps it."""


@dataclass(frozen=True)
class Terms:
    """A group for each of a keyword field's most frequent values.

    ``order`` is the id of the metric column whose highest values come first; None: the number of documents, for charts
    that do not show it.
    """

    field: str
    label: str
    size: int = 10
    order: str | None = None
    missing: bool = False

    def state(self) -> Json:
        """See `Column`."""
        params: Json = {
            "size": self.size,
            "orderBy": {"type": "column", "columnId": self.order} if self.order else {"type": "custom"},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": self.missing,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        }
        if not self.order:
            params["orderAgg"] = Count().state()
        return _bucket("terms", self.label, self.field, "string", "ordinal", params)


@dataclass(frozen=True)
class DateHistogram:
    """A group for each interval of time; Kibana chooses the interval by the time range shown."""

    field: str
    label: str

    def state(self) -> Json:
        """See `Column`."""
        params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
        return _bucket("date_histogram", self.label, self.field, "date", "interval", params)


@dataclass(frozen=True)
class Count:
    """The number of documents, of all or of those that pass a filter."""

    label: str = "Count"
    only: Is | None = None

    def state(self) -> Json:
        """See `Column`."""
        state = _metric("count", self.label, RECORDS, {"emptyAsNull": False})
        return state | {"filter": {"language": "kuery", "query": self.only.kql()}} if self.only else state


@dataclass(frozen=True)
class UniqueCount:
    """The number of different values, by Elasticsearch's estimate."""

    field: str
    label: str

    def state(self) -> Json:
        """See `Column`."""
        return _metric("unique_count", self.label, self.field, {"emptyAsNull": False})


@dataclass(frozen=True)
class Average:
    """The mean of a number."""

    field: str
    label: str
    decimals: int = 2

    def state(self) -> Json:
        """See `Column`."""
        return _metric("average", self.label, self.field, {"emptyAsNull": True} | _decimals(self.decimals))


@dataclass(frozen=True)
class Percentile:
    """The value that so many percent of the documents stay under."""

    field: str
    label: str
    percentile: int
    decimals: int = 1

    def state(self) -> Json:
        """See `Column`."""
        return _metric("percentile", self.label, self.field, {"percentile": self.percentile} | _decimals(self.decimals))


def _bucket(operation: str, label: str, field: str, kind: str, scale: str, params: Json) -> Json:
    return {
        "label": label,
        "customLabel": True,
        "dataType": kind,
        "operationType": operation,
        "scale": scale,
        "sourceField": field,
        "isBucketed": True,
        "params": params,
    }


def _metric(operation: str, label: str, field: str, params: Json) -> Json:
    return {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": operation,
        "scale": "ratio",
        "sourceField": field,
        "isBucketed": False,
        "params": params,
    }


def _decimals(count: int) -> Json:
    return {"format": {"id": "number", "params": {"decimals": count}}}
