"""What the XML formats share in filling the canonical article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from pipeline.article import Article, Association, Block, Dateline, Headline, Ingest, Subject, Wire, problems
from pipeline.errors import Poison
from pipeline.formats.dates import moment
from pipeline.formats.decoding import Decoded
from pipeline.formats.identity import content_uri, sequence_uri
from pipeline.formats.xml_body import Body
from pipeline.formats.xml_document import Element
from pipeline.headers import Hints

Kept = TypeVar("Kept", Subject, Association)
Format = Literal["nitf", "newsml-g2", "newsml-1.2", "html"]

MOST_ITEMS = 10_000
"""Items of one document."""

MOST_NOTES = 10
"""Warnings of one article about elements that are not understood."""

_NOTE_LENGTH = 80
_MOST_DIGITS = 9

_AGENCY = re.compile(r"\(([^()]{2,40})\)\s*[-–—_.]*\s*$")
_AGENCY_BEFORE = re.compile(r"([A-Z]{2,8}) [-–—] (?=\S)")
_TRAILING_DASH = re.compile(r"(?<![\s–—_-])\s*[-–—_]++\s*$")


@dataclass(slots=True)
class Found:
    """What a reader found in one item: fields of the article by name, and what is under ``wire``.

    Contacts and descriptions have no field of the canonical article: they are kept under these names, and so
    stay out of what is searched.
    """

    headlines: list[Headline] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    wire: dict[str, Any] = field(default_factory=dict)
    credits: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    body: Body = field(default_factory=Body)
    warnings: list[str] = field(default_factory=list)


def article_of(found: Found, form: Format, item: Decoded, hints: Hints) -> Article:
    """The canonical article of what was found.

    Raises:
        Poison: ``not-an-article`` if there are neither words nor a headline, ``no-identity``, ``wrong-type``.
    """
    body, fields, wire = found.body, found.fields, found.wire
    text, blocks = _text(found)
    line = wire["dateline"] = wire.get("dateline") or dateline(body.dateline)
    stated: dict[str, Any] = {
        "ed_note": "\n".join(unique([*found.notes, *body.notes])),
        "by": body.by,
        "located": body.located or (line.place if line else None),
        **{name: value for name, value in fields.items() if value},
        "headlines": found.headlines,
        "subjects": _distinct((one.uri, one.name, one) for one in found.subjects),
        "associations": _distinct(
            (one.uri or one.name, None, one) for one in (*fields.get("associations", ()), *body.associations)
        ),
        "contacts": unique(found.contacts),
        "descriptions": [{"value": one} for one in unique(found.descriptions)],
        "text": text,
    }
    if not stated.get("uri") and not text and not found.headlines:
        raise Poison("the item has no identity and no words to make one of", "ask its sender", cause="no-identity")
    wire = wire | {
        "provider": hints.provider or wire.get("provider"),
        "credits": [one for one in unique([*found.credits, *body.credits]) if one != stated["by"]],
        "warnings": unique([item.warning, *found.warnings]),
    }
    ingest = Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id)
    try:
        return Article.model_validate(
            {"uri": stable_uri(found, text), "pub_status": "usable"}
            | {name: value for name, value in stated.items() if value}
            | {"text": text, "body": blocks, "wire": Wire(format=form, **wire), "ingest": ingest}
        )
    except ValidationError as invalid:
        raise Poison(problems(invalid), "ask its sender for a valid item", cause="wrong-type") from invalid


def _text(found: Found) -> tuple[str, list[Block]]:
    """The body, or the description where there is none; a cancellation needs neither."""
    if found.body.text or found.fields.get("pub_status") == "canceled":
        return found.body.text, found.body.blocks
    if described := unique(found.descriptions):
        found.warnings.append("no body: its description is taken")
        found.descriptions = []
        return _paragraphs(described)
    if not found.headlines:
        raise Poison("the item has neither text nor headline", "ask its sender", cause="not-an-article")
    found.warnings.append("no body: only its metadata are read")
    return "", []


def each_reading(
    read: Callable[[Element], Iterable[Article | Poison]], items: Iterable[Element]
) -> list[Article | Poison]:
    """What each item reads as; a bad one is a Poison in its place, which tells where that is.

    Raises:
        Poison: ``too-large``, there are more than `MOST_ITEMS`.
    """
    found = list(items)
    if len(found) > MOST_ITEMS:
        raise Poison(f"the document holds {len(found):,} items", "have it sent in smaller ones", cause="too-large")
    readings: list[Article | Poison] = []
    for number, one in enumerate(found):
        try:
            readings.extend(read(one))
        except Poison as poison:
            where = f"item {number}: " if len(found) > 1 else ""
            readings.append(Poison(where + poison.what, poison.todo, cause=poison.cause))
    return readings


def stable_uri(found: Found, text: str) -> str:
    """An identity for an item that has none: of its number in its service on its day, else of its words."""
    wire = found.wire
    issued = found.fields.get("first_created") or found.fields.get("version_created")
    if wire.get("sequence") and wire.get("provider") and issued:
        return sequence_uri(wire["provider"], wire.get("service") or "", wire["sequence"], issued.date())
    return content_uri(" ".join([*(one.value for one in found.headlines), text]))


def _paragraphs(texts: list[str]) -> tuple[str, list[Block]]:
    blocks, start = [], 0
    for one in texts:
        blocks.append(Block(kind="paragraph", start=start, end=start + len(one)))
        start += len(one) + 2
    return "\n\n".join(texts), blocks


def embargo(said: str | None, found: Found) -> None:
    """Note until when an item is embargoed; what can't be read withholds it."""
    if said and not (until := moment(said, "embargoed", found.warnings)):
        found.fields["pub_status"] = "canceled" if found.fields.get("pub_status") == "canceled" else "withheld"
    elif said:
        found.fields["embargoed_until"] = until


def urgency(said: str | None, found: Found) -> None:
    """Note the urgency, 1 to 9; what else stands there is kept as it is."""
    if (value := number(said)) is not None and 1 <= value <= 9:
        found.fields["urgency"] = value
    elif said:
        found.wire.setdefault("priority_raw", said)


def number(said: str | None) -> int | None:
    """A number as written; None if it is none or has more digits than anyone counts to."""
    return int(said) if said and said.isdecimal() and len(said) <= _MOST_DIGITS else None


def dateline(raw: str | None, day: str | None = None) -> Dateline | None:
    """A dateline that stands by itself: `Gaza City, Palestinian Territories, May 16, 2021 (AFP) -`.

    Args:
        raw: as written.
        day: its date (ISO 8601), where the format states it beside.
    """
    if not raw or not any(c.isalpha() for c in raw):
        return None
    agency = _AGENCY.search(raw)
    bare = raw[: agency.start()] if agency else _TRAILING_DASH.sub("", raw)
    if before := _AGENCY_BEFORE.match(bare):
        agency, bare = before, bare[before.end() :]
    parts = [part.strip() for part in bare.split(",")]
    while parts and (not parts[-1] or any(c.isdigit() for c in parts[-1])):
        parts.pop()
    return Dateline(raw=raw.strip(), place=", ".join(parts) or None, date=day, agency=agency[1] if agency else None)


def language(said: str | None) -> str | None:
    """A language tag with its language in lower case, as BCP 47 writes it."""
    first, dash, rest = (said or "").strip().partition("-")
    return f"{first.lower()}{dash}{rest}" or None


def headline(value: str, **more: str | None) -> Headline:
    """A headline with what else is known of it."""
    return Headline.model_validate({"value": value, **{name: one for name, one in more.items() if one}})


def _distinct(keyed: Iterable[tuple[str | None, str | None, Kept]]) -> list[Kept]:
    """What is kept, without what has the keys of something before it."""
    seen: dict[tuple[str | None, str | None], Kept] = {}
    for first, second, one in keyed:
        seen.setdefault((first, second), one)
    return list(seen.values())


def unique(texts: Iterable[str | None]) -> list[str]:
    """Texts without empty ones and without repeats."""
    return list(dict.fromkeys(text for text in texts if text))


def not_understood(parent: Element | None, understood: frozenset[str]) -> list[str]:
    """Warnings for elements with text of their own that no reader knows, some of them."""
    if parent is None:
        return []
    found = []
    for element in parent.iter():
        text = " ".join((element.text or "").split())
        if text and element.tag not in understood:
            name = element.tag.rpartition("}")[2]
            found.append(f"not understood: {name}: {text[:_NOTE_LENGTH]!r}")
    found = unique(found)
    return found[:MOST_NOTES] + ([f"not understood: {len(found) - MOST_NOTES} more"] if len(found) > MOST_NOTES else [])
