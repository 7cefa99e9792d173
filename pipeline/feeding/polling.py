"""Polled feeds as an intake: each is asked when it is due, and only what is new in it is fed.

What was seen of a feed is saved when Kafka has confirmed it: after a crash between the two it is fed again.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import BaseModel, Field

from pipeline.config import Settings
from pipeline.errors import Poison
from pipeline.feeding.entries import news
from pipeline.feeding.fetch import Answer, Away, Fetcher, Validators, checked
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import Item
from pipeline.headers import Hints
from pipeline.state_files import load, save, state_folder

log = structlog.get_logger(__name__)

EVERY = 300.0
"""Seconds between polls where neither the operator nor the feed says anything."""

_SHORTEST_HINT, _LONGEST_HINT = 60.0, 3600.0
_LONGEST_BACKOFF = 3600.0
_JITTER = 0.1
_TYPE = "application/xml"


class FeedState(BaseModel):
    """What is remembered of a feed from one run to the next.

    Attributes:
        url: its address as the operator gave it.
        moved_to: where it moved for good, if it did.
        etag: its version, as its server named it.
        last_modified: the same as a date.
        seen: its entries by their ids, each with the hash of its content.
        every: seconds between changes, as the feed says of itself.
    """

    url: str
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    seen: dict[str, str] = Field(default_factory=dict)
    every: float | None = None

    def after(self, answer: Answer) -> FeedState:
        """The state with the address and the version of an answer."""
        return self.model_copy(
            update={
                "moved_to": answer.url if answer.url != self.url else None,
                "etag": answer.validators.etag,
                "last_modified": answer.validators.last_modified,
            }
        )


@dataclass(frozen=True, slots=True)
class _Polled:
    """A feed, when it is due next by the monotonic clock, and how often in a row it failed."""

    path: Path
    state: FeedState
    due: float = 0.0
    failures: int = 0
    gone: bool = False


class PolledFeeds:
    """An `Intake` of RSS and Atom feeds.

    Args:
        urls: their addresses.
        settings: bounds of what is fetched; where it goes (what was seen is known for each Kafka and topic).
        stop: ends waiting.
        every: seconds between two polls of a feed; None: as the feed says of itself, else `EVERY`.
        provider: the feed all items belong to.
        fresh: forget what was seen.
        clock: tells seconds that never go back.

    Raises:
        Misconfigured: an address is none, or a state file can't be read.
    """

    def __init__(
        self,
        urls: Sequence[str],
        settings: Settings,
        stop: threading.Event,
        *,
        every: float | None = None,
        provider: str | None = None,
        fresh: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        feeding = settings.feeding
        self._fetcher = Fetcher(
            max_bytes=feeding.max_item_bytes, timeout=feeding.http_timeout, ca_certs=feeding.ca_certs
        )
        self._stop = stop
        self._every = every
        self._provider = provider
        self._clock = clock
        self._feeds = {url: _remembered(checked(url), settings, fresh=fresh) for url in urls}
        self._under_way: dict[str, FeedState] = {}

    def items(self) -> Iterator[Item]:
        """What is new in the feeds that are due; a feed that can't be had comes as an item with its error."""
        self._under_way.clear()
        for url, feed in self._feeds.items():
            if feed.gone or feed.due > self._clock() or self._stop.is_set():
                continue
            hints = Hints(source=url, received_at=datetime.now(UTC), content_type=_TYPE, provider=self._provider)
            try:
                data = self._poll(url, feed)
            except (Away, Poison) as error:
                self._failed(url, feed, error)
                # Nothing is known of it that a dead letter could hold.
                yield Item(hints, b"", 0, Poison(str(error), cause="unreadable"))
            else:
                if data is not None:
                    yield Item(hints, data, len(data))

    def settle(self, fed: Fed) -> None:
        """Remember what was confirmed."""
        if fed.source in self._under_way:
            self._seen(fed.source, self._under_way.pop(fed.source))

    def wait(self) -> None:
        """Until a feed is due."""
        due = [feed.due for feed in self._feeds.values() if not feed.gone]
        if due:
            self._stop.wait(max(0.0, min(due) - self._clock()))
        else:
            log.error("all feeds are gone for good, nothing is left to poll")
            self._stop.set()

    def _poll(self, url: str, feed: _Polled) -> bytes | None:
        """Ask for a feed; what is new in it, if anything."""
        state = feed.state
        answer = self._fetcher.fetch(state.moved_to or url, Validators(state.etag, state.last_modified))
        after = state.after(answer)
        if after.moved_to != state.moved_to:
            log.warning("a feed has moved for good; name its new address", url=url, moved_to=after.moved_to)
        if answer.data is None:
            log.info("nothing new in a feed", url=url)
            self._seen(url, after)
            return None
        try:
            found = news(answer.data, state.seen)
        except Poison as poison:
            raise Poison(f"{answer.url} sent no feed: {poison.what}", poison.todo, cause=poison.cause) from poison
        after = after.model_copy(update={"seen": found.seen, "every": found.every})
        if found.data is None:
            log.info("nothing new in a feed", url=url)
            self._seen(url, after)
            return None
        log.debug("new in a feed", url=url, entries=found.entries)
        self._under_way[url] = after
        return found.data

    def _seen(self, url: str, state: FeedState) -> None:
        feed = self._feeds[url]
        if state != feed.state:
            save(feed.path, state)
        hint = min(max(state.every or EVERY, _SHORTEST_HINT), _LONGEST_HINT)
        self._feeds[url] = replace(feed, state=state, failures=0, due=self._after(self._every or hint))

    def _failed(self, url: str, feed: _Polled, error: Away | Poison) -> None:
        usual = self._every or EVERY
        pause = max(usual, min(usual * 2.0 ** min(feed.failures, 16), _LONGEST_BACKOFF))
        if isinstance(error, Away) and error.retry_after:
            pause = max(pause, error.retry_after)
        gone = isinstance(error, Poison) and error.cause == "gone"
        old_address = feed.state.model_copy(update={"moved_to": None})  # the new one may have been a mistake
        self._feeds[url] = replace(
            feed, state=old_address, failures=feed.failures + 1, due=self._after(pause), gone=gone
        )

    def _after(self, pause: float) -> float:
        """A moment about so many seconds from now: not all clients of a server shall come at once."""
        return self._clock() + pause * random.uniform(1, 1 + _JITTER)


def _remembered(url: str, settings: Settings, *, fresh: bool) -> _Polled:
    whereto = f"{url}\n{settings.kafka.bootstrap_servers}\n{settings.topics.raw}"
    name = f"{hashlib.sha256(whereto.encode()).hexdigest()[:16]}.json"
    path = (settings.feeding.state_dir or state_folder()) / "feeds" / name
    return _Polled(path, (None if fresh else load(path, FeedState)) or FeedState(url=url))
