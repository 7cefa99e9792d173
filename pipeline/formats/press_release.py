"""Press releases of the Nordic agencies' services (NTB Kommunikasjon, STT Info, Via TT), one `release` each.

The body is HTML in characters; times are `28.09.2026 11:15` in the time of the release's country. The canonical article
has no format of this name; its body is HTML, so that is what it says. Source: the comments in the releases themselves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.article import Article, Association, Subject
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.formats.xml_article import Found, article_of, each_reading, headline, language
from pipeline.formats.xml_body import body_of_text, joined
from pipeline.formats.xml_document import Element, attribute, each_said, first_said, parse, root_name
from pipeline.headers import Hints

_TIME = "%d.%m.%Y %H:%M"
_ZONES = {"fi": "Europe/Helsinki", "da": "Europe/Copenhagen", "sv": "Europe/Stockholm"}
_ZONE = "Europe/Oslo"
_SERVICE = "longurl"


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """A document whose root is `release`, or a list of them, with the address each has."""
    root = (root_name(item.text) or "").lower()
    return 0.9 if root in {"release", "releases"} and f"<{_SERVICE}" in item.text else 0.0


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The articles of the document.

    Raises:
        Poison: it is no XML.
    """
    root = parse(item)
    return each_reading(lambda one: [_article(one, item, hints)], list(root.iter("release")))


def _article(release: Element, item: Decoded, hints: Hints) -> Article:
    found = Found()
    number, address = attribute(release, "id"), first_said(release, _SERVICE)
    site = (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
    publisher = first_said(release, "publisher/name")
    said_language = language(attribute(release, "lang"))
    published = _moment(first_said(release, "publicationdate"), said_language, found)
    found.headlines = [headline(title)] if (title := first_said(release, "title")) else []
    found.fields |= {
        "uri": f"urn:release:{site}:{number}" if number and site else None,
        "language": said_language,
        "first_created": published,
        "version_created": published,
        "embargoed_until": _embargo(release, said_language, found),
        "copyright_holder": publisher,
        "info_sources": [publisher] if publisher else [],
        "genres": [Subject(name=kind, creator="provider") for kind in each_said(release, "type/label")],
        "associations": [_picture(one) for one in release.iterfind("images/image") if first_said(one, "url")],
    }
    words = [word.strip() for said in each_said(release, "keywords") for word in said.split(",") if word.strip()]
    found.subjects = [
        Subject(name=name, creator="provider") for name in [*words, *each_said(release, "categories/category/name")]
    ]
    found.contacts += each_said(release, "contactsastext")
    found.body = joined([body_of_text(text) for part in ("leadtext", "body") if (text := _text_of(release, part))])
    found.wire |= {"provider": site or None}
    return article_of(found, "html", item, hints)


def _text_of(release: Element, name: str) -> str:
    part = release.find(name)
    return "".join(part.itertext()).strip() if part is not None else ""


def _picture(image: Element) -> Association:
    uri = first_said(image, "url")
    return Association(rel="picture", name=first_said(image, "caption") or uri or "", uri=uri)


def _embargo(release: Element, tag: str | None, found: Found) -> datetime | None:
    """Until when it may not be published: it is withheld until then, or for good where that can't be read."""
    said = first_said(release, "embargo")
    found.fields["pub_status"] = "withheld" if said else None
    return _moment(said, tag, found)


def _moment(said: str | None, tag: str | None, found: Found) -> datetime | None:
    if not said:
        return None
    try:
        local = datetime.strptime(said, _TIME).replace(tzinfo=ZoneInfo(_ZONES.get((tag or "")[:2], _ZONE)))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        found.warnings.append(f"no date: {said[:80]!r}")
        return None
