"""The trained pipeline as an installable Python package, in the layout of `spacy package`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from training import joint
from training.corpora import Corpora
from training.model_card import ATTRIBUTION, LICENSE, model_card, types_of
from training.scoring import Scores

LANGUAGE, NAME, VERSION = "en", "wire_core", "0.3.0"
PACKAGE = f"{LANGUAGE}_{NAME}"
SPACY = ">=3.8.7,<3.9"


def data_folder(package: Path) -> Path:
    """Where a package folder keeps the pipeline's data; spaCy's `load_model_from_init_py` expects it there."""
    return package / PACKAGE / f"{PACKAGE}-{VERSION}"


def start(package: Path) -> None:
    """Delete the pipeline's data of an earlier training; the package's code stays."""
    shutil.rmtree(data_folder(package), ignore_errors=True)
    data_folder(package).mkdir(parents=True)


def describe(
    nlp: Language, scores: dict[str, Scores], single: dict[str, dict[str, Scores]], corpora: Corpora
) -> dict[str, Any]:
    """The contents of meta.json.

    Args:
        nlp: the assembled pipeline.
        scores: by corpus, as measured; the speed stands under ``news``, in tokens a second.
        single: the same of models that were trained on one task alone, by task; of those that were.
        corpora: what they learned from.
    """
    found = scores["worldwide_dev"]
    meta: dict[str, Any] = nlp.meta
    return meta | {
        "lang": LANGUAGE,
        "name": NAME,
        "version": VERSION,
        "spacy_version": SPACY,
        "description": "English newswire: tags, morphology, lemmas, dependencies, sentences, entities, attribution, "
        "stance of marked pairs",
        "author": "The wire-pipeline founders",
        "license": "CC-BY-SA-4.0",
        "requirements": [],
        "sources": ATTRIBUTION,
        "notes": "Entity labels are the corpus's own: PERSON ORG LOC (countries and cities among them, no GPE) FAC "
        "MISC MONEY NORP PRODUCT DATE; rename them with enrichment.labels.",
        "performance": {
            **{key: scores["gum_news_test"][key] for key in ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las")},
            **{key: found[key] for key in ("ents_p", "ents_r", "ents_f")},
            "ents_per_type": {name: {"f": found[f"ents_f_{name}"]} for name in types_of(found)},
            "speed": scores["news"]["words_per_second"],
        },
        "scores": scores,
        "scores_of_single_tasks": single,
        "training": {
            "spacy": spacy.__version__,
            "data_sha256": corpora.sha256s(),
            "seed": joint.SEED,
            "epochs": joint.EPOCHS,
        },
    }


def write(package: Path, meta: dict[str, Any]) -> None:
    """Write meta.json (twice, as spaCy wants it), licence and model card."""
    text = json.dumps(meta, indent=2, ensure_ascii=False) + "\n"
    source = package / PACKAGE
    for folder in (source, data_folder(package)):
        (folder / "meta.json").write_text(text, encoding="utf-8")
    (package / "LICENSE").write_text(LICENSE, encoding="utf-8")
    (package / "README.md").write_text(model_card(meta), encoding="utf-8")
