"""The package that ships: it loads by name, says what it is, and reads our own words."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

from pipeline.enrichment.model import identity

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "models" / "en_wire_core"
TEXT = "Foreign minister Lena Orsolics told reporters in Paris on Monday that 40 rebels had left Kenya."


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("en_wire_core")


@pytest.fixture(scope="module")
def meta() -> dict[str, Any]:
    text = (PACKAGE / "en_wire_core" / "meta.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def test_it_is_an_installed_package_of_the_version_in_the_tree(nlp: Language, meta: dict[str, Any]) -> None:
    assert spacy.util.is_package("en_wire_core")
    assert identity(nlp, "en_wire_core").version == meta["version"]
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == meta["version"]
    assert f"spacy{meta['spacy_version']}" in project["dependencies"]


def test_it_reads_a_sentence_of_ours(nlp: Language) -> None:
    doc = nlp(TEXT)
    found = {(ent.text, ent.label_) for ent in doc.ents}
    assert {("Lena Orsolics", "PERSON"), ("Paris", "LOC"), ("Monday", "DATE"), ("Kenya", "LOC")} <= found
    told = next(token for token in doc if token.text == "told")
    assert (told.tag_, told.pos_, told.lemma_, told.dep_) == ("VBD", "VERB", "tell", "ROOT")
    assert {child.dep_: child.text for child in told.children}["nsubj"] in {"minister", "Lena", "Orsolics"}
    assert len(list(doc.sents)) == 1


def test_every_annotation_has_its_string(nlp: Language) -> None:
    """The corpora's vocabulary was left out of the package; no label may have gone with it."""
    for name in nlp.pipe_names:
        for label in getattr(nlp.get_pipe(name), "labels", ()):
            assert label in nlp.vocab.strings


@pytest.mark.parametrize("text", ["", " ", "\n\n", "—", "’" * 50, "a" * 5000, "ÄÖÜ 東京 🙂"])
def test_odd_text_passes(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_meta_has_the_scores_and_where_they_come_from(meta: dict[str, Any]) -> None:
    scores = meta["scores"]
    for name in ("ewt_test", "gum_test", "gum_news_test"):
        for key in ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f_raw"):
            assert 0.5 < scores[name][key] < 1
    assert 0.75 < scores["worldwide_dev"]["ents_f_raw"] < 1
    assert set(meta["performance"]["ents_per_type"]) == set(meta["labels"]["wire_entities"])
    assert meta["performance"]["ents_f"] == scores["worldwide_dev"]["ents_f"]
    assert scores["news"]["words_per_second"] > 0
    assert all(0.5 < scores["attribution_dev"][f"{part}_f"] < 1 for part in ("source", "cue", "content"))
    assert meta["license"] == "CC-BY-SA-4.0"
    assert {source["name"] for source in meta["sources"]} >= {
        "UD English EWT",
        "en-worldwide-newswire",
        "PolNeAR 1.0.0",
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in meta["training"]["data_sha256"].values())
    assert isinstance(meta["training"]["seed"], int)
    assert set(meta["training"]["epochs"]) == {"syntax", "entities", "attribution"}


def test_the_package_is_small_and_holds_no_path_of_a_machine() -> None:
    files = [file for file in PACKAGE.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 50_000_000
    for file in files:
        if file.suffix in {".json", ".cfg", ".toml", ".md", ".py"}:
            assert not re.search(r"/work|/root|/tmp|\.\./shared", file.read_text(encoding="utf-8")), file


def test_the_licence_names_every_source(meta: dict[str, Any]) -> None:
    text = (PACKAGE / "LICENSE").read_text(encoding="utf-8")
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in text
    assert all(source["url"] in text for source in meta["sources"])
