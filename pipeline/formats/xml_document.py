"""XML, read safely: nothing is fetched, no entity is expanded, and what is too deep is refused.

Elements and attributes get their bare names in lower case: agencies forget namespaces, choose their own
prefixes and don't keep the case of the standards. Only names of namespaces that are no news standard's stay
as they are, in braces, so that a vendor's extension is never taken for the standard's element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives its class no other name

MOST_NESTING = 100
"""Levels of elements; no article has more than two dozen."""

MOST_ATTRIBUTES = 1_000
"""Attributes of one element; the parsers of HTML and feeds take longer with their square."""

_PROLOG_MOST = 100_000
"""Characters among which a document's first element is looked for."""

_BEFORE = "\ufeff \t\r\n\x00\x01\x02"
"""What may stand before a document: a byte-order mark, space, control characters of a transmission."""

_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_SKIPPED = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_DOCTYPE = re.compile(r"\s*<!DOCTYPE\b")
_DOCTYPE_TOKENS = re.compile(r"<!--|\"[^\"]*\"|'[^']*'|[\[\]>]")
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?=[\s/>])")

_GENERAL_ENTITY = re.compile(r"<!ENTITY\s+(?!%\s)")
"""Parameter entities only pull in the DTDs of old documents; they are never loaded."""

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * MOST_ATTRIBUTES},}}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"[^\s=]+\s*=?")

_KNOWN_NAMESPACE = re.compile(r"iptc\.org|w3\.org/1999/xhtml|w3\.org/XML/1998")
_CLARK = re.compile(r"\{([^}]*)\}(.*)", re.DOTALL)


def root_name(text: str) -> str | None:
    """The name of a document's first element, without its prefix, its case kept; None if the text is no XML."""
    position = 0
    text = text[:_PROLOG_MOST].lstrip(_BEFORE)
    while True:
        if skipped := _SKIPPED.match(text, position):
            position = skipped.end()
        elif doctype := _DOCTYPE.match(text, position):
            position = _after_doctype(text, doctype.end())
        else:
            root = _ROOT.match(text, position)
            return root[1] if root else None


def _after_doctype(text: str, position: int) -> int:
    inside = False
    while token := _DOCTYPE_TOKENS.search(text, position):
        position = token.end()
        match token.group():
            case "<!--":
                position = text.find("-->", position)
                if position < 0:
                    break
            case "[":
                inside = True
            case "]":
                inside = False
            case ">" if not inside:
                return position
    return len(text)


def parse(item: Decoded) -> Element:
    """The root element of an XML document.

    Raises:
        Poison: ``malformed-xml``, ``xml-entities`` (it declares entities of its own) or ``too-deep``.
    """
    if _GENERAL_ENTITY.search(item.text):
        raise Poison(
            "the XML declares entities, which are never expanded", "have it sent without them", cause="xml-entities"
        )
    root = _root(legal(item.text).encode())
    _refuse_depth(root)
    for entity in root.iter(etree.Entity):
        raise _malformed(f"the entity {entity.text} is not declared")
    _simplify(root)
    return root


def refuse_crowded_tags(text: str) -> None:
    """Refuse markup with an element of too many attributes.

    Raises:
        Poison: ``too-large``.
    """
    for tag in _LONG_TAG.finditer(text):
        if len(_ATTRIBUTE.findall(_QUOTED.sub("", tag.group()))) > MOST_ATTRIBUTES:
            raise Poison(
                f"an element has more than {MOST_ATTRIBUTES:,} attributes", "it is no article", cause="too-large"
            )


def legal(text: str) -> str:
    """The text without its declaration (it is decoded already), and with only the characters XML may hold."""
    bare = text.lstrip(_BEFORE)
    declared = _DECLARATION.match(bare)
    bare = bare[declared.end() :] if declared else bare
    return _ILLEGAL.sub("", _NUMBERED.sub(_numbered, _NAMED.sub(_named, bare)))


def _named(found: re.Match[str]) -> str:
    """HTML's names are used without a DTD that declares them."""
    character = html5.get(f"{found[1]};") if found[1] not in _XML_NAMES else None
    return "".join(_SPECIAL.get(one, one) for one in character) if character else found.group()


def _numbered(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    number = int(digits, 16 if found[1] else 10) if len(digits) < 9 else 0
    if 0x80 <= number <= 0x9F:  # Windows-1252 in disguise, as in HTML
        return bytes([number]).decode("windows-1252", "ignore")
    legal = 0 < number < 0x110000 and not _ILLEGAL.match(chr(number))
    return found.group() if legal else ""


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def _root(data: bytes) -> Element:
    parser = _parser(recover=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        if "Excessive depth" in str(broken):
            raise _too_deep() from broken
        # A prefix that nobody declared is no reason to lose the item; nothing else is forgiven.
        worse = [entry for entry in parser.error_log if entry.domain_name != "NAMESPACE"]
        if worse or not parser.error_log:
            what = f"{worse[0].message.strip()} at line {worse[0].line}" if worse else str(broken)
            raise _malformed(f"the XML is broken: {what}") from broken
    return etree.fromstring(data, _parser(recover=True))


def _malformed(what: str) -> Poison:
    return Poison(what, "ask its sender for a whole copy", cause="malformed-xml")


def _too_deep() -> Poison:
    return Poison(f"the XML is nested more than {MOST_NESTING} deep", "it is no article", cause="too-deep")


def _refuse_depth(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MOST_NESTING:
            raise _too_deep()


def _simplify(root: Element) -> None:
    own = namespace[1] if (namespace := _CLARK.match(root.tag)) else ""
    for element in root.iter(etree.Element):
        element.tag = _bare(element.tag, own)
        bare = {name: _bare(name, own) for name in element.attrib}
        if any(name != simple for name, simple in bare.items()):
            renamed = {simple: element.attrib[name] for name, simple in reversed(bare.items())}
            element.attrib.clear()
            element.attrib.update(renamed)


def _bare(name: str, own: str) -> str:
    clark = _CLARK.match(name)
    if not clark:
        bare = name.rpartition(":")[2].lower()  # a prefix that nobody declared
        return bare if bare[:1].isalpha() else f"_{bare}"
    namespace, local = clark.groups()
    return local.lower() if namespace == own or _KNOWN_NAMESPACE.search(namespace) else name


def said(element: Element | None) -> str | None:
    """All text within an element, its space made single; None if there is none."""
    return (" ".join("".join(element.itertext()).split()) or None) if element is not None else None


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute's value without the space around it; None if there is none."""
    value = element.get(name) if element is not None else None
    return (" ".join(value.split()) or None) if value else None


def first_said(parent: Element | None, *paths: str) -> str | None:
    """The first text found along these paths, in their order."""
    return next(each_said(parent, *paths), None)


def each_said(parent: Element | None, *paths: str) -> Iterator[str]:
    """All texts found along these paths, in their order."""
    if parent is not None:
        for path in paths:
            yield from filter(None, map(said, parent.iterfind(path)))
