"""Where the local stack keeps its programs and its data, and the user it runs as."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "wire-pipeline"


@dataclass(frozen=True, slots=True)
class Account:
    """The user the servers run as; None as ids: the user we are."""

    uid: int | None = None
    gid: int | None = None

    def popen_options(self) -> dict[str, Any]:
        """Arguments of `subprocess.Popen` that start a process as this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to this user."""
        if self.uid is None or self.gid is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account:
    """The user servers run as: ``nobody`` where we are root (Elasticsearch refuses root), else ourselves."""
    if os.getuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def cache_folder() -> Path:
    """Where downloaded programs are kept: the user's cache folder.

    Root's own folders are closed to ``nobody``, who runs the servers then, so root uses the
    system's.
    """
    if os.getuid() == 0 and "XDG_CACHE_HOME" not in os.environ:
        return Path("/var/cache") / NAME
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME


def data_folder() -> Path:
    """Where the servers' data is kept unless the settings name another folder; see `cache_folder` for root."""
    if os.getuid() == 0 and "XDG_DATA_HOME" not in os.environ:
        return Path("/var/lib") / NAME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / NAME


def replace_folder(made: Path, wanted: Path) -> None:
    """Put a finished folder in its place in one step, so that a half-made one is never taken for whole."""
    if wanted.exists():
        shutil.rmtree(wanted)
    made.rename(wanted)
