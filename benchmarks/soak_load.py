"""What a soak feeds, and what must become of each of it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import cleaning, formats
from pipeline.errors import Poison
from pipeline.feeding.sources import Item
from pipeline.headers import Hints
from pipeline.indexing.versions import external_version

_BROKEN = (b"", b"\x89PNG\r\n\x1a\n\x00\x00", b'{"uri": "urn:soak:broken", "headline": ', b'["no", "article"]')
_BEGUN = datetime(2026, 10, 1, 6, tzinfo=UTC)


@dataclass(slots=True)
class Expected:
    """The account as it must come out.

    Attributes:
        articles: the external version and the status of each article's newest version, by uri.
        dead: the sources of what can't be read.
        items: how many were fed.
        superseded: items that are no article's newest version.
    """

    articles: dict[str, tuple[int, str]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    items: int = 0
    superseded: int = 0

    def add(self, item: Item) -> None:
        """Enter what an item must lead to."""
        self.items += 1
        try:
            (reading,) = formats.read(item.data, item.hints)
        except Poison:
            self.dead.add(item.hints.source)
            return
        if isinstance(reading, Poison):
            self.dead.add(item.hints.source)
            return
        article = cleaning.clean(reading)
        told = (external_version(article), str(article.pub_status))
        known = self.articles.get(article.uri)
        self.superseded += known is not None
        # What is canceled stays so, whatever comes.
        if known is None or (known[1] != "canceled" and (told[1] == "canceled" or told > known)):
            self.articles[article.uri] = told


def load(texts: Sequence[Path], count: int, seed: int) -> Iterator[Item]:
    """So many items.

    Of twenty stories sixteen are real texts, each with an address and a word of its own; one is broken; three are
    ninjs: one in three versions in any order, one withheld, one taken back by a kill that comes after it or before.
    """
    chance = random.Random(seed)
    made = 0
    for number in range(count):
        text = texts[number % len(texts)].read_text("utf-8", errors="replace")
        for name, data in _of(number, text, chance):
            yield Item(Hints(f"soak/{name}", datetime.now(UTC)), data, len(data))
            made += 1
            if made == count:
                return


def _of(number: int, text: str, chance: random.Random) -> list[tuple[str, bytes]]:
    name = f"{number}"
    kind = number % 20
    if kind == 0:
        return [(name, _BROKEN[number // 20 % len(_BROKEN)])]
    if kind == 1:
        versions = [(name, _ninjs(number, version, text)) for version in (1, 2, 3)]
        return chance.sample(versions, 3)
    if kind == 2:
        return [(name, _ninjs(number, 1, text, "withheld"))]
    if kind == 3:
        both = [(name, _ninjs(number, 1, text)), (name, _ninjs(number, 2, text, "canceled"))]
        return chance.sample(both, 2)
    address, _, rest = text.partition("\n")
    return [(name, f"{address}?soak={number}\n{rest.rstrip()} Xq{number}zt.\n".encode())]


def _ninjs(number: int, version: int, text: str, status: str = "usable") -> bytes:
    created = _BEGUN + timedelta(minutes=number)
    item: Mapping[str, object] = {
        "uri": f"urn:soak:{number}",
        "version": str(version),
        "type": "text",
        "pubstatus": status,
        "language": "en",
        "firstcreated": created.isoformat(),
        "versioncreated": (created + timedelta(minutes=version)).isoformat(),
        "headline": f"Soak {number}, version {version}",
        "body_text": f"{text.partition(chr(10))[2]} Xq{number}v{version}zt.",
    }
    return json.dumps(item).encode()
