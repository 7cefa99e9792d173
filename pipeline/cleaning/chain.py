"""The story a version belongs to, where only its slug says so."""

from __future__ import annotations

import hashlib
import re

from pipeline.article import Chain
from pipeline.cleaning.draft import Draft

_NOT_WORDS = re.compile(r"[\W_]+")
_CYCLE = re.compile(r"^(?:BC|AM|PM|AP)s?-+")


def story(draft: Draft) -> None:
    """Leads, takes and updates of one agency under one slug on one day are one story (8, 17)."""
    article = draft.article
    by_slug = draft.slugged or article.wire.format == "anpa"
    takes = "take" in draft.wire or draft.wire.get("partial")
    if article.wire.chain or not (by_slug or takes):
        return
    slug = draft.fields.get("slugline", article.slugline) if by_slug else None
    stated = draft.fields.get("version_created") or article.version_created or article.first_created
    if slug and not (stated or takes):
        return  # slugs come again, and which day this is nobody knows
    name = _NOT_WORDS.sub(" ", _CYCLE.sub("", slug or draft.headline or "").casefold()).strip()
    day = stated.date().isoformat() if slug and stated else ""
    provider = article.wire.provider or ""  # not the dateline's agency: only the first part has a dateline
    if name:
        digest = hashlib.sha256(f"{provider.casefold()}|{name}|{day}".encode()).hexdigest()[:32]
        draft.wire["chain"] = Chain(root=f"urn:wire:story:{digest}")
