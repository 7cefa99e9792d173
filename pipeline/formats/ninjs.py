"""IPTC ninjs 1.x, 2.x and 3.x: one JSON object an article, or an array of them; and agencies' JSON that is like it.

The versions differ in the case of their names and in what is a list (headline or headlines), so
names are compared without case and either shape is taken. A property the table doesn't know is
kept as it came. The raw text is that of the body with the richest markup.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from lxml import html as markup
from pydantic import ValidationError

from pipeline.article import Article, Block, problems
from pipeline.errors import Poison
from pipeline.formats.canonical import canonical
from pipeline.formats.decoding import Decoded
from pipeline.formats.layout import paragraphs_of
from pipeline.formats.ninjs_fields import READ, Properties, called, fields_of, known, objects, wire_of, wrong
from pipeline.formats.xml_body import Body, body_of
from pipeline.formats.xml_document import refuse_crowded_tags
from pipeline.headers import Hints

_JSON = re.compile(r'\s*(?:\{\s*(?:["{}]|$)|\[\s*(?:[\[{\]]|$))')
"""How JSON begins; a bracketed note at the start of plain text does not begin like that."""

_DOCUMENT = re.compile(r"\s*<(?:!doctype|html|body)\b", re.IGNORECASE)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_OURS = frozenset({"text", "body", "wire", "enrich", "ingest"})
"""Names of the canonical article that a provider's own property must not take."""

_IDENTITIES = frozenset({"uri", "guid", "urn"})
_LISTS = ("items", "item", "_items", "entries")
"""Where a page of an agency's API has its articles: Superdesk's, the BBC's, dpa's."""

_NOT_THE_STORY = ("teaser", "summary", "abstract", "caption", "headline")
"""Roles of bodies that are others than the story."""

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
    if _SURROGATE.search(item.text):
        parsed = _without_lone_surrogates(parsed)
    articles = _unwrapped(parsed)
    if not articles:
        raise Poison("the JSON array is empty", cause="not-an-article")
    return [_reading(one, item, hints, number if len(articles) > 1 else None) for number, one in enumerate(articles)]


def _unwrapped(parsed: Any) -> list[Any]:
    """The articles of a document: itself, those of an array or of an API's page (AP's is `data.items[].item`)."""
    data = parsed.get("data") if isinstance(parsed, dict) else None
    if isinstance(data, dict):
        parsed = data.get("items") if isinstance(data.get("items"), list) else [data]
    if isinstance(parsed, dict) and not any(name.lower() in _IDENTITIES for name in parsed):
        parsed = next((parsed[name] for name in _LISTS if isinstance(parsed.get(name), list)), parsed)
    found = parsed if isinstance(parsed, list) else [parsed]
    return [one["item"] if isinstance(one, dict) and isinstance(one.get("item"), dict) else one for one in found]


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


def _without_lone_surrogates(value: Any) -> Any:
    """Half of a character beyond U+FFFF, as left by systems that cut texts, becomes the replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_lone_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_lone_surrogates(name): _without_lone_surrogates(one) for name, one in value.items()}
    return value


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


def _article(found: Any, item: Decoded, hints: Hints) -> Article:
    if not isinstance(found, dict):
        raise Poison(
            f"an article is an object, this is {called(found)}", "see the ninjs schema", cause="not-an-article"
        )
    given = known(found)
    warnings: list[str] = []
    fields = fields_of(given, warnings)
    body = _body(given, [one.value for one in fields["headlines"]], warnings)
    fields |= {
        "text": body.text,
        "body": body.blocks,
        "associations": _with_pictures(fields["associations"], body),
        "by": fields["by"] or body.by,
    }
    wire = {**wire_of(given, fields), "format": "ninjs", "credits": body.credits, "warnings": warnings}
    return canonical(_extras(found, warnings) | fields, wire, item, hints)


def _with_pictures(associations: list[Any], body: Body) -> list[Any]:
    uris = {one.uri for one in associations}
    return [*associations, *(one for one in body.associations if one.uri not in uris)]


def _body(given: Properties, headlines: list[str], warnings: list[str]) -> Body:
    """The story, from the body that says most of its structure; what has none is read by its description."""
    bodies = [(f"{b.get('contenttype') or ''} {b.get('role') or ''}", b.get("value")) for b in objects(given, "bodies")]
    bodies += [(name.removeprefix("body_"), value) for name, value in given.items() if name.startswith("body_")]
    if not bodies:
        kind = given.get("type")
        descriptions = [("text", d.get("value")) for d in objects(given, "descriptions")]
        bodies = descriptions or [("text", given.get("description_text"))]
        bodies = [(k, v) for k, v in bodies if v]
        said = "its description is taken" if bodies else "only its metadata are read"
        warnings.append(f"no body ({kind if isinstance(kind, str) else 'of no type'}): {said}")
    written: list[tuple[str, str]] = []
    for kind, value in bodies:
        if not isinstance(value, str):
            raise wrong(f"body ({kind.strip()})", "a string", value)
        written.append((kind.lower(), value))
    kind, body = max(written, key=lambda one: (_rank(one[0]), len(one[1])), default=("", ""))
    if _rank(kind) > 0:
        return _marked_up(body, headlines)
    blocks = [Block(kind="paragraph", start=start, end=end) for start, end in paragraphs_of(body)]
    return Body(body if blocks else "", blocks)


def _rank(kind: str) -> int:
    """How much a kind of body says: HTML, other markup, plain text, what is not the story."""
    if any(other in kind for other in _NOT_THE_STORY):
        return -1
    return 2 if "html" in kind else 1 if "xml" in kind or "nitf" in kind else 0


def _marked_up(body: str, headlines: list[str]) -> Body:
    refuse_crowded_tags(body)
    parser = markup.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        whole = body if _DOCUMENT.match(body) else f"<body><div>{body}</div></body>"
        page = markup.document_fromstring(whole, parser=parser)
    except (markup.etree.ParserError, markup.etree.XMLSyntaxError) as broken:
        raise Poison(f"the body can't be read: {broken}", "ask its sender", cause="not-an-article") from broken
    return body_of(page, headlines)


def _extras(found: Properties, warnings: list[str]) -> Properties:
    """The properties we have no name for, as they came; one that would take a name of ours gets a prefix."""
    kept = {}
    for name, value in found.items():
        lower = name.lower()
        if lower in READ or lower.startswith("body_"):
            continue
        if lower in _OURS or name in Article.model_fields:
            warnings.append(f"the property {name!r} is kept as 'x-{name}'")
            name = f"x-{name}"  # noqa: PLW2901 - the same property under another name
        kept[name] = value
    return kept
