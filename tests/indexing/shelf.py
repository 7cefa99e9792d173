"""An index in memory, as far as the registry of duplicates asks: guarded writes and its one kind of search."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import orjson

from pipeline.indexing.bulk import Line


class Shelf:
    """Takes the place of `BulkClient`; others get their turns before and after every request, as it happens."""

    def __init__(self, seed: int) -> None:
        self._documents: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, int] = {}
        self._random = random.Random(seed)

    async def send(self, lines: Sequence[Line], *, refresh: bool) -> None:
        """Write what is not guarded against."""
        assert refresh
        await self._others()
        for line in lines:
            ((kind, at),) = line.action.items()
            number = self._numbers.get(at["_id"])
            expected = at["if_seq_no"] if kind == "index" else None
            line.status = 200 if number == expected else 409
            if line.written:
                self._documents[at["_id"]] = orjson.loads(line.document)
                self._numbers[at["_id"]] = sum(self._numbers.values()) + 1
        await self._others()

    async def search(self, *, query: dict[str, Any], size: int, search_after: Any = None, **_: Any) -> list[Any]:
        """A page of what matches, in the order of its uris."""
        await self._others()
        hits = [
            {"_id": uri, "_source": source, "_seq_no": self._numbers[uri], "_primary_term": 1, "sort": uri}
            for uri, source in sorted(self._documents.items())
            if _matches(query, uri, source) and (search_after is None or uri > search_after)
        ]
        await self._others()
        return hits[:size]

    def places(self) -> dict[str, tuple[str, str]]:
        """Cluster and role of each uri."""
        return {uri: (source["cluster"], source["role"]) for uri, source in self._documents.items()}

    async def _others(self) -> None:
        for _ in range(self._random.randrange(9)):
            await asyncio.sleep(0)


def _matches(query: dict[str, Any], uri: str, source: dict[str, Any]) -> bool:
    ((kind, said),) = query.items()
    if kind == "bool":
        every = all(_matches(one, uri, source) for one in said.get("filter", ()))
        return every and ("should" not in said or any(_matches(one, uri, source) for one in said["should"]))
    if kind == "ids":
        return uri in said["values"]
    ((name, wanted),) = said.items()
    value = source.get(name)
    if kind == "range":
        return bool(wanted["gte"] <= value <= wanted.get("lte", value))
    values = set(value if isinstance(value, list) else [value])
    return bool(values & set(wanted if kind == "terms" else [wanted]))
