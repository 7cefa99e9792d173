"""One fixture a convention and a format, each with the articles a careful reader expects of it.

After a change that is meant to change them: `WIRE_TEST_WRITE_GOLDEN=1 pytest tests/cleaning/test_golden.py`,
then read every difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.cleaning import clean
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS

FIXTURES = Path(__file__).parent.parent / "fixtures"
FORMATS = ("text", "iptc7901", "anpa", "rss", "html", "ninjs", "ritzau", "press-release")
ITEMS = sorted(path for form in FORMATS for path in (FIXTURES / form).iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_golden(path: Path) -> None:
    articles = [_written(reading) for reading in read(path.read_bytes(), HINTS)]
    found = articles[0] if len(articles) == 1 else articles
    golden = path.with_suffix(".json")
    if os.environ.get("WIRE_TEST_WRITE_GOLDEN"):
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert found == json.loads(golden.read_text())


def _written(reading: Any) -> Any:
    return {"poison": reading.cause} if isinstance(reading, Poison) else json.loads(clean(reading).to_json())


@pytest.mark.parametrize(
    ("form", "least"), [("text", 60), ("iptc7901", 6), ("anpa", 5), ("rss", 3), ("html", 2), ("ninjs", 3)]
)
def test_there_are_fixtures(form: str, least: int) -> None:
    assert sum(path.parent.name == form for path in ITEMS) >= least
