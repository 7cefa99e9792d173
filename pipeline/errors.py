"""What can go wrong, as a tree: the class of an error alone decides what happens to the item.

    WireError
    ├── Poison      this item can never pass: to the dead letters, with its cause; the rest goes on
    ├── Transient   the same item may pass later: retried in place, never skipped
    └── Fatal       this process must not go on: it crashes and commits nothing
        ├── Misconfigured       wrong settings or arguments: exit code 2
        └── ServiceUnreachable  a service does not answer: exit code 3

Every message says what happened, why, and what to do about it.
"""

from __future__ import annotations

import traceback


class WireError(Exception):
    """Base of every error this project raises on purpose.

    Args:
        what: what happened and why, one sentence, without a full stop at its end.
        todo: what the reader can do about it, if anything.
    """

    def __init__(self, what: str, todo: str | None = None) -> None:
        super().__init__(what, todo)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what}; {self.todo}" if self.todo else self.what


class Poison(WireError):
    """An item that can never be processed as it is (malformed, too large, kills its process).

    Args:
        what: see `WireError`.
        todo: see `WireError`.
        cause: a short stable code for counting dead letters by cause, for example
            ``empty``, ``too-large``, ``not-an-article``; lower case with hyphens.
    """

    def __init__(self, what: str, todo: str | None = None, *, cause: str) -> None:
        super().__init__(what, todo)
        self.cause = cause

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions pickle by their args; the keyword-only cause must cross process borders too.
        return _poison, (self.what, self.todo, self.cause)


def defect(error: Exception) -> Poison:
    """What one item shows to be wrong with our own code, as its cause of death: the feed goes on without it."""
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({where[0].name}, line {where[0].lineno})" if where else ""
    return Poison(
        f"a defect in the pipeline: {type(error).__name__}: {error}{place}",
        "report it with this item; replay the dead letter when it is mended",
        cause="defect",
    )


def _poison(what: str, todo: str | None, cause: str) -> Poison:
    return Poison(what, todo, cause=cause)


class Transient(WireError):
    """A failure that passes by itself (a broker restarting, Elasticsearch answering 429)."""


class Fatal(WireError):
    """A failure no retry mends (wrong credentials, a missing model): the process ends, uncommitted."""


class Misconfigured(Fatal):
    """The settings or the command's arguments are wrong; the command line exits with 2."""


class ServiceUnreachable(Fatal):
    """A service the command needs does not answer; the command line exits with 3."""
