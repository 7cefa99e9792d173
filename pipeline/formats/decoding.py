"""From bytes to text: the charset is found for each item."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.errors import Poison

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"OggS", b"RIFF")
_ODD = re.compile(r"[\x00\x05-\x08\x0b\x0e-\x12\x15-\x1e\x7f-\x9f]")
"""Control characters that neither text has nor the framing of wire transmissions (SOH, STX, ETX, EOT ...)."""

_MOST_CONTROLS = 0.01
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """An item's text and the charset it was in, with a warning where that was a guess."""

    text: str
    charset: str
    warning: str | None = None


_HIGH = re.compile(r"[^\x00-\x7f]")
_IMPLAUSIBLE = re.compile(
    r"\ufffd"  # bytes that Windows-1252 leaves undefined
    r"|(?<=[a-zß-öø-ÿ])[À-ÖØ-Þ](?![A-ZÀ-ÖØ-Þ])"  # a capital after a small letter: half of a broken UTF-8 sequence
    r"|(?<![A-Za-zÀ-ÖØ-öø-þ])ÿ|þ(?![a-zß-öø-ÿ])"  # 0xFF and 0xFE, which no UTF-8 has and few languages need
)
"""What Western copy in Windows-1252 does not hold, and damaged UTF-8 or other data does."""


def decode(data: bytes) -> Decoded:
    """Decode an item: by its byte-order mark, else as UTF-8, else as Windows-1252.

    Raises:
        Poison: it is empty, binary, or in no charset that wire copy uses.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise Poison("the item is empty", "feed it again when its sender has finished it", cause="empty")
    if data.startswith(_SIGNATURES):
        raise Poison("the item is a binary file, not text", "feed its caption or article instead", cause="binary")
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return Decoded(_strictly(data, charset), charset)
    try:
        decoded = Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as broken:
        decoded = _single_byte(data, broken)
    if _controls(decoded.text) > _MOST_CONTROLS:
        raise Poison("the item is binary data, not text", "feed its caption or article instead", cause="binary")
    return decoded


def _strictly(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as broken:
        raise Poison(
            f"the item is marked as {charset} and is not: {broken.reason} at byte {broken.start}",
            "ask its sender for a whole copy",
            cause="invalid-encoding",
        ) from broken


def _single_byte(data: bytes, broken: UnicodeDecodeError) -> Decoded:
    unicode = Counter(character == "\ufffd" for character in _HIGH.findall(data.decode("utf-8", "replace")))
    if unicode[False] >= unicode[True]:
        raise Poison(
            f"the item is damaged UTF-8: {broken.reason} at byte {broken.start}",
            "ask its sender for a whole copy",
            cause="invalid-encoding",
        )
    text = data.decode("windows-1252", "replace")
    high = _HIGH.findall(text)
    odd = _IMPLAUSIBLE.findall(text)
    # Western copy has few letters beyond ASCII; a third of them is another script, or no text at all.
    if len(high) > len(text) / 3 or len(odd) > len(high) / 20 or _controls(text) > _MOST_CONTROLS:
        raise Poison(
            f"the item is in no charset we know: {broken.reason} at byte {broken.start}",
            "convert it to UTF-8, then feed it again",
            cause="invalid-encoding" if _controls(text) <= _MOST_CONTROLS else "binary",
        )
    return Decoded(text, "windows-1252", "not UTF-8: read as Windows-1252")


def _controls(text: str) -> float:
    """The share of characters no text has."""
    sample = text[:_SAMPLE]
    return len(_ODD.findall(sample)) / max(1, len(sample))
