"""IPTC NewsML 1.0 to 1.2: news items whose components nest, one article for each that has a headline of its own.

A component inherits what it does not state from those around it. The roles of its parts say which is the
story, which a caption, a logo, a contact. Where an item tells its story in several languages, the first
language has the item's uri, the others add theirs to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.article import Article, Association
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.newsml_1_2_fields import fields_of, formal_name
from pipeline.formats.nitf_body import abstracts_of, body_of_nitf, byline_of, dateline_of, headlines_of
from pipeline.formats.xml_article import Found, article_of, each_reading, headline
from pipeline.formats.xml_body import Body, content_of, joined
from pipeline.formats.xml_document import Element, attribute, first_said, parse, root_name, said
from pipeline.headers import Hints

_TITLES = frozenset({"headline", "title"})
_STYLES = frozenset({"stylesheet"})
_SUMMARIES = frozenset({"abstract", "summary", "tweettext", "teaser"})
_CONTACTS = frozenset({"contact", "contactinfo"})
_CAPTIONS = frozenset({"caption", "description"})
_MEDIA = frozenset(
    {"photo", "picture", "image", "graphic", "video", "audio", "animation", "logo", "thumbnail", "quicklook"}
)
"""Roles of components, and media types of contents, in lower case."""

MOST_STORIES = 100
"""Stories one item may tell, each in another language."""


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A document whose root is `NewsML`, or `NewsItem` in capitals."""
    return 0.95 if root_name(item.text) in {"NewsML", "NewsItem", "newsml", "NEWSML"} else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of a NewsML 1 document.

    Raises:
        Poison: it is no XML, or has no news item.
    """
    root = parse(item)
    items = [root] if root.tag == "newsitem" else root.findall("newsitem")
    if not items:
        raise Poison("the NewsML has no NewsItem", "ask its sender for a whole copy", cause="not-an-article")
    envelope = root.find("newsenvelope")
    return each_reading(lambda one: _articles(one, envelope, item, hints), items)


def _articles(news: Element, envelope: Element | None, item: Decoded, hints: Hints) -> list[Article | Poison]:
    revision = news.find("identification/newsidentifier/revisionid")
    canceled = (formal_name(news.find("newsmanagement/status")) or "").lower() in {"canceled", "cancelled"}
    partial = news.find("update") is not None or (attribute(revision, "update") or "N").upper() in {"U", "A"}
    if partial and not canceled:
        raise Poison(
            f"the item only changes parts of its revision {attribute(revision, 'previousrevision') or 'before'}",
            "ask its sender for the whole revision",
            cause="partial-update",
        )
    stories = [story for component in news.iterfind("newscomponent") for story in _stories(component)]
    if len(stories) > MOST_STORIES:
        raise Poison(
            f"the item tells {len(stories):,} stories", "ask its sender for one item a story", cause="too-large"
        )
    stories = stories or news.findall("newscomponent")[:1] or [news]
    return [_article(story, stories, news, envelope, item, hints) for story in stories]


def _stories(component: Element) -> list[Element]:
    """The components that are articles: the innermost with a headline of their own."""
    if _is_medium(component):
        return []
    inner = [story for child in component.iterfind("newscomponent") for story in _stories(child)]
    told = [story for story in inner if first_said(story, "newslines/headline")]
    if told and not component.findall("contentitem"):
        return told
    has_text = any(_is_text(content) for content in component.iter("contentitem"))
    return [component] if has_text or first_said(component, "newslines/headline") else inner


def _role(component: Element) -> str:
    return (formal_name(component.find("role")) or "").lower()


def _is_medium(component: Element) -> bool:
    """Whether a component holds a picture, video or sound with what belongs to it, and no story."""
    contents = list(component.iter("contentitem"))
    return _role(component) in _MEDIA or (bool(contents) and not any(map(_is_text, contents)))


def _is_text(content: Element) -> bool:
    media = (formal_name(content.find("mediatype")) or "text").lower()
    mime = (formal_name(content.find("mimetype")) or "text/").lower()
    return media not in _MEDIA and not mime.startswith(("image/", "video/", "audio/")) and content.get("href") is None


def _article(
    story: Element, stories: list[Element], news: Element, envelope: Element | None, item: Decoded, hints: Hints
) -> Article:
    found = Found()
    fields_of(story, news, envelope, found)
    if story is not stories[0] and (uri := found.fields["uri"]):
        tags = [attribute(one, "lang") for one in stories]
        tag = attribute(story, "lang")
        found.fields["uri"] = (
            f"{uri}:{tag if tag and tags.count(tag) == 1 else attribute(story, 'duid') or stories.index(story)}"
        )
    _content(story, found)
    elsewhere = {id(one) for other in stories if other is not story for one in other.iter("newscomponent")}
    media = (one for component in news.iterfind("newscomponent") for one in _media(component))
    pictures = [_picture(one) for one in media if id(one) not in elsewhere]
    found.fields["associations"] = [*found.fields.get("associations", []), *filter(None, pictures)]
    return article_of(found, "newsml-1.2", item, hints)


def _content(story: Element, found: Found) -> None:
    """The texts of a story by the roles of the components they stand in."""
    known = [one.value for one in found.headlines]
    bodies: list[Body] = []
    captions: list[Body] = []
    for role, content in _texts(story, ""):
        data = content.find(".//datacontent")
        if data is None or role in _STYLES:
            continue
        nitf = data.find(".//nitf")
        body = body_of_nitf(nitf, known) if nitf is not None else content_of(data, known)
        if nitf is not None:
            _from_nitf(nitf, found)
        if role in _TITLES:
            found.headlines = found.headlines or list(map(headline, body.lines()))[:1]
        elif role in _SUMMARIES:
            found.descriptions += body.lines()
        elif role in _CONTACTS:
            found.contacts += body.lines()
        else:
            (captions if role in _CAPTIONS else bodies).append(body)
    found.body = joined(bodies)
    found.descriptions += joined(captions).lines()


def _texts(component: Element, role: str) -> list[tuple[str, Element]]:
    """The contents that are text, each with its role; of contents that say the same the longest."""
    texts = [(role, content) for content in component.iterfind("contentitem") if _is_text(content)]
    for child in component.iterfind("newscomponent"):
        if not _is_medium(child):
            texts += _texts(child, _role(child) or role)
    if len(texts) > 1 and (attribute(component, "equivalentslist") or "").lower() == "yes":
        return [max(texts, key=lambda text: len(said(text[1]) or ""))]
    return texts


def _from_nitf(nitf: Element, found: Found) -> None:
    """What the NITF within a component says that the NewsML around it does not."""
    by, title = byline_of(nitf)
    line = dateline_of(nitf)
    found.headlines = found.headlines or headlines_of(nitf)
    found.fields["by"] = found.fields.get("by") or by
    found.credits += [title] if title and by != title else []
    found.descriptions += abstracts_of(nitf)
    found.wire["dateline"] = found.wire.get("dateline") or line
    found.fields["located"] = found.fields.get("located") or (line.place if line else None)


def _media(component: Element) -> Iterator[Element]:
    """The components that hold a picture, video or sound, and contents that do beside a text."""
    if _is_medium(component):
        yield component
        return
    yield from (content for content in component.iterfind("contentitem") if not _is_text(content))
    for child in component.iterfind("newscomponent"):
        yield from _media(child)


def _picture(medium: Element) -> Association | None:
    contents = [medium] if medium.tag == "contentitem" else list(medium.iter("contentitem"))
    uri = next(filter(None, (attribute(content, "href") for content in contents)), None)
    kinds = [formal_name(content.find("mediatype")) for content in contents]
    kinds += [(formal_name(content.find("mimetype")) or "").partition("/")[0] for content in contents]
    kind = next((one.lower() for one in kinds if one and one.lower() in _MEDIA), None) or _role(medium)
    captions = [said(content.find(".//datacontent")) for content in contents if _is_text(content)]
    name = first_said(medium, ".//headline") or next(filter(None, captions), None) or uri
    return (
        Association(rel="picture" if kind in {"photo", "image"} else kind or "related", name=name, uri=uri)
        if name
        else None
    )
