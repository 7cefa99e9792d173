"""The language pipeline by name or by path, and what is said when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.config import EnrichmentSettings
from pipeline.enrichment.enricher import Enricher
from pipeline.enrichment.model import identity, load
from pipeline.errors import Fatal, Misconfigured
from tests.enrichment.texts import MODELS, article, named

NO_MODEL = "no_such_wire_model"


def saved(folder: Path, *components: str) -> str:
    """A pipeline in a folder with these components; its ruler, if it has one, knows one place."""
    nlp = spacy.blank("en")
    for component in components:
        pipe = nlp.add_pipe(component)
        if component == "entity_ruler":
            pipe.add_patterns([{"label": "LOC", "pattern": "Port Arden"}])
    nlp.meta["version"] = "4.2"
    nlp.to_disk(folder)
    return str(folder)


def test_the_shipped_pipeline_is_the_default_and_says_its_name_and_version() -> None:
    enricher = Enricher(EnrichmentSettings())
    (enriched,) = enricher.enrich([article("Nothing here.")])
    assert enriched.enrich is not None
    assert enriched.enrich.model.name == EnrichmentSettings().model == "en_wire_core"
    assert enriched.enrich.model.version == version("en_wire_core")


def test_another_installed_pipeline_works_by_its_name(small: Enricher) -> None:
    (enriched,) = small.enrich([article("Ada Lamont left Port Arden.")])
    assert enriched.enrich is not None
    assert enriched.enrich.model.name == "wire_test_model"
    assert named(enriched) == [("Ada Lamont", "PERSON", ["Ada Lamont"])]


def test_another_pipeline_works_by_its_path(tmp_path: Path) -> None:
    path = saved(tmp_path / "pipe", "entity_ruler")
    (enriched,) = Enricher(EnrichmentSettings(model=path)).enrich([article("Ada Lamont left Port Arden.")])
    assert enriched.enrich is not None
    assert (enriched.enrich.model.name, enriched.enrich.model.version) == (path, "4.2")
    assert named(enriched) == [("Port Arden", "LOC", ["Port Arden"])]


def test_a_pipeline_without_a_version_is_called_unversioned() -> None:
    nlp = spacy.blank("en")
    nlp.meta["version"] = ""
    assert identity(nlp, "mine").version == "unversioned"


@pytest.mark.parametrize("name", [NO_MODEL, "", "no/such/folder"])
def test_a_missing_model_is_an_error_that_names_it_and_the_setting(name: str) -> None:
    with pytest.raises(Fatal, match=r"enrichment\.model") as missing:
        load(name)
    assert repr(name) in missing.value.what
    assert "pip install ./models/en_wire_core" in str(missing.value)


def test_a_missing_model_is_a_wrong_setting() -> None:
    with pytest.raises(Misconfigured):
        load(NO_MODEL)


def test_the_command_ends_with_2_where_the_model_is_missing() -> None:
    assert enrich_command(NO_MODEL).returncode == 2


def test_the_command_names_a_missing_model_without_a_traceback() -> None:
    run = enrich_command(NO_MODEL)
    assert run.returncode != 0
    assert run.stdout == ""
    assert f"wire: the spaCy pipeline '{NO_MODEL}'" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_reads_with_the_pipeline_the_setting_names() -> None:
    run = enrich_command("wire_test_model")
    assert (run.returncode, run.stderr) == (0, "")
    assert '"name":"wire_test_model"' in run.stdout
    assert '"name":"Ada Lamont"' in run.stdout


def test_a_folder_without_a_pipeline_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="neither an installed package nor a folder"):
        load(str(tmp_path))


def test_a_package_that_is_no_pipeline_is_an_error_that_names_it() -> None:
    with pytest.raises(Fatal, match="'hypothesis'"):
        load("hypothesis")


def test_a_pipeline_that_finds_no_entities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="finds no entities"):
        load(saved(tmp_path / "pipe"))


def test_a_pipeline_that_only_finds_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="finds no entities"):
        load(saved(tmp_path / "pipe", "sentencizer"))


def test_a_pipeline_with_a_finder_of_its_own_is_taken(tmp_path: Path) -> None:
    Language.component("wire_test_entities", assigns=["doc.ents"], func=lambda doc: doc)
    assert load(saved(tmp_path / "pipe", "wire_test_entities")).pipe_names == ["wire_test_entities"]


def enrich_command(model: str) -> subprocess.CompletedProcess[str]:
    """`wire enrich` of one short item, with this model."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "enrich", "-"],
        input="Pilots meet\n\nADA - Ada Lamont spoke to the pilots of Port Arden about the talks on Monday.\n",
        env=os.environ | {"WIRE_ENRICHMENT__MODEL": model, "PYTHONPATH": str(MODELS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
