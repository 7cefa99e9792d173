from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from pipeline.searching.connection import open_index
from tests.searching.archive import Archive


@pytest.fixture(scope="session")
def archive(elasticsearch_url: str) -> Iterator[Archive]:
    """The articles of tests/searching/archive.py, indexed; gone when the tests are through."""
    made = Archive(elasticsearch_url)
    made.fill()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def client(archive: Archive) -> Iterator[Elasticsearch]:
    with open_index(archive.elasticsearch) as opened:
        yield opened
