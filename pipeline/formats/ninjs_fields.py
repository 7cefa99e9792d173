"""The properties of a ninjs object, and of agencies' JSON that is like it, as fields of the canonical article.

Beside IPTC ninjs 1.x to 3.x these are Superdesk's (`guid`, `body_html`, `source`, `keywords`, `evolvedfrom`), those of
dpa's digital wires (`urn`, `version_created`, `article_html`, `categories`) and of AP's Media API (`bylines`,
`datelinelocation`, `editorialtypes`), as their makers document them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pipeline.article import AltId, Association, Chain, Change, Dateline, Headline, PubStatus, Subject
from pipeline.errors import Poison
from pipeline.formats.changes import STATUS, change_kind
from pipeline.formats.dates import moment
from pipeline.formats.qcodes import subject_code
from pipeline.formats.subject_names import subject_name
from pipeline.formats.xml_article import dateline, number

Properties = dict[str, Any]

_ALIASES = {
    "urn": "uri", "guid": "uri", "version_created": "versioncreated", "first_created": "firstcreated",
    "article_html": "body_html", "article_text": "body_text", "byline": "by", "embargoeduntil": "embargoed",
    "headlines": "headline", "subjects": "subject", "genres": "genre", "infosources": "infosource",
    "sources": "infosource", "signals": "signal",
}  # fmt: skip
"""Other names of properties, in lower case; the first that is there counts."""

_STRINGS = {
    "slugline": "slugline", "ednote": "ed_note", "copyrightholder": "copyright_holder",
    "copyrightnotice": "copyright_notice", "by": "by", "language": "language", "located": "located",
}  # fmt: skip
_DATES = {
    "firstcreated": "first_created", "versioncreated": "version_created", "embargoed": "embargoed_until",
    "expires": "expires",
}  # fmt: skip
_OTHER_STRINGS = ("type", "mimetype", "representationtype", "profile", "title", "contentcreated")
_OBJECTS = (
    "person",
    "people",
    "organisation",
    "organisations",
    "place",
    "places",
    "event",
    "events",
    "object",
    "objects",
)

READ = frozenset(
    {"uri", "version", "pubstatus", "urgency", "headline", "subject", "genre", "infosource", "altids", "associations"}
    | {"bodies", "usageterms", "keywords", "bylines", "datelinelocation", "evolvedfrom", "dateline", "categories"}
    | set(_STRINGS) | set(_DATES) | set(_ALIASES)
)  # fmt: skip
"""Properties that become fields of the article, by their names in lower case."""

_TYPES = frozenset({"text", "audio", "video", "picture", "graphic", "composite", "component", "planning", "event"})
_MACHINES = ("machine", "system", "tool")
_PICTURES = frozenset({"picture", "image", "photo"})
_VERSIONS_MOST = 9_999


def known(found: Mapping[str, Any]) -> Properties:
    """The properties by their names in lower case, each under the one name this module reads it by."""
    given = {name.lower(): value for name, value in found.items()}
    for alias, name in _ALIASES.items():
        if given.get(name) is None and given.get(alias) is not None:
            given[name] = given[alias]
    return given


def fields_of(given: Properties, warnings: list[str]) -> Properties:
    """Fields of the article by name; ``warnings`` gets what is no date or no known type.

    Raises:
        Poison: ``wrong-type``, ``no-identity`` or ``not-an-article``.
    """
    _require_article(given)
    for name in _OTHER_STRINGS:
        string(given, name)
    for name in _OBJECTS:
        objects(given, name)
    if (kind := string(given, "type")) and kind not in _TYPES:
        warnings.append(f"the type {kind!r} is none of ninjs")
    return {
        **{ours: string(given, theirs) for theirs, ours in _STRINGS.items()},
        **{ours: moment(string(given, theirs), theirs, warnings) for theirs, ours in _DATES.items()},
        "uri": _uri(given),
        "version": _version(given),
        "pub_status": _status(given),
        "urgency": _urgency(given),
        "by": string(given, "by") or ", ".join(_strings(given, "bylines", "name", "by")).removeprefix("By ") or None,
        "located": string(given, "located") or _city(given),
        "usage_terms": "\n".join(_strings(given, "usageterms", "name")) or None,
        "headlines": _headlines(given),
        "subjects": [*_subjects(given, "subject"), *_categories(given), *_keywords(given)],
        "genres": _subjects(given, "genre"),
        "info_sources": list(dict.fromkeys(_strings(given, "infosource", "name"))),
        "alt_ids": _alt_ids(given),
        "associations": _associations(given),
    }


def wire_of(given: Properties, fields: Properties) -> Properties:
    """The fields under ``wire``."""
    origin = string(given, "evolvedfrom")
    sources = fields["info_sources"]
    said = [*_strings(given, "provider", "name"), *_strings(given, "source", "name")]
    said += [*filter(None, [fields["copyright_holder"]]), *sources]
    return {
        "provider": next(iter([*said, *_strings(given, "creditline")]), None),
        "change": next(_changes(given, fields), None),
        "chain": Chain(root=origin, previous=origin) if origin else None,
        "dateline": _dateline(given),
    }


def _uri(given: Properties) -> str | None:
    """The identity; of AP's Media API without the query, in which each answer has its own token."""
    uri, ids = string(given, "uri"), given.get("altids")
    item = _lower(ids).get("itemid") if isinstance(ids, dict) else None
    return uri.partition("?")[0] if uri and isinstance(item, str) and item and item in uri.partition("?")[0] else uri


def _require_article(given: Properties) -> None:
    uri = given.get("uri")
    if isinstance(uri, str) and uri.strip():
        return
    if uri is not None and not isinstance(uri, str):
        raise wrong("uri", "a string", uri)
    names = {"headline", "bodies", "versioncreated", "pubstatus"}
    if names & set(given) or any(name.startswith("body_") for name in given):
        raise Poison("the article has no uri", "ask its sender: ninjs requires one", cause="no-identity")
    raise Poison("the JSON is no ninjs article: it has neither uri nor headline nor body", cause="not-an-article")


def _changes(given: Properties, fields: Properties) -> Iterator[Change]:
    """What the item says it does to its story, the gravest first."""
    status = str(given.get("pubstatus") or "")
    if fields["pub_status"] == "canceled":
        yield Change(kind="kill", evidence=f"pubStatus {status}")
    for name in ("signal", "editorialtypes", "edstatus"):
        for said in _strings(given, name, "qcode", "literal", "code", "name"):
            if kind := change_kind(said):
                yield Change(kind=kind, evidence=f"{name} {said}")
    if fields["pub_status"] == "withheld" and not fields["embargoed_until"]:
        yield Change(kind="hold", evidence=f"pubStatus {status}")
    corrections = given.get("correction_sequence")
    if isinstance(corrections, int) and corrections > 0:
        yield Change(kind="correction", number=corrections, evidence=f"correction_sequence {corrections}")
    version = fields["version"] or ""
    if 1 < (number(version) or 0) <= _VERSIONS_MOST:
        yield Change(kind="update", evidence=f"version {version}")


def _headlines(given: Properties) -> list[Headline]:
    if isinstance(given.get("headline"), str):
        value = string(given, "headline")
        return [Headline(value=" ".join(value.split()))] if value else []
    found = []
    for one in objects(given, "headline", wanted="a string, or a list of objects with a string value"):
        value = one.get("value")
        if value is not None and not isinstance(value, str):
            raise wrong("headlines", "a list of objects with a string value", value)
        if value and value.strip():
            found.append(Headline.model_validate({**one, "value": " ".join(value.split())}))
    return found


def _subjects(given: Properties, name: str) -> list[Subject]:
    kept = []
    for one in objects(given, name):
        filled = {key: value for key, value in one.items() if value not in (None, "")}
        code = str(filled.get("code") or filled.get("literal") or filled.get("qcode") or "").rpartition(":")[2]
        if subject_code(code) != code and "uri" not in filled and not code.startswith("2"):
            filled["uri"] = subject_code(code)
            filled.setdefault("name", subject_name(code))
        by_machine = any(word in str(filled.get("creator") or "").lower() for word in _MACHINES)
        if filled:
            kept.append(Subject.model_validate({**filled, "creator": "machine" if by_machine else "provider"}))
    return kept


def _categories(given: Properties) -> list[Subject]:
    """dpa's categories: subjects, places and desks with their qcodes."""
    named = [(one.get("qcode"), one.get("name")) for one in objects(given, "categories")]
    return [
        Subject.model_validate({"uri": uri or None, "name": name or None, "creator": "provider"})
        for uri, name in named
        if uri or name
    ]


def _keywords(given: Properties) -> list[Subject]:
    return [Subject(name=word, creator="provider") for word in dict.fromkeys(_strings(given, "keywords", "name"))]


def _alt_ids(given: Properties) -> list[AltId]:
    found = given.get("altids")
    if isinstance(found, dict):  # ninjs 1.x and 2.x name each by its role
        return [AltId(role=role or None, value=str(value)) for role, value in found.items() if value]
    return [AltId.model_validate(one) for one in objects(given, "altids") if one.get("value")]


def _associations(given: Properties) -> list[Association]:
    found = given.get("associations")
    if isinstance(found, dict):
        entries = [{"name": name, **_lower(one)} for name, one in found.items() if isinstance(one, dict)]
    else:
        entries = objects(given, "associations")
    kept = []
    for one in map(known, entries):
        uri, kind = one.get("uri"), str(one.get("type") or "").lower()
        name = next(_names_of(one), None)
        if name:
            rel = "picture" if kind in _PICTURES else kind if kind in {"video", "audio", "graphic"} else "related"
            kept.append(Association(rel=rel, name=name, uri=uri if isinstance(uri, str) and uri else None))
    return kept


def _names_of(one: Properties) -> Iterator[str]:
    """What an associated item may be called, the best first."""
    for name in ("headline", "title", "description_text", "descriptions", "caption", "name", "uri"):
        value = one.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = _lower(value[0]).get("value")
        if isinstance(value, str) and value.strip():
            yield " ".join(value.split())


def _city(given: Properties) -> str | None:
    place = given.get("datelinelocation")
    city = _lower(place).get("city") if isinstance(place, dict) else None
    return city if isinstance(city, str) and city else None


def _dateline(given: Properties) -> Dateline | None:
    said = given.get("dateline")
    return dateline(said if isinstance(said, str) else _lower(said).get("text") if isinstance(said, dict) else None)


def _status(given: Properties) -> PubStatus:
    said = string(given, "pubstatus")
    if said is None:
        return "usable"
    if said.lower() not in STATUS:
        raise Poison(f"pubStatus is {said!r}, not usable, withheld or canceled", cause="wrong-type")
    return STATUS[said.lower()]


def _urgency(given: Properties) -> int | None:
    said = given.get("urgency")
    if said is None or (isinstance(said, int | float) and not isinstance(said, bool) and said in range(1, 10)):
        return None if said is None else int(said)
    raise wrong("urgency", "a number from 1 to 9", said)


def _version(given: Properties) -> str | None:
    said = given.get("version")
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    return string(given, "version")


def _lower(one: Mapping[str, Any]) -> Properties:
    return {key.lower(): inner for key, inner in one.items()}


def _strings(given: Properties, name: str, *keys: str) -> Iterator[str]:
    """The texts of a property that is a text, an object, or a list of either; an object's is under one of ``keys``."""
    value = given.get(name)
    for one in value if isinstance(value, list) else [value]:
        inner = _lower(one) if isinstance(one, dict) else None
        text = next((inner[key] for key in keys if inner.get(key)), None) if inner is not None else one
        if isinstance(text, str) and text.strip():
            yield text.strip()


def string(given: Properties, name: str) -> str | None:
    """A property that is a text; None if it is absent or empty.

    Raises:
        Poison: ``wrong-type``.
    """
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise wrong(name, "a string", value)
    return value.strip() or None


def objects(given: Properties, name: str, wanted: str = "a list of objects") -> list[Properties]:
    """A property that is a list of objects, with the names in them in lower case.

    Raises:
        Poison: ``wrong-type``.
    """
    value = given.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise wrong(name, wanted, value)
    return [_lower(one) for one in value]


def wrong(name: str, wanted: str, value: Any) -> Poison:
    """What is wrong with a property."""
    return Poison(f"{name} is {called(value)}, not {wanted}", "see the ninjs schema", cause="wrong-type")


def called(value: Any) -> str:
    """A JSON value as a person would call it."""
    names: dict[type, Literal["null", "a truth value", "a string", "a list", "an object"]] = {
        type(None): "null", bool: "a truth value", str: "a string", list: "a list", dict: "an object",
    }  # fmt: skip
    return names.get(type(value), f"the number {value}")
