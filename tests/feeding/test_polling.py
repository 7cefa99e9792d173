"""Polling feeds: what is fed of them over hours, restarts and failures, with no Kafka and no waiting."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from pipeline.config import Settings
from pipeline.errors import Misconfigured
from pipeline.feeding.polling import PolledFeeds
from pipeline.feeding.producer import Fed
from pipeline.feeding.sources import Item
from tests.feeding.feed_server import FeedServer, Reply
from tests.feeding.test_entries import rss

ONE = rss({"a": "Dam talks begin"})
TWO = rss({"a": "Dam talks begin", "b": "Ferry runs"})


class Desk:
    """Polls one feed, by a clock of its own."""

    def __init__(
        self, server: FeedServer, state: Path, every: float | None = None, path: str = "/rss", *, fresh: bool = False
    ) -> None:
        self.now = 0.0
        self.server = server
        self.stop = threading.Event()
        self.url = f"{server.url}{path}"
        settings = Settings.model_validate({"feeding": {"state_dir": state, "http_timeout": 2}})
        self.feeds = PolledFeeds([self.url], settings, self.stop, every=every, fresh=fresh, clock=lambda: self.now)

    def poll(self, *, confirmed: bool = True) -> Item | None:
        """What a poll yields, if it is time for one; whether Kafka confirms it."""
        found = list(self.feeds.items())
        assert len(found) <= 1
        for item in found if confirmed else []:
            self.feeds.settle(Fed(item.hints.source, item.size, item.error))
        return found[0] if found else None

    def pause(self) -> float:
        """Seconds, nearly, from this poll to the next."""
        self.poll()
        asked, began = len(self.server.asked), self.now
        while len(self.server.asked) == asked and self.now - began < 200_000:
            self.now += 5
            self.poll()
        return self.now - began


def serve(server: FeedServer, document: bytes) -> None:
    """Serve a document, to those who don't have it."""
    version = f'"{len(document)}"'

    def answer(_: str, asked: Mapping[str, str]) -> Reply:
        return Reply(304) if asked.get("if-none-match") == version else Reply(200, document, {"ETag": version})

    server.answer = answer


def test_only_what_is_new_is_fed_also_after_a_restart(server: FeedServer, tmp_path: Path) -> None:
    serve(server, ONE)
    desk = Desk(server, tmp_path)
    first = desk.poll()
    assert first is not None
    assert (first.hints.source, first.hints.content_type, first.size) == (desk.url, "application/xml", len(first.data))
    assert b"Dam talks" in first.data
    serve(server, TWO)
    restarted = Desk(server, tmp_path)
    second = restarted.poll()
    assert second is not None
    assert (b"Dam talks" in second.data, b"Ferry" in second.data) == (False, True)
    restarted.now += 10_000
    assert (restarted.poll(), Desk(server, tmp_path).poll()) == (None, None)
    whole = Desk(server, tmp_path, fresh=True).poll()
    assert whole is not None
    assert b"Dam talks" in whole.data


def test_what_kafka_did_not_confirm_is_fed_again_at_once_and_after_a_restart(
    server: FeedServer, tmp_path: Path
) -> None:
    serve(server, ONE)
    desk = Desk(server, tmp_path)
    for one in (desk, desk, Desk(server, tmp_path), desk):
        item = one.poll(confirmed=False)
        assert item is not None
        assert b"Dam talks" in item.data
    assert (desk.poll() is None, desk.poll()) == (False, None)


@pytest.mark.parametrize(
    ("every", "says", "seconds"),
    [(None, "", 300), (None, "<ttl>10</ttl>", 600), (None, "<ttl>1440</ttl>", 3600), (20.0, "<ttl>10</ttl>", 20)],
)
def test_a_feed_is_asked_as_often_as_the_operator_says_else_as_it_says_itself(
    server: FeedServer, tmp_path: Path, every: float | None, says: str, seconds: float
) -> None:
    serve(server, rss({"a": "Dam talks begin"}, more=says))
    desk = Desk(server, tmp_path, every)
    for pause in (desk.pause(), desk.pause()):
        assert seconds <= pause <= seconds * 1.1 + 5


@pytest.mark.parametrize(
    "reply", [Reply(429, headers={"Retry-After": "1500"}), Reply(503, headers={"Retry-After": "1500"})]
)
def test_a_server_that_asks_for_patience_gets_it(server: FeedServer, tmp_path: Path, reply: Reply) -> None:
    server.answer = lambda *_: reply
    assert 1500 <= Desk(server, tmp_path, 60.0).pause() <= 1655


def test_a_feed_that_fails_is_named_asked_ever_less_often_and_fed_when_it_is_back(
    server: FeedServer, tmp_path: Path
) -> None:
    server.answer = lambda *_: Reply(200, b"<!DOCTYPE html><html>Please log in</html>")
    desk = Desk(server, tmp_path, 60.0)
    item = desk.poll()
    assert item is not None
    assert item.error is not None
    assert (item.error.cause, item.data) == ("unreadable", b"")
    assert f"{desk.url} sent no feed: it is no RSS or Atom feed but begins '<!DOCTYPE" in str(item.error)
    pauses = [desk.pause() for _ in range(8)]
    assert pauses == sorted(pauses, key=lambda pause: round(pause, -3))
    assert pauses[-1] <= 3600 * 1.1 + 5
    serve(server, ONE)
    desk.now += 4000
    found = desk.poll()
    assert found is not None
    assert found.error is None
    assert desk.pause() <= 71


def test_a_feed_that_moved_is_known_by_its_old_address_and_asked_at_its_new_one(
    server: FeedServer, tmp_path: Path
) -> None:
    moved = {"/rss": Reply(301, headers={"Location": "/new"}), "/new": Reply(200, ONE)}
    server.answer = lambda path, _: moved[path]
    desk = Desk(server, tmp_path)
    with capture_logs() as logs:
        item = desk.poll()
    assert item is not None
    assert item.hints.source == desk.url
    assert [log["moved_to"] for log in logs if "moved" in log["event"]] == [f"{server.url}/new"]
    server.asked.clear()
    later = Desk(server, tmp_path)
    later.poll()
    assert [path for path, _ in server.asked] == ["/new"]
    moved["/new"] = Reply(404)  # it was a mistake, and is undone
    moved["/rss"] = Reply(200, TWO)
    later.now += 400
    later.poll()
    later.now += 400
    found = later.poll()
    assert found is not None
    assert b"Ferry" in found.data


def test_a_feed_that_is_gone_is_not_asked_again_and_with_the_last_of_them_polling_ends(
    server: FeedServer, tmp_path: Path
) -> None:
    server.answer = lambda *_: Reply(410)
    desk = Desk(server, tmp_path)
    item = desk.poll()
    assert item is not None
    assert "gone for good" in str(item.error)
    desk.now += 10**6
    assert (desk.poll(), len(server.asked)) == (None, 1)
    desk.feeds.wait()
    assert desk.stop.is_set()


def test_a_state_file_of_something_else_is_named(server: FeedServer, tmp_path: Path) -> None:
    serve(server, ONE)
    Desk(server, tmp_path).poll()
    (file,) = (tmp_path / "feeds").iterdir()
    file.write_text("[]")
    with pytest.raises(Misconfigured, match=f"{file} is no state file"):
        Desk(server, tmp_path)
