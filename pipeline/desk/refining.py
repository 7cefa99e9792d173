"""Queries changed by a click: a condition more, or one less, written as it would be typed."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.searching.conditions import asked
from pipeline.searching.fields import STATEMENT_FIELDS, FieldTable
from pipeline.searching.language import QueryError, parse
from pipeline.searching.syntax import All, Condition, Node, Phrase, Value, Word, written

_PLAIN = re.compile(r"[^\W_]+")
_MEANT = re.compile(r"did you mean (\w+)\?")


def conditions(words: str) -> list[Condition]:
    """The conditions that all articles found must fulfil, as the query has them.

    Raises:
        QueryError: the query can't be meant.
    """
    return [one for one in _nodes(words) if isinstance(one, Condition)]


def narrowed(words: str, *more: Condition) -> str | None:
    """The query with conditions more; None where they can't stand beside what it says of a statement.

    Raises:
        QueryError: the query can't be meant by itself.
    """
    node = All((*_nodes(words), *more))
    said = written(node)
    if any(one.name in STATEMENT_FIELDS for one in more):
        try:
            asked(node, said)
        except QueryError:
            return None
    return said


def without(words: str, condition: Condition) -> str:
    """The query without one of its `conditions`.

    Raises:
        QueryError: the query can't be meant.
    """
    return written(All(tuple(one for one in _nodes(words) if one != condition)))


def dated(words: str, since: str, until: str) -> str:
    """The query for these days (``YYYY-MM-DD``, both included) instead of its own.

    Raises:
        QueryError: the query can't be meant.
    """
    bounds = (Condition("from", (Word(since),)), Condition("to", (Word(until),)))
    others = (one for one in _nodes(words) if not (isinstance(one, Condition) and one.name in {"from", "to"}))
    return written(All((*others, *bounds)))


def condition(name: str, value: str) -> Condition:
    """A field and one value."""
    return Condition(name, (_value(value),))


def query(**values: str) -> str:
    """A query of nothing but conditions."""
    return written(All(tuple(condition(name, value) for name, value in values.items())))


def same(one: Condition, name: str, values: Collection[str]) -> bool:
    """Whether a condition asks for one of these values, in any case and however spaced."""
    known = {" ".join(value.casefold().split()) for value in values}
    return one.name == name and len(one.values) == 1 and one.values[0].text.casefold() in known


def put_right(error: QueryError) -> str | None:
    """The query with the field that was meant instead of an unknown one, if the error knows it."""
    meant = _MEANT.search(error.explanation)
    if not meant:
        return None
    return error.text[: error.place.start] + meant[1] + error.text[error.place.end :]


def _nodes(words: str) -> tuple[Node, ...]:
    typed = parse(words, FieldTable())
    return typed.nodes if isinstance(typed, All) else (typed,)


def _value(text: str) -> Value:
    return Word(text) if _PLAIN.fullmatch(text) else Phrase(" ".join(text.split()))
