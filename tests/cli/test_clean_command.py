"""`wire clean` as a person or a script calls it: no server, one article a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.article import Article
from tests.cli.running import STORY, Run, wire

NINJS = {
    "uri": "urn:test:café",
    "headline": "Müller & Søn – “heute” – öffnet",
    "body_text": "Das Café öffnet. 渡し船 ⛴ 𝄞",
}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good items and bad ones between them."""
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "a.txt").write_text(STORY, encoding="utf-8")
    (folder / "b-broken.json").write_text('{"uri": "urn:te', encoding="utf-8")
    (folder / "c.json").write_text(json.dumps(NINJS, ensure_ascii=False), encoding="utf-8")
    (folder / "d-empty.txt").write_text("", encoding="utf-8")
    (folder / "e-mixed.json").write_text(
        json.dumps([NINJS | {"uri": "urn:test:1"}, {"uri": 7}, NINJS | {"uri": "urn:test:2"}]), encoding="utf-8"
    )
    (folder / "f-photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 20)
    (folder / "sub").mkdir()
    (folder / "sub" / "g.txt").write_text(STORY.replace("Old", "New"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def cleaned(inbox: Path) -> Run:
    return wire("clean", inbox, inbox / "gone.txt")


def test_the_good_ones_are_written_as_canonical_articles_in_order(cleaned: Run, inbox: Path) -> None:
    names = [Path(article["ingest"]["source"]).relative_to(inbox).as_posix() for article in cleaned.articles]
    assert names == ["a.txt", "c.json", "e-mixed.json", "e-mixed.json", "sub/g.txt"]
    for line in cleaned.out.splitlines(keepends=True):
        assert Article.from_json(line).to_json() + b"\n" == line


def test_it_exits_with_1_and_each_bad_item_is_named_on_stderr(cleaned: Run, inbox: Path) -> None:
    assert cleaned.code == 1
    lines = cleaned.err.splitlines()
    named = ["b-broken.json", "d-empty.txt", "e-mixed.json", "f-photo.jpg", "gone.txt"]
    assert [line.split(": ")[:2] for line in lines] == [["wire", str(inbox / name)] for name in named]
    assert "object 1: " in lines[2]
    assert "No such file" in lines[4]


def test_what_is_absent_is_nowhere_null_or_empty(cleaned: Run) -> None:
    for article in cleaned.articles:
        assert not [where for where, value in walked(article) if value in (None, "", [], {})]


def walked(value: object, where: str = "") -> list[tuple[str, object]]:
    """All values in a JSON value, each with its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(where, value), *(found for key, one in inner for found in walked(one, f"{where}.{key}"))]


def test_a_second_run_writes_the_same(cleaned: Run, inbox: Path) -> None:
    again = wire("clean", inbox, inbox / "gone.txt")
    assert again.lasting == cleaned.lasting
    assert (again.err, again.code) == (cleaned.err, cleaned.code)


def test_when_all_is_well_it_exits_with_0_and_says_nothing(inbox: Path) -> None:
    run = wire("clean", inbox / "a.txt", inbox / "c.json")
    assert (run.code, run.err) == (0, "")
    text = run.articles[0]
    assert text["headlines"] == [{"value": "Ferry runs again"}]
    assert text["text"] == "The ferry to Old Arden runs again, said Ada Lamont of the Kestrel Union."
    assert text["body"] == [{"kind": "paragraph", "start": 0, "end": len(text["text"])}]
    assert text["wire"]["format"] == "text"


def test_standard_input_is_an_item_like_a_file(inbox: Path) -> None:
    run = wire("clean", "-", stdin=(inbox / "a.txt").read_bytes())
    (article,) = run.lasting
    assert (run.code, run.err) == (0, "")
    assert article["ingest"].pop("source") == "-"
    (of_file,) = wire("clean", inbox / "a.txt").lasting
    assert of_file["ingest"].pop("source") == str(inbox / "a.txt")
    assert article == of_file


@pytest.mark.parametrize("stdin", [b"", b"\x00\x01\x02" * 100])
def test_standard_input_that_is_no_article_is_named(stdin: bytes) -> None:
    run = wire("clean", "-", stdin=stdin)
    assert (run.code, run.out) == (1, b"")
    assert run.err.startswith("wire: -: ")
    assert len(run.err.splitlines()) == 1


@pytest.mark.parametrize("variables", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_utf_8_goes_in_and_out_whatever_the_locale(variables: dict[str, str]) -> None:
    run = wire("clean", "-", stdin=json.dumps(NINJS, ensure_ascii=False).encode(), variables=variables)
    assert run.code == 0
    assert run.articles[0]["uri"] == NINJS["uri"]
    assert run.articles[0]["headlines"] == [{"value": NINJS["headline"]}]
    assert run.articles[0]["text"] == NINJS["body_text"]
    assert "𝄞".encode() in run.out  # as it is, not escaped
    block = run.articles[0]["body"][-1]
    assert block["end"] == len(NINJS["body_text"])  # code points, neither bytes nor UTF-16 units


def test_a_file_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\033[2Jb.txt").write_bytes(b"")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"")
    run = wire("clean", tmp_path)
    assert run.code == 1
    assert "\033" not in run.err
    assert [line.split("/")[-1].split(": ")[0] for line in run.err.splitlines()] == ["a\ufffd[2Jb.txt", "caf\\xe9.txt"]


def test_an_item_that_is_too_large_is_named_and_the_next_one_passes(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_text(STORY * 20, encoding="utf-8")
    variables = {"WIRE_FEEDING__MAX_ITEM_BYTES": "500"}
    run = wire("clean", tmp_path / "large.txt", inbox / "a.txt", variables=variables)
    assert run.code == 1
    assert "large.txt has" in run.err
    assert len(run.articles) == 1


def test_articles_come_while_later_items_are_still_being_read(inbox: Path) -> None:
    """A reader that has seen enough may go: the command ends without a traceback."""
    command = [sys.executable, "-m", "pipeline", "clean", *[str(inbox / "a.txt")] * 2000]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert json.loads(run.stdout.readline())["headlines"] == [{"value": "Ferry runs again"}]
        run.stdout.close()
        assert b"Traceback" not in run.stderr.read()
        assert run.wait(60) != 0


@pytest.mark.parametrize("depth", [150, 230, 300])
def test_nested_properties_are_kept_or_refused_but_never_written_unreadably(
    depth: int, inbox: Path, tmp_path: Path
) -> None:
    nested = '{"uri": "urn:test:deep", "x": ' + "[" * depth + "]" * depth + "}"
    (tmp_path / "deep.json").write_text(nested, encoding="utf-8")
    run = wire("clean", tmp_path / "deep.json", inbox / "a.txt")
    written = [Article.from_json(line).uri for line in run.out.splitlines()]
    assert ("urn:test:deep" in written) is (run.code == 0) is ("deep.json: " not in run.err)
    assert len(written) == 2 - run.code
    assert "Traceback" not in run.err
