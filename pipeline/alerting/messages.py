"""What is told of a match: the message on the topic of alerts, and the line a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from pipeline.alerting.alerts import Alert
from pipeline.article import problems
from pipeline.errors import Poison
from pipeline.headers import RECEIVED_AT, TRACE_ID, Headers
from pipeline.searching.conditions import SAID

_LONGEST_PIECE = 400
_MOST_PIECES = 4


class AlertMessage(BaseModel):
    """An article that matches an alert; JSON names are in camel case.

    Attributes:
        id: of this alert on this article: whoever sees it twice has seen the same message.
        alert: the alert's name.
        uri, version, headline, provider: the article's.
        time: when this version was made; where it doesn't say, when it was received.
        received_at: when it was received.
        matched_at: when it was found.
        why: pieces of it that match, words in ``<em>``; none where fields match that are not text.
        copy_of: the cluster of an article that is a reprint or a rewrite of another.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    id: str
    alert: str
    uri: str
    version: str | None = None
    headline: str | None = None
    provider: str | None = None
    time: AwareDatetime
    received_at: AwareDatetime
    matched_at: AwareDatetime
    why: tuple[str, ...] = ()
    copy_of: str | None = None

    @classmethod
    def of(cls, alert: Alert, hit: Mapping[str, Any], at: datetime) -> Self:
        """The message on a hit of the alert's search."""
        source = hit["_source"]
        dup = source.get("dup", {})
        copied = dup.get("role", "original") != "original"
        return cls(
            id=alert.hit(source["uri"]),
            alert=alert.name,
            uri=source["uri"],
            version=source.get("version"),
            headline=next(iter(source.get("headline", [])), None),
            provider=source["wire"].get("provider"),
            time=source.get("versionCreated") or source.get("firstCreated") or source["receivedAt"],
            received_at=source["receivedAt"],
            matched_at=at,
            why=tuple(piece[:_LONGEST_PIECE] for piece in list(dict.fromkeys(_pieces(hit)))[:_MOST_PIECES]),
            copy_of=dup.get("clusterId") if copied else None,
        )

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read what `to_json` wrote; what a later release adds is left out.

        Raises:
            Poison: it is no such message.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as invalid:
            raise Poison(f"a message is no alert: {problems(invalid)}", cause="not-an-alert") from invalid

    def to_json(self) -> bytes:
        """The message's value; what is not known is left out."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True).encode()

    def line(self) -> str:
        """What a person reads; not yet safe for a terminal."""
        when = self.matched_at.astimezone()
        copy = " (copy)" if self.copy_of else ""
        provider = f"{self.provider}: " if self.provider else ""
        return f"{when:%Y-%m-%d %H:%M:%S}  {self.alert}  {provider}{self.headline or '(no headline)'}{copy}  {self.uri}"


def headers(hit: Mapping[str, Any]) -> Headers:
    """The headers of the message: the article's trace and when it was received."""
    source = hit["_source"]
    said = {RECEIVED_AT: source["receivedAt"], TRACE_ID: source.get("ingest", {}).get("traceId")}
    return {name: value.encode() for name, value in said.items() if value}


def _pieces(hit: Mapping[str, Any]) -> Iterator[str]:
    """Statements that were asked for, and what stands around the words."""
    text = hit["_source"].get("text", "")
    for name, inner in hit.get("inner_hits", {}).items():
        if name.startswith(SAID):
            for one in inner["hits"]["hits"]:
                yield _one_line(text[one["_source"]["start"] : one["_source"]["end"]])
    for field in ("headline", "text"):
        yield from map(_one_line, hit.get("highlight", {}).get(field, ()))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
