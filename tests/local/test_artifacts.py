"""The servers' programs in the cache: fetched once, whole or not at all. Nothing is fetched here."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import requests

from pipeline.errors import ServiceUnreachable
from pipeline.local import artifacts
from pipeline.local.artifacts import KAFKA_VERSION, elasticsearch_home, kafka_jars

CONTENTS = {
    "carrier/README.txt": "of no use",
    "carrier/lib/carrier.jar": "of no use",
    "carrier/elasticsearch/": "",
    "carrier/elasticsearch/bin/elasticsearch": "a program",
    "carrier/elasticsearch/config/jvm.options": "-Xmx1g",
    "carrier/elasticsearch/../../escaped": "must not be written",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "wire-pipeline"


@pytest.fixture
def archive(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the registry holds: another product with an Elasticsearch in it."""
    path = tmp_path / "carrier.zip"
    with zipfile.ZipFile(path, "w") as contents:
        for name, text in CONTENTS.items():
            contents.writestr(name, text)
    monkeypatch.setattr(artifacts, "_resolve_zip", lambda _workshop, _version: path)
    return path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_of_the_archive_only_elasticsearch_is_kept(cache: Path, archive: Path) -> None:
    home = elasticsearch_home("9.4.3")
    assert files(cache) == {"elasticsearch-9.4.3/bin/elasticsearch", "elasticsearch-9.4.3/config/jvm.options"}
    assert (home / "plugins").is_dir(), "it does not start without"
    assert not list(cache.parent.parent.rglob("escaped"))


def test_any_user_can_read_it_and_run_its_programs(cache: Path, archive: Path) -> None:
    home = elasticsearch_home("9.4.3")
    modes = {name: (home / name).stat().st_mode & 0o777 for name in (".", "bin/elasticsearch", "config/jvm.options")}
    assert all(mode & 0o444 == 0o444 for mode in modes.values())
    assert [name for name, mode in modes.items() if mode & 0o111 == 0o111] == [".", "bin/elasticsearch"]
    assert cache.stat().st_mode & 0o005 == 0o005


def test_what_was_fetched_is_not_fetched_again(cache: Path, archive: Path) -> None:
    home = elasticsearch_home("9.4.3")
    archive.unlink()
    assert elasticsearch_home("9.4.3") == home
    jars = cache / f"kafka-{KAFKA_VERSION}"
    jars.mkdir()
    assert kafka_jars() == jars


def test_an_archive_cut_off_leaves_nothing_and_the_next_try_starts_over(cache: Path, archive: Path) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises((ServiceUnreachable, zipfile.BadZipFile)):
        elasticsearch_home("9.4.3")
    assert list(cache.iterdir()) == []
    archive.write_bytes(whole)
    assert "bin/elasticsearch" in files(elasticsearch_home("9.4.3"))


@pytest.mark.parametrize("error", [requests.ConnectionError("no route"), OSError("no space left")])
def test_what_cannot_be_fetched_is_one_sentence_that_says_what_to_do(error: Exception) -> None:
    with pytest.raises(ServiceUnreachable) as refused, artifacts._explained("Kafka"):
        raise error
    assert str(refused.value) == (
        f"Kafka can't be fetched: {error}; "
        "check the network, or use a cluster of your own: kafka.bootstrap_servers, elasticsearch.url"
    )
