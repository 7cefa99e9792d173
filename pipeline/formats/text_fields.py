"""A header of named fields above plain text, as archives and delivery systems write it: `Headline: Dam talks`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.article import AltId, Subject
from pipeline.formats.dates import moment
from pipeline.formats.layout import Offsets, lines_of

_NAMES = {
    "headline": "headline title titel titre título titolo überschrift rubrik tittel",
    "slugline": "slug slugline keyword-line",
    "by": "byline author by autor auteur",
    "date": "date datum date-time published created time fecha datetime versioncreated published-at",
    "located": "location place city",
    "provider": "source provider agency agentur quelle",
    "service": "service wire",
    "sequence": "sequence number id story-number storynumber transref",
    "urgency": "urgency priority priorität prio",
    "language": "language lang sprache",
    "copyright": "copyright rights",
    "subjects": "keywords subjects subject categories category topics stichworte ressort section",
    "ed_note": "ednote editor's-note note notes",
}
_FIELDS = {name: ours for ours, names in _NAMES.items() for name in names.split()}
_FIELD = re.compile(r"(?P<name>[A-Za-zÄÖÜäöüíé'][\w' -]{1,18}?)\s?:\s+(?P<value>\S.*)$")
_FIELD_BEGINS = re.compile(r"\s*[^\W\d_][\w' -]{1,18}:")
_MOST = 15
_LEAST = 2
"""Fields that make a header; one line alone may be the beginning of a text."""


@dataclass(slots=True)
class Fields:
    """What the header says, and where it ends; ``at`` are the lines it takes."""

    said: dict[str, str] = field(default_factory=dict)
    at: list[Offsets] = field(default_factory=list)


def fields_of(text: str) -> Fields:
    """The named fields at the beginning of a text; none if these are fewer than two."""
    found = Fields()
    if not _FIELD_BEGINS.match(text):
        return found
    for first, last in lines_of(text, 0, min(len(text), 5_000))[:_MOST]:
        line = _FIELD.match(text, first, last)
        name = _FIELDS.get(line["name"].strip().lower().replace(" ", "-")) if line else None
        if not line or not name:
            break
        found.said.setdefault(name, line["value"].strip())
        found.at.append((first, last))
    known = found.said.keys() - {"subjects", "ed_note"}
    return found if len(found.at) >= _LEAST and "headline" in known else Fields()


def article_fields(said: dict[str, str], warnings: list[str]) -> dict[str, Any]:
    """The fields of the article that a header states, by the names of the article."""
    sent = moment(said.get("date"), "date", warnings)
    urgency = said.get("urgency", "")
    subjects = [name.strip() for name in re.split(r"[;,/]", said.get("subjects", "")) if name.strip()]
    fields: dict[str, Any] = {
        "slugline": said.get("slugline"),
        "by": said.get("by"),
        "located": said.get("located"),
        "language": said.get("language"),
        "copyright_notice": said.get("copyright"),
        "ed_note": said.get("ed_note"),
        "version_created": sent,
        "urgency": int(urgency) if re.fullmatch(r"[1-9]", urgency) else None,
        "subjects": [Subject(name=name, creator="provider") for name in subjects],
        "alt_ids": [AltId(role="sequence", value=said["sequence"])] if "sequence" in said else [],
    }
    return {name: value for name, value in fields.items() if value}
