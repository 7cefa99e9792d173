"""The trained pipeline as an installable Python package, in the layout of `spacy package`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from training.corpora import Corpora, sha256
from training.halves import Half
from training.model_card import ATTRIBUTION, LICENSE, model_card
from training.scoring import Scores

LANGUAGE, NAME, VERSION = "en", "wire_core", "0.1.0"
PACKAGE = f"{LANGUAGE}_{NAME}"
SPACY = ">=3.8.7,<3.9"

_PYPROJECT = f"""\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{PACKAGE}"
version = "{VERSION}"
description = "English spaCy pipeline for newswire: tags, lemmas, dependencies, entities"
readme = "README.md"
license = "CC-BY-SA-4.0"
license-files = ["LICENSE"]
requires-python = ">=3.11"
dependencies = ["spacy{SPACY}"]

[project.entry-points.spacy_models]
{PACKAGE} = "{PACKAGE}"

[tool.hatch.build.targets.wheel]
packages = ["{PACKAGE}"]
"""

_INIT = '''\
"""English spaCy pipeline for newswire; `spacy.load("en_wire_core")` loads it."""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import get_model_meta, load_model_from_init_py

__version__: str = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides: Any) -> Language:
    """The pipeline; the arguments are those of `spacy.load`."""
    return load_model_from_init_py(__file__, **overrides)
'''


def data_folder(package: Path) -> Path:
    """Where a package folder keeps the pipeline's data; spaCy's `load_model_from_init_py` expects it there."""
    return package / PACKAGE / f"{PACKAGE}-{VERSION}"


def start(package: Path) -> None:
    """Make an empty package folder; whatever was in its place is deleted."""
    shutil.rmtree(package / PACKAGE, ignore_errors=True)
    data_folder(package).mkdir(parents=True)


def describe(nlp: Language, scores: dict[str, Scores], both: tuple[Half, Half], corpora: Corpora) -> dict[str, Any]:
    """The contents of meta.json.

    Args:
        nlp: the assembled pipeline.
        scores: by corpus, as measured; the speed stands under ``news``, in tokens a second.
        both: the trained halves, for their seeds and checkpoints.
        corpora: what they learned from.
    """
    entities = scores["worldwide_dev"]
    prefix = "ents_f_"
    meta: dict[str, Any] = nlp.meta
    return meta | {
        "lang": LANGUAGE,
        "name": NAME,
        "version": VERSION,
        "spacy_version": SPACY,
        "description": "English newswire: tags, morphology, lemmas, dependencies, sentences, entities",
        "author": "The wire-pipeline founders",
        "license": "CC-BY-SA-4.0",
        "requirements": [],
        "sources": ATTRIBUTION,
        "notes": "Entity labels are the corpus's own: PERSON ORG LOC (countries and cities among them, no GPE) FAC "
        "MISC MONEY NORP PRODUCT DATE; rename them with enrichment.labels.",
        "performance": {
            **{key: scores["gum_news_test"][key] for key in ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las")},
            **{key: entities[key] for key in ("ents_p", "ents_r", "ents_f")},
            "ents_per_type": {
                key.removeprefix(prefix): {"f": value}
                for key, value in entities.items()
                if key.startswith(prefix) and key != "ents_f_raw"
            },
            "speed": scores["news"]["words_per_second"],
        },
        "scores": scores,
        "training": {
            "spacy": spacy.__version__,
            "data_sha256": corpora.sha256s(),
            "halves": {half.name: _half(half) for half in both},
        },
    }


def write(package: Path, meta: dict[str, Any]) -> None:
    """Write everything but the data: code, meta.json (twice, as spaCy wants it), build file, licence, model card."""
    text = json.dumps(meta, indent=2, ensure_ascii=False) + "\n"
    source = package / PACKAGE
    for folder in (source, data_folder(package)):
        (folder / "meta.json").write_text(text, encoding="utf-8")
    (source / "__init__.py").write_text(_INIT, encoding="utf-8")
    (source / "py.typed").touch()
    (package / "pyproject.toml").write_text(_PYPROJECT, encoding="utf-8")
    (package / "LICENSE").write_text(LICENSE, encoding="utf-8")
    (package / "README.md").write_text(model_card(meta), encoding="utf-8")


def _half(half: Half) -> dict[str, Any]:
    config = spacy.util.load_config(half.best / "config.cfg")
    return {
        "seed": config["system"]["seed"],
        "max_steps": config["training"]["max_steps"],
        "config_sha256": sha256(half.config),
    }
