"""The query language: what a desk types, read into a tree of words, phrases and conditions.

    dam talks                  both words                 person:"Ada Lamont"      a field and its value
    "toll bridge"              a phrase                   label:(for OR against)   either value; also label:for|against
    -ferry  NOT ferry          without                    (dam OR river) -ferry    groups
    escal*                     words that begin so        dam OR river  dam | river    either

The grammar, in the notation of RFC 5234 (words without a rule are as in the examples)::

    query     = sequence *(("OR" / "|") sequence)
    sequence  = 1*(["-" / "NOT"] (group / condition / phrase / word))      ; all of them
    group     = "(" query ")"
    condition = name ":" (value *("|" value) / "(" values *(("OR" / "|") values) ")")

Operators are in capitals, as everywhere; what is not special is a plain word, and nothing of it reaches Elasticsearch's
own query syntax. What can't be meant is a `QueryError` that knows its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from rapidfuzz import process

from pipeline.errors import Misconfigured
from pipeline.searching.syntax import CHUNK, All, Condition, Either, Node, Phrase, Place, Value, Without, Word

LONGEST = 2000
"""Characters of a query: more than anybody types, and few enough for every tree that can be made of them."""

DEEPEST = 5
"""Parentheses within parentheses; Elasticsearch takes 30 queries within queries, and each of these is up to three."""

_ADDRESS = re.compile(r"(?:urn|tag|https?):\S", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z]+):")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?![^\s()|\"“”„«»])|\|")
_CLOSING = {'"': '"”“', "“": '"”“', "„": '"”“', "”": '"”', "«": "»", "»": "»«"}
_LIKE_ENOUGH = 70


class QueryError(Misconfigured):
    """A query that can't be meant, and where.

    Args:
        what: what is wrong and what would be right.
        text: the whole query.
        place: what of it is wrong; it may be its very end.
    """

    def __init__(self, what: str, text: str, place: Place) -> None:
        super().__init__(f"column {place.start + 1}: {what}")
        self.explanation = what
        self.text = text
        self.place = place


class Fields(Protocol):
    """What the language has to know of the fields that can be asked for."""

    @property
    def names(self) -> Mapping[str, str]:
        """Every name a field may be called by, with the field's own."""

    def example(self, name: str) -> str:
        """A value a field can have."""

    def check(self, name: str, value: str) -> None:
        """See that a field can have a value.

        Raises:
            ValueError: it can't; the message says what it can have.
        """


def parse(text: str, fields: Fields) -> Node:
    """Read a query.

    Raises:
        QueryError: it can't be meant.
    """
    if len(text) > LONGEST:
        raise QueryError(f"a query has {LONGEST:,} characters at most", text, Place(LONGEST, len(text)))
    return _Parser(text, fields).query()


class _Parser:
    """A parser by recursive descent, on the text itself: every error is at a character."""

    def __init__(self, text: str, fields: Fields) -> None:
        self._text = text
        self._fields = fields
        self._at = 0
        self._depth = 0

    def query(self) -> Node:
        if not self._more():
            return All()
        node = self._alternatives()
        if self._more():
            raise self._wrong("this ) closes nothing; for the mark itself, use quotes", self._at, self._at + 1)
        return node

    def _alternatives(self) -> Node:
        nodes = [self._sequence()]
        while self._more() and (either := self._or()):
            if not nodes[-1].nodes:
                raise self._wrong(f"{either[0]} needs something before it", *either.span())
            self._at = either.end()
            nodes.append(self._sequence())
            if not nodes[-1].nodes:
                raise self._wrong(f"{either[0]} needs something after it", *either.span())
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def _sequence(self) -> All:
        nodes: list[Node] = []
        while self._more() and self._text[self._at] != ")" and not self._or():
            if self._keyword("AND"):
                continue
            start, without = self._at, False
            while self._keyword("NOT") or self._minus():
                without = not without
            if self._at > start and (not self._more() or self._ends(self._at) or self._or()):
                raise self._wrong("nothing follows that could be left out", start, self._at)
            node = self._operand()
            nodes.append(Without(node) if without else node)
        return All(tuple(nodes))

    def _operand(self) -> Node:
        if self._text[self._at] == "(":
            return self._group()
        if self._text[self._at] in _CLOSING:
            return self._phrase()
        chunk = self._chunk()
        if _ADDRESS.match(chunk):
            return self._condition("uri", self._at)
        named = _NAME.match(chunk)
        known = self._fields.names.get(named[1].casefold()) if named else None
        if named and known:
            return self._condition(known, self._at + named.end())
        # "Kyiv: three dead" is a headline, "persn:Macron" a slip.
        if named and not self._ends(self._at + named.end()):
            raise self._unknown(named)
        return self._word(chunk)

    def _group(self) -> Node:
        start = self._at
        if self._depth == DEEPEST:
            raise self._wrong(f"more than {DEEPEST} parentheses within parentheses", start, start + 1)
        self._depth += 1
        self._at += 1
        node = self._alternatives()
        self._close(start)
        self._depth -= 1
        if node == All():
            raise self._wrong("nothing stands between these parentheses", start, self._at)
        return node

    def _condition(self, name: str, start: int) -> Condition:
        begin, self._at = self._at, start
        if self._ends(self._at):
            what = f"{name}: needs its value right after the colon, as in {name}:{self._fields.example(name)}"
            raise self._wrong(what, begin, self._at)
        values = self._values() if self._text[self._at] == "(" else self._value_or_value()
        for value in values:
            try:
                self._fields.check(name, value.text)
            except ValueError as wrong:
                raise self._wrong(str(wrong), value.place.start, value.place.end) from None
        return Condition(name, tuple(values), Place(begin, self._at))

    def _value_or_value(self) -> list[Value]:
        values = [self._value()]
        while self._text.startswith("|", self._at) and not self._ends(self._at + 1):
            self._at += 1
            values.append(self._value())
        return values

    def _value(self) -> Value:
        if self._text[self._at] in _CLOSING:
            return self._phrase()
        chunk = self._chunk()
        return self._word(chunk.rstrip(",;") or chunk, len(chunk))

    def _values(self) -> list[Value]:
        """``(Ada Lamont OR "Tomas Orrin")``: several words that no OR parts are one value."""
        start = self._at
        self._at += 1
        values: list[Value] = []
        parts: list[Value] = []
        while True:
            more = self._more()
            either = self._or()
            if not more or either or self._text[self._at] == ")":
                if not parts:
                    raise self._wrong("a value is missing here", self._at, self._at + 1)
                values.append(_joined(parts))
                parts = []
                if not either:
                    self._close(start)
                    return values
                self._at = either.end()
            elif self._text[self._at] == "(":
                raise self._wrong("values have no parentheses of their own", self._at, self._at + 1)
            else:
                parts.append(self._value())

    def _close(self, start: int) -> None:
        if not self._more() or self._text[self._at] != ")":
            raise self._wrong("this ( is never closed", start, start + 1)
        self._at += 1

    def _phrase(self) -> Phrase:
        start, closing = self._at, _CLOSING[self._text[self._at]]
        end = start + 1
        said: list[str] = []
        while end < len(self._text) and self._text[end] not in closing:
            if self._text[end] == "\\" and self._text[end + 1 : end + 2] in {"\\", *closing}:
                end += 1
            said.append(self._text[end])
            end += 1
        if end == len(self._text):
            raise self._wrong("this quote is never closed", start, start + 1)
        self._at = end + 1
        text = " ".join("".join(said).split())
        if not text:
            raise self._wrong("nothing stands between these quotes", start, self._at)
        return Phrase(text, Place(start, self._at))

    def _chunk(self) -> str:
        found = CHUNK.match(self._text, self._at)
        if not found:
            raise self._wrong("a word or a value is missing here", self._at, self._at + 1)
        return found[0]

    def _word(self, chunk: str, length: int | None = None) -> Word:
        place = Place(self._at, self._at + (length or len(chunk)))
        self._at = place.end
        begins = chunk.endswith("*") and len(chunk) > 1
        return Word(chunk.rstrip("*") or "*" if begins else chunk, begins and bool(chunk.rstrip("*")), place)

    def _keyword(self, word: str) -> bool:
        found = _OPERATOR.match(self._text, self._at) if self._more() else None
        if not found or found[0] != word:
            return False
        self._at = found.end()
        return True

    def _or(self) -> re.Match[str] | None:
        found = _OPERATOR.match(self._text, self._at)
        return found if found and found[0] in {"OR", "|"} else None

    def _minus(self) -> bool:
        found = self._more()
        after = self._text[self._at + 1 : self._at + 2]
        found = found and self._text[self._at] == "-" and bool(after.strip()) and after != "-"
        self._at += found
        return found

    def _ends(self, at: int) -> bool:
        """Whether a word would end before this character."""
        return at == len(self._text) or self._text[at].isspace() or self._text[at] in ")|"

    def _more(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _unknown(self, named: re.Match[str]) -> QueryError:
        names = self._fields.names
        like = process.extractOne(named[1].casefold(), list(names), score_cutoff=_LIKE_ENOUGH)
        meant = f"did you mean {like[0]}?" if like else f"there are {', '.join(sorted(set(names.values())))}"
        what = f"unknown field {named[1]!r}: {meant} (for the words themselves, use quotes)"
        return self._wrong(what, self._at, self._at + len(named[1]))

    def _wrong(self, what: str, start: int, end: int) -> QueryError:
        return QueryError(what, self._text, Place(start, max(end, start + 1)))


def _joined(parts: list[Value]) -> Value:
    if len(parts) == 1:
        return parts[0]
    return Phrase(" ".join(part.text for part in parts), Place(parts[0].place.start, parts[-1].place.end))
