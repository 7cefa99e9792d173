"""Kills, holds, releases and leads against the real Elasticsearch: in whatever order they come, the same end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.article import Article
from pipeline.errors import Fatal
from pipeline.indexing import operation
from tests.indexing.fault_proxy import Fault, FaultProxy
from tests.indexing.own_index import OwnIndex
from tests.indexing.stories import MARCH, new_uri, opinionated, version

pytestmark = pytest.mark.integration

REQUESTS = 14
"""More than a writer makes for one article of a story with several uris."""


def sent(minute: int) -> datetime:
    return MARCH + timedelta(minutes=minute)


class Story:
    """Five messages about one story, oldest first; its uris, and who is seen of them in the end."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.first, self.second, self.order, self.other = (new_uri() for _ in range(4))
        self.messages: list[Article] = []
        self.seen: set[str] = set()

    def item(self, uri: str, minute: int, number: str | None = "1", **said: Any) -> None:
        given = {"first_created": sent(0), "version_created": sent(minute), "wire": self.wire(said.pop("wire", {}))}
        text = f"Told by {uri} at minute {minute}."
        self.messages.append(opinionated(uri, number, 1, **given | {"text": text} | said))

    def wire(self, said: dict[str, Any]) -> dict[str, Any]:
        return {"format": "text", "provider": f"kns{self.number}", **said}

    def about(self, uri: str, minute: int, kind: str) -> None:
        change = {"kind": kind, "target": f"kns{self.number} 157", "evidence": kind.upper()}
        status = {"kill": "canceled", "hold": "withheld"}.get(kind, "usable")
        self.item(uri, minute, None, pub_status=status, wire={"change": change})


def killed_and_issued_again(number: str) -> Story:
    """The first version and its correction are killed by number, with a lead of the same slug; a new issue follows."""
    story = Story(number)
    chain = {"chain": {"root": f"urn:slug:{number}"}, "sequence": "157"}
    story.item(story.first, 1, wire=chain)
    story.item(story.first, 5, "2", wire=chain | {"change": {"kind": "correction"}})
    story.item(story.second, 8, wire=chain | {"sequence": "160", "change": {"kind": "update", "number": 1}})
    story.about(story.order, 10, "kill")
    story.item(story.first, 20, "3", wire=chain)
    story.seen = {story.first}
    return story


def killed(number: str) -> Story:
    """A story, its correction and a lead that links to it; withdrawn by an item of its own that links to the lead."""
    story = Story(number)
    story.item(story.first, 1)
    story.item(story.first, 5, "2", wire={"change": {"kind": "correction"}})
    story.item(story.second, 8, wire={"chain": {"previous": story.first}, "change": {"kind": "update"}})
    kill = {"change": {"kind": "kill"}, "chain": {"previous": story.second}}
    story.item(story.order, 10, pub_status="canceled", wire=kill)
    story.item(story.first, 3, "1", wire={"change": {"kind": "repeat"}})
    return story


def held_and_released(number: str) -> Story:
    """An item is held and released by its number, and a lead follows that is read in its place."""
    story = Story(number)
    story.item(story.first, 1, wire={"sequence": "157"})
    story.about(story.order, 5, "hold")
    story.about(story.other, 9, "release")
    lead = {"chain": {"root": story.first}, "sequence": "163", "change": {"kind": "update", "number": 1}}
    story.item(story.second, 12, wire=lead)
    story.item(story.second, 14, "2", pub_status="withheld", embargoed_until="2020-01-01T00:00:00Z", wire=lead)
    story.seen = {story.second, story.first}  # an embargo that is over opens, and supersedes nothing
    return story


def held(number: str) -> Story:
    """What is held again after its release stays so, with what went before it; a lead that is sent later is read."""
    story = Story(number)
    story.item(story.second, 1)
    lead = {"chain": {"previous": story.second}, "sequence": "157", "change": {"kind": "correction"}}
    story.item(story.first, 3, wire=lead)
    story.about(story.order, 5, "hold")
    story.about(story.other, 6, "release")
    story.about(story.order, 8, "hold")
    return story


STORIES = [killed_and_issued_again, killed, held_and_released, held]


def assert_as_told(index: OwnIndex, stories: Sequence[Story]) -> None:
    """Readers see what they should, with its stances; of what is killed nothing is left anywhere."""
    index.client.indices.refresh(index=f"{index.settings.articles}-*,{index.settings.stances}-*")
    uris = {article.uri: story for story in stories for article in story.messages}
    query = {"terms": {"uri": list(uris)}}
    for alias in (index.settings.articles, index.settings.stances):
        found = index.client.search(index=alias, query=query, size=10_000)["hits"]["hits"]
        seen = {uri: uri in {hit["_source"]["uri"] for hit in found} for uri in uris}
        assert seen == {uri: uri in story.seen for uri, story in uris.items()}, alias
    everything = index.client.search(index=f"{index.settings.articles}-*", query=query, size=10_000)["hits"]["hits"]
    for hit in everything:
        if hit["_source"]["pubStatus"] == "canceled":
            assert "Told by" not in str(hit), hit


@pytest.mark.parametrize("told", STORIES)
def test_all_orders_of_five_messages_end_alike(index: OwnIndex, told: Callable[[str], Story]) -> None:
    orders = list(itertools.permutations(range(5)))
    stories = [told(f"{told.__name__}{number}") for number in range(len(orders))]
    for step in range(5):
        index.write([operation(story.messages[order[step]]) for story, order in zip(stories, orders, strict=True)])
    assert_as_told(index, stories)
    # All of it once more, as after a crash before anything was committed: nothing changes.
    index.write([operation(message) for story in stories[::7] for message in story.messages])
    assert_as_told(index, stories)


@pytest.mark.parametrize("told", STORIES)
def test_a_replay_of_everything_at_once_ends_alike(index: OwnIndex, told: Callable[[str], Story]) -> None:
    story = told(f"replayed-{told.__name__}")
    index.write([operation(message) for message in story.messages])
    index.write([operation(message, overwrite_equal=True) for message in reversed(story.messages)])
    assert_as_told(index, [story])


@pytest.mark.parametrize("told", [killed_and_issued_again, held])
@pytest.mark.parametrize("held_at", range(REQUESTS))
async def test_who_was_held_up_before_any_of_its_requests_spoils_nothing(
    index: OwnIndex, told: Callable[[str], Story], held_at: int
) -> None:
    stories = [told(f"{told.__name__}-{held_at}-{late}") for late in range(5)]
    async with FaultProxy(index.url) as proxy, index.writer(proxy.url) as one, index.writer() as other:
        proxy.holds_at = held_at
        late = [operation(story.messages[number]) for number, story in enumerate(stories)]
        writing = asyncio.create_task(one.write(late))
        holding = asyncio.create_task(proxy.held.wait())
        await asyncio.wait([writing, holding], return_when=asyncio.FIRST_COMPLETED)
        holding.cancel()
        rest = [operation(m) for number, s in enumerate(stories) for i, m in enumerate(s.messages) if i != number]
        await other.write(rest)
        proxy.released.set()
        await writing
    assert_as_told(index, stories)


@pytest.mark.parametrize("told", [killed_and_issued_again, held])
@pytest.mark.parametrize("dies_at", range(REQUESTS))
async def test_who_dies_after_any_of_its_requests_is_made_good_by_the_next_delivery(
    index: OwnIndex, told: Callable[[str], Story], dies_at: int
) -> None:
    story = told(f"{told.__name__}-dies-{dies_at}")
    for message in story.messages:
        fault = Fault(400, after=dies_at, too_late=True)
        async with FaultProxy(index.url, fault) as proxy, index.writer(proxy.url) as writer:
            with suppress(Fatal):
                await writer.write([operation(message)])
    async with index.writer() as writer:
        for message in reversed(story.messages):
            await writer.write([operation(message)])
    assert_as_told(index, [story])


def test_a_kill_of_something_unknown_is_kept_and_not_seen(index: OwnIndex) -> None:
    story = Story("unknown")
    story.about(story.order, 10, "kill")
    (outcome,) = index.write([operation(story.messages[0])])
    assert outcome.disposition == "retracted"
    assert_as_told(index, [story])


def test_another_days_item_with_the_number_lives(index: OwnIndex) -> None:
    story = Story("days")
    story.item(story.first, 1 - 24 * 60, wire={"sequence": "157"})
    story.item(story.second, 1, wire={"sequence": "157"})
    story.about(story.order, 10, "kill")
    story.seen = {story.first}
    index.write([operation(message) for message in story.messages])
    assert_as_told(index, [story])


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_a_kill_in_the_morning_reaches_the_evening_before(index: OwnIndex, order: tuple[int, ...]) -> None:
    story = Story(f"evening{''.join(map(str, order))}")
    evening, morning = MARCH.replace(hour=21), (MARCH + timedelta(days=1)).replace(hour=4)
    quoted = f'Please kill item kns{story.number} 157 "Opinion 1 of the". It is wrong.'
    kill = {"kind": "kill", "target": f"kns{story.number} 157", "reason": quoted}
    said: dict[str, Any] = {"headlines": [{"value": "Opinion 1 of the harbours"}], "wire": {"sequence": "157"}}
    story.item(story.first, 0, version_created=evening, **said)
    other: dict[str, Any] = {"headlines": [{"value": "Another matter"}], "wire": {"sequence": "158"}}
    story.item(story.second, 0, version_created=evening, **other)
    story.item(story.order, 0, None, version_created=morning, pub_status="canceled", wire={"change": kill})
    story.seen = {story.second}
    for number in order:
        index.write([operation(story.messages[number])])
    assert_as_told(index, [story])


def test_other_agencies_items_with_the_number_live(index: OwnIndex) -> None:
    story, other = Story("ours"), Story("theirs")
    story.item(story.first, 1, wire={"sequence": "157"})
    other.about(other.order, 10, "kill")
    story.seen = {story.first}
    index.write([operation(story.messages[0]), operation(other.messages[0])])
    assert_as_told(index, [story, other])


def test_indices_of_an_older_release_get_the_filter_of_this_one(index: OwnIndex) -> None:
    story = held("older")
    index.write([operation(message) for message in story.messages])
    month = index.month("2026.03")
    index.client.indices.put_alias(index=month, name=index.settings.articles)
    asyncio.run(index.set_up())
    assert_as_told(index, [story])


def test_an_order_far_from_any_story_changes_nothing(index: OwnIndex) -> None:
    uri = new_uri()
    index.write([operation(version(uri))])
    before = index.one(uri)
    index.write([operation(version(uri, wire={"format": "ninjs", "change": {"kind": "kill", "target": "the report"}}))])
    assert index.one(uri).source["uri"] == before.source["uri"]
