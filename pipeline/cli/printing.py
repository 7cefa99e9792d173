"""How commands print: results to stdout, the rest to stderr, and nothing from a feed unescaped."""

from __future__ import annotations

import unicodedata

from rich.console import Console

stdout = Console(highlight=False, soft_wrap=False)
stderr = Console(stderr=True, highlight=False)


def printable(text: str, *, lines: bool = False) -> str:
    """Text of a feed, safe for a terminal: control characters, ANSI escapes among them, become visible.

    Args:
        text: any text.
        lines: keep line ends and tabs.
    """
    kept = "\n\t" if lines else ""
    return "".join(c if c in kept or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "\ufffd" for c in text)
