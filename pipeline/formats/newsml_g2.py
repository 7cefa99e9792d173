"""IPTC NewsML-G2: a newsItem, a packageItem, or a newsMessage of several.

Each text item is an article. Pictures, videos and graphics that come with it in one message are its
associations, and so is what a package lists; by themselves they are articles of their caption. A package
without a text item is an article that points at its members.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pipeline.article import Article, Association
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.newsml_g2_fields import fields_of
from pipeline.formats.nitf_body import abstracts_of, body_of_nitf, byline_of, dateline_of, headlines_of
from pipeline.formats.qcodes import Catalog, code, coded
from pipeline.formats.xml_article import Found, article_of, each_reading, headline, unique
from pipeline.formats.xml_body import Body, content_of
from pipeline.formats.xml_document import Element, attribute, first_said, parse, root_name
from pipeline.headers import Hints

_ROOTS = frozenset({"newsmessage", "newsitem", "packageitem"})
_NO_ARTICLES = frozenset({"conceptitem", "knowledgeitem", "planningitem", "catalogitem", "catalog"})
"""Items of NewsML-G2 that hold no news."""

_MEDIA = frozenset({"picture", "photo", "graphic", "video", "audio", "animated", "icon", "image"})


MOST_COMPANIONS = 200
"""Pictures and packages that are noted with one text."""


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A document whose root is an item of NewsML-G2; `NewsItem`, in capitals, is NewsML 1."""
    root = root_name(item.text) or ""
    return 0.95 if root[:1].islower() and root.lower() in _ROOTS | _NO_ARTICLES else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of a NewsML-G2 document.

    Raises:
        Poison: it is no XML, or holds no news.
    """
    root = parse(item)
    message = root if root.tag == "newsmessage" else None
    items = (
        [root]
        if root.tag in {"newsitem", "packageitem"}
        else root.findall(".//newsitem") + root.findall(".//packageitem")
    )
    if not items:
        raise Poison(
            f"the {root.tag} holds no news item",
            "NewsML-G2 describes other things than news too",
            cause="not-an-article",
        )
    parts = _Parts(items)
    return each_reading(lambda one: [_article(one, parts, message, item, hints)], parts.articles)


class _Parts:
    """The items of one message: which are articles, and what accompanies each.

    A package that lists a text accompanies it, with the pictures it lists; pictures that no package lists
    accompany the only text. What accompanies nothing is an article by itself.
    """

    def __init__(self, items: list[Element]) -> None:
        texts = [one for one in items if one.tag == "newsitem" and _nature(one) not in _MEDIA]
        media = [one for one in items if one.tag == "newsitem" and _nature(one) in _MEDIA]
        guids = {attribute(one, "guid") for one in texts}
        self._media = {guid: one for one in media if (guid := attribute(one, "guid"))}
        self._packages: dict[str, list[Element]] = {}
        listed: set[str] = set()
        apart: set[int] = set()
        for package in (one for one in items if one.tag == "packageitem"):
            members = _listed(package)
            listed |= members
            if guids.isdisjoint(members) and (not texts or first_said(package, "contentmeta/headline")):
                apart.add(id(package))
            for guid in members & guids:
                self._packages.setdefault(guid, []).append(package)
        unlisted = [one for one in media if attribute(one, "guid") not in listed]
        self._beside = unlisted if len(texts) == 1 else []
        apart |= {id(one) for one in texts} | {id(one) for one in unlisted if not self._beside}
        self.articles = [one for one in items if id(one) in apart]

    def companions(self, one: Element) -> Iterator[Association]:
        """What came with a text: the packages that list it, and pictures."""
        packages = self._packages.get(attribute(one, "guid") or "", []) if one.tag == "newsitem" else []
        media = [self._media[guid] for package in packages for guid in _listed(package) if guid in self._media]
        for other in (*packages, *media, *(self._beside if one not in self._beside else [])):
            uri = attribute(other, "guid")
            name = first_said(other, "contentmeta/headline", "contentmeta/description", "itemmeta/title") or uri
            if name:
                rel = "package" if other.tag == "packageitem" else _nature(other)
                yield Association(rel=rel, name=name, uri=uri)


def _listed(package: Element) -> set[str]:
    return {uri for reference in package.iter("itemref") if (uri := attribute(reference, "residref"))}


def _nature(item: Element) -> str:
    return code(coded(item.find("itemmeta/itemclass")) or "").lower()


def _article(one: Element, parts: _Parts, message: Element | None, item: Decoded, hints: Hints) -> Article:
    header = message.find("header") if message is not None else None
    found = Found()
    fields_of(one, found, Catalog.of(one, header))
    _content(one, found)
    title = first_said(one, "itemmeta/title")
    if not found.headlines and title:
        found.headlines = [headline(title)]
    found.fields["associations"] += [*_members(one), *islice(parts.companions(one), MOST_COMPANIONS)]
    found.wire["provider"] = found.wire.get("provider") or first_said(header, "sender")
    found.wire.setdefault("priority_raw", first_said(header, "priority"))
    transmission = first_said(header, "transmitid") or ""
    if transmission.isdecimal():
        found.wire.setdefault("sequence", transmission)
    return article_of(found, "newsml-g2", item, hints)


def _content(one: Element, found: Found) -> None:
    """The item's text: of several renditions of it the one with markup, or the longest."""
    known = [each.value for each in found.headlines]
    contents = one.find("contentset")
    renditions: list[tuple[bool, int, Body, Element | None]] = []
    for content in contents if contents is not None else ():
        if content.tag == "remotecontent":
            found.fields["associations"] += _remote(content) if _nature(one) not in _MEDIA else []
        elif content.tag in {"inlinexml", "inlinedata"}:
            nitf = content.find(".//nitf")
            body = body_of_nitf(nitf, known) if nitf is not None else content_of(content, known)
            renditions.append((content.tag == "inlinexml", len(body.text), body, nitf))
    if not renditions:
        return
    *_, found.body, nitf = max(renditions, key=lambda rendition: (bool(rendition[1]), *rendition[:2]))
    if nitf is not None:
        _from_nitf(nitf, found)
    elif contents is not None and not found.headlines:
        heading = first_said(contents, ".//h1", ".//head/title")
        found.headlines = [headline(heading)] if heading else []


def _from_nitf(nitf: Element, found: Found) -> None:
    """What the NITF within an item says that the item itself does not."""
    by, title = byline_of(nitf)
    line = dateline_of(nitf)
    found.headlines = found.headlines or headlines_of(nitf)
    found.fields["by"] = found.fields["by"] or by
    found.credits += [title] if title and by != title else []
    found.descriptions = unique([*found.descriptions, *abstracts_of(nitf)])
    found.wire["dateline"] = found.wire.get("dateline") or line
    found.fields["located"] = found.fields["located"] or (line.place if line else None)


def _remote(content: Element) -> list[Association]:
    uri = attribute(content, "href") or attribute(content, "residref")
    kind = (attribute(content, "contenttype") or "").partition("/")[0]
    name = first_said(content, "title", "name") or uri
    return [Association(rel="picture" if kind == "image" else kind or "related", name=name, uri=uri)] if name else []


def _members(package: Element) -> Iterator[Association]:
    """What a package lists."""
    for reference in package.iter("itemref"):
        uri = attribute(reference, "residref") or attribute(reference, "href")
        if name := first_said(reference, "title", "headline", "description") or uri:
            nature = code(coded(reference.find("itemclass")) or "")
            yield Association(rel=nature or "related", name=name, uri=uri)
