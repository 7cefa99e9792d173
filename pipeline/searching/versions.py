"""The versions of a story: what became of each, and which words changed from one to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from elasticsearch import Elasticsearch, NotFoundError
from rapidfuzz.distance import Indel

from pipeline.config import IndexingSettings
from pipeline.errors import Poison
from pipeline.indexing.registry import MOST_POINTERS
from pipeline.indexing.story import Standing, Version, newest, standing

_WORD = re.compile(r"^\s*\S+\s*|\S+\s*")

Change = Literal["same", "added", "removed"]
Piece = tuple[Change, str]
"""Words that follow each other, with their spaces, and what happened to them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One version of a story and how it stands.

    Attributes:
        version: what is kept of it.
        standing: see `pipeline.indexing.story`.
        replaced: its uri has a newer version.
    """

    version: Version
    standing: Standing
    replaced: bool

    @property
    def state(self) -> str:
        """What readers are told of its standing."""
        if self.standing.state == "canceled":
            return "killed"
        if self.replaced:
            return "replaced"
        return "superseded" if self.standing.superseded_by else "readable"


def story_of(client: Elasticsearch, indexing: IndexingSettings, uri: str) -> list[Told]:
    """The versions of the story of a uri, oldest first; empty if none ever came.

    Those that are withheld, or whose embargo lasts, are not among them: readers don't learn that they are there.
    """
    entry = _entry(client, indexing, uri)
    name = uri
    for _ in range(MOST_POINTERS):
        name = (entry or {}).get("story") or name
        further = _entry(client, indexing, name)
        if further is None or further == entry:
            break
        entry = further
    versions = [Version.from_fields(fields) for fields in (entry or {}).get("versions", ())]
    readable = _readable(client, indexing, {one.uri for one in versions})
    last = newest(versions)
    stands = [(one, standing(one, versions)) for one in versions]
    return [
        Told(one, now, replaced=last[one.uri] != one)
        for one, now in stands
        if now.state == "canceled" or (one.uri in readable and _open(one, now))
    ]


def why_not(told: Sequence[Told], uri: str) -> Poison | None:
    """Why a uri that is known is not among what is read; None if it isn't known, or is read."""
    own = [one for one in told if one.version.uri == uri]
    if not own or own[-1].state == "readable":
        return None
    latest = own[-1]
    if latest.standing.superseded_by:
        return Poison(
            f"{uri} is superseded by {latest.standing.superseded_by}",
            "show that; --versions tells what changed",
            cause="superseded",
        )
    return Poison(f"{uri} was killed: its text is gone", "--versions tells what came when", cause=latest.state)


def changes(before: str, after: str) -> list[Piece]:
    """What was done to ``before`` to make it ``after``, word by word; what is removed stands before what is added.

    What stays and what is added make ``after``; what stays and what is removed has the words of ``before``.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    removed = added = ""
    for step in Indel.opcodes([word.strip() for word in old], [word.strip() for word in new]):
        if step.tag == "equal":
            pieces += _pieces(removed, added)
            removed = added = ""
            pieces.append(("same", "".join(new[step.dest_start : step.dest_end])))
        else:
            removed += "".join(old[step.src_start : step.src_end]) if step.tag != "insert" else ""
            added += "".join(new[step.dest_start : step.dest_end]) if step.tag != "delete" else ""
    return pieces + _pieces(removed, added)


def _pieces(removed: str, added: str) -> list[Piece]:
    both: list[Piece] = [("removed", removed), ("added", added)]
    return [piece for piece in both if piece[1]]


def changed_paragraphs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The paragraphs of the later text in which anything changed, each by its pieces."""
    paragraph: list[Piece] = []
    for kind, words in pieces:
        parts = [" ".join(words.split())] if kind == "removed" else re.split(r"\n\s*\n", words)
        for number, part in enumerate(parts):
            if number:
                if any(one != "same" for one, _ in paragraph):
                    yield paragraph
                paragraph = []
            if part:
                paragraph.append((kind, part))
    if any(one != "same" for one, _ in paragraph):
        yield paragraph


def _open(one: Version, now: Standing) -> bool:
    """Whether readers may see a version, if they may see its uri."""
    return now.state == "released" or (now.state == "as-sent" and (one.status == "usable" or one.embargoed))


def _readable(client: Elasticsearch, indexing: IndexingSettings, uris: set[str]) -> set[str]:
    """Those of these uris that are read now, or were before another of their story was read in their place."""
    if not uris:
        return set()
    passed = {"range": {"embargoedUntil": {"gt": "now"}}}
    status = [
        {"term": {"pubStatus": "usable"}},
        {"bool": {"filter": [{"term": {"pubStatus": "withheld"}}, {"exists": {"field": "embargoedUntil"}}]}},
    ]
    query = {
        "bool": {
            "filter": [{"terms": {"uri": sorted(uris)}}, {"bool": {"should": status}}],
            "must_not": [passed],
        }
    }
    answer = client.search(
        index=f"{indexing.articles}-*", query=query, size=len(uris), source=False, ignore_unavailable=True
    )
    return {hit["_id"] for hit in answer["hits"]["hits"]}


def _entry(client: Elasticsearch, indexing: IndexingSettings, name: str) -> dict[str, Any] | None:
    try:
        source: dict[str, Any] = client.get(index=indexing.stories, id=name)["_source"]
    except NotFoundError:
        return None
    return source
