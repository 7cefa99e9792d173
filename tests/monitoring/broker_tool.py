"""Kafka's own `kafka-consumer-groups`, of the version of the local Kafka."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Collection
from pathlib import Path

import pytest
import requests

from pipeline.local import artifacts
from pipeline.local.folders import Account, cache_folder
from pipeline.local.java import find_java

Figures = tuple[int, int, int]
"""Committed offset, end of the log, lag."""

_MAIN = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"


def described(kafka: str, groups: Collection[str]) -> dict[tuple[str, str, int], Figures]:
    """What the tool says where groups committed, by group, topic and partition; without a commit it knows no lag."""
    java = str(find_java(Account())[0].program)
    command = [java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{_jar()}:{artifacts.kafka_jars()}/*", _MAIN]
    command += ["--bootstrap-server", kafka, "--describe", *(word for group in groups for word in ("--group", group))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found: dict[tuple[str, str, int], Figures] = {}
    columns: list[str] = []
    for line in done.stdout.splitlines():
        words = line.split()
        if words[:1] == ["GROUP"]:
            columns = words
        elif columns and words[:1] and words[0] in groups:
            row = dict(zip(columns, words, strict=False))
            if row["CURRENT-OFFSET"] != "-":
                figures = (int(row["CURRENT-OFFSET"]), int(row["LOG-END-OFFSET"]), int(row["LAG"]))
                found[row["GROUP"], row["TOPIC"], int(row["PARTITION"])] = figures
    return found


def _jar() -> Path:
    """The jar with the tool (0.8 MB), which the broker itself doesn't need; fetched once, beside the others."""
    jar = cache_folder() / f"kafka-tools-{artifacts.KAFKA_VERSION}.jar"
    if not jar.is_file():
        with artifacts._workshop() as workshop:
            tools = artifacts._context(workshop).project("org.apache.kafka", "kafka-tools")
            try:
                fetched = Path(tools.at_version(artifacts.KAFKA_VERSION).artifact().resolve())
                zipfile.ZipFile(fetched).close()
            except (requests.RequestException, RuntimeError, OSError, zipfile.BadZipFile) as unreachable:
                pytest.skip(f"Kafka's own tool can't be fetched to compare with: {unreachable}")
            shutil.copyfile(fetched, workshop / jar.name)
            (workshop / jar.name).replace(jar)
    return jar
