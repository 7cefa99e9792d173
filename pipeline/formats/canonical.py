"""The last step of every reader: the fields it found, as the canonical article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.article import Article, Ingest, Wire, problems
from pipeline.errors import Poison
from pipeline.formats.decoding import Decoded
from pipeline.headers import Hints


def canonical(fields: Mapping[str, Any], wire: Mapping[str, Any], item: Decoded, hints: Hints) -> Article:
    """The canonical article of what a reader found.

    Args:
        fields: fields of the article by name; those without a value are absent. ``text`` and ``body`` are required.
        wire: the same for the fields under ``wire``; ``format`` is required.
        item: what was read; its warning goes before the reader's.
        hints: what is known of it beside its bytes; its provider goes before the one the item names.

    Raises:
        Poison: ``wrong-type``, a value is not what the field takes.
    """
    try:
        return Article.model_validate(
            {"pub_status": "usable"}
            | {name: value for name, value in fields.items() if value or name in {"text", "body"}}
            | {
                "wire": Wire.model_validate(
                    {
                        **wire,
                        "provider": hints.provider or wire.get("provider") or None,
                        "warnings": list(dict.fromkeys(filter(None, [item.warning, *wire.get("warnings", ())]))),
                    }
                ),
                "ingest": Ingest(source=hints.source, received_at=hints.received_at, trace_id=hints.trace_id),
            }
        )
    except ValidationError as invalid:
        raise Poison(problems(invalid), "ask its sender for a valid item", cause="wrong-type") from invalid
