from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.alerting.desk import Desk
from tests.indexing.conftest import index
from tests.indexing.own_index import OwnIndex
from tests.streaming.topics import own_topics

__all__ = ["index"]


@pytest.fixture
def desk(index: OwnIndex, kafka: str) -> Iterator[Desk]:
    with own_topics(kafka) as make:
        yield Desk(index, kafka, make())
