"""What becomes of a story: a fold over the set of its versions, whatever the order in which they came.

A story is all versions under one uri, and under all uris that a link, a slug of the day or an agency's number join to
it. Rules, each decided by what versions say of themselves and never by when they reach us:

* The highest version of a uri is its content (see `versions`).
* A kill ends what was sent up to it: the versions below it of its own uri, and of the story's other uris all that were
  sent no later than the kill. What is sent after it is a new issue.
* A hold withholds what was sent up to it under other uris, until a release that was sent no earlier than the hold; a
  release makes usable what its version itself withheld.
* Of uris of one story that follow each other by what they say (update, correction, refile, repeat) the last one is
  read; takes of a story in pieces don't follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from pipeline.article import Article, ChangeKind, PubStatus

State = Literal["as-sent", "canceled", "withheld", "released"]
FOLLOWS: frozenset[str] = frozenset({"update", "correction", "refile", "repeat"})
MOST_CHARACTERS = 500_000
"""Characters of text that are kept of all versions of a story, the newest first; older ones keep the rest."""

_LONGEST_TEXT = 50_000
_LONGEST_LINE = 1_000


@dataclass(frozen=True, slots=True)
class Version:
    """What is kept of one version of a story.

    Attributes:
        uri: the item it is a version of.
        version: see `external_version`.
        sent: seconds since 1970 at which the version was made; where it doesn't say, at which it was received.
        kind: what it does to its story.
        status: as it says itself.
        embargoed: it names a time before which it may not be published.
        number: which lead, where its headline or slug counts.
        take: which part of a story that is sent in pieces.
        order: it is a message to the desks about another item, and no news.
        revision: the provider's version, as written.
        headline: its headline; none of a version that is killed.
        reason: why it was sent.
        text: its cleaned text; none of a version that is killed.
    """

    uri: str
    version: int
    sent: int
    kind: ChangeKind | None = None
    status: PubStatus = "usable"
    embargoed: bool = False
    number: int | None = None
    take: int | None = None
    order: bool = False
    revision: str | None = None
    headline: str | None = None
    reason: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, article: Article, version: int, *, order: bool = False) -> Self:
        """The version an article is; ``order`` if it is about another."""
        change = article.wire.change
        stated = article.version_created or article.first_created or article.ingest.received_at
        return cls(
            uri=article.uri,
            version=version,
            sent=int(stated.timestamp()) if stated.year > 1 else 0,
            kind=change.kind if change else None,
            status=article.pub_status,
            embargoed=article.embargoed_until is not None,
            number=change.number if change else None,
            take=article.wire.take,
            order=order,
            revision=article.version,
            headline=article.headlines[0].value[:_LONGEST_LINE] if article.headlines else None,
            reason=change.reason[:_LONGEST_LINE] if change and change.reason else None,
            text=article.text[:_LONGEST_TEXT] or None,
        )

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Read what `fields` wrote."""
        return cls(**fields)

    def fields(self) -> dict[str, Any]:
        """What is not absent, for JSON. A 0 is there: it is no False, which it equals."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False}

    @property
    def kills(self) -> bool:
        """Whether it takes a story back."""
        return self.status == "canceled" or self.kind == "kill"

    def bare(self) -> Version:
        """Without what may not be read any more."""
        return replace(self, headline=None, text=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a uri stands: its state, and the uri that is read in its place, if one is."""

    state: State = "as-sent"
    superseded_by: str | None = None


AS_SENT = Standing()


def union(known: Iterable[Version], more: Iterable[Version]) -> tuple[Version, ...]:
    """All versions, oldest first; of one that came twice the copy that came first, and the earliest time.

    Those that are killed lose their texts.
    """
    versions: dict[tuple[str, int], Version] = {}
    for one in (*known, *more):
        same = versions.get((one.uri, one.version))
        versions[one.uri, one.version] = replace(same, sent=min(same.sent, one.sent)) if same else one
    ordered = sorted(versions.values(), key=_order)
    kills = [one for one in ordered if one.kills]
    kept, room = [], MOST_CHARACTERS
    for one in reversed(ordered):
        room -= len(one.text or "")
        kept.append(one.bare() if _killed(one, kills) else one if room >= 0 else replace(one, text=None))
    return tuple(reversed(kept))


def standing(one: Version, versions: Iterable[Version]) -> Standing:
    """How a version stands in its story."""
    return _standing(one, _Story.of(versions))


def standings(versions: Iterable[Version]) -> dict[str, Standing]:
    """How each uri of a story stands: its newest version."""
    story = _Story.of(versions)
    return {uri: _standing(one, story) for uri, one in story.newest.items()}


def newest(versions: Iterable[Version]) -> dict[str, Version]:
    """The newest version of each uri."""
    found: dict[str, Version] = {}
    for one in versions:
        if one.uri not in found or one.version > found[one.uri].version:
            found[one.uri] = one
    return found


@dataclass(frozen=True, slots=True)
class _Story:
    """A story's versions by what they do: the newest of each uri, kills, and holds and releases in their order."""

    newest: dict[str, Version]
    kills: list[Version]
    orders: list[Version]

    @classmethod
    def of(cls, versions: Iterable[Version]) -> Self:
        known = tuple(versions)
        orders = sorted((one for one in known if one.kind in {"hold", "release"}), key=_order)
        return cls(newest(known), [one for one in known if one.kills], orders)


def _standing(one: Version, story: _Story) -> Standing:
    state = _state(one, story)
    if state == "canceled":
        return Standing(state)
    later = [other for other in story.newest.values() if _follows(other, one, story)]
    return Standing(state, max(later, key=_order).uri if later else None)


def _follows(other: Version, one: Version, story: _Story) -> bool:
    """Whether another uri of the story is read in place of this one."""
    if other.uri == one.uri or other.kind not in FOLLOWS or other.take != one.take or _order(other) <= _order(one):
        return False
    state = _state(other, story)
    return state == "released" or (state == "as-sent" and other.status == "usable" and not other.embargoed)


def _state(one: Version, story: _Story) -> State:
    if _killed(one, story.kills):
        return "canceled"
    if one.order or one.kind == "release":
        return "withheld"
    last = [order.kind for order in story.orders if order.uri != one.uri and order.sent >= one.sent]
    if not last:
        return "as-sent"
    return "withheld" if last[-1] == "hold" else "released"


def _order(one: Version) -> tuple[int, int, int, str]:
    return one.sent, one.number or 0, one.version, one.uri


def _killed(one: Version, kills: Iterable[Version]) -> bool:
    return one.kills or any(_reaches(kill, one) for kill in kills)


def _reaches(kill: Version, one: Version) -> bool:
    """Of one uri the higher version is the later; a message without a revision says by its time what it kills."""
    if kill.uri == one.uri and (kill.revision is not None or one.revision is None):
        return kill.version > one.version
    return kill.sent >= one.sent
