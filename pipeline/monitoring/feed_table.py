"""The table of feeds a person reads: the most unusual silence first."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import UTC, datetime

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.monitoring.feeds import FeedSilence, FeedStatus
from pipeline.monitoring.table import duration

MOST_SHOWN = 20
"""Feeds that are shown; of the others it is said how many there are."""

_STYLES = {FeedStatus.SILENT: "bold red", FeedStatus.OK: "green", FeedStatus.LEARNING: "dim"}
_FROM_WORST = tuple(_STYLES)


def feed_table(feeds: Collection[FeedSilence]) -> Table:
    """How long each feed has been silent, and from when on that is unusual; silent feeds first, then the longest."""
    ordered = sorted(feeds, key=lambda feed: (_FROM_WORST.index(feed.status), -feed.seconds, feed.feed))
    rest = len(ordered) - MOST_SHOWN
    table = Table(
        title="Feeds",
        caption=f"and {rest} more" if rest > 0 else None,
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("Feed", overflow="fold")
    for name in ("Last item (UTC)", "Silent for", "Unusual after"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for feed in ordered[:MOST_SHOWN]:
        known = feed.expected is not None and math.isfinite(feed.expected)
        table.add_row(
            Text(feed.feed),
            f"{datetime.fromtimestamp(feed.last_at, UTC):%Y-%m-%d %H:%M}",
            duration(feed.seconds),
            duration(feed.expected) if known else "",
            Text(feed.status.value, style=_STYLES[feed.status]),
        )
    return table
