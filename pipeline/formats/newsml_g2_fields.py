"""The metadata of a NewsML-G2 item as fields of the canonical article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.article import AltId, Association, Chain, Change, Headline, Subject
from pipeline.formats.changes import change_kind, explained, status
from pipeline.formats.dates import moment
from pipeline.formats.qcodes import Catalog, code, coded, subject_code
from pipeline.formats.subject_names import subject_name
from pipeline.formats.xml_article import (
    Found,
    dateline,
    embargo,
    headline,
    language,
    not_understood,
    number,
    unique,
    urgency,
)
from pipeline.formats.xml_body import content_of
from pipeline.formats.xml_document import Element, attribute, each_said, first_said, said

_VERSIONS_MOST = 9_999
"""Greater numbers identify a version; they don't count it."""

_MACHINES = ("machine", "tool")
_IPTC7901 = re.compile(r"[^:]*:(?P<number>\d{1,9}):[^:]*:[^:]*:[^:]*:(?P<agency>[^:]+):(?P<count>\d{0,9})(?::|$)")
"""dpa: `eca:0093:3:i:175:dpa:1153::...`, the header of the item in IPTC 7901."""

_RUNNING = re.compile(r"(?:[A-Za-z]+ )?(\d{1,9})")
_CODE_IN_LITERAL = re.compile(r"[A-Z]{2,5}:(\d{8})(?::|$)")
"""TT: `TT:11000000:POL`"""


_UNDERSTOOD = frozenset(
    {"name", "copyrightnotice", "usageterms", "versioncreated", "firstcreated", "embargoed", "filename", "generator"}
    | {"profile", "title", "ednote", "urgency", "contentcreated", "contentmodified", "altid", "slugline", "headline"}
    | {"dateline", "by", "creditline", "description", "keyword", "definition", "note", "facet", "pubstatus"}
    | {"section", "header", "h3", "h4", "p", "ul", "li", "a", "span", "b", "br"}
    | {"phone", "email", "line", "locality", "area"}
)


def fields_of(item: Element, found: Found, catalog: Catalog) -> None:
    """Read all metadata of a newsItem or packageItem."""
    meta, content = item.find("itemmeta"), item.find("contentmeta")
    tag = attribute(None if content is None else content.find("language"), "tag")
    inline = item.find("contentset/inlinexml")
    found.fields |= {
        "uri": attribute(item, "guid"),
        "version": attribute(item, "version"),
        "language": language(tag or attribute(item, "lang") or attribute(inline, "lang")),
    }
    _times(item, found)
    _rights(item.find("rightsinfo"), found)
    _notes(meta, found)
    _headlines(item, found)
    urgency(first_said(content, "urgency"), found)
    found.fields["slugline"] = first_said(content, "slugline")
    _writers(content, found, catalog)
    _place(content, meta, found)
    _subjects(content, found, catalog)
    found.fields["alt_ids"] = [
        AltId(role=code(attribute(one, "type") or "") or None, value=value)
        for one in [*item.iterfind("contentmeta/altid"), *item.iterfind("itemmeta/altid")]
        if (value := said(one))
    ]
    _wire(meta, found)
    _counted(found)
    _links(meta, found)
    found.wire["change"] = explained(next(_changes(meta, found), None), found.fields["slugline"], found.notes)
    for part in ("rightsinfo", "itemmeta", "contentmeta"):
        found.warnings += not_understood(item.find(part), _UNDERSTOOD)


def name_of(concept: Element | None, catalog: Catalog | None = None, tag: str | None = None) -> str | None:
    """What a concept is called: by its name, in the item's language if it has several, else by its literal."""
    if concept is None:
        return None
    names = [(attribute(one, "lang") or "", value) for one in concept.iterfind("name") if (value := said(one))]
    stated = next((value for lang, value in names if tag and lang.split("-")[0] == tag.split("-")[0]), None)
    identifier = attribute(concept, "qcode") or attribute(concept, "literal") or ""
    told = catalog.names.get(identifier) if catalog else None
    return stated or (names[0][1] if names else None) or told or attribute(concept, "literal")


def party(concept: Element | None) -> str | None:
    """The name of a provider, holder or source: IPTC's code of a provider, else its name, literal, code or uri."""
    qcode = attribute(concept, "qcode") or ""
    if qcode.startswith("nprov:"):
        return code(qcode)
    own = said(concept) if concept is not None and not len(concept) else None
    return name_of(concept) or (code(qcode) if qcode else None) or own or attribute(concept, "uri")


def _times(item: Element, found: Found) -> None:
    found.fields["pub_status"] = status(coded(item.find("itemmeta/pubstatus")), found.warnings)
    for ours, part, name in (
        ("version_created", "itemmeta", "versionCreated"),
        ("first_created", "itemmeta", "firstCreated"),
        ("expires", "rightsinfo", "validTo"),
    ):
        found.fields[ours] = moment(first_said(item, f"{part}/{name.lower()}"), name, found.warnings)
    if created := moment(first_said(item, "contentmeta/contentcreated"), "contentCreated", found.warnings):
        # ninjs has it, the canonical article no field of its own.
        found.fields["contentCreated"] = created.isoformat().replace("+00:00", "Z")
    embargo(first_said(item, "itemmeta/embargoed"), found)


def _rights(rights: Element | None, found: Found) -> None:
    if rights is None:
        return
    found.fields["copyright_holder"] = party(rights.find("copyrightholder"))
    for ours, name in (("copyright_notice", "copyrightnotice"), ("usage_terms", "usageterms")):
        found.fields[ours] = _in_language(rights.findall(name), found.fields["language"])


def _in_language(elements: list[Element], tag: str | None) -> str | None:
    """The texts of elements: those in the item's language if there are any, else those in the first's."""
    stated = [(attribute(one, "lang") or "", value) for one in elements if (value := said(one))]
    own = [value for lang, value in stated if tag and lang.split("-")[0] == tag.split("-")[0]]
    first = [value for lang, value in stated if lang == stated[0][0]]
    return "\n".join(unique(own or first)) or None


def _notes(meta: Element | None, found: Found) -> None:
    """Notes to editors, line by line: some agencies send them once as a whole and once in parts."""
    for note in meta.iterfind("ednote") if meta is not None else ():
        role = code(attribute(note, "role") or "")
        body = content_of(note, [])
        lines = [
            " ".join(body.text[block.start : block.end].split()) for block in body.blocks if block.kind != "heading"
        ]
        if role == "closingline":
            found.credits += lines
        elif attribute(note, "pubconstraint"):
            found.contacts += lines
        else:
            found.notes += lines
    found.notes = [line for line in unique(found.notes) if line not in [*found.credits, *found.contacts]]


def _headlines(item: Element, found: Found) -> None:
    main: list[Headline] = []
    others: list[Headline] = []
    for one in item.iterfind("contentmeta/headline"):
        role = code(attribute(one, "role") or "")
        if value := said(one):
            (others if "sub" in role.lower() else main).append(headline(value, role=role, lang=attribute(one, "lang")))
    found.headlines = [*main, *others]
    found.descriptions = unique(each_said(item, "contentmeta/description"))


def _writers(content: Element | None, found: Found, catalog: Catalog) -> None:
    """The byline as written, else the creators with a full name; logins and initials are credits."""
    found.fields["by"] = first_said(content, "by")
    for creator in content.iterfind("creator") if content is not None else ():
        name = first_said(creator, "name") or catalog.names.get(attribute(creator, "qcode") or "")
        if name and " " in name and not found.fields["by"]:
            found.fields["by"] = name
        elif name:
            found.credits.append(name)
    sources = [party(one) for one in content.iterfind("infosource")] if content is not None else []
    found.fields["info_sources"] = unique(sources)


def _place(content: Element | None, meta: Element | None, found: Found) -> None:
    found.wire["dateline"] = dateline(first_said(content, "dateline"))
    located = next((one for part in (content, meta) if part is not None for one in part.iterfind("located")), None)
    line = found.wire["dateline"]
    found.fields["located"] = name_of(located, tag=found.fields["language"]) or (line.place if line else None)


def _subjects(content: Element | None, found: Found, catalog: Catalog) -> None:
    if content is None:
        return
    tag = found.fields["language"]
    found.subjects += filter(None, (_concept(one, catalog, tag) for one in content.iterfind("subject")))
    found.subjects += [Subject(name=keyword, creator="provider") for keyword in each_said(content, "keyword")]
    found.fields["genres"] = [genre for one in content.iterfind("genre") if (genre := _concept(one, catalog, tag))]


def _concept(one: Element, catalog: Catalog, tag: str | None) -> Subject | None:
    qcode, uri = attribute(one, "qcode"), attribute(one, "uri")
    name = name_of(one, catalog, tag)
    by_machine = any(
        machine in (attribute(one, how) or "").lower() for how in ("creator", "how") for machine in _MACHINES
    )
    resolved = uri or (catalog.uri(qcode) if qcode else None)
    if not resolved and (iptc := _CODE_IN_LITERAL.match(attribute(one, "literal") or "")):
        resolved, name = subject_code(iptc[1]), subject_name(iptc[1]) or name
    if not resolved and not name:
        return None
    if not name and (scheme := (qcode or "").partition(":")[0]) in {"subj", "medtop"}:
        shared = scheme == "subj" or (qcode or "").endswith("000000")
        name = subject_name(code(qcode or "")) if shared else None
    return Subject(uri=resolved, name=name, creator="machine" if by_machine else "provider")


def _wire(meta: Element | None, found: Found) -> None:
    if meta is None:
        return
    services = [name_of(one) or code(attribute(one, "qcode") or "") for one in meta.iterfind("service")]
    found.wire["provider"] = party(meta.find("provider"))
    found.wire["service"] = next(filter(None, services), None)


def _links(meta: Element | None, found: Found) -> None:
    """Links to other items: the story's earlier versions and what it grew out of make its chain."""
    uri = found.fields["uri"]
    previous, root = None, None
    associations: list[Association] = []
    for link in meta.iterfind("link") if meta is not None else ():
        target = attribute(link, "residref") or attribute(link, "guidref")
        relation = code(attribute(link, "rel") or "").lower()
        if relation in {"evolvedfrom", "derivedfrom"} and target:
            root = root or target
            previous = previous or target
        elif relation in {"", "previousversion", "prevversion"} and target:
            previous = target if target != uri else previous
        elif address := attribute(link, "href") or target:
            name = first_said(link, "title", "headline", "name") or address
            associations.append(
                Association(rel=_RELATIONS.get(relation, relation or "related"), name=name, uri=address)
            )
    found.fields["associations"] = associations
    if root or previous:
        found.wire["chain"] = Chain(root=root, previous=previous)


def _counted(found: Found) -> None:
    """What number the item has in its agency's other service, by which kills name it; and what TT's item replaces."""
    known = {one.role: one.value for one in reversed(found.fields["alt_ids"])}
    if telex := _IPTC7901.match(known.get("iptc7901Id", "")):
        found.wire["sequence"] = telex["number"]
        if telex["count"]:
            agency = f"{telex['agency']} {telex['count']}"
            found.fields["alt_ids"].append(AltId(role="agency-sequence", value=agency))
    elif counted := _RUNNING.fullmatch(known.get("runningnumber", "")):
        found.wire["sequence"] = counted[1]
    own, replaced = known.get("uno"), known.get("refuno")
    uri = found.fields["uri"] or ""
    if own and replaced and own != replaced and uri.endswith(own):
        found.wire["chain"] = Chain(previous=uri.removesuffix(own) + replaced)


_RELATIONS = {"seealso": "see-also", "translatedfrom": "translated-from"}


def _changes(meta: Element | None, found: Found) -> Iterator[Change]:
    """What the item says it does to its story, the gravest first."""
    if meta is None:
        return
    state = coded(meta.find("pubstatus")) or ""
    if found.fields["pub_status"] == "canceled":
        yield Change(kind="kill", evidence=state)
    signals = [coded(signal) or "" for signal in meta.iterfind("signal")]
    told = [Change(kind=kind, evidence=signal) for signal in signals if (kind := change_kind(signal))]
    yield from sorted(
        told, key=lambda change: _GRAVITY.index(change.kind) if change.kind in _GRAVITY else len(_GRAVITY)
    )
    for note in meta.iterfind("ednote"):
        role = attribute(note, "role") or ""
        if kind := change_kind(role):
            yield Change(kind=kind, reason=said(note), evidence=role)
    if found.fields["pub_status"] == "withheld" and state and not found.fields.get("embargoed_until"):
        yield Change(kind="hold", evidence=state)
    version = found.fields["version"] or ""
    if 1 < (number(version) or 0) <= _VERSIONS_MOST:
        yield Change(kind="update", evidence=f"version {version}")


_GRAVITY = ("kill", "correction", "hold", "refile", "repeat", "update")
