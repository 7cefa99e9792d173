"""Alerts are kept, replaced and forgotten; what each would have told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from elasticsearch import AsyncElasticsearch

from pipeline.alerting.alerts import Alert
from pipeline.alerting.store import AlertStore
from pipeline.alerting.trial import tried
from pipeline.errors import Misconfigured
from tests.alerting.desk import EARLIER, Desk
from tests.indexing.stories import new_uri, version

pytestmark = pytest.mark.integration


async def test_alerts_are_kept_replaced_and_forgotten(desk: Desk) -> None:
    async with AsyncElasticsearch(desk.index.url) as client:
        store = AlertStore(client, desk.settings.indexing)
        assert await store.alerts() == []
        assert await store.state() is None
        await store.set_up()
        await store.set_up()
        first = await store.add(Alert("ferry", "ferry", EARLIER))
        before = await store.state()
        with pytest.raises(Misconfigured, match="there is an alert ferry already"):
            await store.add(Alert("ferry", "oil", datetime.now(UTC)))
        replaced = await store.add(Alert("ferry", "oil", datetime.now(UTC)), replace=True)
        assert await store.state() != before
        # As old as it was: what it has told it does not tell again.
        assert await store.alerts() == [replaced] == [Alert("ferry", "oil", EARLIER)]
        await store.tell([(first.hit("a"), "ferry", "a")])
        assert await store.told([first.hit("a"), first.hit("b")]) == {replaced.hit("a")}
        await client.indices.refresh(index=desk.settings.indexing.alerts_told)
        await store.remove("ferry")
        assert await store.state() is None
        assert await store.told([first.hit("a")]) == set()
        with pytest.raises(Misconfigured, match="there is no alert ferry"):
            await store.remove("ferry")


async def test_a_trial_tells_what_would_have_been_told_or_why_nothing(desk: Desk) -> None:
    now = datetime.now(UTC)
    recent, old = new_uri(), new_uri()
    said = "A zeppelin over Port Arden."
    await desk.index_articles(
        version(recent, text=said, ingest={"source": "tests", "received_at": now - timedelta(hours=2)}),
        version(old, text=said, ingest={"source": "tests", "received_at": now - timedelta(hours=30)}),
    )
    desk.index.client.indices.refresh(index=desk.index.month("*"))
    alerts = [Alert("wrong", "persn:Lamont", now), Alert("zeppelin", "zeppelin", now)]
    async with AsyncElasticsearch(desk.index.url) as client:
        wrong, right = await tried(client, desk.settings.indexing, alerts, 24, 5)
        (longer,) = await tried(client, desk.settings.indexing, alerts[1:], 48, 1)
    assert "column 1: unknown field 'persn'" in (wrong.error or "")
    assert (right.total, [one.uri for one in right.messages]) == (1, [recent])
    assert right.messages[0].why == ("A <em>zeppelin</em> over Port Arden.",)
    assert (longer.total, len(longer.messages)) == (2, 1)
