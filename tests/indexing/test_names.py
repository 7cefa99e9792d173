"""Which item an order means: by its number, on the day it says, on its own, or of the evening before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.indexing.names import names

MIDNIGHT = datetime(2026, 3, 30, 22, tzinfo=UTC)
"""Of Berlin, in summer time."""

HEADLINE = "Vestrand reopens three harbours after the storm"


def article(sent: datetime, **said: Any) -> Article:
    wire = {"format": "text", "provider": "kns"} | said.pop("wire", {})
    given = {"uri": "urn:item", "pubStatus": "usable", "versionCreated": sent, "text": "", "body": [], "wire": wire}
    return Article.model_validate(given | {"ingest": {"source": "-", "receivedAt": sent}} | said)


def item(sent: datetime, headline: str = HEADLINE, number: str = "157", **said: Any) -> Article:
    return article(sent, headlines=[{"value": headline}], wire={"sequence": number}, **said)


def kill(
    sent: datetime, order: str = 'Please kill item kns 157 "Vestrand reopens\nthree harbours".', **said: Any
) -> Article:
    change = {"kind": "kill", "target": "kns 157", "reason": order}
    return article(sent, pubStatus="canceled", wire={"change": change}, **said)


def means(order: Article, one: Article) -> bool:
    return not set(names(order)).isdisjoint(names(one))


def test_an_order_in_the_morning_means_the_evening_before_where_it_quotes_it() -> None:
    evening, morning = item(MIDNIGHT - timedelta(hours=1)), MIDNIGHT + timedelta(hours=3)
    assert means(kill(morning), evening)
    assert not means(kill(morning), item(MIDNIGHT - timedelta(hours=1), "Parliament adopts the budget"))
    assert not means(kill(morning), item(MIDNIGHT - timedelta(hours=1), number="158"))
    assert not means(kill(morning), item(MIDNIGHT - timedelta(hours=25)))
    assert not means(kill(morning + timedelta(hours=12)), evening)
    assert means(kill(morning), item(morning - timedelta(minutes=5), "Of today, whatever it is called"))


def test_an_order_means_what_has_its_slug() -> None:
    evening, order = MIDNIGHT - timedelta(hours=1), "Please kill item kns 157. It is wrong."
    named = item(evening, slugline="Lethonia/Harbours")
    assert means(kill(MIDNIGHT + timedelta(hours=3), order, slugline="LETHONIA-HARBOURS"), named)
    assert not means(kill(MIDNIGHT + timedelta(hours=3), order, slugline="LETHONIA-BUDGET"), named)
    assert not means(kill(MIDNIGHT + timedelta(hours=3), order), named)


@pytest.mark.parametrize(
    "order",
    [
        'Please kill item kns 157 of March 28 "Vestrand reopens".',
        "Bitte verwenden Sie die Meldung kns 157 vom 28. März nicht.",
        "Prière d'annuler la dépêche kns 157 du 28 mars.",
    ],
)
def test_an_order_means_the_day_it_says_and_no_other(order: str) -> None:
    sent = datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert means(kill(sent, order), item(datetime(2026, 3, 28, 7, tzinfo=UTC), "Whatever it is called"))
    assert not means(kill(sent, order), item(datetime(2026, 3, 31, 7, tzinfo=UTC)))


def test_a_day_that_is_no_day_of_the_item_counts_for_nothing() -> None:
    """`item kns 157 on the vote of March 12` tells of the vote; a day to come is none on which it was sent."""
    sent = datetime(2026, 3, 31, 9, tzinfo=UTC)
    for order in ("Please kill item kns 157 on the vote of March 12.", "Please kill item kns 157 of April 9."):
        assert means(kill(sent, order), item(sent - timedelta(hours=1)))


@given(st.datetimes(), st.text(max_size=80), st.text(max_size=40))
def test_no_time_and_no_words_break_it(sent: datetime, order: str, slug: str) -> None:
    said = {"slugline": slug} if slug else {}
    change = {"kind": "kill", "target": "kns 157"} | ({"reason": order} if order else {})
    moment = sent.replace(tzinfo=UTC)
    assert all(len(name.encode()) <= 512 for name in names(article(moment, wire={"change": change}, **said)))
    assert names(item(moment, **said))
