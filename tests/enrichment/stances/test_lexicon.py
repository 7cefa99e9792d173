"""The word list that ships is sound, and a desk's own is read the same way."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import spacy

from pipeline.config import configs_dir
from pipeline.enrichment.stances.lexicon import lexicon

SHIPPED = configs_dir() / "language" / "stances.toml"
KINDS = ("verbs", "nouns", "people", "clauses", "phrases", "adjectives", "stands")

OWN = """
[class.cheer]
label = "favor"
certainty = 0.7
verbs = "cheer"
phrases = ["cheer on", "throw hat in for"]
nouns = "cheer"
prepositions = "for at"
people = "cheerleader"
adjectives = ["keen on"]
stands = ["in awe of"]
of_phrases = 0.6
mutual = true
clauses = "fancy"

[judgements]
against = "awful"
favor = "lovely"

[turners]
verbs = "end"
nouns = "end"
"""


@pytest.fixture(scope="module")
def classes() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(SHIPPED.read_text("utf-8"))["class"]
    return found


def _words(one: dict[str, Any], kind: str) -> list[str]:
    found: str | list[str] = one.get(kind, "")
    return found.split() if isinstance(found, str) else found


def test_each_class_says_what_and_how_sure(classes: dict[str, Any]) -> None:
    for name, one in classes.items():
        assert one["label"] in {"favor", "against"}, name
        assert 0.5 < one["certainty"] < 1, name
        assert 0.5 <= one.get("of_phrases", 0.5) < 1, name
        assert set(one) <= {"label", "certainty", "of_phrases", "mutual", "prepositions", *KINDS}, name
        if one.get("nouns"):
            assert one.get("prepositions"), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_means_one_thing_a_kind(classes: dict[str, Any], kind: str) -> None:
    labels: dict[str, set[str]] = {}
    for one in classes.values():
        for word in _words(one, kind):
            labels.setdefault(word, set()).add(one["label"])
    assert {word for word, found in labels.items() if len(found) > 1} == set()


def test_words_are_in_lower_case(classes: dict[str, Any]) -> None:
    words = [word for one in classes.values() for kind in KINDS for word in _words(one, kind)]
    assert [word for word in words if word != word.lower()] == []
    assert Counter(words)["condemn"] == 1


def test_a_list_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    found = lexicon(path)
    cheer = found.verbs["cheer"]
    assert (cheer.name, cheer.label, cheer.certainty) == ("cheer", "favor", 0.7)
    assert cheer.prepositions == {"for", "at"}
    assert found.nouns["cheer"] == found.people["cheerleader"] == found.clauses["fancy"] == cheer
    assert found.phrases == {"cheer": {("on",): cheer}, "throw": {("hat", "in", "for"): cheer}}
    assert found.adjectives == {"keen": {"on": cheer}}
    assert found.stands == {"awe": [("in", "of", cheer)]}
    assert (cheer.of_phrases, cheer.mutual) == (0.6, True)
    assert found.judgements == {"awful": "against", "lovely": "favor"}
    assert found.words == {"turners.verbs": {"end"}, "turners.nouns": {"end"}}


def test_the_component_takes_the_list_and_the_thresholds(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    component = spacy.blank("en").add_pipe(
        "wire_stances", config={"cue_words": str(path), "confidence": 0.3, "unsettled_confidence": 0.4}
    )
    assert component._words.verbs.keys() == {"cheer"}
    assert (component._confidence, component._unsettled_confidence) == (0.3, 0.4)
