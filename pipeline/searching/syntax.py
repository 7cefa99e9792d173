"""A query of the desk's language as a tree, and a tree as it would be typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CHUNK = re.compile(r"[^\s()|\"“”„«»]+")
"""A word, or a field and its value: what ends at white space, a parenthesis, a bar or a quote."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the query, in characters; it makes no difference to what is meant."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One word; with ``begins`` all words that begin like it."""

    text: str
    begins: bool = False
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order."""

    text: str
    place: Place = field(default=Place(), compare=False)


Value = Word | Phrase


@dataclass(frozen=True, slots=True)
class Condition:
    """A field has one of these values; ``name`` is the field's own, whatever it was called."""

    name: str
    values: tuple[Value, ...]
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Without:
    """Not this."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """All of these; of none of them everything."""

    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of these at least."""

    nodes: tuple[Node, ...]


Node = Value | Condition | Without | All | Either


def written(node: Node, *, inside: bool = False) -> str:
    """A query as it would be typed: `parse` makes the same tree of it."""
    if isinstance(node, Word):
        return _quoted(node.text) if _special(node.text) else node.text + "*" * node.begins
    if isinstance(node, Phrase):
        return _quoted(node.text)
    if isinstance(node, Condition):
        values = [written_value(value) for value in node.values]
        return f"{node.name}:{values[0] if len(values) == 1 else '(' + ' OR '.join(values) + ')'}"
    if isinstance(node, Without):
        return f"-{written(node.node, inside=True)}"
    joint = " " if isinstance(node, All) else " OR "
    parts = [written(one, inside=not (isinstance(node, Either) and isinstance(one, All))) for one in node.nodes]
    return f"({joint.join(parts)})" if inside else joint.join(parts)


def written_value(value: Value) -> str:
    """A value as it would be typed after its field's colon."""
    if isinstance(value, Phrase) or not CHUNK.fullmatch(value.text):
        return _quoted(value.text)
    return value.text + "*" * value.begins


def _quoted(text: str) -> str:
    return '"' + re.sub(r"[\\\"”“]", r"\\\g<0>", text) + '"'


def _special(text: str) -> bool:
    """Whether a word would be read as something else."""
    return text in {"AND", "OR", "NOT"} or not CHUNK.fullmatch(text)
