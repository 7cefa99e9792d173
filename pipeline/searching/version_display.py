"""The versions of a story on a terminal: what came when, what it did, and the words that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.searching.display import one_line
from pipeline.searching.versions import Piece, Told, changed_paragraphs, changes

_MARKS = {"added": ("{+", "+}", "bold green"), "removed": ("[-", "-]", "red strike")}
"""How words are marked, so that it can be read without colour: as `wdiff` does."""


def versions(told: Sequence[Told]) -> RenderableType:
    """A table of all versions, oldest first, and what changed from each to the next that can be read."""
    parts: list[RenderableType] = [_table(told), Text()]
    for number, one in enumerate(told, 1):
        if found := _before(told, number - 1):
            earlier, before = found
            parts += [Text(f"from {earlier + 1} to {number}", style="bold"), *_difference(before, one), Text()]
    return Group(*parts)


def _before(told: Sequence[Told], place: int) -> tuple[int, Told] | None:
    """The last version before one that can be read and tells the same part of the story, with its place."""
    one = told[place].version
    if not one.text:
        return None
    same = ((p, told[p]) for p in range(place - 1, -1, -1) if told[p].version.text and told[p].version.take == one.take)
    return next(same, None)


def as_json(told: Sequence[Told]) -> Iterator[dict[str, Any]]:
    """One object a version; with its words, where it has not been killed, and what changed since the one before
    (of a story sent in takes, since the one before of the same take).

    ``changes`` has the pieces of the text in order, each with ``same``, ``added`` or ``removed`` and its words.
    """
    for number, one in enumerate(told, 1):
        version = one.version
        fields = {
            "number": number,
            "uri": version.uri,
            "version": version.revision,
            "sent": datetime.fromtimestamp(version.sent, UTC).isoformat(),
            "change": version.kind,
            "take": version.take,
            "reason": version.reason,
            "state": one.state,
            "supersededBy": one.standing.superseded_by,
        }
        fields |= {"headline": version.headline, "text": version.text}
        if version.text and (found := _before(told, number - 1)):
            fields["changes"] = [list(piece) for piece in changes(found[1].version.text or "", version.text)]
        yield {name: value for name, value in fields.items() if value is not None}


def _table(told: Sequence[Told]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold underline")
    for heading in ("", "sent (UTC)", "version", "change", "state", "headline, and why it was sent"):
        table.add_column(heading, overflow="fold")
    several = len({one.version.uri for one in told}) > 1
    for number, one in enumerate(told, 1):
        version = one.version
        take = f"take {version.take}" if version.take else ""
        change = " ".join(filter(None, [version.kind, str(version.number or ""), take]))
        words = [version.headline or "", f"({version.reason})" if version.reason else ""]
        words += [version.uri] if several else []
        table.add_row(
            str(number),
            f"{datetime.fromtimestamp(version.sent, UTC):%Y-%m-%d %H:%M}",
            one_line(version.revision or ""),
            change,
            one.state,
            "\n".join(one_line(part) for part in words if part),
        )
    return table


def _difference(before: Told, after: Told) -> Iterator[RenderableType]:
    old, new = before.version, after.version
    paragraphs = [
        *changed_paragraphs(changes(old.headline or "", new.headline or "")),
        *changed_paragraphs(changes(old.text or "", new.text or "")),
    ]
    if not paragraphs:
        yield Text("  no word changed", style="dim")
    for paragraph in paragraphs:
        yield _marked(paragraph)


def _marked(paragraph: Sequence[Piece]) -> Text:
    text = Text("  ")
    for kind, words in paragraph:
        said = one_line(words)
        space = " " if kind == "removed" or words[-1:].isspace() else ""
        if kind == "same":
            text.append(said + space)
        else:
            begin, end, style = _MARKS[kind]
            text.append(f"{begin}{said}{end}", style=style)
            text.append(space)
    return text
