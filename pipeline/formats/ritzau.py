"""Ritzaus Bureau's own XML: one `RBNews` an article, alone or in a list, its body HTML in characters.

Its times are Danish local time. Source: Ritzau's feed as its subscribers' systems read it. The canonical article has no
format of this name; its body is HTML, so that is what it says.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.article import AltId, Article, Chain, Change, ChangeKind, Subject
from pipeline.errors import Poison
from pipeline.formats.changes import explained
from pipeline.formats.dates import moment
from pipeline.formats.decoding import Decoded
from pipeline.formats.qcodes import subject_code
from pipeline.formats.subject_names import subject_name
from pipeline.formats.xml_article import Found, article_of, each_reading, headline, number, urgency
from pipeline.formats.xml_body import body_of_text
from pipeline.formats.xml_document import Element, each_said, first_said, parse, root_name
from pipeline.headers import Hints

_ZONE = ZoneInfo("Europe/Copenhagen")


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A document whose root is `RBNews`, or a list of them."""
    return 0.95 if (root_name(item.text) or "").endswith("RBNews") else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of the document.

    Raises:
        Poison: it is no XML.
    """
    root = parse(item)
    return each_reading(lambda one: [_article(one, item, hints)], list(root.iter("rbnews")))


def _article(news: Element, item: Decoded, hints: Hints) -> Article:
    found = Found()
    newsid = first_said(news, "newsid")
    found.headlines = [headline(title)] if (title := first_said(news, "headline")) else []
    published = _moment(first_said(news, "publishdate"), found.warnings)
    revision = first_said(news, "version")
    found.fields |= {
        "uri": f"urn:ritzau:{newsid}" if newsid else None,
        "version": revision,
        "language": "da",
        "first_created": published if revision in {None, "1"} else None,
        "version_created": published,
        "by": first_said(news, "byline") or first_said(news, "origin"),
        "slugline": first_said(news, "strapline"),
        "located": first_said(news, "town"),
        "alt_ids": [AltId(role="HistID", value=known)] if (known := first_said(news, "histid")) else [],
    }
    if said_true(news, "annulleret", "annuleret"):
        found.fields["pub_status"] = "canceled"
    found.contacts += each_said(news, "bylineemail", "bylinephone")
    urgency(first_said(news, "priority"), found)
    words = [word.strip() for word in (first_said(news, "strapline") or "").split("/") if word.strip()]
    found.subjects += [Subject(name=word, creator="provider") for word in words]
    for code in each_said(news, "iptclist/*"):
        padded = code.zfill(8)
        iptc = "01" <= padded[:2] <= "17"
        uri, name = (subject_code(padded), subject_name(padded)) if iptc else (None, code)
        found.subjects.append(Subject(uri=uri, name=name, creator="provider"))
    if section := first_said(news, "section"):
        found.subjects.append(Subject(name=section, creator="provider"))
    found.descriptions += [line for one in each_said(news, "subtitle") for line in body_of_text(one).lines()]
    found.notes += (
        body_of_text("".join(note.itertext())).lines() if (note := news.find("tilredaktionen")) is not None else []
    )
    content = news.find("content")
    if content is not None:
        found.body = body_of_text("".join(content.itertext()))
    found.wire |= {"provider": "Ritzau", "sequence": newsid, "change": _change(news, revision, found.notes)}
    if replaced := first_said(news, "replacedid") or first_said(news, "replaces"):
        found.wire["chain"] = Chain(previous=f"urn:ritzau:{replaced}")
    return article_of(found, "html", item, hints)


def said_true(news: Element, *names: str) -> bool:
    """Whether one of these elements says `true`."""
    return "true" in {value.lower() for value in each_said(news, *names)}


def _change(news: Element, revision: str | None, notes: list[str]) -> Change | None:
    """What the news says it does to its story, the gravest first."""
    stated: tuple[tuple[ChangeKind, str, tuple[str, ...]], ...] = (
        ("kill", "Annulleret", ("annulleret", "annuleret")),
        ("correction", "Korrektion", ("korrektion",)),
        ("update", "NyVersion", ("nyversion",)),
    )
    told = next((Change(kind=kind, evidence=name) for kind, name, tags in stated if said_true(news, *tags)), None)
    counted = number(revision) or 0
    return explained(
        told or (Change(kind="update", evidence=f"version {revision}") if counted > 1 else None), None, notes
    )


def _moment(said: str | None, warnings: list[str]) -> datetime | None:
    """A moment in UTC; where no zone is stated it is Danish time."""
    try:
        stated = datetime.fromisoformat(said) if said else None
    except ValueError:
        return moment(said, "PublishDate", warnings)
    return (stated if stated.tzinfo else stated.replace(tzinfo=_ZONE)).astimezone(UTC) if stated else None
