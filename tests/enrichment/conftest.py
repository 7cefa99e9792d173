from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.config import EnrichmentSettings
from pipeline.enrichment.enricher import Enricher
from tests.enrichment.texts import small_model_installed


@pytest.fixture(scope="session")
def small() -> Iterator[Enricher]:
    """Enriches with the tests' own small pipeline: exact about two names, blind to all others."""
    with small_model_installed():
        yield Enricher(EnrichmentSettings(model="wire_test_model"))


@pytest.fixture(scope="session")
def shipped() -> Enricher:
    """Enriches with the pipeline that ships with the project, as the settings come."""
    return Enricher(EnrichmentSettings())
