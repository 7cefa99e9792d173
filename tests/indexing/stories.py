"""Versions of invented stories, as the stage before indexing hands them over."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from pipeline.article import Article

MARCH = datetime(2026, 3, 30, 8, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 8, tzinfo=UTC)


def new_uri() -> str:
    """A uri nothing was ever written under."""
    return f"urn:test:{uuid.uuid4().hex}"


def version(uri: str, number: str | None = "1", **said: Any) -> Article:
    """A version of a story, first created in March; ``said`` is in the names of the model."""
    given: dict[str, Any] = {
        "uri": uri,
        "pub_status": "usable",
        "first_created": MARCH,
        "headlines": [{"value": f"Ferry to Port Arden runs again, version {number}"}],
        "body": [{"kind": "paragraph", "start": 0, "end": 42}],
        "text": f"The ferry sails at dawn, said Ada Lamont. {number}",
        "wire": {"format": "ninjs", "provider": "Kestrel"},
        "ingest": {"source": "tests", "received_at": MARCH},
    }
    if number:
        given["version"] = number
    return Article.model_validate(given | said)
