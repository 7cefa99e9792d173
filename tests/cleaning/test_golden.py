"""One fixture a convention, each with the article a careful reader expects of it.

After a change that is meant to change them: `WIRE_TEST_WRITE_GOLDEN=1 pytest tests/cleaning/test_golden.py`,
then read every difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.articles import cleaned

FIXTURES = Path(__file__).parent.parent / "fixtures" / "text"


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    article = json.loads(cleaned(path.read_bytes()).to_json())
    golden = path.with_suffix(".json")
    if os.environ.get("WIRE_TEST_WRITE_GOLDEN"):
        golden.write_text(json.dumps(article, ensure_ascii=False, indent=1) + "\n")
    assert article == json.loads(golden.read_text())


def test_there_are_fixtures() -> None:
    assert len(list(FIXTURES.glob("*.txt"))) > 20
