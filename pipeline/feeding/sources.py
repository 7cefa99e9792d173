"""Items from files and standard input, one at a time."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import Poison
from pipeline.feeding.walk import STDIN, Source, sources
from pipeline.headers import Hints

HEAD_BYTES = 64 * 1024
"""Bytes kept of an item that is too large."""

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


def items(
    paths: Sequence[str],
    *,
    max_item_bytes: int,
    received_at: Callable[[], datetime],
    provider: str | None = None,
) -> Iterator[Item]:
    """Read the items at ``paths``: files, folders and `STDIN`; see `items_of`.

    Args:
        paths: as a person gave them.
        max_item_bytes: see `items_of`.
        received_at: see `items_of`.
        provider: the feed all items belong to; without it, items in a subfolder of a given folder
            belong to the feed the subfolder is named after.

    Yields:
        Each item.
    """
    return items_of(sources(paths), max_item_bytes=max_item_bytes, received_at=received_at, provider=provider)


def items_of(
    found: Iterable[Source],
    *,
    max_item_bytes: int,
    received_at: Callable[[], datetime],
    provider: str | None = None,
) -> Iterator[Item]:
    """Read the item of each source. No more than one is held at a time.

    Args:
        found: the sources.
        max_item_bytes: bytes of the largest item that is taken.
        received_at: tells the time, with its zone, at which an item is received.
        provider: the feed all items belong to, whatever their source says.

    Yields:
        Each item. What can't be read or is too large comes as an item with its error.
    """
    for source in found:
        hints = Hints(
            source=identity(source.path),
            received_at=received_at(),
            content_type=content_type(source.path),
            provider=provider or source.provider,
        )
        yield _read(source.path, hints, max_item_bytes)


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
