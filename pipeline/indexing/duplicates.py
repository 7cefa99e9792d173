"""The registry of duplicates: who is a reprint or a rewrite of whom, over all workers.

One small index holds an entry for each uri: the signature of its body, its bands as terms, and its place (see
`clusters`). It is searched, and a search sees what was written only after a refresh; so two copies that arrive within
the same second at two workers are not to miss each other. What makes sure of it:

1. Whoever writes an entry has the index refreshed with it, before the request is answered. It is a small index of its
   own so that this costs little, and the articles' indices needn't be refreshed at all.
2. Whoever has written entries searches for those that are near, afterwards. Of two that were written at the same time
   one is refreshed last; who wrote it searches after that, and finds the other.
3. Who finds that a place is wrong, its own or another's, works out all places that change with it, writes them under
   Elasticsearch's guard against writes in between, and searches again, until nothing is wrong. Who changes a place on
   grounds that another has just taken away finds that in the last of these searches, or the other finds it in theirs.

Entries say where articles belong. The articles' own documents are written, and written anew where a place changes, by
`writer`: it writes articles before it searches a last time, so who changes an article's place either finds its document
or is found by its writer.

Of places that change together those of the last articles are written first: who dies in between leaves the first one
wrong, so that its message, which comes again, leads to all others. For that the index has one shard, and its size
allows it: about a kilobyte an article.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson

from pipeline.config import IndexingSettings
from pipeline.errors import Fatal
from pipeline.indexing.bulk import BulkClient, Line
from pipeline.indexing.clusters import Entry, Neighbourhood, Place, arrange
from pipeline.indexing.fingerprint import Signature
from pipeline.indexing.operations import IndexOperation

_PAGE = 1000
"""Entries read with one request, and entries whose neighbours are asked for with one."""

_FIRST_FIRST: list[dict[str, str]] = [{"created": "asc"}, {"uri": "asc"}]


class DuplicateRegistry:
    """Enters articles and finds them their places."""

    def __init__(self, bulk: BulkClient, settings: IndexingSettings) -> None:
        self._bulk = bulk
        self._index = settings.duplicates
        self._within = round(settings.duplicates_within * 3600)

    async def enter(self, operations: Sequence[IndexOperation]) -> dict[str, Entry]:
        """Enter articles where they seem to belong; others are not told yet, which is for `settle`.

        What has no signature is not entered: it needn't be known, unless another version of it is, which `settle` sees.

        Returns:
            The entries by uri: of this version, or of a newer one that was entered before.

        Raises:
            Fatal: the registry refuses an entry.
        """
        new: dict[str, Entry] = {}
        for op in operations:
            entry = Entry.of(op)
            new[op.uri] = new[op.uri].updated(entry) if op.uri in new else entry
        signed = {uri: entry for uri, entry in new.items() if entry.signature}
        while signed:
            known = Neighbourhood(self._within)
            known.put(await self._search(signed.values()))
            before = {uri: known[uri] for uri in signed if uri in known}
            known.put(before[uri].updated(entry) if uri in before else entry for uri, entry in signed.items())
            for entry in sorted((known[uri] for uri in signed), key=lambda one: one.order):
                if entry.signature == signed[entry.uri].signature:  # else it is newer, and its neighbours are others
                    known.put([known.placed(entry)])
            if await self._write([known[uri] for uri in signed if known[uri] != before.get(uri)]):
                return new | {uri: known[uri] for uri in signed}
        return new

    async def settle(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Put every place right that these entries bear on; their articles must have been written.

        Returns:
            Those of these entries that are in the registry, and the others whose places have changed, as they are in
            the end.

        Raises:
            Fatal: the registry refuses an entry.
        """
        wrong = dict(entries)
        while wrong:
            before, after = await self._arranged(wrong, entries)
            changed = [entry for uri, entry in after.items() if entry != before[uri]]
            if not changed:
                return after
            await self._write(sorted(changed, key=lambda one: one.order, reverse=True))
            wrong |= {entry.uri: entry for entry in changed}
        return {}

    async def _arranged(
        self, wrong: Mapping[str, Entry], own: Mapping[str, Entry]
    ) -> tuple[dict[str, Entry], dict[str, Entry]]:
        """Those whose places were looked at, as they are in the index and as they ought to be.

        Args:
            wrong: those whose places may be wrong.
            own: those that tell what the index may not know yet.
        """
        known = Neighbourhood(self._within)
        before: dict[str, Entry] = {}
        looked_at: set[str] = set()
        unsure = dict(wrong)
        while unsure:
            # What has been given another place keeps it: it is written in the end, all at once.
            fresh = {entry.uri: entry for entry in await self._search(unsure.values()) if entry.uri not in known}
            before |= fresh
            known.put(entry.updated(own[uri]) if uri in own else entry for uri, entry in fresh.items())
            there = [uri for uri in unsure if uri in known]
            looked_at |= set(there)
            unsure = {uri: known[uri] for uri in arrange(known, there, wrong.keys())}
        return {uri: before[uri] for uri in looked_at}, {uri: known[uri] for uri in looked_at}

    async def _search(self, entries: Collection[Entry]) -> list[Entry]:
        """What the index has of these articles, of their members, and of all that may lead them or follow them."""
        everyone = list(entries)
        found: list[Entry] = []
        for start in range(0, len(everyone), _PAGE):
            found += await self._hits(self._query(everyone[start : start + _PAGE]))
        return found

    async def _hits(self, query: dict[str, Any]) -> list[Entry]:
        """All hits of a query, page by page."""
        found: list[Entry] = []
        after: dict[str, Any] = {}
        while True:
            page = await self._bulk.search(
                index=self._index, query=query, size=_PAGE, sort=_FIRST_FIRST, seq_no_primary_term=True, **after
            )
            found += map(_entry, page)
            if len(page) < _PAGE:
                return found
            after = {"search_after": page[-1]["sort"]}

    def _query(self, entries: Sequence[Entry]) -> dict[str, Any]:
        uris = [entry.uri for entry in entries]
        either: list[dict[str, Any]] = [{"ids": {"values": uris}}, {"terms": {"cluster": uris}}]
        signed = [entry for entry in entries if entry.signature]
        if signed:
            bands = sorted({band for entry in signed if entry.signature for band in entry.signature.bands})
            first, last = (pick(entry.created for entry in signed) for pick in (min, max))
            # Of those before only who leads can matter: however often a text is sent, few of its copies are read.
            leading = {"bool": {"should": [{"term": {"leads": True}}, {"range": {"created": {"gte": first}}}]}}
            span = {"range": {"created": {"gte": first - self._within, "lte": last + self._within}}}
            either.append({"bool": {"filter": [{"terms": {"bands": bands}}, span, leading]}})
        return {"bool": {"filter": [{"bool": {"should": either}}]}}

    async def _write(self, entries: Iterable[Entry]) -> bool:
        """Write entries that nobody has changed since they were read; whether that was all."""
        lines = [self._line(entry) for entry in entries]
        await self._bulk.send(lines, refresh=True)
        for line in lines:
            if not line.written and not line.conflicts:
                raise Fatal(f"the registry of duplicates refuses an entry: {line.error}", "see Elasticsearch's log")
        return not any(line.conflicts for line in lines)

    def _line(self, entry: Entry) -> Line:
        at = {"_index": self._index, "_id": entry.uri}
        fields: dict[str, Any] = {
            "uri": entry.uri,
            "version": entry.version,
            "created": entry.created,
            "received": entry.received,
            "cluster": entry.cluster,
            "role": entry.role,
        }
        if signature := entry.signature:
            fields |= {"signature": signature.encoded, "shingles": signature.shingles, "bands": signature.bands}
        fields |= {"leads": True} if entry.leads else {}
        fields |= {"retracted": True} if entry.retracted else {}
        return Line({"index": at | dict(entry.guard)} if entry.guard else {"create": at}, orjson.dumps(fields))


def _entry(hit: Mapping[str, Any]) -> Entry:
    source = hit["_source"]
    signed = source.get("signature")
    return Entry(
        uri=source["uri"],
        version=source["version"],
        created=source["created"],
        received=source["received"],
        signature=Signature.decoded(signed, source["shingles"]) if signed else None,
        retracted=source.get("retracted", False),
        cluster=source["cluster"],
        role=source["role"],
        guard={"if_seq_no": hit["_seq_no"], "if_primary_term": hit["_primary_term"]},
    )


def with_place(op: IndexOperation, entry: Entry) -> bytes:
    """The document of an article with its place among its duplicates, as the field ``dup``."""
    told: dict[str, Any] = {"clusterId": entry.cluster, "role": entry.role}
    if op.fingerprint.content_hash and op.disposition != "retracted":
        told["contentHash"] = op.fingerprint.content_hash
    return op.document[:-1] + b"," + orjson.dumps({"dup": told})[1:]


def place_told(source: Mapping[str, Any]) -> Place | None:
    """The place a document tells; None of one that was written before there were any."""
    told = source.get("dup")
    return (told["clusterId"], told["role"]) if told else None
