"""Codes of controlled vocabularies, resolved without the network: IPTC's own, and others if the item says how."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.formats.xml_document import Element, attribute, first_said

_SCHEMES = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
    "genre": "http://cv.iptc.org/newscodes/genre/",
    "scene": "http://cv.iptc.org/newscodes/scene/",
    "nprov": "http://cv.iptc.org/newscodes/newsprovider/",
    "wldreg": "http://cv.iptc.org/newscodes/worldregion/",
    "iso3166-1a2": "http://cvx.iptc.org/iso3166-1a2/",
    "iso3166-1a3": "http://cvx.iptc.org/iso3166-1a3/",
    "wikidata": "http://www.wikidata.org/entity/",
}
"""Aliases of IPTC's catalogs of G2 standards, as far as subjects and genres use them."""

_SUBJECT_CODE = re.compile(r"\d{8}")


@dataclass(slots=True)
class Catalog:
    """How the qcodes of one item are resolved: aliases of schemes, and what the item itself says of concepts."""

    schemes: dict[str, str] = field(default_factory=lambda: dict(_SCHEMES))
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, item: Element, *outer: Element | None) -> Catalog:
        """The catalog of a NewsML-G2 item; ``outer`` are elements around it that may have one too."""
        catalog = cls()
        for holder in (item, *outer):
            for scheme in holder.iterfind("catalog/scheme") if holder is not None else ():
                alias, uri = attribute(scheme, "alias"), attribute(scheme, "uri")
                if alias and uri:
                    catalog.schemes[alias] = uri
        for told in item.iterfind("assert"):
            name = first_said(told, "name")
            if name and (which := attribute(told, "qcode") or attribute(told, "literal")):
                catalog.names[which] = name
        return catalog

    def uri(self, qcode: str) -> str:
        """The uri a qcode stands for; the qcode itself where its alias is unknown."""
        alias, colon, value = qcode.partition(":")
        return self.schemes[alias] + value if colon and alias in self.schemes else qcode


def coded(element: Element | None) -> str | None:
    """What an element names in a vocabulary, as a qcode; from its full uri the last part, without an alias."""
    uri = attribute(element, "uri")
    return attribute(element, "qcode") or (uri.rstrip("/").rpartition("/")[2] if uri else None)


def code(qcode: str) -> str:
    """The part of a qcode that is not its scheme: of `stat:usable`, `usable`."""
    return qcode.rpartition(":")[2] or qcode


def subject_code(said: str) -> str:
    """The uri of an eight-digit IPTC subject code; another code as it is."""
    return _SCHEMES["subj"] + said if _SUBJECT_CODE.fullmatch(said) else said
