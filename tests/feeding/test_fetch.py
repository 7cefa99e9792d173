"""Asking a real server for a feed: what its answers mean, and what it can't do to us."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import Misconfigured, Poison
from pipeline.feeding.fetch import LONGEST_WAIT, MOST_REDIRECTS, Away, Fetcher, Validators, checked
from tests.feeding.feed_server import FeedServer, Reply, feed_server

NOW = datetime(2026, 10, 8, 12, 0, tzinfo=UTC)
NOTHING = Validators()


def fetcher(max_bytes: int = 100_000, timeout: float = 5.0) -> Fetcher:
    return Fetcher(max_bytes=max_bytes, timeout=timeout, now=lambda: NOW)


def test_a_document_comes_with_its_version_and_is_not_sent_twice(server: FeedServer) -> None:
    version = {"ETag": '"v1"', "Last-Modified": "Thu, 08 Oct 2026 11:00:00 GMT"}
    server.answer = lambda _, asked: (
        Reply(304) if asked.get("if-none-match") == '"v1"' else Reply(200, b"<rss/>", version)
    )
    first = fetcher().fetch(f"{server.url}/a", NOTHING)
    assert (first.data, first.validators) == (b"<rss/>", Validators('"v1"', version["Last-Modified"]))
    again = fetcher().fetch(f"{server.url}/a", first.validators)
    assert (again.data, again.validators) == (None, first.validators)
    assert server.asked[1][1]["if-modified-since"] == version["Last-Modified"]


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_one_that_moved_for_now_is_not(
    server: FeedServer,
) -> None:
    where = {"/old": (301, "/newer"), "/newer": (308, "/new"), "/now": (302, "/new"), "/both": (307, "/old")}
    server.answer = lambda path, _: (
        Reply(where[path][0], headers={"Location": where[path][1]}) if path in where else Reply(200, path.encode())
    )
    found = {path: fetcher().fetch(f"{server.url}{path}", NOTHING) for path in where}
    assert {answer.data for answer in found.values()} == {b"/new"}
    assert {path: answer.url.removeprefix(server.url) for path, answer in found.items()} == {
        "/old": "/new",
        "/newer": "/new",
        "/now": "/now",
        "/both": "/both",
    }


@pytest.mark.parametrize(
    ("location", "said"), [("/loop", "redirects"), ("file:///etc/passwd", "no http"), ("gopher://a/b", "no http")]
)
def test_redirects_end_and_lead_nowhere_else(server: FeedServer, location: str, said: str) -> None:
    server.answer = lambda *_: Reply(301, headers={"Location": location})
    with pytest.raises(Away, match=said):
        fetcher().fetch(f"{server.url}/loop", NOTHING)
    assert len(server.asked) <= MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120.0),
        (503, "Thu, 08 Oct 2026 12:10:00 GMT", 600.0),
        (429, "Thu, 08 Oct 2026 11:00:00 GMT", 0.0),
        (429, "99999999999999", LONGEST_WAIT),
        (503, "soon", None),
        (404, "", None),
        (500, "", None),
        (204, "", None),
    ],
)
def test_another_answer_says_when_to_come_again(
    server: FeedServer, status: int, header: str, seconds: float | None
) -> None:
    server.answer = lambda *_: Reply(status, headers={"Retry-After": header} if header else {})
    with pytest.raises(Away, match=f"answered {status}") as away:
        fetcher().fetch(server.url, NOTHING)
    assert away.value.retry_after == seconds


def test_gone_is_gone(server: FeedServer) -> None:
    server.answer = lambda *_: Reply(410)
    with pytest.raises(Poison, match="gone for good") as gone:
        fetcher().fetch(server.url, NOTHING)
    assert gone.value.cause == "gone"


def test_a_compressed_document_is_read(server: FeedServer) -> None:
    server.answer = lambda *_: Reply(200, gzip.compress(b"<rss/>" * 1000), {"Content-Encoding": "gzip"})
    assert fetcher().fetch(server.url, NOTHING).data == b"<rss/>" * 1000


@pytest.mark.parametrize("kind", ["plain", "bomb"])
def test_a_huge_document_is_given_up_and_never_held(server: FeedServer, kind: str) -> None:
    huge = b"\0" * 200_000_000
    body, headers = (huge, {}) if kind == "plain" else (gzip.compress(huge, 1), {"Content-Encoding": "gzip"})
    del huge
    server.answer = lambda *_: Reply(200, body, headers)
    tracemalloc.start()
    try:
        with pytest.raises(Away, match="larger than the 100000 bytes"):
            fetcher().fetch(server.url, NOTHING)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("headers", [{"Content-Length": "500"}, {"Content-Encoding": "gzip"}])
def test_a_document_that_breaks_off_is_not_taken_for_whole(server: FeedServer, headers: dict[str, str]) -> None:
    server.answer = lambda *_: Reply(200, b"<rss><channel>", headers | {"Connection": "close"})
    with pytest.raises(Away, match="broke off"):
        fetcher(timeout=0.5).fetch(server.url, NOTHING)


def test_a_server_that_is_not_there_or_says_nothing_is_away() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(Away, match="does not answer"):
            fetcher().fetch("http://127.0.0.1:{1}/".format(*held.getsockname()), NOTHING)
        held.listen()
        with pytest.raises(Away, match="does not answer"):
            fetcher(timeout=0.2).fetch("http://127.0.0.1:{1}/".format(*held.getsockname()), NOTHING)


@pytest.mark.parametrize(
    "url", ["ftp://agency.example/a", "file:///etc/passwd", "http:///a", "https://me:pw@agency.example"]
)
def test_an_address_is_http_or_https_and_holds_no_password(url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        checked(url)
    assert "pw" not in str(refused.value)


def test_a_password_is_not_sent_unencrypted(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login desk password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    server.answer = lambda *_: Reply(200, b"<rss/>")
    fetcher().fetch(server.url, NOTHING)
    assert "authorization" not in server.asked[0][1]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not installed")
def test_a_certificate_is_only_trusted_where_its_authority_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both, trusted = tmp_path / "both.pem", tmp_path / "ca.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(both), "-out", str(trusted)]
    subprocess.run([*make.split(), *names], check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + trusted.read_bytes())
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login desk password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with feed_server(both) as server:
        server.answer = lambda *_: Reply(200, b"<rss/>")
        with pytest.raises(Away, match="certificate verify failed"):
            fetcher().fetch(server.url, NOTHING)
        assert Fetcher(max_bytes=100, timeout=5, ca_certs=trusted).fetch(server.url, NOTHING).data == b"<rss/>"
        ((_, asked),) = server.asked
        assert asked["authorization"] == "Basic ZGVzazpzZWNyZXQ="


def test_a_proxy_of_the_environment_is_asked(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answer = lambda path, _: Reply(200, path.encode())
    assert fetcher().fetch("http://agency.example/rss", NOTHING).data == b"http://agency.example/rss"
