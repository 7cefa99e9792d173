from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.indexing.own_index import OwnIndex


@pytest.fixture(scope="module")
def index(elasticsearch_url: str) -> Iterator[OwnIndex]:
    """One set of indices for a module, set up; each test takes uris of its own."""
    own = OwnIndex(elasticsearch_url)
    try:
        asyncio.run(own.set_up())
        yield own
    finally:
        own.drop()


@pytest.fixture
def bare(elasticsearch_url: str) -> Iterator[OwnIndex]:
    """Names for a set of indices in which nothing is there yet."""
    own = OwnIndex(elasticsearch_url)
    try:
        yield own
    finally:
        own.drop()
