"""Tables of who is for or against whom, on a terminal. Nothing from a feed is interpreted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.searching.display import LABEL_STYLES, Indented, label_text, one_line
from pipeline.searching.fields import LABELS
from pipeline.searching.stances import Pair, Stances, Trend

_NUMBER_COLUMNS = {"favor": 5, "against": 7, "neutral": 7, "articles": 8, "newest": 10}
"""The columns beside the names, each with its width."""


def who_is_against_whom(stances: Stances) -> RenderableType:
    """Pairs of holder and target with their counts, each with one sentence as evidence; then the trend, if any."""
    if not stances.pairs:
        return Text("no statements found")
    statements = f"{stances.statements:,} statement{'s' if stances.statements != 1 else ''}"
    pairs = f"{stances.pairs_in_all:,} pair{'s' if stances.pairs_in_all != 1 else ''}"
    shown = f", the first {len(stances.pairs)}" if stances.pairs_in_all > len(stances.pairs) else ""
    parts: list[RenderableType] = [_columns(headings=True)]
    for pair in stances.pairs:
        parts += _rows(pair)
    parts.append(Text(f"{statements} by {pairs}{shown}", style="bold"))
    if stances.trend:
        parts += [Text(), _trend(stances.trend)]
    return Group(*parts)


def stances_as_json(stances: Stances) -> Iterator[dict[str, Any]]:
    """One object a pair; then one with the trend, if any."""
    for pair in stances.pairs:
        yield {
            "holder": {"name": pair.holder.name, "key": pair.holder.key},
            "target": {"name": pair.target.name, "key": pair.target.key},
            **pair.counts,
            "articles": pair.articles,
            "newest": pair.newest.isoformat(),
            "evidence": {
                "text": pair.evidence.text,
                "label": pair.evidence.label,
                "uri": pair.evidence.uri,
                "storyDate": pair.evidence.day.isoformat(),
            },
        }
    if stances.trend:
        periods = [{"from": period.start.isoformat(), **period.counts} for period in stances.trend.periods]
        yield {"trend": {"interval": stances.trend.interval, "periods": periods}}


def _rows(pair: Pair) -> Iterator[RenderableType]:
    """A row of the table, and under it, on the whole width, the evidence and where it stands."""
    row = _columns()
    counts = [Text(str(pair.counts[label] or ""), style=LABEL_STYLES[label]) for label in LABELS]
    holder, target = (Text(one_line(party.name), style="bold") for party in (pair.holder, pair.target))
    row.add_row(holder, target, *counts, str(pair.articles), pair.newest.isoformat())
    yield row
    evidence = pair.evidence
    yield Indented(Text.assemble(label_text(evidence.label), f": {one_line(evidence.text)}"), 2)
    yield Indented(Text(f"{evidence.day} · {one_line(evidence.uri)}", style="dim"), 2)
    yield Text()


def _columns(*, headings: bool = False) -> Table:
    """The columns of the table, of the same widths each time, for one row or for the headings."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=True, show_header=headings)
    table.header_style = "bold underline"
    for name in ("holder", "target"):
        table.add_column(name, ratio=1, overflow="fold")
    for name, width in _NUMBER_COLUMNS.items():
        table.add_column(name, width=width, justify="left" if name == "newest" else "right", no_wrap=True)
    return table


def _trend(trend: Trend) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold underline")
    table.add_column({"day": "day", "week": "week from", "month": "month"}[trend.interval])
    for label in LABELS:
        table.add_column(label, justify="right")
    for period in trend.periods:
        start = f"{period.start:%Y-%m}" if trend.interval == "month" else period.start.isoformat()
        table.add_row(start, *(Text(str(period.counts[label] or ""), style=LABEL_STYLES[label]) for label in LABELS))
    return table
