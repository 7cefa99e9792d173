"""An alert: a query with a name, as it is kept, and as Elasticsearch is asked it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from pipeline.errors import Misconfigured
from pipeline.searching.conditions import asked
from pipeline.searching.language import QueryError
from pipeline.searching.queries import Question
from pipeline.searching.syntax import All, Place

LONGEST_NAME = 64

_NAME = re.compile(rf"[^\W_][\w.-]{{0,{LONGEST_NAME - 1}}}")
_HIGHLIGHT = {
    "fields": {"headline": {"number_of_fragments": 0}, "text": {"fragment_size": 160, "number_of_fragments": 2}},
    "max_analyzed_offset": 900_000,
}
_SHOWN = [
    "uri", "version", "headline", "firstCreated", "versionCreated", "receivedAt", "wire", "dup",
    "ingest",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alert:
    """A standing query.

    Attributes:
        name: what it is called, and the key of its messages.
        query: in the language of `wire search`.
        created: when it was made, with a time zone; what came in before does not alert.
    """

    name: str
    query: str
    created: datetime

    @classmethod
    def from_document(cls, source: Mapping[str, Any]) -> Self:
        """Read what `document` wrote."""
        return cls(source["name"], source["query"], datetime.fromisoformat(source["created"]))

    def document(self) -> dict[str, str]:
        """As it is kept."""
        return {"name": self.name, "query": self.query, "created": self.created.isoformat()}

    def hit(self, uri: str) -> str:
        """The identity of its one message on an article; an alert made anew under an old name has others."""
        return sha256(f"{self.name}\n{self.created.isoformat()}\n{uri}".encode()).hexdigest()[:32]


def checked_name(name: str) -> str:
    """A name as it is.

    Raises:
        Misconfigured: an alert can't be called so.
    """
    if not _NAME.fullmatch(name):
        raise Misconfigured(
            f"an alert can't be called {name!r}",
            f"a name is at most {LONGEST_NAME} letters, digits, dots, - and _, and begins with a letter or a digit",
        )
    return name


@dataclass(frozen=True, slots=True)
class StandingQuery:
    """An alert, compiled once and asked again and again; dates such as ``now-7d`` are counted when it is asked."""

    alert: Alert
    query: Mapping[str, Any]
    statements: bool

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """Compile an alert's query as `wire search` does.

        Raises:
            QueryError: it can't be meant, or asks for nothing.
        """
        parsed = Question(words=alert.query).parsed()
        if parsed == All():
            raise QueryError("an alert needs something to look for", alert.query, Place(0, len(alert.query)))
        made = asked(parsed, alert.query)
        return cls(alert, made.query, bool(made.statements))

    def request(self, filters: Sequence[Mapping[str, Any]], size: int) -> dict[str, Any]:
        """The body of a search for what it matches among what passes the filters, newest first."""
        return {
            "query": {"bool": {"filter": [self.query, *filters]}},
            "size": size,
            "sort": [{"receivedAt": "desc"}, {"uri": "asc"}],
            "_source": [*_SHOWN, "text"] if self.statements else _SHOWN,
            "highlight": _HIGHLIGHT,
        }
