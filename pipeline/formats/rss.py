"""RSS 0.9x, 1.0 and 2.0, and Atom: each entry is an article.

The parser is feedparser's, which forgives feeds what their makers forget. The body is the richest the entry
has: ``content:encoded`` or Atom's ``content`` before ``description`` or ``summary``. AP's Atom has metadata of its own
(`apcm`, `apnm`), which say more than Atom's.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from time import struct_time
from typing import Any

from pipeline.article import AltId, Article, Association, Headline, Subject
from pipeline.errors import Poison
from pipeline.formats.canonical import canonical
from pipeline.formats.changes import status
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri
from pipeline.formats.markup import blocks_of
from pipeline.formats.xml_document import legal, refuse_crowded_tags, root_name
from pipeline.headers import Hints

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ENTITIES = re.compile(r"<!ENTITY\s+(?!%\s)")
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_MOST_OPEN = 10_000
_MOST_TAGS = 100_000
_OPEN_OR_CLOSE = re.compile(
    r"<(?!(?:br|hr|img|input|link|meta)\b)(?P<closes>/)?[A-Za-z](?:[^<>]*[^<>/])?>", re.IGNORECASE
)
"""A tag of an element that holds others."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"^[^\s@]+@[^\s@]+\s+\((.+)\)$")
"""RSS asks for an e-mail address with the name in brackets."""


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A feed is known by its root."""
    root = root_name(item.text) if item.text.lstrip("\ufeff \t\r\n").startswith("<") else None
    return 0.95 if root and root.lower() in _ROOTS else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The entries of a feed; one without words is a Poison in its place.

    Raises:
        Poison: ``xml-entities``, ``malformed-xml`` (broken before its first entry), ``not-an-article`` (it has none),
            ``too-deep``, ``too-large`` (an element with a thousand attributes).
    """
    import feedparser  # 0.3 s and 12 MiB that only feeds need

    if _ENTITIES.search(item.text):
        raise Poison(
            "the feed declares entities, which are never expanded", "have it sent without them", cause="xml-entities"
        )
    refuse_crowded_tags(item.text)
    _refuse_depth(item.text)
    try:
        # The text is decoded already: a charset in the header goes before the one the document declares.
        feed = feedparser.parse(
            io.BytesIO(legal(item.text).encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError) as failure:
        # feedparser forgives what is broken but now and then stumbles over it.
        raise Poison(
            f"the feed is broken: {failure!r}", "ask its sender for a whole copy", cause="malformed-xml"
        ) from failure
    if not feed.entries:
        broken = feed.bozo and _ITEM.search(item.text)
        raise Poison(
            f"the feed is broken: {feed.get('bozo_exception')}" if broken else "the feed has no entries",
            "ask its sender for a whole copy",
            cause="malformed-xml" if broken else "not-an-article",
        )
    return [_reading(entry, feed.feed, item, hints, number) for number, entry in enumerate(feed.entries)]


def _refuse_depth(text: str) -> None:
    """Refuse what feedparser would take minutes for; HTML that is left open is common, thousands of times it is not."""
    if text.count("<") > _MOST_TAGS:
        raise Poison(
            f"the feed has more than {_MOST_TAGS:,} tags", "ask its sender for a smaller feed", cause="too-large"
        )
    depth = 0
    for tag in _OPEN_OR_CLOSE.finditer(text):
        depth += -1 if tag["closes"] else 1
        if depth > _MOST_OPEN:
            raise Poison(f"the feed has more than {_MOST_OPEN:,} elements open", "it is no feed", cause="too-deep")


def _reading(
    entry: Mapping[str, Any], feed: Mapping[str, Any], item: Decoded, hints: Hints, number: int
) -> Article | Poison:
    try:
        return _article(entry, feed, item, hints)
    except Poison as poison:
        return Poison(f"entry {number}: {poison.what}", poison.todo, cause=poison.cause)


def _article(entry: Mapping[str, Any], feed: Mapping[str, Any], item: Decoded, hints: Hints) -> Article:
    warnings: list[str] = []
    title = _plain(_own(entry, "apcm_headline") or entry.get("title"))
    bodies = [one for one in entry.get("content", []) if one.get("value")]
    markup = max((str(one["value"]) for one in bodies), key=len, default="") or str(entry.get("summary") or "")
    text, blocks = blocks_of(markup)
    if blocks and blocks[0].kind == "heading" and text[: blocks[0].end] == title:
        blocks = blocks[1:]
    if not title and not any(map(str.isalnum, text)):
        raise Poison("it has neither title nor text", "ask its sender", cause="not-an-article")
    if not bodies:
        warnings.append("no body: its description is taken" if text else "no body: only its metadata are read")
    link = str(entry.get("link") or "") or None
    uri = _identity(entry, feed, link) or content_uri(f"{title}\n\n{text}")
    published, updated = _moment(entry, "published"), _moment(entry, "updated")
    language = _language(entry, bodies) or feed.get("language")
    author = _own(entry, "apcm_byline") or _ADDRESS.sub(r"\1", _plain(entry.get("author")))
    guid = str(entry.get("id") or "")
    ids = [("guid", guid), ("web", link)]
    fields = {
        "uri": uri,
        "version": _own(entry, "apnm_managementsequencenumber"),
        "pub_status": status(_own(entry, "apnm_publishingstatus"), warnings),
        "slugline": _own(entry, "apcm_slugline"),
        "language": language,
        "first_created": published or updated,
        "version_created": updated or published,
        "by": author,
        "copyright_notice": _plain(entry.get("rights") or feed.get("rights")),
        "headlines": [Headline(value=title)] if title else [],
        "subjects": _subjects(entry),
        "alt_ids": [AltId(role=role, value=value) for role, value in ids if value and value != uri],
        "associations": [
            Association(rel="related", name=str(one.get("title") or one["href"]), uri=one["href"])
            for one in entry.get("links", [])
            if one.get("rel") == "related" and one.get("href")
        ],
        "text": text,
        "body": blocks,
    }
    wire = {"format": "rss", "provider": _plain(feed.get("title")), "warnings": warnings}
    return canonical(fields, wire, item, hints)


def _own(entry: Mapping[str, Any], name: str) -> str:
    """The text of an agency's own element; of one with attributes feedparser keeps only these."""
    said = entry.get(name)
    return _plain(said) if isinstance(said, str) else ""


def _identity(entry: Mapping[str, Any], feed: Mapping[str, Any], link: str | None) -> str | None:
    """The entry's own identifier; one that is unique in its feed only is told apart by the feed's address."""
    guid = str(entry.get("id") or "").strip()
    if not guid or _ABSOLUTE.match(guid):
        return guid or link
    home = str(feed.get("id") or feed.get("link") or "")
    return f"{home}#{guid}" if _ABSOLUTE.match(home) else link


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    parsed = entry.get(f"{name}_parsed") if f"{name}_parsed" in entry else None
    if not isinstance(parsed, struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _subjects(entry: Mapping[str, Any]) -> list[Subject]:
    found: dict[str, Subject] = {}
    for tag in entry.get("tags", []):
        name = _plain(tag.get("label") or tag.get("term"))
        scheme = str(tag.get("scheme") or "")
        if name and name not in found:
            uri = f"{scheme.rstrip('/')}/{tag.get('term')}" if _ABSOLUTE.match(scheme) else None
            found[name] = Subject(name=name, uri=uri, creator="provider")
    return list(found.values())


def _language(entry: Mapping[str, Any], bodies: list[Any]) -> str | None:
    detail = [*bodies, entry.get("title_detail") or {}]
    return next((str(one["language"]) for one in detail if one.get("language")), None)


def _plain(value: object) -> str:
    """Text of a field that may hold markup."""
    return " ".join(unescape(_TAG.sub("", str(value or ""))).split())
