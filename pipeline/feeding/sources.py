"""Items from files, folders and standard input, one at a time.

Folders are walked in the order of their names: first a folder's files, then its subfolders, so
that only the names within the folders on the way down are held in memory. Hidden files, Markdown
files (documentation beside the articles) and unfinished transfers are not articles; a file that
is named itself is always taken. Links to files are followed, links to folders are not.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import Poison
from pipeline.headers import Hints

STDIN = "-"
HEAD_BYTES = 64 * 1024
"""Bytes kept of an item that is too large."""

_NOT_ARTICLES = (".md", ".part", ".filepart", ".tmp", "~")
_CHUNK = 1 << 20

# Only the table that comes with Python: what a machine's own mime.types says differs between machines.
_TYPES = mimetypes.MimeTypes(filenames=())
for _suffix, _type in {
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".xhtml": "application/xhtml+xml",
}.items():
    _TYPES.add_type(_type, _suffix)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it was received, or why it can't be taken.

    Attributes:
        hints: where it is from; without a trace id.
        data: its bytes; of an item that is too large the first `HEAD_BYTES`, of an unreadable one none.
        size: how many bytes it has in all.
        error: why it can't be taken (causes ``too-large`` and ``unreadable``), or None.
    """

    hints: Hints
    data: bytes
    size: int
    error: Poison | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, or `STDIN`, and the feed it belongs to, where its folder says so."""

    path: str
    provider: str | None = None


def items(
    paths: Sequence[str],
    *,
    max_item_bytes: int,
    received_at: Callable[[], datetime],
    provider: str | None = None,
) -> Iterator[Item]:
    """Read the items at ``paths``: files, folders and `STDIN`. No more than one is held at a time.

    Args:
        paths: as a person gave them.
        max_item_bytes: bytes of the largest item that is taken.
        received_at: tells the time, with its zone, at which an item is received.
        provider: the feed all items belong to; without it, items in a subfolder of a given folder
            belong to the feed the subfolder is named after.

    Yields:
        Each item. What can't be read or is too large comes as an item with its error.
    """
    for source in sources(paths):
        hints = Hints(
            source=identity(source.path),
            received_at=received_at(),
            content_type=content_type(source.path),
            provider=provider or source.provider,
        )
        yield _read(source.path, hints, max_item_bytes)


def sources(paths: Sequence[str]) -> Iterator[Source]:
    """The files `items` reads, without opening them. A path that does not exist is among them."""
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            yield from _walk(path, provider=None, top=True)
        else:
            yield Source(path)


def identity(path: str) -> str:
    """The name by which the same file is known whenever it is fed: its absolute path, links not resolved.

    Bytes of a file's name that are no UTF-8 are written as ``\\xNN``.
    """
    if path == STDIN:
        return STDIN
    return os.path.abspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")  # noqa: PTH100


def content_type(path: str) -> str | None:
    """The media type a file's suffix stands for; a compressed file is of its compression's type."""
    kind, compression = _TYPES.guess_type(Path(path).name)
    return f"application/{compression}" if compression else kind


def _walk(folder: str, *, provider: str | None, top: bool) -> Iterator[Source]:
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file() and not entry.name.lower().endswith(_NOT_ARTICLES):
                    files.append(entry.name)
    except OSError:
        yield Source(folder, provider)  # reading it as a file names the same problem
        return
    for name in sorted(files):
        yield Source(os.path.join(folder, name), provider)  # noqa: PTH118 - a Path for each would cost too much
    for name in sorted(folders):
        # A folder such as 2024/ sorts a feed by date; it names none.
        feed = (name if any(map(str.isalpha, name)) else None) if top else provider
        yield from _walk(os.path.join(folder, name), provider=feed, top=False)  # noqa: PTH118


def _read(path: str, hints: Hints, limit: int) -> Item:
    try:
        if path == STDIN:
            return _take(sys.stdin.buffer, hints, limit)
        with Path(path).open("rb") as file:
            return _take(file, hints, limit)
    except OSError as error:
        unreadable = Poison(
            f"{hints.source} can't be read: {error.strerror or error}",
            "correct it and feed it again",
            cause="unreadable",
        )
        return Item(hints, b"", 0, unreadable)


def _take(file: BinaryIO, hints: Hints, limit: int) -> Item:
    """Read one item; of a larger one than ``limit`` only measure the rest."""
    data = file.read(limit + 1)
    if len(data) <= limit:
        return Item(hints, data, len(data))
    size, digest = len(data), hashlib.sha256(data)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return too_large(hints, data, size, limit, digest.hexdigest())


def too_large(hints: Hints, data: bytes, size: int, limit: int, digest: str) -> Item:
    """The item for one of ``size`` bytes where only ``limit`` are allowed; ``data`` is how it begins."""
    error = Poison(
        f"{hints.source} has {size} bytes, more than the {limit} an item may have (sha256 {digest})",
        "split it, or raise feeding.max_item_bytes and the topic's max.message.bytes",
        cause="too-large",
    )
    return Item(hints, data[:HEAD_BYTES], size, error)
