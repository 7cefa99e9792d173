"""The story a version belongs to, where only its slug says so."""

from __future__ import annotations

import hashlib
import re

from pipeline.article import Chain
from pipeline.cleaning.draft import Draft

_NOT_WORDS = re.compile(r"[\W_]+")
_CYCLE = re.compile(r"^(?:BC|AM|PM|AP)s?-+")


def story(draft: Draft) -> None:
    """Leads, takes and updates of one agency under one slug on one day are one story (8, 17).

    A chain that the format states stays, unless it is named by nothing but the slug (as NITF's ``du-key`` often is):
    slugs come again the next day, for another story.
    """
    article = draft.article
    stated = article.wire.chain
    slug = draft.fields.get("slugline", article.slugline)
    named_by_slug = bool(stated and stated.root and slug and _words(stated.root) == _words(slug))
    by_slug = draft.slugged or article.wire.format == "anpa" or named_by_slug
    takes = "take" in draft.wire or draft.wire.get("partial")
    if (stated and not named_by_slug) or not (by_slug or takes):
        return
    slug = slug if by_slug else None
    sent = draft.fields.get("version_created") or article.version_created or article.first_created
    if slug and not (sent or takes):
        return  # which day this is nobody knows
    name = _words(slug or draft.headline or "")
    day = sent.date().isoformat() if slug and sent else ""
    provider = article.wire.provider or ""  # not the dateline's agency: only the first part has a dateline
    if name:
        digest = hashlib.sha256(f"{provider.casefold()}|{name}|{day}".encode()).hexdigest()[:32]
        previous = stated.previous if stated else None
        draft.wire["chain"] = Chain(root=f"urn:wire:story:{digest}", previous=previous)


def _words(slug: str) -> str:
    return _NOT_WORDS.sub(" ", _CYCLE.sub("", slug).casefold()).strip()
