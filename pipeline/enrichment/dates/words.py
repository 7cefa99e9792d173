"""The words of dates, from ``configs/language/dates.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.config import configs_dir

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of the file, by the names they have there; all words in lower case."""

    days: dict[str, int]
    numbers: dict[str, int]
    not_a_weekday: frozenset[str]
    month: frozenset[str]
    firm: frozenset[str]
    year: frozenset[str]
    open: frozenset[str]
    scheduled: frozenset[str]
    intended: frozenset[str]
    signs: tuple[str, ...]


@cache
def words() -> Words:
    """The tables, read once a process."""
    with (configs_dir() / "language" / "dates.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    lists = {name: frozenset(given) for name, given in table["words"].items()}
    future = table["future"]
    return Words(
        days=table["days"],
        numbers=table["numbers"],
        scheduled=frozenset(future["scheduled"]),
        intended=frozenset(future["intended"]),
        signs=tuple(future["signs"]),
        **lists,
    )
