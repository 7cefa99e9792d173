"""Lists of articles on a terminal. Nothing from a feed is interpreted: neither markup nor control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from pipeline.searching.duplicates import told
from pipeline.searching.facets import Facet
from pipeline.searching.language import QueryError
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit, Statement

LABEL_STYLES = {"favor": "green", "against": "red", "neutral": "yellow"}
"""The colour of each label, wherever statements are shown."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FACET_COLUMNS = 10
_SHOWN_NAMES = 4
_SHOWN_KEYPHRASES = 5
_SUMMARY_LENGTH = 400


def safe(text: str) -> str:
    """Text in which control characters, ANSI escapes among them, are made visible."""
    return _CONTROL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Text on one line, safe for a terminal."""
    return safe(" ".join(text.split()))


class Indented:
    """Text whose lines all begin so many columns to the right, with something before the first of them."""

    def __init__(self, text: Text, columns: int, before: Text | None = None) -> None:
        self._text = text
        self._columns = columns
        self._before = before or Text()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, wrapped to what the indentation leaves of the width."""
        width = max(1, options.max_width - self._columns)
        for number, line in enumerate(self._text.wrap(console, width)):
            start = Text().append_text(self._before) if number == 0 else Text()
            start.pad_right(self._columns - start.cell_len)
            line.rstrip()
            yield start.append_text(line)


def label_text(label: str) -> Text:
    """The label of a statement in its colour."""
    return Text(one_line(label), style=LABEL_STYLES.get(label, ""))


def results(found: Found, *, first: bool = True) -> RenderableType:
    """A list of hits, readable by a person; ``first`` tells whether it is the first page."""
    if not found.hits:
        return Text("nothing found" if first else "nothing more")
    count = f"{found.total:,} article{'s' if found.total != 1 else ''}"
    listed = found.total if found.stories is None else found.stories
    if listed < found.total:
        count += f" in {listed:,} {'stories' if listed != 1 else 'story'}"
    shown = f", {'the first' if first else 'these are'} {len(found.hits)}" if listed > len(found.hits) else ""
    return Group(*(_hit(hit) for hit in found.hits), *_facets(found.facets), Text(count + shown, style="bold"))


def pointed(error: QueryError) -> str:
    """What is wrong with a query, and under the query itself where."""
    before, what = (
        safe(error.text[slice(*part)]) for part in ((0, error.place.start), (error.place.start, error.place.end))
    )
    # Letters may be wider than one column; what is missing at the end is pointed at, too.
    marks = " " * cell_len(before) + "^" * max(1, cell_len(what))
    return f"{error}\n  {safe(error.text)}\n  {marks}"


def _facets(facets: Sequence[Facet]) -> Iterator[RenderableType]:
    """One line a facet: each value with the number of articles that have it."""
    for facet in facets:
        entries = [Text.assemble(one_line(entry.name), (f" {entry.articles:,}", "dim")) for entry in facet.entries]
        yield Indented(Text(" · ").join(entries), _FACET_COLUMNS, Text(facet.name, style="bold"))
    if facets:
        yield Text()


def _hit(hit: Hit) -> RenderableType:
    source = hit.source
    headline = (source.get("headline") or [source.get("text", "")[:80]])[0]
    about = [source.get("storyDate"), source.get("wire", {}).get("provider"), source.get("located")]
    change = source.get("wire", {}).get("change")
    about += [change] if change else []
    lines = [Text(one_line(" · ".join(str(part) for part in about if part)), style="dim")]
    lines += [Text.assemble(("… ", "dim"), _marked(fragment), (" …", "dim")) for fragment in hit.fragments]
    lines += [_statement(statement) for statement in hit.statements]
    # The words around what was asked for say more than a summary does.
    if not hit.fragments and not hit.statements and (summary := source.get("summary")):
        lines.append(Text(safe(shorten(summary, _SUMMARY_LENGTH, placeholder=" …"))))
    lines += [_who_and_what(source), Text(one_line(told(hit.copies))), Text(safe(source["uri"]), style="dim")]
    return Group(Text(one_line(headline), style="bold"), *(Indented(line, 2) for line in lines if line), Text())


def _statement(statement: Statement) -> Text:
    """Who is for or against whom, in which words."""
    who = f"  {one_line(statement.holder)} → {one_line(statement.target)}: "
    return Text.assemble(label_text(statement.label), (who, "bold"), one_line(statement.evidence))


def _marked(fragment: str) -> Text:
    text = Text()
    for number, piece in enumerate(re.split(f"[{MARK_BEGIN}{MARK_END}]", fragment)):
        text.append(safe(piece).replace("\n", " "), style="reverse" if number % 2 else "")
    return text


def _who_and_what(source: dict[str, Any]) -> Text:
    """The first names of each kind, and the keyphrases that say something else."""
    entities = source.get("entities", {})
    names = ", ".join(name for kind in ("person", "org", "place") for name in entities.get(kind, [])[:_SHOWN_NAMES])
    told = names.casefold()
    keyphrases = [phrase for phrase in source.get("keyphrases", []) if phrase.casefold() not in told]
    parts = [(one_line(names), "cyan"), (one_line(", ".join(keyphrases[:_SHOWN_KEYPHRASES])), "dim")]
    return Text(" · ").join(Text(words, style=style) for words, style in parts if words)
