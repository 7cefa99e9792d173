"""By which story and under which names a version is known, so that what kills or follows it can find it.

Where agencies don't send identities, orders name their target as the agency counts its items on a day: "Please kill
item dpa 157". Both sides, the item and the order, are entered in the registry under that name; whoever comes second
finds the other.

Numbers begin anew each day, at the agency's midnight, which is hardly that of UTC. So an order may say on which day its
target was sent; and in the morning it may mean an item of the evening before, if it quotes its headline or has its
slug. Items of the evening have a second name for that, made of their number and the beginning of what they are called.
What an order means is decided by what it says, never by which items are known: else their order of arrival would count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256

from pipeline.article import Article, Change
from pipeline.moments import written_day

LONGEST_ID = 512
"""Bytes of a document's id that Elasticsearch takes; a longer one fails the whole request."""

_COUNTED = re.compile(r"(?P<agency>[^\W\d][\w.&-]*?)[ -]?(?P<number>\d{1,9})")
_LONGEST_AGENCY = 100
_ORDERS = frozenset({"kill", "hold", "release"})
_EVENING, _NOON = 18, 12
"""Hours of UTC: items from the one on may be named until the other of the next day, east and west of Greenwich."""

_FIRST_WORDS = 4
"""Of a headline: orders quote it shortened, and wrapped."""

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{8,200})[\"“”„«»]")
_SENT_ON = re.compile(
    r"\W*(?:of|from|sent|moved|dated|vom|du|del|di|van|af|av|fra|från)\b(?:[^\"“„«.]|(?<=\d)\.){0,40}", re.IGNORECASE
)
_LONGEST_AGO = timedelta(days=31)


def story_of(article: Article) -> str:
    """The story a version belongs to, as it says: the root of its chain, what went before it, or itself."""
    chain = article.wire.chain
    said = (chain and (chain.root or chain.previous)) or article.uri
    return said if len(said.encode()) <= LONGEST_ID else f"story:{sha256(said.encode()).hexdigest()}"


def is_order(article: Article) -> bool:
    """Whether it is a message about another item, which it names as its agency does."""
    change = article.wire.change
    return change is not None and change.kind in _ORDERS and change.target is not None


def names(article: Article) -> tuple[str, ...]:
    """What the agency calls the item on its day; of an order, what it calls the order's target, the likeliest first.

    An order's target with a number that is still to come is the day before's.
    """
    stated = article.version_created or article.first_created or article.ingest.received_at
    own = _own(article)
    change = article.wire.change
    if not is_order(article) or not change:
        counted = [_name(*one, stated.date()) for one in own]
        called = [*(one.value for one in article.headlines), article.slugline] if stated.hour >= _EVENING else []
        return (*counted, *(name for one in counted for name in _with_words(one, called)))
    target = _counted(change.target)
    if not target:
        return ()
    before = date.fromordinal(max(stated.toordinal() - 1, date.min.toordinal()))
    if said := _day_said(change, target[1], stated):
        return (_name(*target, said),)
    if any(agency == target[0] and int(number) < int(target[1]) for agency, number in own):
        return (_name(*target, before),)
    called = [*_QUOTED.findall(f"{change.reason or ''}\n{article.text}"), article.slugline]
    evening = _with_words(_name(*target, before), called) if stated.hour < _NOON else ()
    return (_name(*target, stated.date()), *evening)


def _day_said(change: Change, number: str, stated: datetime) -> date | None:
    """The day on which an order says that its target was sent: `item dpa 157 of March 29`."""
    order = change.reason or ""
    named = re.search(rf"\b0*{number}\b", order)
    said = _SENT_ON.match(order, named.end()) if named else None
    day = written_day(said.group(), stated.date()) if said else None
    return day if day and timedelta(0) <= stated.date() - day <= _LONGEST_AGO else None


def _with_words(name: str, called: Iterable[str | None]) -> tuple[str, ...]:
    """A name for each thing an item is called, by its first words."""
    words = (re.findall(r"\w+", one.casefold())[:_FIRST_WORDS] for one in called if one)
    digests = (sha256(" ".join(first).encode()).hexdigest()[:16] for first in words if first)
    return tuple(dict.fromkeys(f"{name}|{digest}" for digest in digests))


def _own(article: Article) -> list[tuple[str, str]]:
    said = [one.value for one in article.alt_ids if one.role == "agency-sequence"]
    wire = article.wire
    # A service counts by itself, and an order names the agency's count.
    if not said and wire.provider and not wire.service and wire.sequence and wire.sequence.isdecimal():
        said = [f"{wire.provider} {wire.sequence}"]
    return [found for found in map(_counted, said) if found]


def _counted(said: str | None) -> tuple[str, str] | None:
    found = _COUNTED.fullmatch(said.strip()) if said else None
    return (found["agency"].casefold(), found["number"].lstrip("0") or "0") if found else None


def _name(agency: str, number: str, day: date) -> str:
    return f"name:{agency[:_LONGEST_AGENCY]}|{number}|{day.isoformat()}"
