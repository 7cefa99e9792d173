"""A folder that agencies deliver into: which files are whole, and where each goes once Kafka has it.

    DIR/agency/1.xml   delivered, under this name at once or growing under it
    DIR/done/...       Kafka has confirmed it
    DIR/failed/...     it was refused; 1.xml.error beside it says why

A file counts as whole when it has kept its size and its time for the settle time: that holds for one that was renamed
into the folder as for one that was written there. Nothing is moved that is not confirmed: a crash leaves a file where
it is, and it is fed again. A file that was replaced since it was read stays, and its new content is fed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import structlog

from pipeline.errors import Misconfigured
from pipeline.feeding.walk import feed_name, is_article, is_subfolder

log = structlog.get_logger(__name__)

DONE, FAILED = "done", "failed"
MOST_AT_ONCE = 10_000
"""Files of one look; the next look finds the others."""

_CLAIM = ".wire-claim"


class Stamp(NamedTuple):
    """What tells a file from another of its name, and from itself before it was written to."""

    device: int
    inode: int
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A whole file.

    Attributes:
        path: where it is.
        stamp: what it was like when it was found whole.
        provider: the feed it belongs to, where its subfolder names one.
    """

    path: str
    stamp: Stamp
    provider: str | None


class Inbox:
    """One watched folder.

    Args:
        folder: its path.
        settle: seconds a file must stay as it is to count as whole.
        clock: tells seconds that never go back.

    Raises:
        Misconfigured: it is no folder, or nothing can be moved in it.
    """

    def __init__(self, folder: str, settle: float, clock: Callable[[], float]) -> None:
        self.folder = Path(folder)
        self._settle = settle
        self._clock = clock
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._stuck: dict[str, Stamp] = {}
        if not self.folder.is_dir():
            raise Misconfigured(f"{folder} is no folder", "name folders to be watched, or leave out --watch")
        try:
            for name in (DONE, FAILED):
                (self.folder / name).mkdir(exist_ok=True)
            self._put_back_claims()
        except OSError as error:
            raise Misconfigured(f"nothing can be moved in {folder}: {error.strerror}", "correct its rights") from error

    def look(self) -> list[Delivery]:
        """The files that are whole, oldest first; of very many some.

        Raises:
            OSError: the folder can't be read.
        """
        now = self._clock()
        seen: dict[str, tuple[Stamp, float]] = {}
        whole = []
        for path, stamp, provider in islice(self._files(), MOST_AT_ONCE):
            known, since = self._seen.get(path, (None, now))
            seen[path] = (stamp, since if known == stamp else now)
            if now - seen[path][1] >= self._settle:
                whole.append(Delivery(path, stamp, provider))
        self._seen = seen
        return sorted(whole, key=lambda one: (one.stamp.mtime_ns, one.path))

    def settles_at(self) -> float | None:
        """When, by the clock, the next of the files that were not whole may be; None if there are none."""
        return min((since + self._settle for _, since in self._seen.values()), default=None)

    def done(self, delivery: Delivery) -> None:
        """Kafka has it."""
        self._move(delivery, DONE)

    def failed(self, delivery: Delivery, why: str) -> None:
        """It was refused, and will always be."""
        self._move(delivery, FAILED, why)

    def _files(self) -> Iterator[tuple[str, Stamp, str | None]]:
        for entry, provider in self._entries():
            if is_article(entry) and (stamp := stamp_of(entry.path)) and self._stuck.get(entry.path) != stamp:
                yield entry.path, stamp, provider

    def _entries(self) -> Iterator[tuple[os.DirEntry[str], str | None]]:
        """What is in the folder and its subfolders but done/ and failed/, with the feed it belongs to."""
        top = str(self.folder)
        folders: list[tuple[str, str | None]] = [(top, None)]
        while folders:
            folder, provider = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if not is_subfolder(entry):
                            yield entry, provider
                        elif folder != top:
                            folders.append((entry.path, provider))
                        elif entry.name not in {DONE, FAILED}:
                            folders.append((entry.path, feed_name(entry.name)))
            except FileNotFoundError:
                if folder == top:
                    raise
            except OSError as error:
                if folder == top:
                    raise
                log.warning("a folder can't be read", path=folder, error=str(error))

    def _move(self, delivery: Delivery, into: str, why: str | None = None) -> None:
        path = Path(delivery.path)
        self._seen.pop(delivery.path, None)
        try:
            if stamp_of(delivery.path) != delivery.stamp:
                return  # replaced or taken away: another file, if any
            target = _reserved(self.folder / into / path.relative_to(self.folder))
            reason = target.with_name(f"{target.name}.error")
            if why:
                said = f"{datetime.now(UTC).isoformat(timespec='seconds')} {why}\n"
                reason.write_text(said, encoding="utf-8", errors="backslashreplace")
            # It may have been replaced since that look: it gets a name at which nobody replaces it, and a second look.
            claim = path.rename(path.with_name(f".{path.name}{_CLAIM}"))
            if stamp_of(str(claim)) == delivery.stamp:
                claim.rename(target)
                return
            claim.rename(_reserved(path))
            target.unlink()
            reason.unlink(missing_ok=True)
        except OSError as error:
            self._stuck[delivery.path] = delivery.stamp
            log.warning("fed, but can't be moved; mend that and move it by hand", path=delivery.path, error=str(error))

    def _put_back_claims(self) -> None:
        """What was being moved when an earlier run was cut off is fed again."""
        claims = [one.path for one, _ in self._entries() if one.name.startswith(".") and one.name.endswith(_CLAIM)]
        for claim in map(Path, claims):
            claim.rename(_reserved(claim.with_name(claim.name[1 : -len(_CLAIM)])))


def stamp_of(path: str) -> Stamp | None:
    """What a file is like now; None if it is gone."""
    try:
        found = os.stat(path)  # noqa: PTH116 - for speed
    except OSError:
        return None
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _reserved(path: Path) -> Path:
    """A name nobody has, taken by an empty file that a rename replaces: ``path``, or with the time in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path
    while True:
        try:
            name.touch(exist_ok=False)
        except FileExistsError:
            name = path.with_name(f"{path.stem}.{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{path.suffix}")
        else:
            return name
