"""By which story and under which names a version is known, so that what kills or follows it can find it.

Where agencies don't send identities, orders name their target as the agency counts its items on a day: "Please kill
item dpa 157". Both sides, the item and the order, are entered in the registry under that name; whoever comes second
finds the other.
"""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

from pipeline.article import Article

LONGEST_ID = 512
"""Bytes of a document's id that Elasticsearch takes; a longer one fails the whole request."""

_COUNTED = re.compile(r"(?P<agency>[^\W\d][\w.&-]*?)[ -]?(?P<number>\d{1,9})")
_LONGEST_AGENCY = 100
_ORDERS = frozenset({"kill", "hold", "release"})


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
    """What the agency calls the item on its day; of an order, what it calls the order's target.

    Numbers begin anew each day: an order's target with a number that is still to come is the day before's.
    """
    stated = article.version_created or article.first_created or article.ingest.received_at
    own = _own(article)
    if not is_order(article):
        return tuple(_name(*one, f"{stated:%Y-%m-%d}") for one in own)
    target = _counted(article.wire.change.target if article.wire.change else None)
    if not target:
        return ()
    ahead = any(agency == target[0] and int(number) < int(target[1]) for agency, number in own)
    return (_name(*target, f"{stated - timedelta(days=1) if ahead else stated:%Y-%m-%d}"),)


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


def _name(agency: str, number: str, day: str) -> str:
    return f"name:{agency[:_LONGEST_AGENCY]}|{number}|{day}"
