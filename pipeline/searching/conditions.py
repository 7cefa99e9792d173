"""A query of the desk's language as Elasticsearch's: for articles, or for the documents of their statements.

Holder, target and label that stand side by side are of one statement, and so are those in parentheses beside them:
``holder:Macron (against:NATO OR against:Russia)`` asks for one statement by Macron. What is left out stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pipeline.searching.fields import FIELDS, LABELS, STATEMENT_FIELDS
from pipeline.searching.language import QueryError
from pipeline.searching.names import composed, party
from pipeline.searching.syntax import All, Condition, Either, Node, Phrase, Value, Without, Word
from pipeline.searching.words import ARTICLES, STATEMENTS, Searched, together, words

Query = dict[str, Any]

SAID = "said-"
"""What begins the names of the statements that come back with an article."""

SHOWN_STATEMENTS = 3
"""Statements of an article that come back with it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked of one statement."""

    holder: Sequence[Value] = ()
    target: Sequence[Value] = ()
    labels: Sequence[str] = ()


@dataclass(slots=True)
class Asked:
    """A query for Elasticsearch.

    Attributes:
        query: the query itself.
        words: whether it asks for words, so that one article can be better than another.
        pair: whether it asks for statements of one holder about one target.
        statements: each condition on a nested statement that articles are to have.
    """

    query: Query
    words: bool = False
    pair: bool = False
    statements: list[Query] = field(default_factory=list)


def asked(node: Node, text: str, of: Literal["articles", "statements"] = "articles") -> Asked:
    """Translate a query.

    Args:
        node: the query.
        text: what it was read from, for errors.
        of: what is searched.

    Raises:
        QueryError: it says of one statement what none can be.
    """
    translation = _Translation(text, of)
    made = Asked(translation.query(node, Said(), positive=True))
    made.words, made.statements = translation.words, translation.statements
    top = node if isinstance(node, All) else All((node,))
    names = {one.name for one in top.nodes if isinstance(one, Condition)}
    made.pair = "holder" in names and bool(names & {"target", *LABELS})
    return made


class _Translation:
    def __init__(self, text: str, of: Literal["articles", "statements"]) -> None:
        self._text = text
        self._nested = of == "articles"
        self._searched: Searched = ARTICLES if self._nested else STATEMENTS
        self.words = False
        self.statements: list[Query] = []

    def query(self, node: Node, outer: Said, *, positive: bool) -> Query:
        if isinstance(node, Either):
            either = [self.query(one, outer, positive=positive) for one in node.nodes]
            return {"bool": {"should": either, "minimum_should_match": 1}}
        return self._all(node.nodes if isinstance(node, All) else (node,), outer, positive=positive)

    def _all(self, nodes: Sequence[Node], outer: Said, *, positive: bool) -> Query:
        said = [one for one in nodes if isinstance(one, Word | Phrase)]
        conditions = [one for one in nodes if isinstance(one, Condition)]
        about, inner = self._about([one for one in conditions if one.name in STATEMENT_FIELDS], outer)
        must = list(words(said, self._searched, positive=positive))
        must += [self.query(one, inner, positive=positive) for one in nodes if isinstance(one, All | Either)]
        filters = [_condition(one) for one in conditions if one.name not in STATEMENT_FIELDS]
        filters += [self._statement(one, positive=positive) for one in about]
        left_out = [self.query(one.node, Said(), positive=False) for one in nodes if isinstance(one, Without)]
        self.words |= positive and bool(said)
        clauses: Mapping[str, list[Query]] = {
            "must": must or [{"match_all": {}}],
            "filter": filters,
            "must_not": left_out,
            "should": together(said, self._searched) if positive else [],
        }
        return {"bool": {name: clause for name, clause in clauses.items() if clause}}

    def _about(self, conditions: Sequence[Condition], outer: Said) -> tuple[list[Said], Said]:
        """The statements that conditions side by side ask for, and what groups beside them ask for, too."""
        pairs = [one for one in conditions if one.name in LABELS]
        sides: dict[str, Condition] = {}
        for one in conditions:
            if one.name not in LABELS:
                self._once(one, sides, pairs)
                sides[one.name] = one
        own: dict[str, Any] = {side: one.values for side, one in sides.items() if side != "label"}
        if "label" in sides:
            own["labels"] = [_label(value) for value in sides["label"].values]
        common = replace(outer, **own)
        about = [replace(common, target=pair.values, labels=[pair.name]) for pair in pairs]
        return about or ([common] if own else []), about[0] if len(about) == 1 else common

    def _once(self, one: Condition, sides: Mapping[str, Condition], pairs: Sequence[Condition]) -> None:
        if one.name in sides:
            what = f"a statement has one {one.name}; either of two is {one.name}:(A OR B), another statement "
            raise QueryError(f"{what}stands in parentheses", self._text, one.place)
        if pairs and one.name != "holder":
            what = f"{pairs[0].name}: says the label and the target of a statement; another one stands in parentheses"
            raise QueryError(what, self._text, one.place)

    def _statement(self, said: Said, *, positive: bool) -> Query:
        prefix = "stances." if self._nested else ""
        conditions = [
            _any([party(prefix + side, value.text, _begins(value)) for value in values])
            for side, values in (("holder", said.holder), ("target", said.target))
            if values
        ]
        if said.labels:
            conditions.append({"terms": {f"{prefix}label": list(said.labels)}})
        query: Query = {"bool": {"filter": conditions}}
        if not self._nested:
            return query
        nested: Query = {"path": "stances", "query": query, "ignore_unmapped": True}
        if positive:
            self.statements.append(query)
            nested["inner_hits"] = {"name": f"{SAID}{len(self.statements)}", "size": SHOWN_STATEMENTS}
        return {"nested": nested}


def _condition(one: Condition) -> Query:
    condition = FIELDS[one.name].condition
    return _any([condition(replace(value, text=composed(value.text))) for value in one.values])


def _label(value: Value) -> str:
    said = value.text.casefold()
    return "favor" if said == "for" else said


def _begins(value: Value) -> bool:
    return isinstance(value, Word) and value.begins


def _any(conditions: list[Query]) -> Query:
    return conditions[0] if len(conditions) == 1 else {"bool": {"should": conditions, "minimum_should_match": 1}}
