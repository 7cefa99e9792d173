"""A transmission: one message after the other in one item. Each is read by itself, in its own charset.

Three envelopes are known by how a message begins: SOH, before which synchronisation characters may stand
(IPTC 7901, ANPA 1312); ``ZCZC`` on a line of its own or before a header (telex, ITU-T F.31); and the header
of IPTC 7901 alone, where a gateway has dropped the control characters.
"""

from __future__ import annotations

import re
from itertools import pairwise

HEADER = (
    r"(?P<service>[^\W\d][^\W\d-]{0,11}-?)(?P<number>\d{1,6}) +(?P<priority>\w) +(?P<category>[A-Za-z]{1,6}) +"
    r"(?P<words>\d{1,6})(?![\w-])(?P<rest>[^\r\n\x02]*)"
)
"""The header of IPTC 7901: service and its number, priority, category, words, then what agencies add."""

_FILL = rb"[\x00\x16\x7f\xff\s]*"
_BARE_HEADER = rb"[a-z]{2,8}\d{3,5} [1-9] [A-Za-z]{1,4} +\d{1,5} [^\r\n]*"
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:" + _FILL + rb"(?P<soh>\x01[!-~])|\s*(?P<zczc>ZCZC\b)|\s*(?P<bare>" + _BARE_HEADER + rb"))"
)
_NEXT = {
    "soh": re.compile(rb"(?:^|(?<=[\n\r\x04]))[\x00\x16\x7f]*\x01(?=[!-~])"),
    "zczc": re.compile(rb"(?:^|(?<=[\n\r\x03\x04]))[ \t]*ZCZC\b"),
    "bare": re.compile(rb"(?:^|(?<=\n)|(?<=\r))(?=" + _BARE_HEADER + rb")"),
}


def messages_of(data: bytes) -> list[bytes]:
    """The messages of an item, each with its envelope and without the fill between them; else the item itself."""
    begins = _BEGINS.match(data)
    kind = begins and begins.lastgroup
    if not kind:
        return [data]
    starts = [found.start() for found in _NEXT[kind].finditer(data)][1:]
    bounds = [0, *starts, len(data)]
    messages = (data[start:end].strip(b"\x00\x16\x7f \t\r\n") for start, end in pairwise(bounds))
    return [message for message in messages if message] or [data]


def in_envelope(text: str) -> bool:
    """Whether decoded text begins with the control characters of a message's envelope."""
    return re.match(r"[\ufeff\x00\x16\x7f\xff\s]*\x01[!-~]", text) is not None
