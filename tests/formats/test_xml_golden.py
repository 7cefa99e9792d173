"""Items of our own in the XML formats, as agencies send them, each with the articles a careful reader expects of it.

After a change that is meant to change them: `WIRE_TEST_WRITE_GOLDEN=1 pytest tests/formats/test_xml_golden.py`,
then read every difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS

FIXTURES = Path(__file__).parent.parent / "fixtures"
FORMATS = ("nitf", "newsml-g2", "newsml-1.2")
ITEMS = sorted(path for name in FORMATS for path in (FIXTURES / name).glob("*.xml"))


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path) -> None:
    readings = [_readable(reading) for reading in read(path.read_bytes(), HINTS)]
    golden = path.with_suffix(".json")
    if os.environ.get("WIRE_TEST_WRITE_GOLDEN"):
        golden.write_text(json.dumps(readings, ensure_ascii=False, indent=1) + "\n")
    assert readings == json.loads(golden.read_text())


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_fixtures_of_its_own(name: str) -> None:
    goldens = [json.loads(path.read_text()) for path in (FIXTURES / name).glob("*.json")]
    assert len(goldens) > 5
    assert {one["wire"]["format"] for readings in goldens for one in readings if "poison" not in one} == {name}


def _readable(reading: Any) -> Any:
    if isinstance(reading, Poison):
        return {"poison": reading.cause, "message": str(reading)}
    article = json.loads(reading.to_json())
    # The blocks as a person reads them; the hash only says again that something changed.
    article["body"] = [[block.kind, reading.text[block.start : block.end]] for block in reading.body]
    del article["ingest"]
    article.pop("text", None)
    return article
