"""Files in folders, in an order that is always the same, so that a walk can go on where another one ended.

First a folder's files in the order of their names, then its subfolders. Of a large folder the names are taken in
runs, each of the next names in order: memory is bounded by a run, whatever the folder holds. Hidden files, Markdown
files (documentation beside the articles) and unfinished transfers are not articles; a file that is named itself is
always taken. Links to files are followed, links to folders are not.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

STDIN = "-"
RUN = 100_000
"""Names of a folder that are held at once; each run of so many looks through the folder anew."""

_NOT_ARTICLES = (".md", ".part", ".partial", ".filepart", ".tmp", "~")


class Place(NamedTuple):
    """Where a file stands in a walk.

    Attributes:
        root: the number of the path, as given, that it was found under, from 0.
        names: the names on the way down from there, its own the last; none for a path that is itself a file.
    """

    root: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, or `STDIN`, its place in the walk, and the feed it belongs to, where its folder says so."""

    path: str
    place: Place
    provider: str | None = None


def sources(paths: Sequence[str], after: Place | None = None) -> Iterator[Source]:
    """The files at ``paths``, without opening them. A path that does not exist is among them.

    Args:
        paths: files, folders and `STDIN`.
        after: only what comes after this place, which need not exist any more.
    """
    for root, path in enumerate(paths):
        if after and root < after.root:
            continue
        names = after.names if after and root == after.root else None
        if path != STDIN and Path(path).is_dir():
            yield from _walk(path, Place(root, ()), names or (), provider=None)
        elif names is None:
            yield Source(path, Place(root, ()))


def count(paths: Sequence[str]) -> int:
    """How many files `sources` finds; it holds no names, and is several times as fast."""
    found = 0
    folders = [path for path in paths if path != STDIN and Path(path).is_dir()]
    found += len(paths) - len(folders)
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    found += is_article(entry)
                    if is_subfolder(entry):
                        folders.append(entry.path)
        except OSError:
            found += 1  # it comes as a source that can't be read
    return found


def is_article(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder is a file to be fed."""
    return not entry.name.startswith(".") and not entry.name.lower().endswith(_NOT_ARTICLES) and entry.is_file()


def is_subfolder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder is a folder to be walked."""
    return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)


def feed_name(subfolder: str) -> str | None:
    """The feed a subfolder is named after; a folder such as 2024/ sorts a feed by date and names none."""
    return subfolder if any(map(str.isalpha, subfolder)) else None


def _walk(folder: str, place: Place, after: tuple[str, ...], *, provider: str | None) -> Iterator[Source]:
    """What comes after the names ``after`` in a folder; with one name left it is a file's, else a subfolder's first."""
    past_files = len(after) > 1
    try:
        if not past_files:
            for name in _names(folder, is_article, lambda name: not after or name > after[0]):
                yield Source(os.path.join(folder, name), _below(place, name), provider)  # noqa: PTH118 - for speed
        for name in _names(folder, is_subfolder, lambda name: not past_files or name >= after[0]):
            inside = after[1:] if past_files and name == after[0] else ()
            feed = provider if place.names else feed_name(name)
            yield from _walk(os.path.join(folder, name), _below(place, name), inside, provider=feed)  # noqa: PTH118
    except OSError:
        # Reading it as a file names the same problem; its place is the one before its first file.
        yield Source(folder, _below(place, ""), provider)


def _below(place: Place, name: str) -> Place:
    return Place(place.root, (*place.names, name))


def _names(folder: str, wanted: Callable[[os.DirEntry[str]], bool], begin: Callable[[str], bool]) -> Iterator[str]:
    """The names of a folder's wanted entries from where ``begin`` says yes, in order, a run at a time."""
    last = ""
    while True:
        with os.scandir(folder) as entries:
            names = (one.name for one in entries if one.name > last and begin(one.name) and wanted(one))
            run = heapq.nsmallest(RUN, names)
        yield from run
        if len(run) < RUN:
            return
        last = run[-1]
