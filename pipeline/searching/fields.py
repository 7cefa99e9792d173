"""The fields a query can ask for by name: what each is called, what it can be, what it asks of Elasticsearch.

Holder, target and label are not among the conditions here: together they are of one statement (see `statements`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from pipeline.article import ChangeKind
from pipeline.searching.names import escaped, named, quoted_from
from pipeline.searching.syntax import Phrase, Value

Label = Literal["favor", "against", "neutral"]
LABELS: tuple[Label, ...] = get_args(Label)

Condition = dict[str, Any]

_DATE_MATH = re.compile(r"now(?:[+-]\d{1,4}[yMwdhms])*(?P<rounding>/[yMwd])?")
_URGENCY = re.compile(r"([1-9])?(\.\.)?([1-9])?")
_IS: dict[str, Condition] = {
    "alert": {"range": {"urgency": {"lte": 2}}},
    "urgent": {"range": {"urgency": {"lte": 3}}},
    "correction": {"term": {"wire.change": "correction"}},
    "update": {"term": {"wire.change": "update"}},
    "partial": {"term": {"wire.partial": True}},
}


def _of_statement(value: Value) -> Condition:
    raise TypeError(f"{value.text} is asked of a statement")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the language.

    Attributes:
        example: a value it can have.
        meaning: what it asks for.
        condition: what a value asks of an article.
        check: raises ValueError, which says what is right, for a value it can't have.
        also: other names.
    """

    example: str
    meaning: str
    condition: Callable[[Value], Condition] = _of_statement
    check: Callable[[str], object] = str
    also: tuple[str, ...] = ()


def day(said: str) -> str:
    """A day as Elasticsearch takes it: ``2026-10-03``, or a day counted from today as in ``now-7d``.

    Raises:
        ValueError: it is neither; see "Date math" in Elasticsearch's reference.
    """
    if math := _DATE_MATH.fullmatch(said):
        return said if math["rounding"] else f"{said}/d"  # a story has a day, and no hour
    return date.fromisoformat(said).isoformat()


def country(said: str) -> str:
    """The ISO 3166-1 alpha-3 code of a country, by its code or a usual name.

    Raises:
        ValueError: no country is called so.
    """
    from pipeline.enrichment.linking.keys import key  # its tables take a second, which other searches needn't wait

    if re.fullmatch(r"[A-Z]{3}", said):
        return said
    slug = key(said, "GPE").removeprefix("place:")
    if not re.fullmatch(r"[a-z]{3}", slug):
        raise ValueError(f"no country is called {said!r}; give its name or its code, as in country:UKR")
    return slug.upper()


def _day(said: str) -> None:
    try:
        day(said)
    except ValueError:
        raise ValueError(f"{said!r} is no day; give one as 2026-10-03, or count from today: now-7d") from None


def _urgency(said: str) -> Condition:
    """``2``, ``1..3``, ``..3``, ``4..``: 1 is the most urgent, 9 the least (IPTC)."""
    found = _URGENCY.fullmatch(said)
    if not found or not (found[1] or found[3]) or (found[3] and not found[2]):
        raise ValueError(f"{said!r} is no urgency; 1 is a flash, 9 the least urgent: urgency:2 or urgency:1..3")
    least, most = found[1], found[3] or (None if found[2] else found[1])
    bounds = {"gte": least, "lte": most}
    return {"range": {"urgency": {bound: int(value) for bound, value in bounds.items() if value}}}


def _one_of(what: str, *values: str) -> Callable[[str], None]:
    def check(said: str) -> None:
        if said.casefold() not in values:
            raise ValueError(f"{what} is one of {', '.join(values)}, not {said!r}")

    return check


def _exactly(field: str) -> Callable[[Value], Condition]:
    """A keyword that is this value, or begins so, in any case."""

    def condition(value: Value) -> Condition:
        how, what = ("prefix", value.text) if _begins(value) else ("term", value.text)
        return {how: {field: {"value": what, "case_insensitive": True}}}

    return condition


def _words_of(*fields: str) -> Callable[[Value], Condition]:
    """Words of text fields: all of them, in this order where they are a phrase."""

    def condition(value: Value) -> Condition:
        how = "bool_prefix" if _begins(value) else "phrase"
        return {"multi_match": {"query": value.text, "fields": list(fields), "type": how, "operator": "and"}}

    return condition


def _slug(value: Value) -> Condition:
    either = [_exactly("slugline")(value), _words_of("slugline.words")(value)]
    return {"bool": {"should": either, "minimum_should_match": 1}}


def _uri(value: Value) -> Condition:
    return {"wildcard": {"uri": f"{escaped(value.text)}*"}} if _begins(value) else {"term": {"uri": value.text}}


def _begins(value: Value) -> bool:
    return not isinstance(value, Phrase) and value.begins


def _bound(side: str) -> Callable[[Value], Condition]:
    return lambda value: {"range": {"storyDate": {side: day(value.text)}}}


_ARTICLE_FIELDS: Mapping[str, Field] = {
    "person": Field("Macron", "names this person, however spelled", lambda v: named("person", v.text, _begins(v))),
    "org": Field(
        "NATO",
        "names this organisation",
        lambda v: named("org", v.text, _begins(v)),
        also=("organisation", "organization"),
    ),
    "place": Field("Kyiv", "names this place", lambda v: named("place", v.text, _begins(v))),
    "country": Field(
        "UKR",
        "names this country or something of it, by code or name",
        lambda v: {"term": {"entities.country": country(v.text)}},
        country,
    ),
    "speaker": Field("Macron", "quotes them", lambda v: quoted_from(v.text, _begins(v))),
    "quote": Field("ceasefire", "has these words in a quote", _words_of("quotes.text")),
    "role": Field('"foreign minister"', "names somebody of this role", _words_of("roles.words")),
    "by": Field("Lamont", "is written by them", _words_of("by")),
    "feed": Field("rf-1-europe", "came on this feed", _exactly("wire.feedTag")),
    "slug": Field("port-strike", "has this slugline, or words of it", _slug),
    "dateline": Field("Geneva", "was written in this place", _exactly("located")),
    "subject": Field("economy", "is of this subject, as its agency calls it", _exactly("subjects")),
    "language": Field("en", "is in this language", _exactly("language")),
    "urgency": Field("1..3", "is this urgent: 1 is a flash, 9 the least", lambda v: _urgency(v.text), _urgency),
    "change": Field(
        "correction",
        f"its newest version is one of {', '.join(get_args(ChangeKind))}",
        _exactly("wire.change"),
        _one_of("a change", *get_args(ChangeKind)),
    ),
    "is": Field(
        "alert", f"is one of {', '.join(_IS)}", lambda v: _IS[v.text.casefold()], _one_of("what an article is", *_IS)
    ),
}
_STATEMENT_FIELDS: Mapping[str, Field] = {
    "holder": Field("Macron", "a statement by them"),
    "target": Field("NATO", "a statement about them or it"),
    "label": Field(
        "against", "a statement that is favor (for), against or neutral", check=_one_of("a label", *LABELS, "for")
    ),
    "favor": Field("NATO", "a statement in favour of them or it", also=("for", "favour", "pro")),
    "against": Field("NATO", "a statement against them or it"),
    "neutral": Field("NATO", "a statement neither for nor against them or it"),
}
_COMMON_FIELDS: Mapping[str, Field] = {
    "headline": Field("talks", "has these words in the headline", _words_of("headline")),
    "provider": Field("AFP", "is from this agency", _exactly("wire.provider")),
    "from": Field(
        "2026-10-03", "is of this day (UTC) or later; now-7d: counted from today", _bound("gte"), _day, ("since",)
    ),
    "to": Field("2026-10-03", "is of this day or earlier", _bound("lte"), _day, ("until",)),
    "uri": Field("urn:newsml:nordwire.example:20261008:4117", "is this article", _uri),
}

FIELDS: Mapping[str, Field] = {**_ARTICLE_FIELDS, **_STATEMENT_FIELDS, **_COMMON_FIELDS}
"""All fields, by name."""

STATEMENT_FIELDS = frozenset(_STATEMENT_FIELDS)
"""What is said of a statement; ``against:NATO`` is a label and a target in one."""

_OF_STATEMENTS = STATEMENT_FIELDS | _COMMON_FIELDS.keys()


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The fields, as `pipeline.searching.language` asks for them; of statements, or of articles."""

    of_statements: bool = False

    @property
    def names(self) -> Mapping[str, str]:
        """Every name a field may be called by, with the field's own."""
        return {called: name for name, field in FIELDS.items() for called in (name, *field.also)}

    def example(self, name: str) -> str:
        """A value a field can have."""
        return FIELDS[name].example

    def check(self, name: str, value: str) -> None:
        """See that a field can have a value.

        Raises:
            ValueError: it can't.
        """
        if self.of_statements and name not in _OF_STATEMENTS:
            raise ValueError(f"statements have no {name}; they have {', '.join(sorted(_OF_STATEMENTS))}")
        FIELDS[name].check(value)
