"""Watched folders as an intake: what is whole is fed, what is confirmed is moved."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from watchfiles import Change, watch

from pipeline.config import FeedingSettings
from pipeline.errors import Misconfigured
from pipeline.feeding.inbox import DONE, FAILED, Delivery, Inbox, stamp_of
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import Item, items_of
from pipeline.feeding.walk import Place, Source

log = structlog.get_logger(__name__)
logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it tells of every change

_TICK_MS = 500
_STEP_MS = 100
_DEBOUNCE_MS = 300


class WatchedFolders:
    """An `Intake` of folders; see `inbox`.

    Args:
        folders: their paths.
        feeding: how they are watched.
        stop: ends waiting.
        provider: the feed all items belong to; without it the first subfolder names it.

    Raises:
        Misconfigured: one is no folder, can't be written to, or lies within another.
    """

    def __init__(
        self, folders: Sequence[str], feeding: FeedingSettings, stop: threading.Event, provider: str | None = None
    ) -> None:
        _refuse_overlap([Path(one).resolve() for one in folders])
        self._inboxes = [Inbox(one, feeding.settle, time.monotonic) for one in folders]
        self._feeding = feeding
        self._provider = provider
        self._stop = stop
        self._events = self._changes()
        self._under_way: dict[str, tuple[Inbox, Delivery]] = {}
        next(self._events)  # from here on no change is missed

    def items(self) -> Iterator[Item]:
        """The items of all files that are whole."""
        self._under_way.clear()
        for inbox in self._inboxes:
            try:
                found = inbox.look()
            except OSError as error:
                log.warning("a watched folder can't be read", path=str(inbox.folder), error=str(error))
                continue
            for delivery in found:
                source = Source(delivery.path, Place(0, ()), self._provider or delivery.provider)
                (item,) = items_of(
                    [source], max_item_bytes=self._feeding.max_item_bytes, received_at=lambda: datetime.now(UTC)
                )
                whole = stamp_of(delivery.path) == delivery.stamp  # still, after it was read
                if whole and item.hints.source not in self._under_way:
                    self._under_way[item.hints.source] = inbox, delivery
                    yield item

    def settle(self, fed: Fed) -> None:
        """Move the file of an item."""
        inbox, delivery = self._under_way.pop(fed.source)
        if fed.error:
            inbox.failed(delivery, str(fed.error))
        else:
            inbox.done(delivery)

    def wait(self) -> None:
        """Until something changes in a folder, a file may have become whole, or it is time for a look."""
        settling = [moment for inbox in self._inboxes if (moment := inbox.settles_at()) is not None]
        look = min([time.monotonic() + self._feeding.rescan, *settling])
        while not self._stop.is_set() and time.monotonic() < look:
            if next(self._events):
                return

    def _changes(self) -> Iterator[bool]:
        """Whether something changed, again and again, each answer within moments."""
        try:
            for changes in watch(
                *(inbox.folder for inbox in self._inboxes),
                watch_filter=self._concerns,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_TICK_MS,
                yield_on_timeout=True,
                stop_event=self._stop,
                ignore_permission_denied=True,
            ):
                yield bool(changes)
        except OSError as error:  # the system's limit on watches, for one
            log.warning("no events from the folders; they are looked into now and then", error=str(error))
        while True:
            self._stop.wait(_TICK_MS / 1000)
            yield False

    def _concerns(self, _: Change, path: str) -> bool:
        return not any(
            Path(path).absolute().is_relative_to(inbox.folder.absolute() / ours)
            for inbox in self._inboxes
            for ours in (DONE, FAILED)
        )


def _refuse_overlap(folders: Sequence[Path]) -> None:
    for number, one in enumerate(folders):
        for other in folders[number + 1 :]:
            if one.is_relative_to(other) or other.is_relative_to(one):
                raise Misconfigured(f"{one} and {other} overlap", "watch the outer folder only")
