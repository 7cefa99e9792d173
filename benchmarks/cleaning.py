"""Reading and cleaning alone: articles a second of one process, for each format.

python -m benchmarks.cleaning --corpus FOLDER...
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from pipeline import cleaning, formats
from pipeline.errors import Poison
from pipeline.headers import Hints

ROUNDS = 3
LEAST_SECONDS = 0.5
"""A round reads its items again until it has taken this long."""

WANTED = 300
"""Articles a second that reading and cleaning reach at least in every format: they must never be what is waited for."""

Items = list[tuple[bytes, Hints]]


def main() -> None:
    """Read and clean the files of folders, and print the rate of the fastest round; exit code 1 if one is below 300."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning", description=__doc__)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="folders of items")
    folders = parser.parse_args().corpus
    by_format = _by_format([path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()])
    print(f"{'format':<12}{'items':>7}{'articles':>10}{'kB each':>9}{'articles/s':>12}{'MB/s':>7}{'of 300':>8}")
    slow = []
    for form, items in sorted(by_format.items()):
        articles, rounds, seconds = min((_round(items) for _ in range(ROUNDS)), key=lambda one: one[2] / one[1])
        size = sum(len(data) for data, _ in items) * rounds
        rate = articles * rounds / seconds
        slow += [form] if rate < WANTED else []
        print(
            f"{form:<12}{len(items):>7}{articles:>10}{size / rounds / articles / 1000:>9.1f}{rate:>12,.0f}"
            f"{size / seconds / 1e6:>7.1f}{rate / WANTED:>8.1f}"
        )
    sys.exit(1 if slow else 0)


def _by_format(paths: list[Path]) -> dict[str, Items]:
    """The items that hold articles, by the format of the first."""
    found: dict[str, Items] = defaultdict(list)
    for path in paths:
        data, hints = path.read_bytes(), Hints(str(path), datetime.now(UTC))
        try:
            read = [one for one in formats.read(data, hints) if not isinstance(one, Poison)]
        except Poison:
            continue
        if read:
            found[read[0].wire.format].append((data, hints))
    return found


def _round(items: Items) -> tuple[int, int, float]:
    """How many articles the items hold, how often they were read, and what that took of the processor, in seconds."""
    begun = time.process_time()
    rounds = 0
    while time.process_time() - begun < LEAST_SECONDS:
        articles = sum(_cleaned(data, hints) for data, hints in items)
        rounds += 1
    return articles, rounds, time.process_time() - begun


def _cleaned(data: bytes, hints: Hints) -> int:
    articles = 0
    for reading in formats.read(data, hints):
        if not isinstance(reading, Poison):
            cleaning.clean(reading).to_json()
            articles += 1
    return articles


if __name__ == "__main__":
    main()
