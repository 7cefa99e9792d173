"""RSS 0.9x, 1.0 and 2.0, and Atom: each entry is an article.

The parser is feedparser's, which forgives feeds what their makers forget. The body is the richest the entry
has: ``content:encoded`` or Atom's ``content`` before ``description`` or ``summary``.
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

from pydantic import ValidationError

from pipeline.article import AltId, Article, Association, Headline, Ingest, Subject, Wire, problems
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri
from pipeline.formats.markup import blocks_of
from pipeline.formats.xml_document import root_name
from pipeline.headers import Hints

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ENTITIES = re.compile(r"<!ENTITY\s+(?!%\s)")
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"^\S+@\S+\s+\((.+)\)$")
"""RSS asks for an e-mail address with the name in brackets."""


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A feed is known by its root."""
    root = root_name(item.text) if item.text.lstrip("\ufeff \t\r\n").startswith("<") else None
    return 0.95 if root and root.lower() in _ROOTS else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The entries of a feed; one without words is a Poison in its place.

    Raises:
        Poison: ``xml-entities``, ``malformed-xml`` (broken before its first entry), ``not-an-article`` (it has none).
    """
    import feedparser  # 0.3 s and 12 MiB that only feeds need

    if _ENTITIES.search(item.text):
        raise Poison(
            "the feed declares entities, which are never expanded", "have it sent without them", cause="xml-entities"
        )
    # The text is decoded already: a charset in the header goes before the one the document declares.
    feed = feedparser.parse(
        io.BytesIO(item.text.lstrip("\ufeff \t\r\n").encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.entries:
        broken = feed.bozo and _ITEM.search(item.text)
        raise Poison(
            f"the feed is broken: {feed.get('bozo_exception')}" if broken else "the feed has no entries",
            "ask its sender for a whole copy",
            cause="malformed-xml" if broken else "not-an-article",
        )
    return [_reading(entry, feed.feed, item, hints, number) for number, entry in enumerate(feed.entries)]


def _reading(
    entry: Mapping[str, Any], feed: Mapping[str, Any], item: Decoded, hints: Hints, number: int
) -> Article | Poison:
    try:
        return _article(entry, feed, item, hints)
    except Poison as poison:
        return Poison(f"entry {number}: {poison.what}", poison.todo, cause=poison.cause)
    except ValidationError as invalid:
        return Poison(f"entry {number}: {problems(invalid)}", "ask its sender", cause="wrong-type")


def _article(entry: Mapping[str, Any], feed: Mapping[str, Any], item: Decoded, hints: Hints) -> Article:
    warnings = [item.warning] if item.warning else []
    title = _plain(entry.get("title"))
    bodies = [one for one in entry.get("content", []) if one.get("value")]
    markup = max((str(one["value"]) for one in bodies), key=len, default="") or str(entry.get("summary") or "")
    text, blocks = blocks_of(markup)
    if not title and not any(map(str.isalnum, text)):
        raise Poison("it has neither title nor text", "ask its sender", cause="not-an-article")
    if not bodies:
        warnings.append("no body: its description is taken" if text else "no body: only its metadata are read")
    link = str(entry.get("link") or "") or None
    uri = _identity(entry, feed, link) or content_uri(f"{title}\n\n{text}")
    published, updated = _moment(entry, "published"), _moment(entry, "updated")
    language = _language(entry, bodies) or feed.get("language")
    author = _ADDRESS.sub(r"\1", _plain(entry.get("author")))
    guid = str(entry.get("id") or "")
    ids = [("guid", guid), ("web", link)]
    given: dict[str, Any] = {
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
    }
    return Article.model_validate(
        {name: value for name, value in given.items() if value}
        | {
            "uri": uri,
            "pub_status": "usable",
            "text": text,
            "body": blocks,
            "wire": Wire(format="rss", provider=hints.provider or _plain(feed.get("title")) or None, warnings=warnings),
            "ingest": Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
        }
    )


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
