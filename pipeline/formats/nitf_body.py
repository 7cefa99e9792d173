"""The body of an NITF document, alone or within a NewsML item."""

from __future__ import annotations

import re

from pipeline.article import Dateline, Headline
from pipeline.formats.xml_article import dateline, headline, unique
from pipeline.formats.xml_body import Body, body_of, content_of, joined
from pipeline.formats.xml_document import Element, attribute, each_said, first_said, said

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def headlines_of(nitf: Element) -> list[Headline]:
    """The headlines of the body's head, the main one first; else the document's title."""
    head = nitf.find("body/body.head")
    main = first_said(head, "hedline/hl1", "headline/hl1") or first_said(nitf, "head/title")
    others = [one for one in unique(each_said(head, "hedline/hl2", "headline/hl2")) if one != main]
    return [*([headline(main)] if main else []), *(headline(one, role="subheadline") for one in others)]


def byline_of(nitf: Element) -> tuple[str | None, str | None]:
    """Who wrote it, and what the writer is; a title alone is all there is to say of the writer."""
    byline = nitf.find("body/body.head/byline")
    if byline is None:
        return None, None
    title = first_said(byline, "byttl", "person/byttl")
    # Elements may stand beside each other without space: `By<person>Ada Lamont</person>`.
    parts = [byline.text or ""]
    for child in byline:
        parts += ["" if child.tag == "byttl" else said(child) or "", child.tail or ""]
    name = " ".join(" ".join(parts).split()).replace(" ,", ",").strip(" ,")
    return (name, title) if name else (title, None)


def dateline_of(nitf: Element) -> Dateline | None:
    """The dateline of the body's head."""
    line = nitf.find("body/body.head/dateline")
    if line is None:
        return None
    place = ", ".join(each_said(line, "location/city", "location/state", "location/region", "location/country"))
    place = place or first_said(line, "location") or " ".join((line.text or "").split())
    found = _DAY.match(attribute(line.find("story.date"), "norm") or "")
    day = "-".join(found.groups()) if found else None
    stated = first_said(line, "story.date")
    raw = f"{place}, {stated}" if place and stated and not stated[:4].isdecimal() else place
    return dateline(raw, day)


def city_of(nitf: Element) -> str | None:
    """Where it was written: the city alone, where the dateline has its parts marked."""
    return first_said(nitf, "body/body.head/dateline/location/city", "body/body.head/dateline/location")


def abstracts_of(nitf: Element) -> list[str]:
    """The paragraphs of the abstract."""
    abstract = nitf.find("body/body.head/abstract")
    return content_of(abstract, []).lines() if abstract is not None else []


def body_of_nitf(nitf: Element, headlines: list[str]) -> Body:
    """What the document says, with the notes of its head and the credits of its end."""
    contents = nitf.findall("body/body.content") or nitf.findall("body") or [nitf]
    body = joined([content_of(content, headlines) for content in contents])
    body.notes = unique([*each_said(nitf, "body/body.head/note"), *body.notes])
    end = nitf.find("body/body.end")
    if end is not None:
        closing = body_of(end, headlines)
        body.credits += [*closing.credits, *([closing.text] if closing.text else [])]
    return body
