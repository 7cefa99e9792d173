"""The measured scores, written into docs/model.md between two marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.errors import Fatal
from training.model_card import score_tables

BEGIN, END = "<!-- scores: begin, written by python -m training -->", "<!-- scores: end -->"


def write_scores(page: Path, meta: dict[str, Any]) -> None:
    """Replace what stands between the marks by the scores in the meta.

    Raises:
        Fatal: the page lacks the marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise Fatal(f"{page} has no place for the scores", f"put the lines {BEGIN!r} and {END!r} into it")
    page.write_text(f"{before}{begin}\n{score_tables(meta)}{end}{after}", encoding="utf-8")
