"""Words of a question: where they are looked for, how much each place counts, and in which spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from pipeline.searching.names import composed, spelled_like
from pipeline.searching.spellings import spelled
from pipeline.searching.syntax import Phrase, Value, Word

Query = dict[str, Any]

PIVOT = "14d"
"""An article of this age gets half of what a new one gets for being new."""

_RECENCY = 1.0
_OTHER_FIELDS = 0.3
_OTHER_SPELLING = 0.9
_MOST_SPELLINGS = 8
_SEVERAL = re.compile(r"\w[^\w\s]+\w")


@dataclass(frozen=True, slots=True)
class Searched:
    """Where words are looked for.

    Attributes:
        fields: the fields, each with its weight.
        near: of these, those in which words that stand together count more.
        keys: whether a name is also looked for by the keys of the people in an article.
    """

    fields: Sequence[str]
    near: Sequence[str]
    keys: bool = False


ARTICLES = Searched(
    (
        "headline^3",
        "headline.exact^3",
        "summary^1.5",  # it begins with the lead
        "text",
        "text.exact",
        "names^2",
        "keyphrases.words^2",
        "slugline.words",
        "by",
    ),
    ("headline^3", "summary^1.5", "text"),
    keys=True,
)
STATEMENTS = Searched(("evidence.text^2", "names^2", "headline"), ("evidence.text^2", "headline"))


def words(said: Sequence[Value], searched: Searched, *, positive: bool = True) -> Iterator[Query]:
    """What consecutive words and phrases ask for: each of them, in any spelling, in any of the fields."""
    at = 0
    while at < len(said):
        run = [one.text for one in _plain(said[at:])]
        length, others = spelled(run) if run else (0, ())
        several = said[at : at + max(length, 1)]
        at += len(several)
        asked = [_asked(one, searched, positive=positive) for one in several]
        asked = asked if len(asked) == 1 else [{"bool": {"must": asked}}]
        asked += [_match(other, "phrase", searched, positive=positive, boost=_OTHER_SPELLING) for other in others]
        if len(several) == 1 and not others and searched.keys and (other := _by_key(several[0])):
            asked.append({"constant_score": {"filter": other}})
        yield asked[0] if len(asked) == 1 else {"dis_max": {"queries": asked}}


def together(said: Sequence[Value], searched: Searched) -> list[Query]:
    """What makes an article better but is not asked for: that the words stand near each other."""
    run = [one.text for one in said if isinstance(one, Word) and not one.begins]
    if len(run) < 2:
        return []
    near = {"query": composed(" ".join(run)), "fields": list(searched.near), "type": "phrase", "slop": 3}
    return [{"multi_match": near}]


def newness(moment: str) -> Query:
    """What makes an article better but is not asked for: that it is new at a moment (ISO 8601)."""
    return {"distance_feature": {"field": "storyDate", "pivot": PIVOT, "origin": moment, "boost": _RECENCY}}


def _plain(said: Sequence[Value]) -> Iterator[Word]:
    for one in said:
        if not isinstance(one, Word) or one.begins:
            return
        yield one


def _asked(said: Value, searched: Searched, *, positive: bool) -> Query:
    if isinstance(said, Phrase):
        asked = [_match(text, "phrase", searched, positive=positive) for text in _phrases(said.text)]
        return asked[0] if len(asked) == 1 else {"dis_max": {"queries": asked}}
    if said.text == "*":
        return {"match_all": {}}
    # "de-escalation" is two words to the index, which stand together.
    how = "bool_prefix" if said.begins else "phrase" if _SEVERAL.search(said.text) else "best_fields"
    return _match(said.text, how, searched, positive=positive)


def _match(text: str, how: str, searched: Searched, *, positive: bool, boost: float = 1.0) -> Query:
    query: Query = {"query": composed(text), "fields": list(searched.fields), "type": how, "boost": boost}
    if how != "bool_prefix":
        query["tie_breaker"] = _OTHER_FIELDS
    # A word that no analyzer keeps ("the") asks for nothing: it neither hides an article nor leaves one out.
    return {"multi_match": {**query, "operator": "and", "zero_terms_query": "all" if positive else "none"}}


def _phrases(text: str) -> list[str]:
    """A phrase in all spellings of the names in it."""
    pieces: list[tuple[str, ...]] = []
    rest = text.split()
    while rest:
        length, others = spelled(rest)
        length = max(length, 1)
        pieces.append((" ".join(rest[:length]), *others))
        rest = rest[length:]
    return [" ".join(made) for made in islice(product(*pieces), _MOST_SPELLINGS)]


def _by_key(said: Value) -> Query | None:
    """A word that may be a name: "Houlenko" is also somebody called Hulenko."""
    if isinstance(said, Phrase) or said.begins or not said.text[:1].isupper() or not said.text.isalpha():
        return None
    return spelled_like(said.text)
