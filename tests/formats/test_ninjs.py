"""ninjs: wrong types are named, and what editors look for is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from pipeline.formats.subject_names import subject_name
from tests.articles import HINTS, blocks, read_one

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ninjs" / "examples"


def ninjs(**properties: Any) -> Article:
    return read_one(json.dumps({"uri": "u", "headline": "H", **properties}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": 5}, {"version": []}, {"language": 1}, {"byline": {}}, {"ednote": ["a"]}, {"person": "Ada"},
        {"places": [1]}, {"organisations": {}}, {"urgency": 2.5}, {"urgency": True}, {"urgency": "4"}, {"embargoed": 1},
        {"body_text": 3}, {"bodies": [{"role": "main", "value": 1}]}, {"headlines": [{"value": 1}], "headline": None},
        {"subject": "sport"}, {"genre": [""]}, {"title": False}, {"altids": [{"role": 1, "value": "x"}]},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_type_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(Poison) as poison:
        ninjs(**wrong)
    assert poison.value.cause == "wrong-type"


def test_what_is_odd_but_readable_is_read() -> None:
    article = ninjs(urgency=3.0, type="article", firstcreated="last week", body_text="Words.")
    assert article.urgency == 3
    assert article.first_created is None
    assert "".join(article.wire.warnings).count("last week") == 1
    assert "'article'" in "".join(article.wire.warnings)


@pytest.mark.parametrize(
    ("said", "status", "kind", "evidence"),
    [
        ({"pubstatus": "canceled", "version": "2"}, "canceled", "kill", "pubStatus canceled"),
        ({"pubstatus": "withheld"}, "withheld", "hold", "pubStatus withheld"),
        ({"signals": ["sig:correction"], "version": "7"}, "usable", "correction", "signal sig:correction"),
        ({"correction_sequence": 1}, "usable", "correction", "correction_sequence 1"),
        ({"version": "2"}, "usable", "update", "version 2"),
        ({"version": "1"}, "usable", None, None),
        ({"version": "20261119101422"}, "usable", None, None),
    ],
)
def test_what_a_version_does(said: dict[str, Any], status: str, kind: str | None, evidence: str | None) -> None:
    article = ninjs(**said)
    change = article.wire.change
    assert article.pub_status == status
    assert (change.kind if change else None, change.evidence if change else None) == (kind, evidence)


def test_what_stands_in_the_body_and_is_no_text_is_set_apart() -> None:
    body = (
        "<html><head><title>H</title></head><body><h1>H</h1><div class='dat'><span>Havn</span></div><p>One.</p>"
        "<figure><img src='a.jpg' alt='The quay'/><div class='byline'>J. Holm</div></figure><h2>Two</h2></body></html>"
    )
    article = ninjs(
        bodies=[
            {"role": "teaser", "contenttype": "text/html", "value": "x" * 999},
            {"contenttype": "text/html", "value": body},
        ]
    )
    assert blocks(article) == [("paragraph", "One."), ("heading", "Two")]
    assert [(one.rel, one.name, one.uri) for one in article.associations] == [("picture", "The quay", "a.jpg")]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("15054000", "soccer"), ("04019000", "finance"), ("11024000", "politics"), ("16012000", "weaponry"),
        ("14021000", "slavery"), ("01000000", "arts, culture and entertainment"), ("17005000", "warning"),
        ("15073000", "sports event"), ("99000000", None), ("02003001", None),
    ],
)  # fmt: skip
def test_iptcs_subjects_have_names(code: str, name: str | None) -> None:
    assert subject_name(code) == name


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside the checkout")
def test_a_real_text_of_tt() -> None:
    article = read_one((SAMPLES / "3.0_tt_text_image_3.json").read_bytes())
    assert article.text.startswith("Pandemin satte stopp")
    assert [kind for kind, _ in blocks(article)] == ["paragraph"] * 4
    assert [one.rel for one in article.associations] == ["picture"]
    assert [one.creator for one in article.subjects] == ["machine"]


def test_a_page_of_an_api_is_read_item_by_item() -> None:
    good = {"item": {"uri": "a", "headline": "H"}}
    first, second = read(json.dumps({"data": {"items": [good, {"item": {"uri": 4}}]}}).encode(), HINTS)
    assert isinstance(first, Article)
    assert isinstance(second, Poison)
    assert "object 1" in str(second)
