"""Asking a server for a feed: conditionally, within bounds of time and size, and doing what its answer says.

HTTP's semantics are those of RFC 9110: conditional requests, redirects, Retry-After. Proxies are taken from the usual
variables (``HTTPS_PROXY``, ``NO_PROXY``), passwords from ``~/.netrc``, as other tools do, and only sent over https.
"""

from __future__ import annotations

import netrc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Retry, Timeout, make_headers

from pipeline.errors import Misconfigured, Poison, Transient

MOST_REDIRECTS = 5
LONGEST_WAIT = 24 * 3600.0
"""Seconds a server can ask us to stay away."""

_CONNECT_SECONDS = 10.0
_WHOLE_SECONDS = 120.0
_CHUNK = 64 * 1024
_HEADERS = {
    "User-Agent": "wire-pipeline",
    "Accept": "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


class Away(Transient):
    """The server did not answer with the feed; it may next time.

    Args:
        what: see `WireError`.
        retry_after: seconds the server asks us to wait.
    """

    def __init__(self, what: str, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server tells a version of a document by (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        url: where to ask the next time: another address where the feed has moved for good.
        data: the document, or None where it has not changed.
        validators: its version.
    """

    url: str
    data: bytes | None
    validators: Validators


class Fetcher:
    """Asks servers.

    Args:
        max_bytes: bytes of the largest document, after decompression.
        timeout: seconds a server may be silent.
        ca_certs: a file of certificate authorities to trust; None: the system's.
        now: tells the time, with its zone.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout: float,
        ca_certs: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._max_bytes = max_bytes
        self._now = now
        self._options: dict[str, Any] = {
            "cert_reqs": "CERT_REQUIRED",
            "ca_certs": str(ca_certs) if ca_certs else None,
            "timeout": Timeout(connect=min(_CONNECT_SECONDS, timeout), read=timeout),
            "retries": Retry(total=False, redirect=False),
        }

    def fetch(self, url: str, known: Validators) -> Answer:
        """Ask for a document, unless it is still the one that is known.

        Raises:
            Away: no answer, one that makes no sense, or one that says later (429, 503 and other errors).
            Poison: ``gone``: the server says there will never be an answer again (410).
        """
        moved, permanent = url, True
        for _ in range(MOST_REDIRECTS + 1):
            response = self._request(url, known)
            try:
                if response.status in {301, 302, 303, 307, 308} and (target := response.headers.get("location")):
                    permanent = permanent and response.status in {301, 308}
                    url = _target(url, target)
                    moved = url if permanent else moved
                    continue
                return self._answer(response, url, moved, known)
            finally:
                response.close()
        raise Away(f"{url} is the last of more than {MOST_REDIRECTS} redirects")

    def _request(self, url: str, known: Validators) -> urllib3.BaseHTTPResponse:
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        headers = _HEADERS | {name: value for name, value in conditions.items() if value} | _password(url)
        try:
            return self._pool(url).request("GET", url, headers=headers, preload_content=False, redirect=False)
        except HTTPError as error:
            raise Away(f"{url} does not answer: {error}") from error

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxy = getproxies().get(parts.scheme)
        if proxy and not proxy_bypass(parts.hostname or ""):
            return urllib3.ProxyManager(proxy, **self._options)
        return urllib3.PoolManager(**self._options)

    def _answer(self, response: urllib3.BaseHTTPResponse, url: str, moved: str, known: Validators) -> Answer:
        if response.status == 304:
            return Answer(moved, None, known)
        if response.status == 410:
            raise Poison(f"{url} is gone for good (410)", "take it out of what is polled", cause="gone")
        if response.status != 200:
            raise Away(f"{url} answered {response.status} {response.reason or ''}".strip(), self._wait(response))
        validators = Validators(response.headers.get("etag"), response.headers.get("last-modified"))
        return Answer(moved, self._body(response, url), validators)

    def _body(self, response: urllib3.BaseHTTPResponse, url: str) -> bytes:
        deadline = time.monotonic() + _WHOLE_SECONDS
        body = bytearray()
        try:
            while chunk := response.read1(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > self._max_bytes:
                    raise Away(f"{url} is larger than the {self._max_bytes} bytes of feeding.max_item_bytes")
                if time.monotonic() > deadline:
                    raise Away(f"{url} took longer than {_WHOLE_SECONDS:.0f} s")
        except HTTPError as error:
            raise Away(f"{url} broke off: {error}") from error
        return bytes(body)

    def _wait(self, response: urllib3.BaseHTTPResponse) -> float | None:
        """Seconds that Retry-After asks for: a number, or a date (RFC 9110, section 10.2.3)."""
        said = response.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return min(float(said[:9]), LONGEST_WAIT)
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max((aware - self._now()).total_seconds(), 0.0), LONGEST_WAIT)


def checked(url: str) -> str:
    """An address of a feed.

    Raises:
        Misconfigured: it is neither http nor https, or it holds a password, which would stand in every message.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misconfigured(f"{url} is no http or https address", "feeds are fetched over http and https only")
    if parts.username or parts.password:
        raise Misconfigured(f"the address of {parts.hostname} holds a user or password", "put them into ~/.netrc")
    return url


def _target(url: str, location: str) -> str:
    target = urljoin(url, location)
    parts = urlsplit(target)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Away(f"{url} leads to {target}, which is no http or https address")
    if parts.scheme == "http" and url.startswith("https:"):
        raise Away(f"{url} leads to {target}, which is not encrypted")
    return target


def _password(url: str) -> dict[str, str]:
    """The header with the user and password that ``~/.netrc`` has for a server."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return {}
    try:
        found = netrc.netrc().authenticators(parts.hostname or "")
    except FileNotFoundError:
        return {}
    except (OSError, netrc.NetrcParseError) as error:
        raise Misconfigured(f"~/.netrc can't be read: {error}", "correct it") from error
    return make_headers(basic_auth=f"{found[0]}:{found[2]}") if found else {}
