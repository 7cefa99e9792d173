"""`wire stance --pairs`: who is for or against whom, for pairs that are given; no services needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.printing import printable
from pipeline.config import load_settings
from pipeline.errors import Misconfigured, Poison

if TYPE_CHECKING:
    from pipeline.enrichment.stances.labelling import GivenPair

LONGEST_LINE = 200_000
"""Bytes of a line; a longer one is no pair."""


@dataclass
class _Lines:
    """The pairs of a file; lines that hold none are named on stderr and counted."""

    path: Path
    failed: int = 0

    def __iter__(self) -> Iterator[GivenPair]:
        from pipeline.enrichment.stances.labelling import GivenPair

        with sys.stdin.buffer if str(self.path) == "-" else self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    if len(line) > LONGEST_LINE:
                        raise Poison(f"the line has {len(line):,} bytes", "split the text", cause="too-large")
                    yield GivenPair.from_json(line)
                except Poison as bad:
                    self.failed += 1
                    print(f"wire: {printable(f'{self.path}, line {number}: {bad}')}", file=sys.stderr)


def stance(
    pairs: Annotated[
        Path,
        typer.Option(
            help='a file of pairs, "-" for stdin; a line each: {"text": "...", "holder": [start, end], '
            '"target": [start, end]}, offsets in code points'
        ),
    ],
) -> None:
    """Label given pairs: is the holder for or against the target; write one label a line, in order."""
    from pipeline.enrichment.stances.labelling import PairLabeller

    if str(pairs) != "-" and not pairs.is_file():
        raise Misconfigured(f"{pairs} is no file", "name a file with a pair a line, or - for stdin")
    lines = _Lines(pairs)
    for one in PairLabeller(load_settings().enrichment).label(lines):
        told = {"label": one.label, "confidence": one.confidence, "cue": one.cue, "decidedBy": list(one.decided_by)}
        print(json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False))
    if lines.failed:
        raise typer.Exit(1)
