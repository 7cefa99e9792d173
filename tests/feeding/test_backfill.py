"""A backfill that is interrupted goes on where it was: nothing is left out, and little is fed again."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Misconfigured, Transient
from pipeline.feeding.backfill import Checkpoint, paced
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import identity
from pipeline.feeding.walk import sources

steps = st.sampled_from(["take", "confirm", "lose", "save"])


@settings(max_examples=40)
@given(data=st.data(), files=st.integers(0, 12))
def test_whenever_it_is_cut_off_and_in_whatever_order_files_are_confirmed_none_is_left_out(
    data: st.DataObject, files: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, patch("os.fsync"):
        archive = Path(folder, "archive")
        for number in range(files):
            path = archive / f"{number % 3}-100%é" / f"{number:02}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        archive.mkdir(exist_ok=True)
        state, paths = Path(folder, "state.json"), [str(archive), str(archive)]
        confirmed: list[str] = []
        for _ in range(data.draw(st.integers(0, 3))):
            begun = Checkpoint(state, paths, "wire.raw", clock=lambda: 0.0)
            taken = begun.noted(sources(paths, begun.progress.place))
            under_way: list[str] = []
            for step in data.draw(st.lists(steps, max_size=20)):
                if step == "take":
                    under_way += [identity(one.path) for one in [next(taken, None)] if one]
                elif step == "save":
                    begun.save()
                elif under_way:
                    source = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
                    begun.settle(Fed(source, 0, None if step == "confirm" else Transient("Kafka is gone")))
                    confirmed += [source] if step == "confirm" else []
            # Cut off: what was not saved is forgotten.
        last = Checkpoint(state, paths, "wire.raw")
        rest = [identity(one.path) for one in last.noted(sources(paths, last.progress.place))]
        whole = [identity(one.path) for one in sources(paths)]
        assert rest == whole[last.progress.settled :]
        assert {*confirmed, *rest} == set(whole)
        for source in reversed(rest):
            last.settle(Fed(source, 0))
        last.save(complete=True)
        done = Checkpoint(state, paths, "wire.raw").progress
        assert (done.complete, done.settled) == (True, len(whole))
        assert list(sources(paths, done.place)) == [] or not whole


def test_the_file_of_another_backfill_is_refused_unless_it_may_be_forgotten(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    Checkpoint(state, [str(tmp_path)], "wire.raw").save()
    for paths, topic in (([str(tmp_path / "other")], "wire.raw"), ([str(tmp_path)], "other.raw")):
        with pytest.raises(Misconfigured, match=r"says how far .* came; .*--fresh"):
            Checkpoint(state, paths, topic)
    assert Checkpoint(state, [str(tmp_path)], "other.raw", fresh=True).progress.place is None
    state.write_text("{}")
    with pytest.raises(Misconfigured, match="no state file"):
        Checkpoint(state, [str(tmp_path)], "wire.raw")
    with pytest.raises(Misconfigured, match="standard input"):
        Checkpoint(state, ["-"], "wire.raw")


def test_a_state_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    begun = Checkpoint(tmp_path / "new" / "state.json", [], "wire.raw")
    begun.save()
    (tmp_path / "new" / "state.json").unlink()
    (tmp_path / "new").rmdir()
    (tmp_path / "new").touch()
    with pytest.raises(Misconfigured, match=r"state\.json can't be written"):
        begun.save()


class Clock(threading.Event):
    """A stop whose waiting takes no time but that of its own clock."""

    now = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()


def test_the_pace_is_kept_after_a_delay_too_and_ends_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: stop.now)
    sent = []
    for number in paced(range(100), 10, stop):
        sent.append(stop.now)
        stop.now += 5.0 if number == 50 else 0.001  # Kafka hesitates
        if number == 80:
            stop.set()
    assert len(sent) == 81
    assert sent[50] == pytest.approx(5.0, abs=0.01)
    assert sent[80] - sent[51] == pytest.approx(2.8, abs=0.11)
