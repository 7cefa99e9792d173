from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.streaming.running import RunningPipeline

Starter = Callable[..., RunningPipeline]


@pytest.fixture
def pipeline(kafka: str, elasticsearch_url: str, tmp_path: Path) -> Iterator[Starter]:
    """Makes a pipeline on topics and indices of its own; its workers end with the test."""
    made: list[RunningPipeline] = []

    def make(**variables: str) -> RunningPipeline:
        made.append(RunningPipeline(kafka, elasticsearch_url, tmp_path, **variables))
        return made[-1]

    yield make
    for one in made:
        one.stop()
