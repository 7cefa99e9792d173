"""What a stage does to its messages, in worker processes: bytes in, outputs out, no I/O.

One function a stage; each makes, once in its process, the function that works on a batch. Whatever
one message does wrong becomes a `Poison` among its own outputs, so that its neighbours go on.
Each imports what it needs itself: a process starts faster and stays smaller without the others'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.article import Article
from pipeline.config import EnrichmentSettings, FeedingSettings
from pipeline.errors import Poison, WireError, defect
from pipeline.headers import REPLAY, Headers, Hints
from pipeline.indexing import IndexOperation, operation
from pipeline.streaming.pool import TimedWork


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a worker process gets it.

    Attributes:
        value: the message's value; empty for a tombstone.
        headers: its headers.
        position: ``topic/partition/offset``, the source of an item that names none.
        timestamp: when it was written to the topic, with a time zone.
    """

    value: bytes
    headers: Headers
    position: str
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Produced:
    """A message for the next topic."""

    key: bytes
    value: bytes


Output = Produced | IndexOperation | Poison
Outputs = list[Output]
Work = Callable[[list[Message]], list[Outputs]]


def cleaner(settings: FeedingSettings) -> Work:
    """Make the work of the stage ``clean``: raw items to canonical articles."""
    from pipeline import cleaning, formats

    def clean_one(message: Message) -> Iterator[Output]:
        hints = Hints.from_headers(message.headers, source=message.position, received_at=message.timestamp)
        for reading in formats.read(message.value, hints, max_item_bytes=settings.max_item_bytes):
            yield reading if isinstance(reading, Poison) else _produced(cleaning.clean(reading))

    return lambda messages: [_guarded(clean_one, message) for message in messages]


def enricher(settings: EnrichmentSettings, *, timed: bool = False) -> Work:
    """Make the work of the stage ``enrich``: articles to articles with their enrichment.

    Args:
        settings: of the language pipeline.
        timed: tell what each of its components takes.
    """
    from pipeline.enrichment.enricher import Enricher
    from pipeline.enrichment.stopwatch import Stopwatch

    stopwatch = Stopwatch() if timed else None
    enrich = Enricher(settings, stopwatch).enrich

    def enrich_one(message: Message) -> Iterator[Output]:
        yield from map(_produced, enrich([Article.from_json(message.value)]))

    def enrich_all(messages: list[Message]) -> list[Outputs]:
        try:  # the model is fastest on a whole batch; one bad article must not spoil the others
            return [[_produced(article)] for article in enrich(Article.from_json(m.value) for m in messages)]
        except Exception:  # noqa: BLE001 - whatever it was, it is found again for the article that does it
            return [_guarded(enrich_one, message) for message in messages]

    return TimedWork(enrich_all, stopwatch.lap) if stopwatch else enrich_all


def preparer() -> Work:
    """Make the work of the stage ``index``: enriched articles to index operations."""

    def prepare_one(message: Message) -> Iterator[Output]:
        yield operation(Article.from_json(message.value), overwrite_equal=REPLAY in message.headers)

    return lambda messages: [_guarded(prepare_one, message) for message in messages]


def _produced(article: Article) -> Produced:
    return Produced(article.uri.encode(), article.to_json())


def _guarded(work: Callable[[Message], Iterable[Output]], message: Message) -> Outputs:
    outputs: Outputs = []
    try:
        outputs.extend(work(message))
    except Poison as poison:
        outputs.append(poison)
    except WireError:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours that one item shows must not stop the feed
        outputs.append(defect(error))
    return outputs
