"""The page on settings is what the settings say, and names every one of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from docs import configuration
from pipeline.config import Settings

SECTIONS = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}


def rows(section: str) -> list[list[str]]:
    """The cells of a section's table."""
    text = configuration.page().split(f"\n## `[{section}]`\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_the_page_is_up_to_date() -> None:
    assert configuration.PAGE.read_text(encoding="utf-8") == configuration.page(), "run `make docs`"


def test_every_section_is_on_the_page() -> None:
    assert SECTIONS.keys() == Settings.model_fields.keys()
    assert re.findall(r"^## `\[(\w+)\]`$", configuration.page(), re.MULTILINE) == list(SECTIONS)


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_key_has_a_row_that_says_what_it_is(section: str) -> None:
    table = rows(section)
    assert [row[0] for row in table] == [f"`{key}`" for key in SECTIONS[section].model_fields]
    for row in table:
        key, kind, _, meaning = row  # no cell more or less, whatever a default or a type holds
        assert kind.strip("`"), key
        assert meaning, key


def test_types_and_defaults_are_in_words() -> None:
    kafka = {row[0]: row for row in rows("kafka")}
    assert kafka["`request_timeout`"][1:3] == ["`float`", "`30.0`"]
    assert kafka["`ssl_cafile`"][1:3] == ["`Path or None`", ""]
    assert kafka["`sasl_password`"][1:3] == ["`SecretStr or None`", ""]
    labels = {row[0]: row for row in rows("enrichment")}["`labels`"]
    assert labels[1:3] == ["`dict[str, str]`", "`{'PER': 'PERSON'}`"]


@pytest.mark.parametrize("kept", ["", "# Configuration\n\nSomething older.\n", None])
def test_check_finds_an_old_page_and_writing_it_mends_that(
    kept: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "configuration.md"
    if kept is not None:
        page.write_text(kept)
    monkeypatch.setattr(configuration, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["configuration", "--check"])
    assert configuration.main() == 1
    assert "run `make docs`" in capsys.readouterr().err
    assert (page.read_text() if page.exists() else None) == kept

    monkeypatch.setattr(sys, "argv", ["configuration"])
    assert configuration.main() == 0
    monkeypatch.setattr(sys, "argv", ["configuration", "--check"])
    assert configuration.main() == 0
    assert capsys.readouterr().err == ""
