"""From bytes to text: the charset is found for each item."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.errors import Poison
from pipeline.formats.transmission import in_envelope

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
_MOST_CONTROLS_IN_ENVELOPE = 0.3
"""ANPA 1312 and IPTC 7901 have further ones for tables, bells and type faces, and short messages."""

_SAMPLE = 20_000
_HEAD = 64

_XML_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.:-]{1,39})[\"']")
_HTML_DECLARATION = re.compile(
    rb"\s*<(?:!doctype\s+html|html)\b(?s:.{0,2000}?)<meta\s[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z][\w.:-]{1,39})",
    re.IGNORECASE,
)
_DECLARABLE = re.compile(r"iso8859|iso2022|cp\d|koi8|mac|shift_jis|euc|gb|big5|hz|tis_620|johab|ascii")
"""Charsets that a declaration may name, as Python's codecs call them."""

_MEANT = {
    "ascii": "windows-1252", "iso8859-1": "windows-1252", "iso8859-9": "windows-1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
"""Charsets that are declared where one that holds more is meant, as on the web (WHATWG Encoding Standard)."""


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
    """Decode an item: by its byte-order mark, else as UTF-8, else as its XML or HTML says, else as Windows-1252.

    A declaration may be wrong, and is where the bytes are UTF-8: no other copy looks like it by chance.

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
    if data.startswith((b"<\x00", b"\x00<")):
        charset = "utf-16-le" if data.startswith(b"<\x00") else "utf-16-be"
        return Decoded(_strictly(data, charset), charset)
    named = _XML_DECLARATION.match(data) or _HTML_DECLARATION.match(data)
    declared = _charset(named[1].decode()) if named else None
    by_declaration = _decoded(data, declared) if declared else None
    if by_declaration and by_declaration.charset.startswith("iso2022"):
        return by_declaration  # in bytes that are all ASCII
    try:
        decoded = Decoded(data.decode("utf-8"), "utf-8")
        if declared and named and not data.isascii():
            decoded = Decoded(decoded.text, "utf-8", f"declared as {named[1].decode()}, is UTF-8")
    except UnicodeDecodeError as broken:
        decoded = _in_two_charsets(data) or _not_unicode(data, broken, by_declaration)
    if _is_binary(decoded.text):
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


def _charset(declared: str) -> str | None:
    """The codec of a declared charset, if it is one of wire copy and not UTF-8."""
    try:
        charset = codecs.lookup(declared).name
    except LookupError:
        return None
    return _MEANT.get(charset, charset) if _DECLARABLE.match(charset) else None


def _decoded(data: bytes, charset: str) -> Decoded | None:
    try:
        return Decoded(data.decode(charset), charset)
    except UnicodeError:
        return None


def _not_unicode(data: bytes, broken: UnicodeDecodeError, by_declaration: Decoded | None) -> Decoded:
    _refuse_damaged(data, broken)
    return by_declaration or _single_byte(data, broken)


def _in_two_charsets(data: bytes) -> Decoded | None:
    """A wire message into which a gateway has written in another charset: some letters are UTF-8, some are not."""
    if not in_envelope(data[:_HEAD].decode("latin-1")):
        return None
    text = data.decode("utf-8", "surrogateescape")
    high = _HIGH.findall(text)
    if all(map(_is_escaped, high)):
        return None
    mended = "".join(_windows_letter(character) if _is_escaped(character) else character for character in text)
    return Decoded(mended, "utf-8", "UTF-8 with letters in Windows-1252 among it")


def _is_escaped(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"


def _windows_letter(escaped: str) -> str:
    return escaped.encode("utf-8", "surrogateescape").decode("windows-1252", "replace")


def _refuse_damaged(data: bytes, broken: UnicodeDecodeError) -> None:
    unicode = Counter(character == "\ufffd" for character in _HIGH.findall(data.decode("utf-8", "replace")))
    if unicode[False] >= unicode[True]:
        raise Poison(
            f"the item is damaged UTF-8: {broken.reason} at byte {broken.start}",
            "ask its sender for a whole copy",
            cause="invalid-encoding",
        )


def _single_byte(data: bytes, broken: UnicodeDecodeError) -> Decoded:
    text = data.decode("windows-1252", "replace")
    high = _HIGH.findall(text)
    odd = _IMPLAUSIBLE.findall(text)
    # Western copy has few letters beyond ASCII; a third of them is another script, or no text at all.
    if len(high) > len(text) / 3 or len(odd) > len(high) / 20 or _is_binary(text):
        raise Poison(
            f"the item is in no charset we know: {broken.reason} at byte {broken.start}",
            "convert it to UTF-8, then feed it again",
            cause="binary" if _is_binary(text) else "invalid-encoding",
        )
    return Decoded(text, "windows-1252", "not UTF-8: read as Windows-1252")


def _is_binary(text: str) -> bool:
    """Whether too many characters are such as no text has."""
    sample = text[:_SAMPLE]
    most = _MOST_CONTROLS_IN_ENVELOPE if in_envelope(sample) else _MOST_CONTROLS
    return len(_ODD.findall(sample)) > most * len(sample)
