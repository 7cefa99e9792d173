"""Feeding an archive over hours: at a chosen pace, and going on where it was interrupted.

Files are confirmed in no order, and what is remembered is one place of the walk: the last up to which every file is
settled. After an interruption at most what was under way is fed again.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import BaseModel

from pipeline.errors import Misconfigured
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import identity
from pipeline.feeding.walk import STDIN, Place, Source
from pipeline.state_files import load, save

SAVE_SECONDS = 2.0
"""Seconds between two saves of how far it came."""

_CATCH_UP_SECONDS = 0.1

Thing = TypeVar("Thing")


@dataclass(slots=True)
class _Taken:
    place: Place
    settled: bool = False


class Progress(BaseModel):
    """How far a backfill came.

    Attributes:
        paths: what is fed, absolute.
        topic: where to.
        root: the number of the path it came to.
        name: the file's name within that path, percent-encoded; empty where the path is itself a file.
        settled: files settled up to there.
        complete: all of it.
    """

    paths: list[str]
    topic: str
    root: int | None = None
    name: str = ""
    settled: int = 0
    complete: bool = False

    @property
    def place(self) -> Place | None:
        """The last place up to which all is settled."""
        if self.root is None:
            return None
        names = tuple(os.fsdecode(unquote_to_bytes(part)) for part in self.name.split("/")) if self.name else ()
        return Place(self.root, names)

    def at(self, place: Place, settled: int) -> Self:
        """The same, further on."""
        name = "/".join(quote_from_bytes(os.fsencode(name), safe="") for name in place.names)
        return self.model_copy(update={"root": place.root, "name": name, "settled": settled})


class Checkpoint:
    """Keeps in a file how far a backfill came.

    Args:
        file: where.
        paths: files and folders that are fed.
        topic: where to.
        fresh: begin anew, whatever the file says.
        clock: tells seconds that never go back.

    Raises:
        Misconfigured: the file can't be read, or is that of another backfill; or standard input is among the paths.
    """

    def __init__(
        self,
        file: Path,
        paths: Sequence[str],
        topic: str,
        *,
        fresh: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if STDIN in paths:
            raise Misconfigured("standard input can't be read a second time", "leave out --resume")
        self._file = file
        self._clock = clock
        begun = Progress(paths=[identity(path) for path in paths], topic=topic)
        self.progress = (None if fresh else load(file, Progress)) or begun
        if (self.progress.paths, self.progress.topic) != (begun.paths, topic):
            was = f"{', '.join(self.progress.paths)} into {self.progress.topic}"
            raise Misconfigured(f"{file} says how far feeding {was} came", "name another file, or add --fresh")
        self._open: deque[_Taken] = deque()
        self._by_source: defaultdict[str, deque[_Taken]] = defaultdict(deque)
        self._saved = clock()

    def noted(self, found: Iterable[Source]) -> Iterator[Source]:
        """The sources, their order noted as they are taken."""
        for source in found:
            taken = _Taken(source.place)
            self._open.append(taken)
            self._by_source[identity(source.path)].append(taken)
            yield source

    def settle(self, fed: Fed) -> None:
        """The fate of an item: unless Kafka failed it is settled. Now and then the file is written."""
        if fed.unconfirmed:
            return
        same = self._by_source[fed.source]
        same.popleft().settled = True
        if not same:
            del self._by_source[fed.source]
        if self._clock() - self._saved >= SAVE_SECONDS:
            self.save()

    def save(self, *, complete: bool = False) -> None:
        """Write the file. Raises Misconfigured if that can't be done."""
        settled, place = self.progress.settled, self.progress.place
        while self._open and self._open[0].settled:
            place = self._open.popleft().place
            settled += 1
        if place:
            self.progress = self.progress.at(place, settled)
        self.progress = self.progress.model_copy(update={"complete": complete})
        save(self._file, self.progress)
        self._saved = self._clock()


def paced(things: Iterable[Thing], a_second: float | None, stop: threading.Event) -> Iterator[Thing]:
    """Things until ``stop`` is set, at most so many a second where that is said.

    What a moment's delay cost is made up for, a longer one's isn't: nothing is sent in bursts.
    """
    due = time.monotonic()
    for thing in things:
        now = time.monotonic()
        if due > now:
            stop.wait(due - now)
        if stop.is_set():
            return
        yield thing
        if a_second:
            due = max(due + 1 / a_second, now - _CATCH_UP_SECONDS)
