"""The registry of stories: where each uri lives, which versions its story has, and who is known under which name.

One index holds three kinds of documents, each found by its id:

* of a uri: the month of its indices, decided by its first version, because versions state different dates, or none, and
  must still replace each other; how many documents its stances have there, a number that only grows (see
  `stance_writer`); and the story it belongs to, where that has another id;
* of a story, under the uri of its first item or a name of its own: all its versions (see `story`);
* of an agency's name for an item: the stories with that name, and the orders about it.

Every one of them only ever grows, by a union, under Elasticsearch's guard against writes in between; what two writers
add at once, both add. An item says which story it belongs to, and that story may itself turn out to be part of another:
then it is left as a pointer, but only once all it held is in the other. So whoever comes second finds whoever came
first, and nothing that was entered is ever lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.operations import IndexOperation
from pipeline.indexing.story import Version, union

MOST_POINTERS = 16
"""Pointers that are followed from one story to the one it became part of; only nonsense has more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the registry keeps under an id; ``guard`` tells this state of it from a later one, empty if it is new."""

    month: str | None = None
    stances: int = 0
    story: str | None = None
    stories: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    orders: tuple[Version, ...] = ()
    guard: Mapping[str, int] = field(default_factory=dict)


Entries = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Entered:
    """What the registry knew once some versions were entered.

    Attributes:
        months: of each uri; a new one's is that of its first version.
        stories: the versions of each story that these belong to or give orders about, by the story's id.
        story: the id of each uri's story.
        unmet: the names under which orders were given, and no item is known.
    """

    months: dict[str, str]
    stories: dict[str, tuple[Version, ...]]
    story: dict[str, str]
    unmet: list[str]


class StoryRegistry:
    """Enters versions, and tells what is known of their stories."""

    def __init__(self, bulk: BulkClient, settings: IndexingSettings) -> None:
        self._bulk = bulk
        self._index = settings.stories

    async def enter(self, operations: Sequence[IndexOperation]) -> Entered:
        """Note versions, stances that are more than ever, and names; whoever is faster is not overwritten.

        Raises:
            Fatal: the registry refuses an entry.
        """
        while True:
            before = await self._all_of({name for op in operations for name in (op.uri, op.story, *op.names)})
            after, complete = _entered(operations, before)
            lines = {
                name: self._line(name, entry, before.get(name, Entry()))
                for name, entry in after.items()
                if entry != before.get(name)
            }
            await self._bulk.send(list(lines.values()))
            for name, line in lines.items():
                if not line.written and not line.conflicts:
                    raise Fatal(f"the registry of stories refuses {name}: {line.error}", "see Elasticsearch's log")
            if complete and not any(line.conflicts for line in lines.values()):
                return Entered(
                    months={op.uri: after[op.uri].month or op.month for op in operations},
                    stories={name: after[name].versions for op in operations for name in _stories(op, after)},
                    story={op.uri: home(after, op.story) for op in operations},
                    unmet=[
                        op.names[0]
                        for op in operations
                        if op.told.order and op.names and not any(after[name].stories for name in op.names)
                    ],
                )

    async def look_up(self, names: Collection[str]) -> Entries:
        """What the registry has under these ids now; nothing of those it doesn't know."""
        answers = await self._bulk.get([{"_index": self._index, "_id": name} for name in names])
        return {doc["_id"]: _entry(doc) for doc in answers if doc.get("found")}

    async def stories_of(self, uris: Collection[str]) -> dict[str, tuple[Version, ...]]:
        """The versions of the stories to which these uris belong now, by the story's id."""
        entries = await self._all_of(uris)
        return {name: entries[name].versions for name in {home(entries, uri) for uri in uris}}

    async def _all_of(self, names: Collection[str]) -> Entries:
        """All entries under these names, those that are pointed at included."""
        entries: Entries = {}
        wanted = set(names)
        while wanted:
            found = await self.look_up(sorted(wanted))
            entries |= {name: found.get(name, Entry()) for name in wanted}
            pointed = {name for entry in found.values() for name in (entry.story, *entry.stories) if name}
            wanted = pointed - entries.keys()
        return entries

    def _line(self, name: str, entry: Entry, before: Entry) -> Line:
        at = {"_index": self._index, "_id": name}
        fields: dict[str, Any] = {
            "uri": name,
            "month": entry.month,
            "stances": entry.stances,
            "story": entry.story,
            "stories": entry.stories,
            "versions": [one.fields() for one in entry.versions],
            "orders": [one.fields() for one in entry.orders],
        }
        document = orjson.dumps({key: value for key, value in fields.items() if value})
        return Line({"index": at | dict(before.guard)} if before.guard else {"create": at}, document)


def home(entries: Mapping[str, Entry], name: str) -> str:
    """The id of the story that is kept under a name now: where its pointers lead."""
    for _ in range(MOST_POINTERS):
        story = entries[name].story if name in entries else None
        if not story or story == name:
            break
        name = story
    return name


def _entered(operations: Sequence[IndexOperation], before: Entries) -> tuple[Entries, bool]:
    """The entries with these operations in them; and whether that is all, or a pointer has yet to be set."""
    after = dict(before)
    complete = True
    for op in operations:
        own = after[op.uri]
        after[op.uri] = own = replace(own, month=own.month or op.month, stances=max(own.stances, len(op.stances)))
        story = home(after, op.story)
        _add(after, story, (op.told,))
        if own.story:
            _add(after, home(after, own.story), (op.told,))
        elif story != op.uri:
            _add(after, story, own.versions)
            # A pointer only once the story is sure to have all that is under the uri: else in the next round.
            if _has(before.get(story, Entry()), own.versions):
                bare = tuple(one.bare() for one in own.versions)
                after[op.uri] = replace(own, story=story, versions=bare)
            else:
                complete = False
        for name in op.names:
            _name(after, name, op, story)
    return after, complete


def _name(entries: Entries, name: str, op: IndexOperation, story: str) -> None:
    """Enter an item or an order under a name, and what the name knows already in the stories."""
    entry = entries[name]
    if op.told.order:
        entries[name] = replace(entry, orders=union(entry.orders, (op.told,)))
        for other in entry.stories:
            _add(entries, home(entries, other), (op.told,))
    else:
        entries[name] = replace(entry, stories=tuple(sorted({*entry.stories, story})))
        _add(entries, story, entry.orders)


def _add(entries: Entries, story: str, versions: Iterable[Version]) -> None:
    entry = entries.get(story, Entry())
    entries[story] = replace(entry, versions=union(entry.versions, versions))


def _has(entry: Entry, versions: Iterable[Version]) -> bool:
    known = {(one.uri, one.version) for one in entry.versions}
    return all((one.uri, one.version) in known for one in versions)


def _stories(op: IndexOperation, entries: Entries) -> set[str]:
    named = [story for name in op.names for story in entries[name].stories] if op.told.order else []
    return {home(entries, name) for name in (op.uri, op.story, *named)}


def _entry(doc: Mapping[str, Any]) -> Entry:
    source = doc["_source"]
    return Entry(
        month=source.get("month"),
        stances=source.get("stances", 0),
        story=source.get("story"),
        stories=tuple(source.get("stories", ())),
        versions=tuple(map(Version.from_fields, source.get("versions", ()))),
        orders=tuple(map(Version.from_fields, source.get("orders", ()))),
        guard=_guard(doc),
    )


def _guard(doc: Mapping[str, Any]) -> dict[str, int]:
    return {"if_seq_no": doc["_seq_no"], "if_primary_term": doc["_primary_term"]}
