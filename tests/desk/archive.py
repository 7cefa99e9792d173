"""Few articles for the desk page, one of which says a script wherever it can, in an index of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from elasticsearch import AsyncElasticsearch

from pipeline.article import Article
from pipeline.indexing import operation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter, Outcome
from tests.searching.archive import HIDDEN, OPINIONS, Archive, story
from tests.searching.interview import OPINIONATED
from tests.searching.terminal import hostile

SCRIPT = '"><script>flag=1</script><img src=x onerror=flag=1>'
"""Would set `window.flag`. Without a dot, because an entity's type becomes the name of a field."""

BEACONS = [
    story(
        f"beacon-{number}",
        f"Beacon {number} is lit",
        f"Keeper number {number} lit the beacon of Cape {chr(65 + number)}ra on day {number} of the month.",
        day=(date(2026, 9, 1) + timedelta(number)).isoformat(),
        provider="gazette" if number % 3 else "tidings",
    )
    for number in range(1, 13)
]
FERRY = [
    story("ferry", "Ferry late", "The ferry was late because of wind."),
    story("ferry", "Ferry later still", "The ferry was late because of fog.", version=2),
]
KILLED, WITHHELD, EMBARGOED = HIDDEN[:2], HIDDEN[2], HIDDEN[3]


def in_september(article: Article) -> Article:
    """The same article in the month of the others: each month costs the making of its indices."""
    assert article.first_created
    assert article.version_created
    moments = {"first_created": article.first_created, "version_created": article.version_created}
    return article.model_copy(update={name: at.replace(year=2026, month=9) for name, at in moments.items()})


class DeskArchive(Archive):
    """The articles above, statements, the interview and what must not be read."""

    def fill(self) -> None:
        # The second versions come after the first ones, and all else at once.
        later = [FERRY[1], in_september(KILLED[1])]
        first = [in_september(one) for one in (*OPINIONS, KILLED[0], WITHHELD, EMBARGOED, OPINIONATED)]
        first += [*BEACONS, FERRY[0], hostile(SCRIPT)]
        outcomes = asyncio.run(self._write_all(first, later))
        assert {one.disposition for one in outcomes} <= {"indexed", "retracted", "superseded", "withheld"}, outcomes

    async def _write_all(self, *batches: Sequence[Article]) -> list[Outcome]:
        async with AsyncElasticsearch(**self.elasticsearch.client_options()) as client:
            await set_up(client, self.indexing)
            writer = ArticleWriter(client, self.indexing)
            outcomes = [one for batch in batches for one in await writer.write([operation(each) for each in batch])]
            await client.indices.refresh(index=f"{self.indexing.articles}-*,{self.indexing.stances}-*")
        return outcomes
