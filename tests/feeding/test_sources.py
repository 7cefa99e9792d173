"""Reading items from files, folders and standard input."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeding.sources import HEAD_BYTES, Item, content_type, identity, items
from pipeline.feeding.walk import sources

MOMENT = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)


def read(*paths: str | Path, limit: int = 1000, provider: str | None = None) -> list[Item]:
    return list(items([str(p) for p in paths], max_item_bytes=limit, received_at=lambda: MOMENT, provider=provider))


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}")


def names(found: Sequence[Item], root: Path) -> list[str]:
    return [str(Path(item.hints.source).relative_to(root)) for item in found]


def test_a_file_is_one_item_with_its_bytes_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "flood.txt"
    path.write_bytes(b"\xff\x00 Flood in Ober\r\n")
    (item,) = read(path)
    assert item == Item(item.hints, b"\xff\x00 Flood in Ober\r\n", 18)
    assert (item.hints.source, item.hints.received_at) == (str(path), MOMENT)
    assert (item.hints.content_type, item.hints.provider, item.hints.trace_id) == ("text/plain", None, None)


def test_a_folder_is_walked_in_order_of_names_its_files_first(tmp_path: Path) -> None:
    write(tmp_path, "b/2.txt", "b/1.txt", "b/a/3.txt", "c.txt", "a.xml", "a/9.json")
    assert names(read(tmp_path), tmp_path) == ["a.xml", "c.txt", "a/9.json", "b/1.txt", "b/2.txt", "b/a/3.txt"]


def test_what_is_no_article_in_a_folder_is_left_out(tmp_path: Path) -> None:
    write(
        tmp_path, "README.md", ".hidden", ".git/config", "half.txt.part", "half.TMP", "old.txt~", "kept.txt", "LICENSE"
    )
    assert names(read(tmp_path), tmp_path) == ["LICENSE", "kept.txt"]


def test_a_file_that_is_named_is_always_taken(tmp_path: Path) -> None:
    write(tmp_path, "README.md", ".hidden")
    assert len(read(tmp_path / "README.md", tmp_path / ".hidden")) == 2


def test_pipes_and_links_to_folders_in_a_folder_are_left_out_and_links_to_files_are_read(tmp_path: Path) -> None:
    write(tmp_path, "feed/one.txt", "elsewhere/two.txt")
    feed = tmp_path / "feed"
    os.mkfifo(feed / "pipe")
    (feed / "loop").symlink_to(feed)
    (feed / "two.txt").symlink_to(tmp_path / "elsewhere/two.txt")
    (feed / "dangling.txt").symlink_to(tmp_path / "nowhere")
    assert names(read(feed), feed) == ["one.txt", "two.txt"]


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"piped")
    os.close(writer)
    try:
        (item,) = read(f"/dev/fd/{reader}")
    finally:
        os.close(reader)
    assert item.data == b"piped"


def test_stdin_is_one_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe")))
    (item,) = read("-", provider="meridian")
    assert (item.data, item.hints.source, item.hints.provider) == (b"from a pipe", "-", "meridian")
    assert item.hints.content_type is None


def test_the_provider_is_the_subfolder_of_the_fed_folder(tmp_path: Path) -> None:
    write(tmp_path, "loose.txt", "meridian/1.txt", "meridian/2024/05/2.txt", "2024/05/3.txt")
    providers = {Path(item.hints.source).name: item.hints.provider for item in read(tmp_path)}
    assert providers == {"loose.txt": None, "1.txt": "meridian", "2.txt": "meridian", "3.txt": None}
    assert {item.hints.provider for item in read(tmp_path, provider="given")} == {"given"}


def test_the_same_file_has_the_same_source_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "feed/one.txt")
    monkeypatch.chdir(tmp_path)
    found = read("feed/one.txt", "./feed//one.txt", "feed", "feed/../feed/", tmp_path / "feed")
    assert {item.hints.source for item in found} == {str(tmp_path / "feed/one.txt")}
    assert len(found) == 5


def test_a_name_that_is_no_utf8_can_be_a_header(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(path).write_bytes(b"x")
    (item,) = read(path)
    assert item.data == b"x"
    assert item.hints.headers()["source"].endswith(rb"/caf\xe9.txt")


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_every_file_name_has_an_identity_that_is_valid_unicode_and_stable(raw: bytes) -> None:
    name = os.fsdecode(raw)
    assert identity(name).encode().decode() == identity(name)
    assert identity(f"./{name}") == identity(name) or name.startswith("/") or name == "-"


@pytest.mark.parametrize("size", [0, 99, 100])
def test_an_item_up_to_the_limit_is_taken_an_empty_one_too(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * size)
    (item,) = read(path, limit=100)
    assert (len(item.data), item.size, item.error) == (size, size, None)


@pytest.mark.parametrize("size", [101, 3 * HEAD_BYTES, 5_000_000])
def test_a_larger_item_keeps_its_head_its_size_and_its_digest(tmp_path: Path, size: int) -> None:
    path = tmp_path / "big.txt"
    data = os.urandom(size)
    path.write_bytes(data)
    (item,) = read(path, limit=100)
    assert item.error is not None
    assert item.error.cause == "too-large"
    assert f"{size} bytes" in str(item.error)
    assert hashlib.sha256(data).hexdigest() in str(item.error)
    assert (item.size, len(item.data)) == (size, min(HEAD_BYTES, 101))
    assert data.startswith(item.data)


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "good.txt")
    gone, good = read(tmp_path / "gone.txt", tmp_path / "good.txt")
    assert gone.error is not None
    assert gone.error.cause == "unreadable"
    assert "gone.txt can't be read: No such file or directory" in str(gone.error)
    assert good.error is None


def test_a_folder_that_may_not_be_read_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, "locked/1.txt", "open/2.txt")
        root.chmod(0o755)
        (root / "locked").chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)  # root may read everything
        try:
            locked, readable = read(root)
        finally:
            os.seteuid(user)
    assert locked.error is not None
    assert f"{root}/locked can't be read: Permission denied" in str(locked.error)
    assert readable.data == b"text of open/2.txt"


def test_sources_are_found_without_being_opened(tmp_path: Path) -> None:
    write(tmp_path, "meridian/1.txt")
    (tmp_path / "meridian/1.txt").chmod(0)
    assert [(Path(s.path).name, s.provider) for s in sources([str(tmp_path), "-"])] == [
        ("1.txt", "meridian"),
        ("-", None),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text/plain"),
        ("a.xml", "text/xml"),
        ("A.JSON", "application/json"),
        ("a.html", "text/html"),
        ("a.rss", "application/rss+xml"),
        ("a.xml.gz", "application/gzip"),
        ("a", None),
        ("a.iptc", None),
    ],
)
def test_the_content_type_follows_the_suffix(name: str, expected: str | None) -> None:
    assert content_type(name) == expected
