"""Where programs and data are kept, and the user the servers run as."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import LocalSettings
from pipeline.local import LocalStack
from pipeline.local.folders import Account, cache_folder, data_folder, replace_folder, server_account

Folder = Callable[[], Path]
FOLDERS = [(cache_folder, "XDG_CACHE_HOME"), (data_folder, "XDG_DATA_HOME")]


@pytest.fixture(params=[0, 1000])
def user(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Root, then somebody else, both at home in a folder of their own and without folders chosen."""
    number: int = request.param
    monkeypatch.setattr(os, "getuid", lambda: number)
    monkeypatch.setenv("HOME", f"/home/u{number}")
    for _, variable in FOLDERS:
        monkeypatch.delenv(variable, raising=False)
    return number


def test_root_keeps_them_where_nobody_can_read_them_others_at_home(user: int) -> None:
    kept = {str(cache_folder()), str(data_folder())}
    if user == 0:
        assert kept == {"/var/cache/wire-pipeline", "/var/lib/wire-pipeline"}
    else:
        assert kept == {"/home/u1000/.cache/wire-pipeline", "/home/u1000/.local/share/wire-pipeline"}


@pytest.mark.parametrize(("folder", "variable"), FOLDERS)
def test_a_folder_chosen_by_the_usual_variable_is_used(
    user: int, folder: Folder, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/somewhere/else")
    assert folder() == Path("/somewhere/else/wire-pipeline")


def test_root_runs_the_servers_as_nobody_others_as_themselves(user: int) -> None:
    nobody = pwd.getpwnam("nobody")
    account = server_account()
    if user == 0:
        assert account == Account(nobody.pw_uid, nobody.pw_gid)
        expected = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        assert account.popen_options() == expected
    else:
        assert account == Account()
        assert account.popen_options() == {}


def test_the_settings_choose_the_folder_of_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "usual"))
    usual, chosen = LocalStack(LocalSettings()), LocalStack(LocalSettings(data_dir=tmp_path / "chosen"))
    assert usual.kafka.data == tmp_path / "usual" / "wire-pipeline" / "kafka"
    assert [service.data for service in chosen.services] == [
        tmp_path / "chosen" / "kafka",
        tmp_path / "chosen" / "elasticsearch",
    ]


def test_a_folder_relative_to_where_we_are_stays_the_same_when_we_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stack = LocalStack(LocalSettings(data_dir=Path("data")))
    monkeypatch.chdir("/")
    assert stack.folder == tmp_path / "data"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give folders away")
def test_root_gives_a_folder_and_all_in_it_but_nothing_it_links_to(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.touch()
    folder = tmp_path / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").touch()
    (folder / "link").symlink_to(outside)
    server_account().own(folder)
    nobody = pwd.getpwnam("nobody").pw_uid
    given = [path.lstat().st_uid for path in (folder, folder / "deep", folder / "deep" / "file", folder / "link")]
    assert given == [nobody] * 4
    assert outside.stat().st_uid == 0


def test_a_finished_folder_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    for name in ("made", "wanted"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    replace_folder(tmp_path / "made", tmp_path / "wanted")
    assert [path.name for path in (tmp_path / "wanted").iterdir()] == ["made"]
    assert not (tmp_path / "made").exists()
