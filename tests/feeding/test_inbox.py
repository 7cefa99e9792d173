"""A folder agencies deliver into: nothing is taken half, moved unfed or lost, whenever it is cut off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from pipeline.errors import Misconfigured
from pipeline.feeding import inbox as inbox_module
from pipeline.feeding.inbox import Inbox


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path, clock: Clock) -> Inbox:
    return Inbox(str(tmp_path), 2.0, clock)


def whole(inbox: Inbox, clock: Clock, after: float = 2.0) -> list[str]:
    clock.now += after
    return [os.path.relpath(one.path, inbox.folder) for one in inbox.look()]


def test_a_file_is_whole_when_it_has_kept_its_size_and_time(inbox: Inbox, clock: Clock) -> None:
    growing, renamed = inbox.folder / "growing.xml", inbox.folder / "renamed.xml"
    growing.write_text("<a>")
    (inbox.folder / "renamed.xml.tmp").write_text("<a/>")
    assert whole(inbox, clock, 0) == []
    growing.write_text("<a><b>")
    (inbox.folder / "renamed.xml.tmp").rename(renamed)
    assert whole(inbox, clock) == []
    assert inbox.settles_at() == clock.now + 2.0
    assert whole(inbox, clock, 1.9) == []
    growing.write_text("<a><c>")  # as many bytes, another time
    os.utime(growing, (1, 1))
    assert whole(inbox, clock, 0.1) == ["renamed.xml"]
    assert whole(inbox, clock) == ["growing.xml", "renamed.xml"]


def test_the_oldest_comes_first_and_the_subfolder_names_the_feed(inbox: Inbox, clock: Clock) -> None:
    for age, name in enumerate(
        ["kestrel/2026/a.xml", "b.xml", "2026/c.xml", "kestrel/.d.xml", "e.xml.part", "done/f.xml"]
    ):
        path = inbox.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1000 - age, 1000 - age))
    inbox.look()
    clock.now += 2
    found = [(os.path.relpath(one.path, inbox.folder), one.provider) for one in inbox.look()]
    assert found == [("2026/c.xml", None), ("b.xml", None), ("kestrel/2026/a.xml", "kestrel")]


def test_what_is_fed_is_moved_and_names_that_are_taken_keep_both(inbox: Inbox, clock: Clock) -> None:
    for text in ("first", "second", "third"):
        (inbox.folder / "kestrel").mkdir(exist_ok=True)
        (inbox.folder / "kestrel" / "a.xml").write_text(text)
        whole(inbox, clock)
        clock.now += 2
        (delivery,) = inbox.look()
        inbox.done(delivery)
    assert whole(inbox, clock) == []
    kept = sorted((inbox.folder / "done" / "kestrel").iterdir())
    assert [path.read_text() for path in kept] == ["second", "third", "first"]
    assert [path.suffix for path in kept] == [".xml"] * 3


def test_what_is_refused_is_moved_with_the_reason_beside_it(inbox: Inbox, clock: Clock) -> None:
    (inbox.folder / "big.xml").write_text("<a/>")
    whole(inbox, clock)
    clock.now += 2
    (delivery,) = inbox.look()
    inbox.failed(delivery, "it is too large")
    assert (inbox.folder / "failed" / "big.xml").read_text() == "<a/>"
    assert (inbox.folder / "failed" / "big.xml.error").read_text().endswith(" it is too large\n")


def test_what_cannot_be_moved_is_named_and_not_fed_again_and_again(inbox: Inbox, clock: Clock) -> None:
    (inbox.folder / "a.xml").write_text("<a/>")
    whole(inbox, clock)
    clock.now += 2
    (delivery,) = inbox.look()
    (inbox.folder / "done").rmdir()
    (inbox.folder / "done").symlink_to(inbox.folder / "nowhere")
    with capture_logs() as logs:
        inbox.done(delivery)
    (named,) = logs
    assert (named["path"], "can't be moved" in named["event"]) == (str(inbox.folder / "a.xml"), True)
    assert (whole(inbox, clock), whole(inbox, clock)) == ([], [])
    (inbox.folder / "a.xml").write_text("<another/>")
    assert (whole(inbox, clock), whole(inbox, clock)) == ([], ["a.xml"])


def test_of_very_many_files_some_are_looked_at_at_once(
    inbox: Inbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "MOST_AT_ONCE", 10)
    for number in range(25):
        (inbox.folder / f"{number}.xml").touch()
    looks = []
    while inbox.look():
        pass
    for _ in range(10):
        clock.now += 2
        found = inbox.look()
        for delivery in found:
            inbox.done(delivery)
        looks += [len(found)] if found else []
    assert looks == [10, 10, 5]


def test_a_folder_that_is_none_is_refused(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="is no folder"):
        Inbox(str(tmp_path / "file"), 2.0, clock)
    (tmp_path / "done").touch()
    with pytest.raises(Misconfigured, match="nothing can be moved"):
        Inbox(str(tmp_path), 2.0, clock)


# -- whatever happens in between -------------------------------------------------------------------


class CutOff(BaseException):
    """The process ends here."""


def disturbed(at: int, disturb: Callable[[], None]) -> Iterator[Any]:
    """Patches after which ``disturb`` is called before the step of that number that changes the disk."""
    steps = iter(range(1000))

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            if next(steps) == at:
                disturb()
            return real(*arguments, **options)

        return step

    for name in ("rename", "touch", "unlink", "write_text"):
        yield patch.object(Path, name, counted(getattr(Path, name)))


def replace(folder: Path, how: str) -> None:
    """The agency sends a new copy under the same name."""
    if how == "renamed":
        (folder / "new").write_bytes(b"new copy")
        os.rename(folder / "new", folder / "a.xml")  # noqa: PTH104 - Path's own is patched
    else:
        (folder / "a.xml").write_bytes(b"new copy")


def moved(folder: Path) -> set[str]:
    """What done/ and failed/ hold. An empty file is a name that was only taken."""
    found = [path for into in ("done", "failed") for path in (folder / into).rglob("*.xml")]
    return {path.read_text() for path in found} - {""}


@settings(max_examples=100)
@given(
    at=st.integers(0, 8), cut=st.booleans(), replaced=st.sampled_from(["", "renamed", "written"]), refused=st.booleans()
)
def test_cut_off_or_replaced_at_any_step_nothing_is_lost_and_nothing_unfed_is_moved(
    at: int, cut: bool, replaced: str, refused: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), Clock()
        fed, written = set[str](), ["old"]
        (folder / "a.xml").write_text("old")

        def disturb() -> None:
            if replaced:
                written.append("new copy")
                replace(folder, replaced)
            if cut:
                raise CutOff

        def run(inbox: Inbox) -> None:
            for _ in range(4):
                for delivery in inbox.look():
                    fed.add(Path(delivery.path).read_text())
                    inbox.failed(delivery, "no") if refused else inbox.done(delivery)
                clock.now += 2

        inbox = Inbox(name, 2.0, clock)
        with ExitStack() as patched, suppress(CutOff):
            for one in list(disturbed(at, disturb)):
                patched.enter_context(one)
            run(inbox)
        assert moved(folder) <= fed
        run(Inbox(name, 2.0, clock))
        assert fed == set(written)
        assert written[-1] in moved(folder) <= fed
        assert not [path for path in folder.iterdir() if path.is_file() and path.read_text()]
