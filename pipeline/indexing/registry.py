"""The registry of stories: in which month's indices each lives, and how many documents its stances have there.

Versions of a story state different dates, or none, and must still replace each other: the first one decides the month.
The number of documents only ever grows: the most stances that any version which came has (see `stance_writer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.operations import IndexOperation


@dataclass(frozen=True, slots=True)
class Story:
    """What the registry keeps of a uri; ``guard`` tells this state of its entry from a later one."""

    month: str
    stances: int
    guard: dict[str, Any]


class StoryRegistry:
    """One small document a uri, created with the story's first version."""

    def __init__(self, bulk: BulkClient, settings: IndexingSettings) -> None:
        self._bulk = bulk
        self._index = settings.stories

    async def enter(self, operations: Sequence[IndexOperation]) -> dict[str, str]:
        """Note stories that are new and stances that are more than ever; whoever is faster is not overwritten.

        Returns:
            The month of each uri; one that had none has that of its first operation.

        Raises:
            Fatal: the registry refuses an entry.
        """
        wanted: dict[str, tuple[str, int]] = {}
        for op in operations:
            month, most = wanted.get(op.uri, (op.month, 0))
            wanted[op.uri] = month, max(most, len(op.stances))
        months: dict[str, str] = {}
        waiting = list(wanted)
        while waiting:
            stories = await self.look_up(waiting)
            lines = {}
            for uri in waiting:
                month, stances = wanted[uri]
                story = stories.get(uri)
                months[uri] = story.month if story else month
                if story is None or story.stances < stances:
                    lines[uri] = self._entry(uri, months[uri], stances, story)
            await self._bulk.send(list(lines.values()))
            for uri, line in lines.items():
                if not line.written and not line.conflicts:
                    raise Fatal(f"the registry of stories refuses {uri}: {line.error}", "see Elasticsearch's log")
            waiting = [uri for uri, line in lines.items() if line.conflicts]
        return months

    async def look_up(self, uris: Sequence[str]) -> dict[str, Story]:
        """What the registry has of these uris now."""
        answers = await self._bulk.get([{"_index": self._index, "_id": uri} for uri in uris])
        return {
            doc["_id"]: Story(
                doc["_source"]["month"],
                doc["_source"].get("stances", 0),
                {"if_seq_no": doc["_seq_no"], "if_primary_term": doc["_primary_term"]},
            )
            for doc in answers
            if doc.get("found")
        }

    def _entry(self, uri: str, month: str, stances: int, story: Story | None) -> Line:
        at = {"_index": self._index, "_id": uri}
        entry = {"uri": uri, "month": month} | ({"stances": stances} if stances else {})
        return Line({"index": at | story.guard} if story else {"create": at}, orjson.dumps(entry))
