"""The measured scores reach the page, and nothing else on it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Fatal
from training.model_card import model_card
from training.report import BEGIN, END, write_scores

SYNTAX = dict.fromkeys(("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f_raw", "dep_las_raw"), 0.5)
STANCE = dict.fromkeys(("macro_f", "favor_f", "against_f", "neutral_f", "polarity"), 0.25)
META = {
    "version": "9.9.9",
    "pipeline": ["tagger", "ner"],
    "spacy_version": ">=3.8",
    "notes": "Notes.",
    "scores": {
        "ewt_test": SYNTAX,
        "gum_test": SYNTAX,
        "gum_news_test": SYNTAX | {"dep_las": 0.8125},
        "worldwide_dev": {
            "ents_p": 0.7,
            "ents_r": 0.6,
            "ents_f": 0.65,
            "ents_f_ORG": 0.1234,
            "ents_f_raw": 0.66,
            "ents_f_upper": 0.61,
            "ents_f_lower": 0.62,
            "ents_f_title": 0.63,
        },
        "attribution_dev": {f"{part}_{letter}": 0.7345 for part in ("source", "cue", "content") for letter in "prf"},
        "stance_valid": STANCE | {"macro_f": 0.6789},
        "tone_dev_rw": STANCE,
        "tone_dev_mt": STANCE,
        "news": {"words_per_second": 7654},
    },
    "scores_of_single_tasks": {"entities": {"worldwide_dev": {"ents_f": 0.5678}}},
}


def test_scores_stand_between_the_marks_and_are_replaced(tmp_path: Path) -> None:
    page = tmp_path / "model.md"
    page.write_text(f"# Title\n\n{BEGIN}\nstale\n{END}\n\nThe end.\n", encoding="utf-8")
    write_scores(page, META)
    write_scores(page, META)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Title\n\n{BEGIN}\n|")
    assert text.endswith(f"{END}\n\nThe end.\n")
    assert "stale" not in text
    for number in ("81.2", "| ORG | 12.3 |", "7,654", "| 65.0 | 56.8 |", "| cue | 73.5 | 73.5 |", "| 67.9 | 25.0 |"):
        assert text.count(number) == 1


def test_a_page_without_the_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "model.md"
    page.write_text("# Title\n", encoding="utf-8")
    with pytest.raises(Fatal, match=r"no place for the scores"):
        write_scores(page, META)


def test_the_card_names_licence_and_every_source() -> None:
    card = model_card(META)
    assert "CC BY-SA 4.0" in card
    for name in ("UD English EWT", "GUM", "en-worldwide-newswire", "PolNeAR", "spacy-lookups-data"):
        assert name in card
