"""The words of stance, read from ``configs/language/stances.toml``, which tells what each table means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipeline.config import configs_dir

Side = Literal["favor", "against"]

OTHER: Mapping[Side, Side] = {"favor": "against", "against": "favor"}


@dataclass(frozen=True)
class CueClass:
    """A class of cues.

    Attributes:
        name: after its event class in PLOVER (Halterman et al., 2023).
        label: what its words mean for the target.
        certainty: how sure a reading by these words alone is where the target is an entity, 0 to 1.
        of_phrases: the same where the target is none.
        prepositions: what joins its nouns to their target.
        mutual: whether "X and Y" as the subject are each other's target.
    """

    name: str
    label: Side
    certainty: float
    of_phrases: float
    prepositions: frozenset[str]
    mutual: bool = False


@dataclass(frozen=True)
class Lexicon:
    """All the tables, by lemma.

    Attributes:
        verbs: verbs whose object is the target.
        phrases: for each verb its particles and prepositions ("out at") with what they make of it.
        clauses: verbs whose complement is the target.
        nouns: nouns with a holder and a target of their own.
        people: nouns for who holds a stance.
        adjectives: for each adjective its prepositions.
        stands: for each noun what stands before and after it ("in favour of").
        judgements: words of judgement.
        words: the other tables as sets, by ``table.key``.
    """

    verbs: Mapping[str, CueClass]
    phrases: Mapping[str, Mapping[tuple[str, ...], CueClass]]
    clauses: Mapping[str, CueClass]
    nouns: Mapping[str, CueClass]
    people: Mapping[str, CueClass]
    adjectives: Mapping[str, Mapping[str, CueClass]]
    stands: Mapping[str, list[tuple[str, str, CueClass]]]
    judgements: Mapping[str, Side]
    words: Mapping[str, frozenset[str]]


@cache
def lexicon(path: Path | None = None) -> Lexicon:
    """Read the tables.

    Args:
        path: another file of the same form; default: the one in ``configs/language``.
    """
    table = tomllib.loads((path or configs_dir() / "language" / "stances.toml").read_text("utf-8"))
    classes = table.pop("class")
    judgements: dict[str, Side] = {}
    for side in OTHER:
        judgements |= dict.fromkeys(table["judgements"][side].split(), side)
    found = Lexicon({}, {}, {}, {}, {}, {}, {}, judgements, dict(_sets(table)))
    for name, one in classes.items():
        _add(found, one, _cue_class(name, one))
    return found


def _cue_class(name: str, one: Mapping[str, Any]) -> CueClass:
    certainty = one["certainty"]
    prepositions = frozenset(one.get("prepositions", "").split())
    return CueClass(
        name, one["label"], certainty, one.get("of_phrases", certainty), prepositions, one.get("mutual", False)
    )


def _sets(table: Mapping[str, Any]) -> list[tuple[str, frozenset[str]]]:
    return [
        (f"{name}.{key}", frozenset(words.split()))
        for name, keys in table.items()
        if name != "judgements"
        for key, words in keys.items()
    ]


def _add(found: Lexicon, one: Mapping[str, Any], cue: CueClass) -> None:
    """Add the words of one class to the tables."""
    tables: Any = found
    for kind in ("verbs", "clauses", "nouns", "people"):
        getattr(tables, kind).update(dict.fromkeys(one.get(kind, "").split(), cue))
    for phrase in one.get("phrases", ()):
        verb, *rest = phrase.split()
        tables.phrases.setdefault(verb, {})[tuple(rest)] = cue
    for phrase in one.get("adjectives", ()):
        adjective, preposition = phrase.rsplit(" ", 1)
        tables.adjectives.setdefault(adjective, {})[preposition] = cue
    for phrase in one.get("stands", ()):
        before, noun, after = phrase.split()
        tables.stands.setdefault(noun, []).append((before, after, cue))
