from __future__ import annotations

import pytest

from pipeline.enrichment.enricher import Enricher
from tests.enrichment.stances.reader import Reader


@pytest.fixture(scope="session")
def reader(shipped: Enricher) -> Reader:
    """Reads with the pipeline that ships with the project, loaded once."""
    return Reader(shipped._nlp)
