"""`wire enrich` as a person or a script calls it, with a model of a handful of rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.article import Article
from tests.cli.running import MODELS, STORY, Run, wire

VARIABLES = {"WIRE_ENRICHMENT__MODEL": "wire_test_model", "PYTHONPATH": str(MODELS)}

FRENCH = (
    "Le bac reprend\n\nLe bac de la vieille ville reprend lundi, dit Ada Lamont, qui parle pour les marins du port. "
    "Les habitants de la côte attendent depuis des mois et disent que ce retour était nécessaire pour tous.\n"
)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More good items than the model reads at a time, and two bad ones between them."""
    folder = tmp_path_factory.mktemp("inbox")
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(STORY.replace("runs", f"runs {number} times"), encoding="utf-8")
    (folder / "05-broken.json").write_text('{"uri": ', encoding="utf-8")
    (folder / "20-french.txt").write_text(FRENCH, encoding="utf-8")
    (folder / "21-empty.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def enriched(inbox: Path) -> Run:
    return wire("enrich", inbox, variables=VARIABLES)


def test_the_good_ones_are_written_in_order_the_bad_ones_are_named(enriched: Run, inbox: Path) -> None:
    assert enriched.code == 1
    names = [Path(article["ingest"]["source"]).name for article in enriched.articles]
    assert names == [*(f"{number:02}.txt" for number in range(20)), "20-french.txt"]
    assert [line.split(": ")[1] for line in enriched.err.splitlines()] == [
        str(inbox / "05-broken.json"),
        str(inbox / "21-empty.txt"),
    ]


def test_entities_point_at_their_words(enriched: Run) -> None:
    for line in enriched.out.splitlines(keepends=True)[:20]:
        article = Article.from_json(line)
        assert article.to_json() + b"\n" == line
        assert article.enrich is not None
        assert [(entity.name, entity.type) for entity in article.enrich.entities] == [
            ("Ada Lamont", "PERSON"),
            ("Kestrel Union", "ORG"),
        ]
        for entity in article.enrich.entities:
            for mention in entity.mentions:
                assert article.text[mention.start : mention.end] == mention.text == entity.name


def test_the_model_that_was_asked_for_is_named(enriched: Run) -> None:
    assert {article["enrich"]["model"]["name"] for article in enriched.articles[:20]} == {"wire_test_model"}


def test_a_language_the_model_does_not_read_passes_with_a_warning(enriched: Run) -> None:
    french = enriched.articles[-1]
    assert french["language"] == "fr"
    assert "enrich" not in french
    assert [warning for warning in french["wire"]["warnings"] if "not enriched" in warning and "'fr'" in warning]


def test_it_is_what_clean_writes_with_the_enrichment_added(enriched: Run, inbox: Path) -> None:
    plain = wire("clean", inbox).lasting
    added = enriched.lasting
    for article in added[:20]:
        del article["enrich"]
    assert added[:20] == plain[:20]


def test_a_second_run_writes_the_same(enriched: Run, inbox: Path) -> None:
    again = wire("enrich", inbox, variables=VARIABLES)
    assert again.lasting == enriched.lasting
    assert again.err == enriched.err


def test_standard_input_and_utf_8() -> None:
    text = STORY.replace("Old Arden", "São Tomé 𝄞")
    run = wire("enrich", "-", stdin=text.encode(), variables=VARIABLES)
    assert (run.code, run.err) == (0, "")
    (article,) = run.articles
    assert "São Tomé 𝄞" in article["text"]
    (entity,) = (one for one in article["enrich"]["entities"] if one["name"] == "Ada Lamont")
    mention = entity["mentions"][0]
    assert article["text"][mention["start"] : mention["end"]] == "Ada Lamont"  # code points, also after 𝄞


def test_a_model_that_is_not_installed_is_named(inbox: Path) -> None:
    run = wire("enrich", inbox / "00.txt", variables={"WIRE_ENRICHMENT__MODEL": "no_such_model"})
    assert run.code != 0
    assert run.out == b""
    assert run.err.startswith("wire: the spaCy pipeline 'no_such_model' is neither")
    assert len(run.err.splitlines()) == 1


def test_an_article_the_model_fails_on_does_not_stop_the_others(inbox: Path, tmp_path: Path) -> None:
    harmful = tmp_path / "harmful.txt"
    harmful.write_text(STORY.replace("runs again,", "runs RAISEERROR,"), encoding="utf-8")
    run = wire("enrich", inbox / "00.txt", harmful, inbox / "01.txt", variables=VARIABLES)
    assert run.code == 1
    assert [Path(article["ingest"]["source"]).name for article in run.articles] == ["00.txt", "01.txt"]
    assert str(harmful) in run.err
    assert "Traceback" not in run.err
