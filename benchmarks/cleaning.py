"""Reading and cleaning alone: articles a second of one process.

python -m benchmarks.cleaning --corpus FOLDER
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from pipeline import cleaning, formats
from pipeline.errors import Poison
from pipeline.headers import Hints

ROUNDS = 3
WANTED = 300
"""Articles a second that cleaning is to reach at least: far more than any enrichment behind it."""


def main() -> None:
    """Clean a corpus of files several times, and print the rate of the fastest round."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    corpus = parser.parse_args().corpus
    received = datetime.now(UTC)
    items = [(path.read_bytes(), Hints(str(path), received)) for path in sorted(corpus.glob("*.txt"))]
    seconds = min(_round(items) for _ in range(ROUNDS))
    size = sum(len(data) for data, _ in items)
    rate = len(items) / seconds
    print(
        f"cleaning: {rate:.0f} articles/s ({size / seconds / 1e6:.1f} MB/s) in one process, "
        f"{len(items)} articles, best of {ROUNDS}; {rate / WANTED:.2f} of the {WANTED} wanted"
    )


def _round(items: list[tuple[bytes, Hints]]) -> float:
    begun = time.process_time()
    for data, hints in items:
        try:
            for reading in formats.read(data, hints):
                if not isinstance(reading, Poison):
                    cleaning.clean(reading).to_json()
        except Poison:
            continue
    return time.process_time() - begun


if __name__ == "__main__":
    main()
