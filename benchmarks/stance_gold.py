"""The hand-labelled samples of stance (`benchmarks/gold/README.md`), their places in cleaned articles.

The files hold offsets into raw articles of the news corpus and not one of their words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.alignment import Alignment, Place

SENTENCES = Path(__file__).parent / "gold" / "stance_sentences.jsonl"
ARTICLES = Path(__file__).parent / "gold" / "stance_articles.jsonl"


@dataclass(frozen=True, slots=True)
class Side:
    """A holder or target: its words and, where the article has a name for it, that name; None: cleaning lost it."""

    words: Place | None
    name: Place | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is for or against what."""

    holder: Side
    target: Side
    label: str


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """A statement: each of its readings is right; the first is the annotator's own.

    Attributes:
        readings: at least one.
        stratum: what its sentence was drawn from.
        optional: never; all that is labelled is wanted.
    """

    readings: tuple[Reading, ...]
    stratum: str = ""
    optional: bool = False

    @property
    def label(self) -> str:
        """That of the annotator's own reading."""
        return self.readings[0].label


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence that was read, with all its statements; None as its place: cleaning lost it."""

    at: Place | None
    stratum: str
    statements: tuple[GoldStatement, ...]


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a sample, by the file they annotate."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["file"], []).append(row)
    return found


def sentence(row: Mapping[str, Any], alignment: Alignment) -> GoldSentence:
    """A row of `SENTENCES`."""
    statements = tuple(
        GoldStatement(tuple(_readings(one, alignment)), row["stratum"]) for one in row["statements"]
    )  # fmt: skip
    return GoldSentence(_place([row["start"], row["end"]], alignment), row["stratum"], statements)


def triples(row: Mapping[str, Any], alignment: Alignment) -> list[GoldStatement]:
    """A row of `ARTICLES`: both sides are names."""
    found = []
    for one in row["triples"]:
        holder, target = (_place(one[name], alignment) for name in ("holder", "target"))
        found.append(GoldStatement((Reading(Side(holder, holder), Side(target, target), one["label"]),)))
    return found


def _readings(one: Mapping[str, Any], alignment: Alignment) -> Iterator[Reading]:
    yield _reading(one, alignment)
    for other in one.get("alternatives", ()):
        # A name belongs to the words it was given with.
        kept = {key: value for key, value in one.items() if key.removesuffix("Name") not in other}
        yield _reading({**kept, **other}, alignment)


def _reading(one: Mapping[str, Any], alignment: Alignment) -> Reading:
    holder, target = (
        Side(_place(one[name], alignment), _place(one.get(f"{name}Name"), alignment)) for name in ("holder", "target")
    )
    return Reading(holder, target, one["label"])


def _place(raw: list[int] | None, alignment: Alignment) -> Place | None:
    if raw is None:
        return None
    try:
        return alignment.place(raw[0], raw[1])
    except ValueError:
        return None
