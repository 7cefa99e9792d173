"""IPTC NITF 2.5 to 3.6: one article a document; several where something else wraps them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.article import AltId, Article, Chain, Change, Subject
from pipeline.errors import Poison
from pipeline.formats.changes import change_kind, explained, status
from pipeline.formats.dates import moment
from pipeline.formats.decoding import Decoded
from pipeline.formats.nitf_body import abstracts_of, body_of_nitf, byline_of, city_of, dateline_of, headlines_of
from pipeline.formats.qcodes import subject_code
from pipeline.formats.subject_names import subject_name
from pipeline.formats.xml_article import (
    Found,
    article_of,
    each_reading,
    embargo,
    headline,
    language,
    not_understood,
    number,
    unique,
    urgency,
)
from pipeline.formats.xml_document import Element, attribute, each_said, first_said, parse, root_name, said
from pipeline.headers import Hints

_REVISION = re.compile(r"(?P<story>.+)_(?P<revision>\d{2,9})")
_TAKE_NUMBER = re.compile(r"^(\d{1,2}) (?=\S)")
_SLUGLINES = ("anpa-keyword", "slugline", "slug", "ntbstikkord", "subject")
_SEQUENCES = ("anpa-sequence", "ntbiptcsequence", "sequence")
_SERVICES = ("ntbtjeneste", "service", "anpa-service")
_PRIORITIES = ("anpa-priority", "priority", "prioridad", "ntbprioritet")
"""Names of ``meta`` under which agencies state these, in lower case."""

_SUBTITLE_AS_BYLINE = "ANSA"
"""Who puts the subtitle where the byline belongs."""

_CANCELED = frozenset({"canceled", "cancelled"})

_UNDERSTOOD = frozenset(
    {"title", "keyword", "hl1", "hl2", "byline", "byttl", "person", "name.given", "name.family", "dateline", "location"}
    | {"sublocation", "city", "state", "region", "country", "story.date", "abstract", "p", "note", "rights"}
    | {"rights.owner", "rights.type", "rights.limitations", "distributor", "org", "virtloc", "function", "classifier"}
    | {"br", "em", "a", "q", "chron", "event", "money", "num", "body.content", "block", "copyrite", "copyrite.holder"}
    | {"copyrite.year", "object.title", "series", "media-caption"}
)


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A document whose root is `nitf`."""
    return 0.95 if (root_name(item.text) or "").lower() == "nitf" else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of an XML document that is NITF or has NITF documents in it.

    Raises:
        Poison: it is no XML, or there is no NITF in it.
    """
    root = parse(item)
    documents = list(root.iter("nitf"))
    if not documents:
        raise Poison(
            f"the XML is of no kind we read: its root is {root.tag.rpartition('}')[2]!r}",
            "have it sent as NewsML-G2, NewsML 1.2, NITF or ninjs",
            cause="not-an-article",
        )
    return each_reading(lambda nitf: [_article(nitf, item, hints)], documents)


def _article(nitf: Element, item: Decoded, hints: Hints) -> Article:
    found = Found(headlines=headlines_of(nitf), descriptions=abstracts_of(nitf))
    head = nitf.find("head")
    head = nitf if head is None else head
    metas = {
        (meta.get("name") or "").lower(): value
        for meta in head.iterfind("meta")
        if (value := attribute(meta, "content"))
    }
    found.fields["slugline"] = _slugline(head, metas, found)
    _times(head, metas, found)
    _management(head, metas, found)
    _rights(nitf, head, found)
    _places(nitf, head, found)
    _subjects(head, metas, found)
    _wire(nitf, head, metas, found)
    found.fields["by"], title = byline_of(nitf)
    if found.wire["provider"] == _SUBTITLE_AS_BYLINE and (second := found.fields["by"]):
        found.headlines.append(headline(second, role="subheadline"))
        found.fields["by"] = None
        title = metas.get("author")
    found.credits += [title] if title else []
    found.fields["language"] = language(
        attribute(nitf, "baselang") or attribute(nitf.find("body"), "lang") or attribute(nitf, "lang")
    )
    found.notes += [
        attribute(message, "info") or attribute(message, "msg-type") or "" for message in head.iter("ed-msg")
    ]
    found.body = body_of_nitf(nitf, [one.value for one in found.headlines])
    found.wire["change"] = explained(
        next(_changes(head), None), found.fields["slugline"], unique([*found.notes, *found.body.notes])
    )
    found.warnings += not_understood(head, _UNDERSTOOD) if head is not nitf else []
    found.warnings += not_understood(nitf.find("body/body.head"), _UNDERSTOOD)
    return article_of(found, "nitf", item, hints)


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _slugline(head: Element, metas: dict[str, str], found: Found) -> str | None:
    """What the agency's own ``meta`` says, a title that is no headline, the only keyword, or the story's key."""
    keywords = unique(attribute(one, "key") or said(one) for one in head.iter("keyword"))
    if len(keywords) > 1:
        found.subjects += [Subject(name=keyword, creator="provider") for keyword in keywords]
    title = first_said(head, "title")
    is_slug = title and found.headlines and title.casefold() != found.headlines[0].value.casefold()
    return (
        _first(metas, _SLUGLINES)
        or (_TAKE_NUMBER.sub("", title) if title and is_slug else None)
        or (keywords[0] if len(keywords) == 1 else None)
        or attribute(head.find("docdata/du-key"), "key")
    )


def _times(head: Element, metas: dict[str, str], found: Found) -> None:
    norms = {
        name: attribute(head.find(f"docdata/{name}"), "norm") for name in ("date.issue", "date.release", "date.expire")
    }
    issued = norms["date.issue"] or attribute(head.find("pubdata"), "date.publication") or metas.get("timestamp")
    found.fields["version_created"] = created = moment(issued, "date.issue", found.warnings)
    revised = any(_revisions(head)) or int(_version(head) or "1") > 1
    found.fields["first_created"] = None if revised else created
    found.fields["expires"] = moment(norms["date.expire"], "date.expire", found.warnings)
    found.fields["pub_status"] = status(attribute(head.find("docdata"), "management-status"), found.warnings)
    released = moment(norms["date.release"], "date.release", found.warnings)
    if released and (found.fields["pub_status"] == "withheld" or (created and released > created)):
        embargo(norms["date.release"], found)


def _revisions(head: Element) -> Iterator[Element]:
    """What was done to the document before; NTB names nobody and nothing there: that is of its template."""
    return (one for one in head.iter("revision-history") if attribute(one, "comment") or attribute(one, "norm"))


def _version(head: Element) -> str | None:
    said_version = attribute(head.find("docdata/du-key"), "version")
    return said_version if number(said_version) is not None else None


def _management(head: Element, metas: dict[str, str], found: Found) -> None:
    """Identity, revision and the story the document belongs to."""
    doc_id = attribute(head.find("docdata/doc-id"), "id-string")
    uri, alternatives = doc_id, []
    if doc_id and (numbered := _REVISION.fullmatch(doc_id)) and _counts_revisions(numbered, head, metas):
        uri = numbered["story"]
        alternatives.append(AltId(role="doc-id", value=doc_id))
    for role, value in (
        ("pubdata-id", attribute(head.find("pubdata"), "id")),
        ("fixture", attribute(head.find("docdata/fixture"), "fix-id")),
    ):
        alternatives += [AltId(role=role, value=value)] if value else []
    key = attribute(head.find("docdata/du-key"), "key")
    referred = attribute(head.find("docdata"), "management-doc-idref")
    corrected = attribute(head.find(".//correction"), "id-string")
    previous = next((one for one in (referred, corrected) if one and one not in {doc_id, uri}), None)
    found.fields |= {"uri": uri, "version": _version(head), "alt_ids": alternatives}
    found.wire["chain"] = Chain(root=key, previous=previous) if key or previous else None
    urgency(next((value for one in head.iter("urgency") if (value := attribute(one, "ed-urg"))), None), found)


def _counts_revisions(numbered: re.Match[str], head: Element, metas: dict[str, str]) -> bool:
    """Whether the end of a doc-id counts revisions: then each revision would be another story."""
    version = _version(head)
    return numbered["story"] in metas.values() or bool(version and int(version) - int(numbered["revision"]) in {0, 1})


def _changes(head: Element) -> Iterator[Change]:
    """What the document's management says it does to its story, the gravest first."""
    docdata = head.find("docdata")
    state = (attribute(docdata, "management-status") or "").lower()
    if state in _CANCELED:
        yield Change(kind="kill", evidence=f"management-status {state}")
    if (attribute(docdata, "management-idref-status") or "").lower() in _CANCELED:
        yield Change(kind="kill", evidence="management-idref-status canceled")
    for correction in head.iter("correction"):
        yield Change(kind="correction", reason=attribute(correction, "info"), evidence="correction")
    for caused in filter(None, (attribute(one, "ed-cause") for one in head.iter())):
        if kind := change_kind(caused):
            yield Change(kind=kind, evidence=f"ed-cause {caused}")
    if state == "withheld":
        yield Change(kind="hold", evidence=f"management-status {state}")
    for history in reversed(list(_revisions(head))):
        yield Change(kind="update", reason=attribute(history, "comment"), evidence="revision-history")
    version = _version(head)
    if version and int(version) > 1:
        yield Change(kind="update", evidence=f"du-key version {version}")


def _rights(nitf: Element, head: Element, found: Found) -> None:
    rights, stated = head.find("docdata/doc.rights"), "body/body.head/rights/"
    terms = [attribute(rights, "type"), attribute(rights, "limitations")]
    terms += each_said(nitf, f"{stated}rights.type", f"{stated}rights.limitations")
    found.fields["usage_terms"] = "\n".join(unique(terms))
    found.fields["copyright_holder"] = (
        attribute(head.find("docdata/doc.copyright"), "holder")
        or first_said(nitf, "body/body.head/rights/rights.owner", "body/body.head/copyrite/copyrite.holder")
        or attribute(rights, "owner")
    )
    found.fields["copyright_notice"] = first_said(nitf, "body/body.head/copyrite")


def _places(nitf: Element, head: Element, found: Found) -> None:
    found.wire["dateline"] = dateline_of(nitf)
    events = head.findall(".//evloc")
    named = ("city", "county-dist", "state-prov", "iso-cc")
    found.fields["places"] = [
        {"name": name} for name in unique(attribute(one, part) for one in events for part in named)
    ]
    line = found.wire["dateline"]
    found.fields["located"] = (
        city_of(nitf)
        or (line.place if line else None)
        or next((city for one in events if (city := attribute(one, "city"))), None)
    )


def _subjects(head: Element, metas: dict[str, str], found: Found) -> None:
    if code := metas.get("category_iptc"):
        found.subjects.append(Subject(uri=subject_code(code), name=subject_name(code), creator="provider"))
    for tobject in head.iter("tobject"):
        kind = attribute(tobject, "tobject.type")
        if kind and kind.lower() != "news":
            found.subjects.append(Subject(name=kind, creator="provider"))
        for one in tobject.iterfind("tobject.subject"):
            found.subjects += _subject(one)
        genres = unique(attribute(one, "tobject.property.type") for one in tobject.iterfind("tobject.property"))
        found.fields["genres"] = [Subject(name=genre, creator="provider") for genre in genres]
    named = [attribute(scope, "scope") for scope in head.iter("doc-scope")]
    named += [said(one) for content in head.iter("identified-content") for one in content]
    found.subjects += [Subject(name=name, creator="provider") for name in unique(named)]


def _subject(one: Element) -> list[Subject]:
    """The subject and those above it that are named: the code of each follows from its own."""
    refnum = attribute(one, "tobject.subject.refnum")
    iptc = (
        refnum
        and subject_code(refnum) != refnum
        and (attribute(one, "tobject.subject.ipr") or "IPTC").upper() == "IPTC"
    )
    kept = {"detail": 8, "matter": 5, "type": 2}
    named = [(name, digits) for level, digits in kept.items() if (name := attribute(one, f"tobject.subject.{level}"))]
    if not refnum or not iptc:
        names = [name for name, _ in named] or ([refnum] if refnum else [])
        return [
            Subject(uri=refnum if refnum and not place else None, name=name, creator="provider")
            for place, name in enumerate(names)
        ]
    uris = {subject_code(refnum): None} | {
        subject_code(refnum[:digits].ljust(8, "0")): name for name, digits in reversed(named)
    }
    return [Subject(uri=uri, name=name or subject_name(uri[-8:]), creator="provider") for uri, name in uris.items()]


def _wire(nitf: Element, head: Element, metas: dict[str, str], found: Found) -> None:
    sources = unique(attribute(one, "src-name") for one in head.iter("from-src"))
    found.fields["info_sources"] = sources
    distributor = first_said(nitf, "body/body.head/distributor")
    provider = attribute(head.find("docdata/doc-id"), "regsrc") or (sources[0] if sources else None) or distributor
    series = head.find("docdata/series")
    part, total = (number(attribute(series, name)) for name in ("series.part", "series.totalpart"))
    found.wire |= {
        "provider": provider or attribute(head.find("docdata/doc.rights"), "agent") or found.fields["copyright_holder"],
        "service": _first(metas, _SERVICES) or attribute(head.find("pubdata"), "name"),
        "sequence": _first(metas, _SEQUENCES),
        "priority_raw": found.wire.get("priority_raw") or _first(metas, _PRIORITIES),
        "take": part if part and (total or 0) > 1 else None,
        "partial": part is not None and total is not None and part < total,
    }
