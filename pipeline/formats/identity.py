"""Identity for items that have none of their own: the same item, read again, gets the same uri."""

from __future__ import annotations

import hashlib
import re

_NOT_WORDS = re.compile(r"[\W_]+")


def content_uri(text: str) -> str:
    """A uri made of an item's words: spacing, punctuation and case don't count, nor where it came from."""
    words = _NOT_WORDS.sub(" ", text.casefold()).strip()
    return f"urn:wire:{hashlib.sha256(words.encode()).hexdigest()[:32]}"
