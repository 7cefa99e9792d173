"""How commands print: results to stdout, the rest to stderr, and nothing from a feed unescaped."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from rich.console import Console

stdout = Console(highlight=False, soft_wrap=False)
stderr = Console(stderr=True, highlight=False)


_OBEYED = frozenset({"Cc", "Cf", "Cs"})
"""Unicode's categories of what a terminal obeys instead of showing it: controls, formats, surrogates."""


def json_line(value: Any) -> str:
    """A value as one line of JSON that a terminal may show too: what it would obey is escaped."""
    line = json.dumps(value, ensure_ascii=False)
    return "".join(_escaped(c) if unicodedata.category(c) in _OBEYED else c for c in line)


def _escaped(character: str) -> str:
    # JSON's own escapes leave DEL as it is.
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def printable(text: str, *, lines: bool = False) -> str:
    """Text of a feed, safe for a terminal: control characters, ANSI escapes among them, become visible.

    Args:
        text: any text.
        lines: keep line ends and tabs.
    """
    kept = "\n\t" if lines else ""
    return "".join(c if c in kept or unicodedata.category(c) not in _OBEYED else "\ufffd" for c in text)
