"""The metadata of a NewsML 1 item and of a component of it as fields of the canonical article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.article import AltId, Association, Chain, Change, Subject
from pipeline.formats.changes import change_kind, explained, status
from pipeline.formats.dates import moment
from pipeline.formats.qcodes import subject_code
from pipeline.formats.subject_names import subject_name
from pipeline.formats.xml_article import Found, dateline, embargo, headline, language, not_understood, unique, urgency
from pipeline.formats.xml_document import Element, attribute, each_said, first_said, said

_SUBJECTS = frozenset({"subject", "subjectmatter", "subjectdetail", "subjectqualifier"})
_NESTED = frozenset({"newscomponent", "contentitem", "topicset", "update"})
_REVISION = re.compile(r":\d{1,4}[A-Z]?$")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_ALTERNATIVES = {"foreignid": "ForeignId", "newsobjectid": "NewsObjectId"}
"""Properties in which Belga states identifiers, in lower case."""

_UNDERSTOOD = frozenset(
    {"headline", "subheadline", "byline", "bylinetitle", "dateline", "copyrightline", "rightsline", "creditline"}
    | {"slugline", "keywordline", "newsline", "newslinetext", "newslinetype", "language", "datelinedate", "filename"}
    | {"comment", "copyrightholder", "copyrightdate", "usagetype", "limitations", "basisforchoice", "guid", "morelink"}
    | {"item_keyword", "seriesline"}
)


def fields_of(story: Element, news: Element, envelope: Element | None, found: Found) -> None:
    """Read all metadata of a story: of its component, of those around it, of its item and the envelope."""
    management = news.find("newsmanagement")
    identifier = news.find("identification/newsidentifier")
    uri, public = uri_of(news), first_said(identifier, "publicidentifier")
    found.fields |= {"uri": uri, "version": first_said(identifier, "revisionid"), "language": _language(story)}
    _times(management, found)
    _lines(story, news, found)
    _places(story, found)
    _subjects(story, news, found)
    _rights(story, found)
    _parties(story, identifier, envelope, found)
    stated = management.find("urgency") if management is not None else None
    urgency(formal_name(stated) or said(stated), found)
    priority = formal_name(envelope.find("priority") if envelope is not None else None) or property_of(
        story, "priority"
    )
    found.wire.setdefault("priority_raw", priority)
    ids: list[tuple[str | None, str | None]] = [
        ("PublicIdentifier", public if public != uri else None),
        *((name, property_of(story, key)) for key, name in _ALTERNATIVES.items()),
    ]
    ids += [
        (formal_name(one.find("labeltype")), first_said(one, "labeltext"))
        for one in news.iterfind("identification/label")
    ]
    found.fields["alt_ids"] = [AltId(role=role, value=value) for role, value in ids if value]
    _relations(management, found)
    notes = unique([*found.notes, *each_said(management, "instruction")])
    found.wire["change"] = explained(
        next(_changes(management, identifier, found), None), found.fields["slugline"], notes
    )


def uri_of(news: Element) -> str | None:
    """The item's identity without its revision: a cancellation must reach every revision before it."""
    identifier = news.find("identification/newsidentifier")
    public, revision = first_said(identifier, "publicidentifier"), first_said(identifier, "revisionid")
    number = first_said(identifier, "newsitemid")
    if not public:
        parts = [first_said(identifier, "providerid"), first_said(identifier, "dateid"), number]
        return ":".join(["urn:newsml", *filter(None, parts)]) if number else first_said(news, ".//guid")
    if revision and (numbered := re.search(rf":{re.escape(revision)}[A-Z]?$", public)):
        return public[: numbered.start()]
    if not revision and public.count(":") >= 5:
        return _REVISION.sub("", public)
    # Some name their whole service there: the number makes it the item's.
    return f"{public}:{number}" if number and public.count(":") < 3 else public


def formal_name(element: Element | None) -> str | None:
    """What an element names in a controlled vocabulary."""
    return attribute(element, "formalname")


def own(component: Element, *names: str) -> Iterator[Element]:
    """What a component states itself under these names: all within it but what nested components and contents state."""
    holder = component if component.tag in _NESTED else None
    return (one for one in component.iter(*names) if next(one.iterancestors(*_NESTED), None) is holder)


def around(story: Element) -> Iterator[Element]:
    """A component and those around it, from the inside; what is within is stated by the nearest."""
    yield story
    yield from story.iterancestors("newscomponent")


def nearest(story: Element, *names: str) -> list[Element]:
    """The elements of these names in the nearest component that states any."""
    for component in around(story):
        stated = [one for one in own(component, *names) if len(one) or said(one) or one.attrib]
        if stated:
            return stated
    return []


def property_of(story: Element, name: str) -> str | None:
    """The value of a property, by its name in lower case."""
    values = (attribute(one, "value") for one in _properties(story) if (formal_name(one) or "").lower() == name)
    return next(filter(None, values), None)


def _properties(story: Element) -> Iterator[Element]:
    for component in around(story):
        yield from own(component, "property")


def _said_nearest(story: Element, *names: str) -> str | None:
    return next(filter(None, map(said, nearest(story, *names))), None)


def _language(story: Element) -> str | None:
    for component in (*around(story), *story.iterancestors("newsitem")):
        named = map(formal_name, own(component, "language"))
        if tag := next(filter(None, named), None) or attribute(component, "lang"):
            return language(tag)
    return None


def _times(management: Element | None, found: Found) -> None:
    state = formal_name(management.find("status")) if management is not None else None
    found.fields["pub_status"] = status(state, found.warnings)
    for ours, name in (("first_created", "FirstCreated"), ("version_created", "ThisRevisionCreated")):
        found.fields[ours] = moment(first_said(management, name.lower()), name, found.warnings)
    for coming in management.iterfind("statuswillchange") if management is not None else ():
        then, when = (formal_name(coming.find("futurestatus")) or "").lower(), first_said(coming, "dateandtime")
        if then == "usable":
            embargo(when, found)
        elif when:
            found.fields["expires"] = moment(when, "StatusWillChange", found.warnings)


def _lines(story: Element, news: Element, found: Found) -> None:
    """What a reader is shown: headlines, byline, dateline, slugline, notes to editors."""
    for role, name in ((None, "headline"), ("subheadline", "subheadline")):
        found.headlines += [
            headline(value, role=role, lang=attribute(one, "lang"))
            for one in nearest(story, name)
            if (value := said(one))
        ]
    found.fields["by"] = _said_nearest(story, "byline")
    found.credits += unique(map(said, [*nearest(story, "bylinetitle"), *nearest(story, "creditline")]))
    found.fields["slugline"] = _said_nearest(story, "slugline") or first_said(news, "identification/namelabel")
    day = _DAY.match(_said_nearest(story, "datelinedate") or "")
    found.wire["dateline"] = dateline(_said_nearest(story, "dateline"), "-".join(day.groups()) if day else None)
    for line in nearest(story, "newsline"):
        kind, text = _kind(line), first_said(line, "newslinetext")
        if text and "advisory" in kind:
            found.notes.append(text)
        elif text and kind != "catchword":
            stated = formal_name(line.find("newslinetype"))
            found.warnings.append(f"not understood: NewsLine {stated}: {text[:80]!r}")
    components = [*around(story), *story.iterdescendants("newscomponent")]
    comments = [one for component in components for one in component.iterfind("comment") if not formal_name(one)]
    found.notes += unique([*map(said, comments), property_of(story, "editorialinfo")])
    known = _NESTED | {"newslines"}
    for part in (child for component in around(story) for child in component if child.tag not in known):
        found.warnings += not_understood(part, _UNDERSTOOD) if story.tag == "newscomponent" else []


def _kind(line: Element) -> str:
    return (formal_name(line.find("newslinetype")) or "").lower()


def _places(story: Element, found: Found) -> None:
    city: str | None = None
    places: list[str] = []
    for location in nearest(story, "location"):
        values = {
            formal_name(one) or "": value for one in location.iter("property") if (value := attribute(one, "value"))
        }
        places += values.values()
        if (attribute(location, "howpresent") or "origin").lower() == "origin":
            city = city or values.get("City")
    line = found.wire["dateline"]
    found.fields["located"] = city or (line.place if line else None) or property_of(story, "city")
    found.fields["places"] = [{"name": place} for place in unique(places)]


def _subjects(story: Element, news: Element, found: Found) -> None:
    names = dict(_topics(news, (found.fields["language"] or "").split("-")[0]))
    for one in nearest(story, *_SUBJECTS):
        if formal := formal_name(one):
            uri = subject_code(formal)
            known = names.get(formal) or subject_name(formal) or (formal if uri == formal else None)
            found.subjects.append(Subject(uri=uri, name=known, creator="provider"))
    keywords = [
        attribute(one, "value")
        for one in _properties(story)
        if (formal_name(one) or "").lower().endswith(("keyword", "keywords"))
    ]
    keywords += [
        attribute(one, "value")
        for described in nearest(story, "descriptivemetadata")
        for one in described.iterfind("property")
        if (formal_name(one) or "").lower() == "topic"
    ]
    keywords += map(said, [*nearest(story, "keywordline"), *nearest(story, "item_keyword")])
    keywords += [first_said(line, "newslinetext") for line in nearest(story, "newsline") if _kind(line) == "catchword"]
    found.subjects += [Subject(name=keyword, creator="provider") for keyword in unique(keywords)]
    genres = unique(map(formal_name, nearest(story, "genre")))
    found.fields["genres"] = [Subject(name=genre, creator="provider") for genre in genres]


def _topics(news: Element, tag: str) -> Iterator[tuple[str, str]]:
    """The formal names that the item's topic sets explain, with what they call them."""
    for topic in news.iter("topic"):
        formal = first_said(topic, "formalname")
        told = [
            one
            for one in topic.iterfind("description")
            if said(one) and (attribute(one, "variant") or "Name") == "Name"
        ]
        ranked = sorted(told, key=lambda one: [tag, "en", attribute(one, "lang")].index(attribute(one, "lang")))
        if formal and ranked:
            yield formal, said(ranked[0]) or formal


def _rights(story: Element, found: Found) -> None:
    found.fields["copyright_holder"] = _said_nearest(story, "copyrightholder")
    found.fields["copyright_notice"] = _said_nearest(story, "copyrightline")
    terms = map(said, [*nearest(story, "rightsline"), *nearest(story, "usagetype"), *nearest(story, "limitations")])
    found.fields["usage_terms"] = "\n".join(unique(terms)) or None


def _parties(story: Element, identifier: Element | None, envelope: Element | None, found: Found) -> None:
    def named(*names: str) -> list[str]:
        return unique(formal_name(one) for holder in nearest(story, *names) for one in holder.iter("party"))

    authors = [one for holder in nearest(story, "creator") for one in holder.iter("party")]
    authors = [one for one in authors if (attribute(one, "topic") or "AUTHOR") == "AUTHOR"]
    written = [name for name in unique(map(formal_name, authors)) if " " in name]
    found.fields["by"] = found.fields["by"] or ", ".join(written) or None
    found.credits += [
        name for name in [*named("creator"), *named("contributor")] if name not in (found.fields["by"] or "")
    ]
    found.fields["info_sources"] = named("source")
    sender = envelope.find("sentfrom/party") if envelope is not None else None
    found.wire["provider"] = next(
        iter(unique([*named("provider"), formal_name(sender), first_said(identifier, "providerid")])), None
    )
    services = [*_named(envelope, "newsservice"), *_named(envelope, "newsproduct")]
    found.wire["service"] = next(iter(services), None)
    found.wire["sequence"] = first_said(envelope, "transmissionid")


def _named(envelope: Element | None, name: str) -> Iterable[str]:
    return unique(map(formal_name, envelope.iterfind(name))) if envelope is not None else ()


def _relations(management: Element | None, found: Found) -> None:
    """What the story grew out of, and what goes with it."""
    if management is None:
        return
    derived = next(filter(None, (attribute(one, "newsitem") for one in management.iterfind("derivedfrom"))), None)
    origin = _REVISION.sub("", derived) if derived and derived.count(":") >= 5 else derived
    found.wire["chain"] = Chain(root=origin, previous=origin) if origin else None
    beside = unique(attribute(one, "newsitem") for one in management.iterfind("associatedwith"))
    found.fields["associations"] = [Association(rel="related", name=uri, uri=uri) for uri in beside]


def _changes(management: Element | None, identifier: Element | None, found: Found) -> Iterator[Change]:
    """What the item says it does to its story, the gravest first."""
    state = found.fields["pub_status"]
    if state == "canceled":
        yield Change(kind="kill", evidence="Status Canceled")
    if management is not None:
        for one in (*management.iterfind("instruction"), *management.iterfind("newsitemtype")):
            if kind := change_kind(formal_name(one)):
                yield Change(kind=kind, evidence=f"{one.tag} {formal_name(one)}")
    status_said = formal_name(management.find("status")) if management is not None else None
    # An embargo says nothing of what was sent before, as a hold does.
    if state == "withheld" and "embargo" not in (status_said or "").lower():
        yield Change(kind="hold", evidence=f"Status {status_said}")
    for genre in found.fields["genres"]:
        if kind := change_kind(genre.name):
            yield Change(kind=kind, evidence=f"Genre {genre.name}")
    previous = attribute(identifier.find("revisionid"), "previousrevision") if identifier is not None else None
    if previous and previous != "0":
        yield Change(kind="update", evidence=f"PreviousRevision {previous}")
