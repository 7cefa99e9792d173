"""Bad input: each item is a dead letter that names its cause, and everything around it is indexed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.streaming.conftest import Starter
from tests.streaming.running import RunningPipeline, article

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n\t\n", "empty"),
    "thirty-megabytes.txt": (b"The talks go on. " * 1_850_000, "too-large"),
    "binary.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "binary"),
    "invalid-utf-8.json": (b'{"uri": "urn:test:bad", "headline": "Caf\xe9 \xff\xfe closes"}', "invalid-encoding"),
    "no-article.json": (b'{"temperature": 21, "unit": "celsius"}', "not-an-article"),
    "deep.json": (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    "cut.json": (article(1)[:-40], "malformed-json"),
    "wrong-type.json": (b'{"uri": "urn:test:bad:2", "headline": ["a", 1], "versioncreated": 7}', "wrong-type"),
    "kills.json": (article(900, text="KILLPROCESS"), "killed-its-process"),
    "raises.json": (article(901, text="RAISEERROR"), "defect"),
}
GOOD = 30


def feed_files(running: RunningPipeline, folder: Path) -> subprocess.CompletedProcess[str]:
    """`wire feed` on a folder, as an operator calls it."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "feed", str(folder)],
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_bad_items_become_dead_letters_and_their_neighbours_are_indexed(pipeline: Starter, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(GOOD):
        (folder / f"{number:02}.json").write_bytes(article(number))
    for place, (name, (data, _)) in enumerate(BAD.items()):
        (folder / f"{2 * place:02}-{name}").write_bytes(data)
    running = pipeline()
    running.start()
    fed = feed_files(running, folder)
    running.await_account(stories=GOOD, dead=len(BAD))
    causes = {_name(letter.letter.headers["source"]): letter.letter.cause for letter in running.dead()}
    assert causes == {name: cause for name, (_, cause) in BAD.items()}
    assert all(letter.letter.error for letter in running.dead())
    assert fed.returncode == 1
    assert "thirty-megabytes.txt" in fed.stderr
    assert "Traceback" not in fed.stderr
    listed = running.wire("dead", "list", "--json")
    assert len(listed.splitlines()) == len(BAD)
    assert {json.loads(line)["cause"] for line in listed.splitlines()} == set(causes.values())


def _name(source: bytes) -> str:
    return Path(source.decode()).name.partition("-")[2]
