"""Which articles are copies of which: a function of the set of articles, whatever the order in which they came.

Articles are ordered by when they were created, then by when they were received, then by uri. One leads a cluster, as
its original, unless it is the reprint or the rewrite of one before it that leads, at most so many hours before. All
others belong to one that leads, of which they are made: to one they reprint rather than to one they rewrite, and to the
first of these. (This is the lexicographically first maximal independent set of the graph of who is made of whom.)

So every member is made of its original, not only of another member: a cluster ends with the window, and a daily report
that always begins with the one before is not a single cluster of a year. Whoever is retracted has no signature, is made
of nothing and leads nobody; the first of those who were its copies leads the others, as if it had never been.

An article that comes late may take the lead from another, whose members then have to look for one to belong to, which
may change the lead of others. `arrange` does one step of that: it is the caller's to find those who are near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from pipeline.indexing.fingerprint import Kind, Signature, kinship
from pipeline.indexing.operations import IndexOperation

Role = Literal["original", "reprint", "rewrite"]
Place = tuple[str, Role]
"""The uri that leads the cluster, and what an article is there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an article, and where it belongs.

    Attributes:
        uri: whose it is.
        version: the version it tells of; see `external_version`.
        created: seconds since 1970; see `Fingerprint`.
        received: seconds since 1970, at which this version came first.
        signature: None of what can't be compared, or is retracted.
        retracted: it is; which no other writing of the same version takes back.
        cluster: the uri of the article that leads its cluster: its own, where it is made of no other.
        role: what it is there.
        guard: tells this state of the entry from a later one; empty if it is new.
    """

    uri: str
    version: int
    created: int
    received: int
    signature: Signature | None
    retracted: bool = False
    cluster: str = ""
    role: Role = "original"
    guard: Mapping[str, int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, op: IndexOperation) -> Self:
        """The entry of an article before anything is known of others."""
        retracted = op.disposition == "retracted"
        told = op.fingerprint
        signature = None if retracted else told.signature
        return cls(op.uri, op.version, told.created, told.received, signature, retracted, cluster=op.uri)

    @property
    def order(self) -> tuple[int, int, str]:
        """Who comes first."""
        return self.created, self.received, self.uri

    @property
    def leads(self) -> bool:
        """Whether others may belong to it."""
        return self.signature is not None and self.cluster == self.uri

    @property
    def place(self) -> Place:
        """Where it belongs, and as what."""
        return self.cluster, self.role

    def updated(self, other: Entry) -> Entry:
        """With what another version, or another writing of this one, tells."""
        if other.version > self.version:
            return replace(other, cluster=self.cluster, role=self.role, guard=self.guard)
        if other.version < self.version or self.retracted:
            return self
        return replace(self, signature=other.signature, retracted=other.retracted)


class Neighbourhood:
    """Some articles, found by what they have in common.

    Args:
        within: seconds that may lie between an original and what is made of it.
    """

    def __init__(self, within: int) -> None:
        self._within = within
        self._entries: dict[str, Entry] = {}
        self._by_band: dict[str, set[str]] = {}

    def __contains__(self, uri: str) -> bool:
        return uri in self._entries

    def __getitem__(self, uri: str) -> Entry:
        return self._entries[uri]

    def put(self, entries: Iterable[Entry]) -> None:
        """Take entries in, in the place of those of the same uris."""
        for entry in entries:
            before = self._entries.get(entry.uri)
            for band in before.signature.bands if before and before.signature else ():
                self._by_band[band].discard(entry.uri)
            self._entries[entry.uri] = entry
            for band in entry.signature.bands if entry.signature else ():
                self._by_band.setdefault(band, set()).add(entry.uri)

    def near(self, entry: Entry) -> Iterator[tuple[Entry, Kind]]:
        """Those one of which is made of the other, in no order."""
        if not (signature := entry.signature):
            return
        uris = {uri for band in signature.bands for uri in self._by_band.get(band, ()) if uri != entry.uri}
        for other in (self._entries[uri] for uri in uris):
            if other.signature and abs(other.created - entry.created) <= self._within:
                kind = kinship(signature, other.signature)
                if kind:
                    yield other, kind

    def members(self, uri: str) -> Iterator[Entry]:
        """Those who belong to another."""
        return (entry for entry in self._entries.values() if entry.cluster == uri != entry.uri)

    def placed(self, entry: Entry) -> Entry:
        """An entry with its place among the others."""
        leading = [
            (kind == "rewrite", other.order, other.uri, kind)
            for other, kind in self.near(entry)
            if other.leads and other.order < entry.order
        ]
        if not leading:
            return replace(entry, cluster=entry.uri, role="original")
        _, _, cluster, role = min(leading)
        return replace(entry, cluster=cluster, role=role)


def arrange(known: Neighbourhood, uris: Collection[str], asked: Collection[str]) -> set[str]:
    """Give articles their places, the first ones first.

    Args:
        known: holds them and all that are near them; it is changed.
        uris: those whose places may be wrong.
        asked: those among them who may have led, or may lead, without others having been told.

    Returns:
        Those whose places may now be wrong, whose own neighbours are to be found first.
    """
    disturbed: set[str] = set()
    for before in sorted((known[uri] for uri in uris), key=lambda entry: entry.order):
        disturbed.discard(before.uri)
        after = known.placed(before)
        known.put([after])
        if after.place == before.place and before.uri not in asked:
            continue
        near = {other.uri: other for other, _ in known.near(after)}
        theirs = {uri for uri, other in near.items() if after.leads and other.order > after.order}
        # Those who belong to it and may not, and those who may and don't.
        disturbed |= theirs ^ {other.uri for other in known.members(after.uri)}
    return disturbed
