"""XML whose root is no format of news: NITF wrapped in it is read, other XML is refused by its name."""

from __future__ import annotations

import re

from pipeline.formats import nitf
from pipeline.formats.decoding import Decoded
from pipeline.formats.xml_document import root_name
from pipeline.headers import Hints

_BEGINS = re.compile(r"[\ufeff\s]*<(?:\?|!--|!DOCTYPE\b|/?[A-Za-z_])")

read = nitf.read


def bid(item: Decoded, hints: Hints) -> float:  # noqa: ARG001 - a reader's signature
    """XML is better refused than read as plain text with tags in it; any reader that knows its root bids more."""
    if not _BEGINS.match(item.text):
        return 0.0
    root = root_name(item.text)
    whole = root is None or item.text.rstrip().endswith(f"{root}>")
    return 0.2 if whole or item.text.lstrip("\ufeff \t\r\n").startswith("<?xml") else 0.0
