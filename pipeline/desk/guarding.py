"""What a browser is told to refuse, and what this server refuses: foreign names, and anything but reading.

The Content Security Policy (W3C, CSP Level 3) forbids every script, so that a story's markup could do nothing even if
it were not escaped. The check of the Host header keeps foreign pages from reading ours by DNS rebinding: their
name may lead to this machine, but it is not ours.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # What is killed or held must not be read in a browser's cache.
    "Cache-Control": "no-store",
    "Server": "wire desk",
}

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

LONGEST_PARAMETER = 2000
"""Characters of a parameter of an address; names of parties are limited further."""

LONGEST_NAME = 400


async def add_headers(_: web.BaseRequest, response: web.StreamResponse) -> None:
    """Give a response our headers; a signal handler of aiohttp."""
    response.headers.update(HEADERS)


def is_ours(host: str | None, names: Collection[str]) -> bool:
    """Whether a Host header names this server: by loopback, or one of ``names``; its port makes no difference."""
    try:
        name = urlsplit(f"//{host or ''}").hostname
    except ValueError:
        return False
    return name in LOOPBACK or name in {one.casefold() for one in names}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address one listens at."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def too_long(name: str, value: str) -> str:
    """What is wrong with the length of a parameter; empty if nothing is."""
    # A query is measured by its own language, which shows where.
    most = LONGEST_NAME if name in {"holder", "target"} else LONGEST_PARAMETER
    return f"{name} has {len(value):,} characters, and may have {most:,}" if name != "q" and len(value) > most else ""
