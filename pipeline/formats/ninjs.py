"""IPTC ninjs 1.x, 2.x and 3.x: one JSON object an article, or an array of them.

The versions differ in the case of their names and in what is a list (headline or headlines), so
names are compared without case and either shape is taken. A property the table doesn't know is
kept as it came. The raw text is that of the body with the richest markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NoReturn

from pydantic import ValidationError

from pipeline.article import AltId, Article, Association, Block, Headline, Ingest, PubStatus, Subject, Wire, problems
from pipeline.errors import Poison
from pipeline.formats.changes import STATUS
from pipeline.formats.dates import moment
from pipeline.formats.decoding import Decoded
from pipeline.formats.layout import paragraphs_of
from pipeline.formats.markup import blocks_of
from pipeline.headers import Hints

Properties = dict[str, Any]

_JSON = re.compile(r'\s*(?:\{\s*(?:["{}]|$)|\[\s*(?:[\[{\]]|$))')
"""How JSON begins; a bracketed note at the start of plain text does not begin like that."""

_STRINGS = {
    "language": "language",
    "slugline": "slugline",
    "located": "located",
    "ednote": "ed_note",
    "copyrightholder": "copyright_holder",
    "copyrightnotice": "copyright_notice",
    "usageterms": "usage_terms",
    "by": "by",
    "byline": "by",
}
"""Properties that are strings, by their lower-case name, with ours."""

_DATES = {
    "firstcreated": "first_created",
    "versioncreated": "version_created",
    "embargoed": "embargoed_until",
    "embargoeduntil": "embargoed_until",
    "expires": "expires",
}

_READ = frozenset(
    {"uri", "version", "pubstatus", "urgency", "headline", "headlines", "subject", "subjects", "genre", "genres"}
    | {"infosource", "infosources", "altids", "associations", "bodies"}
    | set(_STRINGS)
    | set(_DATES)
)

_OURS = frozenset({"text", "body", "wire", "enrich", "ingest"})
"""Names of the canonical article that a provider's own property must not take."""


MOST_NESTING = 100
"""Levels of objects and arrays; no article has more than a dozen."""


def bid(item: Decoded, hints: Hints) -> float:
    """JSON is ninjs until another JSON format is known."""
    if _JSON.match(item.text):
        return 0.9
    return 0.3 if hints.content_type == "application/json" else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of a JSON document.

    Raises:
        Poison: it is no JSON, or holds no articles.
    """
    if not item.charset.startswith("utf"):  # RFC 8259: JSON is Unicode
        raise Poison(f"the JSON is {item.warning or item.charset}", "have it sent as UTF-8", cause="invalid-encoding")
    parsed = _parsed(item.text)
    objects = parsed if isinstance(parsed, list) else [parsed]
    if not objects:
        raise Poison("the JSON array is empty", cause="not-an-article")
    return [_reading(found, item, hints, number if len(objects) > 1 else None) for number, found in enumerate(objects)]


def _parsed(text: str) -> Any:
    try:
        parsed = json.loads(text, parse_constant=_no_json)
    except RecursionError as deep:
        raise Poison("the JSON is nested too deeply", "it is no article", cause="too-deep") from deep
    except ValueError as broken:
        raise Poison(
            f"the JSON is broken: {broken}", "ask its sender for a whole copy", cause="malformed-json"
        ) from broken
    if _deeper(parsed, MOST_NESTING):
        raise Poison(f"the JSON is nested more than {MOST_NESTING} deep", "it is no article", cause="too-deep")
    return parsed


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(one, levels - 1) for one in inner)


def _reading(found: Any, item: Decoded, hints: Hints, number: int | None) -> Article | Poison:
    where = "" if number is None else f"object {number}: "
    try:
        return _article(found, item, hints)
    except Poison as poison:
        return Poison(where + poison.what, poison.todo, cause=poison.cause)
    except ValidationError as invalid:
        return Poison(f"{where}{problems(invalid)}", "see the ninjs schema", cause="wrong-type")
    except RecursionError:
        return Poison(f"{where}the JSON is nested too deeply", "it is no article", cause="too-deep")


def _article(found: Any, item: Decoded, hints: Hints) -> Article:
    if not isinstance(found, dict):
        raise Poison(
            f"an article is an object, this is {_called(found)}", "see the ninjs schema", cause="not-an-article"
        )
    given: Properties = {name.lower(): value for name, value in found.items()}
    _require_article(given)
    warnings = [item.warning] if item.warning else []
    text, blocks = _body(given, warnings)
    infos = [name for name in map(_name, _objects(given, "infosource", "infosources")) if name]
    holder = _string(given, "copyrightholder")
    return Article.model_validate(
        _extras(found, warnings)
        | {ours: string for theirs, ours in _STRINGS.items() if (string := _string(given, theirs))}
        | {
            ours: found
            for theirs, ours in _DATES.items()
            if (found := moment(_string(given, theirs), theirs, warnings))
        }
        | {
            "uri": _string(given, "uri"),
            "version": _version(given),
            "pub_status": _status(given),
            "urgency": _urgency(given),
            "headlines": _headlines(given),
            "subjects": _subjects(given, "subject", "subjects"),
            "genres": _subjects(given, "genre", "genres"),
            "info_sources": infos,
            "alt_ids": _alt_ids(given),
            "associations": _associations(given),
            "text": text,
            "body": blocks,
            "wire": Wire(
                format="ninjs", provider=hints.provider or holder or (infos[0] if infos else None), warnings=warnings
            ),
            "ingest": Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
        }
    )


def _require_article(given: Properties) -> None:
    uri = given.get("uri")
    if isinstance(uri, str) and uri.strip():
        return
    if uri is not None and not isinstance(uri, str):
        raise _wrong("uri", "a string", uri)
    names = {"headline", "headlines", "bodies", "versioncreated", "pubstatus"}
    if names & set(given) or any(name.startswith("body_") for name in given):
        raise Poison("the article has no uri", "ask its sender: ninjs requires one", cause="no-identity")
    raise Poison("the JSON is no ninjs article: it has neither uri nor headline nor body", cause="not-an-article")


def _body(given: Properties, warnings: list[str]) -> tuple[str, list[Block]]:
    bodies = [(str(b.get("contenttype") or b.get("role") or ""), b.get("value")) for b in _objects(given, "bodies")]
    bodies += [(name.removeprefix("body_"), value) for name, value in given.items() if name.startswith("body_")]
    if not bodies:
        kind = given.get("type")
        descriptions = [("text", d.get("value")) for d in _objects(given, "descriptions")]
        bodies = descriptions or [("text", given.get("description_text"))]
        bodies = [(k, v) for k, v in bodies if v]
        said = "its description is taken" if bodies else "only its metadata are read"
        warnings.append(f"no body ({kind if isinstance(kind, str) else 'of no type'}): {said}")
    written: list[tuple[str, str]] = []
    for kind, value in bodies:
        if not isinstance(value, str):
            raise _wrong(f"body ({kind})", "a string", value)
        written.append((kind, value))
    if not written:
        return "", []
    # Markup says what is a heading and what a paragraph, which plain text leaves to guess.
    kind, body = max(written, key=lambda one: (_is_markup(one[0]), len(one[1])))
    if _is_markup(kind):
        return blocks_of(body)
    return body, [Block(kind="paragraph", start=start, end=end) for start, end in paragraphs_of(body)]


def _is_markup(kind: str) -> bool:
    return any(name in kind.lower() for name in ("html", "xml", "nitf"))


def _headlines(given: Properties) -> list[Headline]:
    if given.get("headline") is not None:
        value = _string(given, "headline")
        return [Headline(value=" ".join(value.split()))] if value else []
    found = []
    for one in _objects(given, "headlines"):
        value = one.get("value")
        if value is not None and not isinstance(value, str):
            raise _wrong("headlines", "a list of objects with a string value", value)
        if value and value.strip():
            found.append(Headline.model_validate({**one, "value": " ".join(value.split())}))
    return found


def _subjects(given: Properties, *names: str) -> list[Subject]:
    kept = []
    for one in _objects(given, *names):
        filled = {key: value for key, value in one.items() if value not in (None, "")}
        if filled:
            kept.append(Subject.model_validate({**filled, "creator": "provider"}))
    return kept


def _alt_ids(given: Properties) -> list[AltId]:
    found = given.get("altids")
    if isinstance(found, dict):  # ninjs 1.x and 2.x name each by its role
        return [AltId(role=role or None, value=str(value)) for role, value in found.items() if value]
    return [AltId.model_validate(one) for one in _objects(given, "altids") if one.get("value")]


def _associations(given: Properties) -> list[Association]:
    found = given.get("associations")
    if isinstance(found, dict):
        entries = [{"name": name, **one} for name, one in found.items() if isinstance(one, dict)]
    else:
        entries = _objects(given, "associations")
    kept = []
    for one in entries:
        uri = one.get("uri")
        name = next((v for v in (one.get("headline"), one.get("name"), uri) if isinstance(v, str) and v), None)
        if name:
            kept.append(Association(rel="related", name=name, uri=uri if isinstance(uri, str) and uri else None))
    return kept


def _status(given: Properties) -> PubStatus:
    said = _string(given, "pubstatus")
    if said is None:
        return "usable"
    if said.lower() not in STATUS:
        raise Poison(f"pubStatus is {said!r}, not usable, withheld or canceled", cause="wrong-type")
    return STATUS[said.lower()]


def _urgency(given: Properties) -> int | None:
    said = given.get("urgency")
    if said is None or (isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= 9):
        return said
    raise _wrong("urgency", "a number from 1 to 9", said)


def _version(given: Properties) -> str | None:
    said = given.get("version")
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    return _string(given, "version")


def _string(given: Properties, name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong(name, "a string", value)
    return value.strip() or None


def _objects(given: Properties, *names: str) -> list[Properties]:
    """The objects under the first of these names that is there, with lower-case names in them."""
    for name in names:
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _wrong(name, "a list of objects", value)
        return [{key.lower(): inner for key, inner in one.items()} for one in value]
    return []


def _name(one: Mapping[str, Any]) -> str | None:
    value = one.get("name")
    return value if isinstance(value, str) and value else None


def _extras(found: Properties, warnings: list[str]) -> Properties:
    """The properties we have no name for, as they came; one that would take a name of ours gets a prefix."""
    kept = {}
    for name, value in found.items():
        lower = name.lower()
        if lower in _READ or lower.startswith("body_"):
            continue
        if lower in _OURS or name in Article.model_fields:
            warnings.append(f"the property {name!r} is kept as 'x-{name}'")
            name = f"x-{name}"  # noqa: PLW2901 - the same property under another name
        kept[name] = value
    return kept


def _wrong(name: str, wanted: str, value: Any) -> Poison:
    return Poison(f"{name} is {_called(value)}, not {wanted}", "see the ninjs schema", cause="wrong-type")


def _called(value: Any) -> str:
    names: dict[type, Literal["null", "a truth value", "a string", "a list", "an object"]] = {
        type(None): "null", bool: "a truth value", str: "a string", list: "a list", dict: "an object",
    }  # fmt: skip
    return names.get(type(value), f"the number {value}")
