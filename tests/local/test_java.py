"""Which Java runs the servers, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Misconfigured
from pipeline.local.folders import Account
from pipeline.local.java import find_java
from tests.local.conftest import InstallJava

NOBODY = Account(65534, 65534)


def test_without_any_java_one_sentence_says_how_to_install_one(install_java: InstallJava) -> None:
    with pytest.raises(Misconfigured) as refused:
        find_java(Account())
    assert str(refused.value) == (
        "Kafka and Elasticsearch need Java 17 or newer, and none was found; "
        "install one, for example: apt-get install openjdk-17-jdk-headless"
    )


@pytest.mark.parametrize("version", ["1.8.0_412", "11.0.23", "16"])
def test_a_java_too_old_counts_as_none(install_java: InstallJava, version: str) -> None:
    install_java(version)
    with pytest.raises(Misconfigured, match="install one"):
        find_java(Account())


def test_a_full_jdk_comes_before_a_small_one_and_a_newer_before_an_older(install_java: InstallJava) -> None:
    install_java("17.0.11")
    install_java("25", full=False)
    install_java("21.0.3")
    found = [(java.version, java.full) for java in find_java(Account())]
    assert found == [(21, True), (17, True), (25, False)]


@pytest.mark.parametrize("vector", [True, False])
def test_it_is_known_whether_a_java_has_the_vector_module(install_java: InstallJava, vector: bool) -> None:
    install_java("21", vector=vector)
    assert find_java(Account())[0].incubator_vector is vector


@pytest.mark.parametrize("variable", ["JAVA_HOME", "ES_JAVA_HOME"])
def test_a_java_named_by_a_variable_is_found(
    install_java: InstallJava, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = install_java("21", folder=tmp_path / "elsewhere")
    monkeypatch.setenv(variable, str(home))
    assert [java.home for java in find_java(Account())] == [home]


def test_a_variable_that_names_no_java_is_passed_over(
    install_java: InstallJava, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = install_java("17")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    assert [java.home for java in find_java(Account())] == [home]


def test_a_java_on_the_path_is_found_once_though_it_is_listed_too(
    install_java: InstallJava, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = install_java("17")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "java").symlink_to(home / "bin" / "java")
    monkeypatch.setenv("PATH", str(programs))
    assert [java.home for java in find_java(Account())] == [home]


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho sorry >&2\n", "no program at all"])
def test_what_does_not_say_its_version_is_no_java(install_java: InstallJava, script: str) -> None:
    home = install_java("17")
    broken = install_java("21")
    (broken / "bin" / "java").write_text(script)
    assert [java.home for java in find_java(Account())] == [home]


def test_a_java_nobody_can_reach_is_not_used_by_nobody(install_java: InstallJava, tmp_path: Path) -> None:
    install_java("21", folder=tmp_path / "closed")
    (tmp_path / "closed").chmod(0o700)
    (tmp_path / "jvm" / "linked").symlink_to(tmp_path / "closed" / "java-21-full")
    assert [java.version for java in find_java(Account())] == [21]
    with pytest.raises(Misconfigured):
        find_java(NOBODY)
