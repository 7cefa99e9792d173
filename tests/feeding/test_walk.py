"""Walking folders: always in the same order, from any place on, a run of names at a time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeding import walk
from pipeline.feeding.walk import Place, count, sources

names = st.text("ab1é%", min_size=1, max_size=3)
trees = st.lists(st.lists(names, min_size=1, max_size=3), max_size=25)


def make(root: Path, tree: list[list[str]]) -> None:
    for parts in tree:
        path = root.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue  # the name is another kind of thing already


@settings(max_examples=60)
@given(tree=trees, run=st.integers(1, 5))
def test_a_walk_goes_on_from_any_of_its_places_and_has_all_files(tree: list[list[str]], run: int) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(walk, "RUN", run):
        root = Path(folder)
        make(root, tree)
        (root / "single.txt").touch()
        paths = [folder, str(root / "single.txt"), folder]
        whole = list(sources(paths))
        files = [path for path in root.rglob("*") if path.is_file()]
        assert sorted(one.path for one in whole) == sorted(map(str, [*files, *files, root / "single.txt"]))
        assert count(paths) == len(whole)
        assert sorted(whole, key=lambda one: one.place.root) == whole
        for number, one in enumerate(whole):
            assert list(sources(paths, after=one.place)) == whole[number + 1 :]


def test_what_is_gone_or_new_since_an_earlier_walk_does_not_disturb_it(tmp_path: Path) -> None:
    make(tmp_path, [["a"], ["c"], ["m", "a"], ["m", "c"], ["z", "a"]])
    after_c_in_m = Place(0, ("m", "c"))
    for path in (tmp_path / "m" / "a", tmp_path / "m" / "c"):
        path.unlink()
    make(tmp_path, [["b"], ["m", "d"], ["n", "a"]])
    found = [os.path.relpath(one.path, tmp_path) for one in sources([str(tmp_path)], after=after_c_in_m)]
    assert found == ["m/d", "n/a", "z/a"]
