"""What is told, of a real index: each article once, when it can be read, and of the right alerts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.alerting.runner import AlertRunner
from pipeline.alerting.sent import sent_since
from pipeline.alerting.store import AlertStore
from pipeline.errors import Transient
from tests.alerting.desk import Desk
from tests.indexing.stories import MARCH, new_uri, opinionated, version

pytestmark = pytest.mark.integration


def later(minutes: int) -> datetime:
    return MARCH + timedelta(minutes=minutes)


def change(kind: str, **said: Any) -> dict[str, Any]:
    return {"format": "ninjs", "provider": "Kestrel", "change": {"kind": kind, "evidence": kind}, **said}


async def test_an_article_is_told_once_whatever_comes_again_and_of_what_it_matches_newly(desk: Desk) -> None:
    one, other, uri = new_uri(), new_uri(), new_uri()
    await desk.add("ferry", "ferry Lamont")
    await desk.add("strike", "headline:strike")
    async with desk.runner() as runner:
        first = version(uri, "1", version_created=later(1))
        await desk.index_articles(first, version(one, text="Nothing of the kind.", headlines=[{"value": "Oil"}]))
        await runner.look()
        assert desk.told() == {("ferry", uri): 1}
        # Delivered again, replayed, corrected, and only now about the strike.
        await desk.index_articles(first)
        await desk.index_articles(first, replay=True)
        corrected = version(uri, "2", version_created=later(2), headlines=[{"value": "Strike at the ferry"}])
        await desk.index_articles(corrected, version(other, headlines=[{"value": "A strike"}], text="Of bakers."))
        await runner.look()
        await runner.look()
    async with desk.runner() as restarted:
        await restarted.look()
        await desk.index_articles(corrected, replay=True)
        await restarted.look()
    assert desk.told() == {("ferry", uri): 1, ("strike", uri): 1, ("strike", other): 1}
    message = next(one for one in desk.messages() if one.alert == "ferry")
    assert (message.version, message.provider) == ("1", "Kestrel")
    assert message.headline == "Ferry to Port Arden runs again, version 1"
    assert any("<em>ferry</em>" in piece and "<em>Lamont</em>" in piece for piece in message.why)


async def test_what_may_not_be_read_is_not_told_until_it_may(desk: Desk) -> None:
    killed, held, embargoed, hold = (new_uri() for _ in range(4))
    until = datetime.now(UTC) + timedelta(seconds=6)
    chain = {"chain": {"previous": held}}
    await desk.add("ferry", "ferry")
    async with desk.runner() as runner:
        await desk.index_articles(
            version(killed, "1"),
            version(killed, "2", pub_status="canceled", version_created=later(5)),
            version(held, "1", version_created=later(1)),
            version(hold, wire=change("hold", **chain), version_created=later(2), text="Hold it.", headlines=[]),
            version(embargoed, pub_status="withheld", embargoed_until=until),
        )
        await runner.look()
        assert not desk.told()
        release = version(
            new_uri(), wire=change("release", **chain), version_created=later(3), text="Go.", headlines=[]
        )
        await desk.index_articles(release)
        await runner.look()
        assert desk.told() == {("ferry", held): 1}
        async with asyncio.timeout(30):
            while len(desk.told()) < 2:
                await asyncio.sleep(0.2)
                await runner.look()
        assert datetime.now(UTC) >= until
        await runner.look()
    async with desk.runner() as restarted:
        await restarted.look()
    assert desk.told() == {("ferry", held): 1, ("ferry", embargoed): 1}


async def test_a_lead_or_correction_under_another_uri_is_told_only_of_what_it_matches_newly(desk: Desk) -> None:
    first, second = new_uri(), new_uri()
    await desk.add("ferry", "ferry")
    await desk.add("storm", "storm")
    follows = change("correction", chain={"previous": first})
    async with desk.runner() as runner:
        await desk.index_articles(version(first, version_created=later(1)))
        await runner.look()
        text = "The ferry sails into a storm."
        await desk.index_articles(version(second, version_created=later(2), wire=follows, text=text))
        await runner.look()
    assert desk.told() == {("ferry", first): 1, ("storm", second): 1}


async def test_an_alert_tells_nothing_of_what_came_in_before_it_was_made(desk: Desk) -> None:
    old, new, between = new_uri(), new_uri(), new_uri()
    await desk.add("early", 'headline:"early bird"')
    async with desk.runner() as runner:
        await desk.index_articles(version(old))
        await runner.look()
        # It came in after the alert was made, and was looked at before that was known here.
        ingest = {"source": "tests", "received_at": datetime.now(UTC) + timedelta(minutes=5)}
        await desk.index_articles(version(between, ingest=ingest))
        await runner.look()
        await desk.add("late", "ferry", datetime.now(UTC))
        await desk.index_articles(version(old), version(new, ingest=ingest), replay=True)
        await runner.look()
    assert desk.told() == {("late", new): 1, ("late", between): 1}


async def test_an_alert_that_cannot_be_asked_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri, opinion = new_uri(), new_uri()
    await desk.add("before", "ferry")
    await desk.add("old-language", "persn:Lamont")
    await desk.add("refused", "oil")
    await desk.add("stance", 'holder:Lamont against:"ferry 0 of version 1"')
    async with desk.runner() as runner:
        await runner._load()
        # As a release of Elasticsearch would that has another query language.
        (refused,) = (one for one in runner._queries if one.alert.name == "refused")
        spoiled = type(refused)(refused.alert, {"no_such_query": {}}, False)
        runner._queries[runner._queries.index(refused)] = spoiled
        await desk.index_articles(version(uri), opinionated(opinion, "1", 1, text="Lamont opposes ferry 0."))
        await runner.look()
    assert desk.told() == {("before", uri): 1, ("before", opinion): 1, ("stance", opinion): 1}
    failures = {
        name: desk.registry.get_sample_value("wire_alert_failures_total", {"alert": name})
        for name in ("old-language", "refused", "before")
    }
    assert failures == {"old-language": 1, "refused": 1, "before": None}
    sent = desk.registry.get_sample_value("wire_alerts_total", {"alert": "before"})
    assert sent == len([one for one in sent_since(desk.settings, MARCH) if one.alert == "before"])


@pytest.mark.parametrize(
    ("owner", "name", "done"),
    [
        (AlertRunner, "_untold", True),
        (AlertStore, "tell", False),
        (AlertStore, "tell", True),
        (AlertStore, "keep", False),
    ],
    ids=["matched", "sent", "noted", "looked"],
)
async def test_who_dies_after_any_step_leaves_nothing_untold_and_nothing_told_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, done: bool
) -> None:
    uris = [new_uri() for _ in range(3)]
    await desk.add("ferry", "ferry")
    whole = getattr(owner, name)
    calls = 0

    async def dies(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1 and name == "tell":  # what the last worker has sent, which is nothing
            return await whole(*arguments)
        if done:
            await whole(*arguments)
        raise Transient("killed here")

    await desk.index_articles(*map(version, uris))
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, dies)
        async with desk.runner() as runner:
            with pytest.raises(Transient):
                await runner.look()
    assert len(desk.told()) == (0 if name == "_untold" else 3)
    async with desk.runner() as successor:
        await successor.look()
    assert desk.told() == {("ferry", uri): 1 for uri in uris}


async def test_an_alert_that_elasticsearch_is_too_busy_for_is_waited_for_but_not_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.alerting import runner as module
    from pipeline.alerting.matching import match

    uri = new_uri()
    await desk.add("busy", "ferry")
    await desk.add("other", "ferry")
    looks = 0

    async def too_busy(*arguments: Any) -> Any:
        matches = await match(*arguments)
        matches.hits = [found for found in matches.hits if found[0].alert.name == "other"]
        matches.waiting["busy"] = "too many requests"
        return matches

    await desk.index_articles(version(uri))
    async with desk.runner() as runner:
        with monkeypatch.context() as patched:
            patched.setattr(module, "match", too_busy)
            told = False
            while not told and looks < 20:
                looks += 1
                try:
                    await runner.look()
                    told = True
                except Transient:
                    assert desk.told() == {("other", uri): 1}
        assert looks == module.PATIENCE + 1
