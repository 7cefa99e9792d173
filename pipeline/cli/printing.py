"""How commands print: results to stdout, the rest to stderr, and nothing from a feed unescaped."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rich.console import Console

stdout = Console(highlight=False, soft_wrap=False)
stderr = Console(stderr=True, highlight=False)


_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON may hold as it is and a terminal obeys."""


def json_line(value: Any) -> str:
    """A value as one line of JSON that a terminal may show too: its control characters are escaped."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def printable(text: str, *, lines: bool = False) -> str:
    """Text of a feed, safe for a terminal: control characters, ANSI escapes among them, become visible.

    Args:
        text: any text.
        lines: keep line ends and tabs.
    """
    kept = "\n\t" if lines else ""
    return "".join(c if c in kept or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "\ufffd" for c in text)
