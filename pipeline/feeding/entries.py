"""Which entries of an RSS or Atom document are new or changed since the last look.

Of a well-formed document only those entries are sent, in the document they came in: what it says of the whole feed
stays, the entries that were sent before go. Enriching the same fifty entries at each poll would cost more than the new
one. A document that only feedparser can read is sent whole whenever it changed: nothing is lost, and the index keeps
one copy of each entry. One that breaks off is not sent: its last entry would be half an article.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import Poison
from pipeline.formats.decoding import decode
from pipeline.formats.xml_document import root_name

REMEMBERED = 2000
"""Entries remembered that a feed no longer shows: caches of a server may lag behind one another."""

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ENTRIES = frozenset({"item", "entry"})
_IDS = ("guid", "id", "link")
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_WHOLE = "the whole document"
_END = 2000
"""Characters among which the root's end must be: comments of the server's may follow."""


@dataclass(frozen=True, slots=True)
class News:
    """What a look at a feed found.

    Attributes:
        data: a document with what is new, or None where nothing is.
        seen: each entry that is known, by its id, with the hash of its content.
        entries: how many entries are in ``data``; None where nobody counted.
        every: seconds between changes, as the feed says of itself.
    """

    data: bytes | None
    seen: dict[str, str]
    entries: int | None = None
    every: float | None = None


def news(data: bytes, seen: Mapping[str, str]) -> News:
    """Find what is new in a feed's document.

    Args:
        data: the document.
        seen: what `News.seen` said the last time.

    Raises:
        Poison: ``not-a-feed``: it is an error page, for one, or only the beginning of a feed.
    """
    try:
        text = decode(data).text.lstrip("\ufeff \t\r\n")
    except Poison as poison:
        raise Poison(f"it is no feed: {poison.what}", "check the address", cause="not-a-feed") from poison
    name = (root_name(text) or "").lower()
    if name not in _ROOTS:
        raise Poison(f"it is no RSS or Atom feed but begins {text[:40]!r}", "check the address", cause="not-a-feed")
    root = None if "<!ENTITY" in text else _parsed(text)
    if root is None:
        if not re.search(rf"</(?:\w+:)?{name}\s*>", text[-_END:], re.IGNORECASE):
            raise Poison("it breaks off before its end", "it is asked for again", cause="not-a-feed")
        changed = {_WHOLE: _hash([data])}
        return News(None if seen.get(_WHOLE) == changed[_WHOLE] else data, changed)
    return _new_entries(root, seen)


def _parsed(text: str) -> etree._Element | None:
    """The document, if it is well-formed XML."""
    _, declared, after = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring((after if declared else text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return None if next(root.iter(etree.Entity), None) is not None else root


def _new_entries(root: etree._Element, seen: Mapping[str, str]) -> News:
    found: dict[str, list[etree._Element]] = {}  # several of one id count as one
    for parent in _parents(root):
        for element in parent.iterchildren(etree.Element):
            if _local(element) in _ENTRIES:
                found.setdefault(_id(element), []).append(element)
    every = _every(root)
    now = {name: _hash(etree.tostring(one, with_tail=False) for one in several) for name, several in found.items()}
    new = {name for name, digest in now.items() if seen.get(name) != digest}
    for name in found.keys() - new:
        for element in found[name]:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    earlier = [(name, digest) for name, digest in seen.items() if name not in now and name != _WHOLE]
    known = dict(earlier[-REMEMBERED:]) | now
    if not new:
        return News(None, known, 0, every)
    data = etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)
    return News(data, known, sum(len(found[name]) for name in new), every)


def _id(entry: etree._Element) -> str:
    """What the feed calls an entry; else its content."""
    said = {_local(child): " ".join("".join(child.itertext()).split()) or child.get("href") for child in entry}
    name = next((found for kind in _IDS if (found := said.get(kind))), None)
    return name if name and len(name) < 500 else _hash([etree.tostring(entry, with_tail=False)])


def _every(root: etree._Element) -> float | None:
    """``ttl`` (RSS 2.0, minutes), else ``sy:updatePeriod`` by ``sy:updateFrequency`` (RSS 1.0's syndication module)."""
    said = {
        _local(child): (child.text or "").strip().lower()
        for parent in _parents(root)
        for child in parent.iterchildren(etree.Element)
    }
    if said.get("ttl", "").isdecimal() and int(said["ttl"][:6]):
        return int(said["ttl"][:6]) * 60.0
    if period := _PERIODS.get(said.get("updateperiod", "")):
        frequency = said.get("updatefrequency", "1")
        return period / max(1, int(frequency[:6]) if frequency.isdecimal() else 1)
    return None


def _parents(root: etree._Element) -> list[etree._Element]:
    """Where entries stand: in the root (Atom, RSS 1.0) and in its channel (RSS 2.0)."""
    return [root, *(child for child in root.iterchildren(etree.Element) if _local(child) == "channel")]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower() if isinstance(element.tag, str) else ""


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:32]
