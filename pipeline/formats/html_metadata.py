"""What an HTML page says of itself: JSON-LD (schema.org NewsArticle), Open Graph, Dublin Core, meta elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
_MOST_JSON = 200_000
_ABSOLUTE = re.compile(r"https?://\S+$")
_SEPARATORS = re.compile(r"\s+[|–—-]\s+|\s+::\s+")


@dataclass(slots=True)
class Metadata:
    """What a page says of its article; dates are as written."""

    headline: str | None = None
    url: str | None = None
    identifier: str | None = None
    published: str | None = None
    modified: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    located: str | None = None
    copyright: str | None = None
    subjects: list[str] = field(default_factory=list)


def metadata_of(page: HtmlElement) -> Metadata:
    """All that a page says of itself, the most precise source first."""
    article = next(_articles(page), {})
    meta = _meta(page)

    def said(*names: str) -> str | None:
        return next((meta[name][0] for name in names if meta.get(name)), None)

    publisher = _name(article.get("publisher")) or said("og:site_name", "dc.publisher", "application-name")
    subjects = [*_names(article.get("articleSection")), *_keywords(article.get("keywords"))]
    subjects += [name for key in ("article:section", "article:tag") for name in meta.get(key, [])]
    subjects += [] if subjects else _keywords(said("news_keywords", "keywords", "dc.subject"))
    identifier = article.get("identifier")
    return Metadata(
        headline=_text(article.get("headline")) or said("og:title", "dc.title", "title") or _title(page, publisher),
        url=_url(page, meta, article),
        identifier=_text(identifier.get("value") if isinstance(identifier, dict) else identifier)
        or said("dc.identifier"),
        published=_text(article.get("datePublished") or article.get("dateCreated"))
        or said("article:published_time", "og:article:published_time", "date", "dc.date", "dcterms.created", "pubdate")
        or _first(page.xpath("//article//time/@datetime | //main//time/@datetime")),
        modified=_text(article.get("dateModified"))
        or said("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "lastmod"),
        author=", ".join(_names(article.get("author")))
        or _author(said("author", "article:author", "dc.creator", "byl")),
        publisher=publisher,
        language=_text(article.get("inLanguage"))
        or page.get("lang")
        or said("og:locale", "content-language", "dc.language"),
        located=_text(article.get("dateline")) or _name(article.get("locationCreated")),
        copyright=_text(article.get("copyrightNotice")) or said("dc.rights", "copyright"),
        subjects=list(dict.fromkeys(subjects)),
    )


def _articles(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles among a page's JSON-LD; what is no JSON is left."""
    for script in page.iter("script"):
        written = script.text or ""
        if "ld+json" not in (script.get("type") or "") or len(written) > _MOST_JSON:
            continue
        try:
            found = json.loads(written.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)
        except (ValueError, RecursionError):
            continue
        things = found if isinstance(found, list) else [found]
        graphs = [
            thing["@graph"] for thing in things if isinstance(thing, dict) and isinstance(thing.get("@graph"), list)
        ]
        for thing in [*things, *(inner for graph in graphs for inner in graph)]:
            if isinstance(thing, dict) and any(map(_ARTICLE_TYPES.search, _names(thing.get("@type")))):
                yield thing


def _meta(page: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv") or element.get("itemprop")
        value = " ".join((element.get("content") or "").split())
        if name and value:
            found.setdefault(name.strip().lower().replace("dcterms.date", "dc.date"), []).append(value)
    return found


def _url(page: HtmlElement, meta: dict[str, list[str]], article: dict[str, Any]) -> str | None:
    entity = article.get("mainEntityOfPage")
    stated = [
        *page.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href"),
        *meta.get("og:url", []),
        entity.get("@id") if isinstance(entity, dict) else entity,
        article.get("url"),
    ]
    return next((one.strip() for one in stated if isinstance(one, str) and _ABSOLUTE.match(one.strip())), None)


def _title(page: HtmlElement, publisher: str | None) -> str | None:
    """The first heading of the first rank, else the title without the name of the site."""
    heading = _first(element.text_content() for element in page.iter("h1"))
    title = _first(element.text_content() for element in page.iter("title"))
    if not title or (heading and heading in title):
        return heading or title
    parts = _SEPARATORS.split(title)
    site = len(parts) > 1 and (not publisher or parts[-1].casefold() == publisher.casefold()) and len(parts[-1]) < 30
    return heading or (title[: -len(parts[-1])].rstrip(" |–—-:") if site else title)


def _first(values: Any) -> str | None:
    return next((bare for value in values if (bare := " ".join(str(value).split()))), None)


def _text(value: Any) -> str | None:
    return (" ".join(str(value).split()) or None) if isinstance(value, str | int) else None


def _name(value: Any) -> str | None:
    return next(iter(_names(value)), None)


def _names(value: Any) -> list[str]:
    """The names of what JSON-LD gives as a string, an object, or a list of them."""
    values = value if isinstance(value, list) else [value]
    named = [one.get("name") if isinstance(one, dict) else one for one in values]
    return [text for one in named for text in (_names(one) if isinstance(one, list) else [_text(one)]) if text]


def _keywords(value: Any) -> list[str]:
    return [word.strip() for name in _names(value) for word in name.split(",") if word.strip()]


def _author(said: str | None) -> str | None:
    return None if said and _ABSOLUTE.match(said) else said
