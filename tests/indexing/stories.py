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


def opinionated(uri: str, number: str | None, stances: int, **said: Any) -> Article:
    """A version of a story in which Ada Lamont is against so many things; each statement tells its version."""
    about = [f"ferry {count} of version {number}" for count in range(stances)]
    enrich = {
        "model": {"name": "some_model", "version": "1"},
        "entities": [
            {"id": "e1", "name": "Ada Lamont", "key": "person:ada-lamont", "type": "PERSON", "mentions": []},
        ],
        "stances": [
            {
                "holder": "e1",
                "holderText": "Lamont",
                "targetText": target,
                "label": "against",
                "confidence": 0.9,
                "voice": "reported",
                "cue": {"start": 7, "end": 14, "text": "opposes"},
                "evidence": {"start": 0, "end": 20, "text": f"Lamont opposes {target}."},
            }
            for target in about
        ],
    }
    return version(uri, number, enrich=enrich, **said)
