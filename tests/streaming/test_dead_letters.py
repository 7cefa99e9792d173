"""Dead letters on a real broker: which are open, and what becomes of one that is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from pipeline.config import KafkaSettings, Settings, TopicSettings
from pipeline.dead_letters import ATTEMPTS, DeadLetter, Origin
from pipeline.errors import Misconfigured, Poison, ServiceUnreachable
from pipeline.headers import SOURCE, Headers
from pipeline.streaming.dead_letters import OpenLetter, named, open_letters, resend
from pipeline.streaming.reading import Record
from pipeline.streaming.topics import create_topics
from tests.streaming.topics import records

pytestmark = pytest.mark.integration

MOMENT = datetime(2026, 11, 2, 10, tzinfo=UTC)
POISON = Poison("the gauge has no scale", cause="no-scale")


class Post:
    """Topics of a test's own, and the dead letters written to them."""

    def __init__(self, kafka: str) -> None:
        name = f"test-{uuid4().hex[:8]}"
        topics = TopicSettings(
            raw=f"{name}.raw", articles=f"{name}.articles", enriched=f"{name}.enriched", dead=f"{name}.dead"
        )
        self.kafka = kafka
        self.settings = Settings(kafka=KafkaSettings(bootstrap_servers=kafka), topics=topics)
        create_topics(self.settings.kafka, topics)
        self.producer = KafkaProducer(bootstrap_servers=kafka)

    def letter(self, offset: int = 0, *, stage: str = "enrich", headers: Headers | None = None) -> DeadLetter:
        """A letter for a message of the topic of the articles."""
        return DeadLetter.of(
            POISON,
            stage,
            at=MOMENT,
            headers=headers or {SOURCE: b"feeds/gauges", "x-desk": b"night"},
            origin=Origin(self.settings.topics.articles, 1, offset),
            key=b"urn:test:gauge",
        )

    def write(self, *letters: DeadLetter, value: bytes = b"{}") -> None:
        for one in letters:
            headers = list(one.to_headers().items())
            self.producer.send(self.settings.topics.dead, value, one.id.encode(), headers)
        self.producer.flush()

    def open(self) -> list[OpenLetter]:
        return open_letters(self.settings)

    def resend(self, *letters: OpenLetter) -> list[str]:
        """Send letters again; returns the ids that were reported as sent."""
        told: list[str] = []
        resend(self.settings, letters, lambda letter: told.append(letter.id))
        return told

    def sent(self, topic: str) -> list[Record]:
        return records(self.kafka, topic)

    def close(self) -> None:
        self.producer.close()
        admin = KafkaAdminClient(bootstrap_servers=self.kafka)
        topics = self.settings.topics
        admin.delete_topics([topics.raw, topics.articles, topics.enriched, topics.dead])
        admin.close()


@pytest.fixture
def post(kafka: str) -> Iterator[Post]:
    made = Post(kafka)
    yield made
    made.close()


# -- open letters ----------------------------------------------------------------------------------


def test_open_letters_come_whole_and_oldest_first(post: Post) -> None:
    letters = [post.letter(offset) for offset in (5, 3, 9)]
    post.write(*letters, value=b'{"uri": "urn:test:gauge"}')
    assert post.open() == [OpenLetter(letter, b'{"uri": "urn:test:gauge"}') for letter in letters]


def test_without_any_there_are_none(post: Post) -> None:
    assert post.open() == []


def test_the_same_failure_delivered_twice_is_one_letter_the_later_one(post: Post) -> None:
    post.write(post.letter(1), post.letter(2))
    later = replace(post.letter(1), error="the gauge still has no scale")
    post.write(later)
    assert [one.letter for one in post.open()] == [post.letter(2), later]


def test_a_tombstone_closes_its_letter_and_a_new_failure_opens_it_again(post: Post) -> None:
    post.write(post.letter(1), post.letter(2))
    post.producer.send(post.settings.topics.dead, None, post.letter(1).id.encode())
    post.producer.flush()
    assert [one.letter for one in post.open()] == [post.letter(2)]
    post.write(post.letter(1))
    assert [one.letter for one in post.open()] == [post.letter(2), post.letter(1)]


def test_a_letter_of_an_empty_item_is_open(post: Post) -> None:
    post.write(post.letter(), value=b"")
    assert post.open() == [OpenLetter(post.letter(), b"")]


def test_a_message_that_is_no_letter_does_not_hide_the_others(post: Post) -> None:
    post.producer.send(post.settings.topics.dead, b"astray", b"astray")
    post.write(post.letter())
    assert [one.letter for one in post.open()] == [post.letter()]


def test_a_letter_is_found_by_its_id(post: Post) -> None:
    post.write(post.letter(1), post.letter(2))
    assert named(post.open(), post.letter(2).id).letter == post.letter(2)
    with pytest.raises(Poison, match="no open dead letter is called gauge/1") as unknown:
        named(post.open(), "gauge/1")
    assert unknown.value.cause == "no-such-letter"


def test_without_a_dead_letter_topic_one_is_told_what_to_do(kafka: str) -> None:
    topics = TopicSettings(dead=f"test-{uuid4().hex[:8]}")
    with pytest.raises(Misconfigured, match="`wire setup`"):
        open_letters(Settings(kafka=KafkaSettings(bootstrap_servers=kafka), topics=topics))


def test_a_broker_that_does_not_answer_is_named() -> None:
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:1"):
        open_letters(Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1")))


# -- sending again ---------------------------------------------------------------------------------


def test_a_letter_goes_to_where_it_came_from_as_it_was_and_is_closed(post: Post) -> None:
    post.write(post.letter(1), post.letter(2), value=b'{"uri": "\xc3\xa9"}')
    first, _ = post.open()
    assert post.resend(first) == [post.letter(1).id]
    (message,) = post.sent(post.settings.topics.articles)
    assert (message.key, message.value) == (b"urn:test:gauge", b'{"uri": "\xc3\xa9"}')
    assert message.headers == {SOURCE: b"feeds/gauges", "x-desk": b"night", ATTEMPTS: b"1"}
    assert [one.letter for one in post.open()] == [post.letter(2)]
    assert post.sent(post.settings.topics.raw) == []


def test_the_next_letter_of_an_item_sent_again_counts_on(post: Post) -> None:
    post.write(post.letter(1))
    post.resend(*post.open())
    (message,) = post.sent(post.settings.topics.articles)
    post.write(post.letter(2, headers=message.headers))
    (again,) = post.open()
    assert again.letter.attempts == 2
    assert again.letter.headers == {SOURCE: b"feeds/gauges", "x-desk": b"night"}


def test_several_letters_are_sent_in_order_and_each_is_told(post: Post) -> None:
    post.write(*(post.letter(offset) for offset in (4, 1, 7)))
    assert post.resend(*post.open()) == [post.letter(offset).id for offset in (4, 1, 7)]
    assert post.open() == []
    assert len(post.sent(post.settings.topics.articles)) == 3


def test_an_item_that_reached_no_topic_is_sent_to_the_first_stage(post: Post) -> None:
    fed = replace(post.letter(stage="feed"), origin=None, key=b"feeds/gauges")
    post.write(fed, value=b"raw")
    post.resend(*post.open())
    assert [(m.key, m.value) for m in post.sent(post.settings.topics.raw)] == [(b"feeds/gauges", b"raw")]
    assert post.open() == []


def test_no_key_stays_no_key_and_an_empty_item_stays_empty(post: Post) -> None:
    post.write(replace(post.letter(), key=None), value=b"")
    post.resend(*post.open())
    assert [(m.key, m.value) for m in post.sent(post.settings.topics.articles)] == [(None, b"")]


def test_a_truncated_letter_is_refused_before_anything_is_sent(post: Post) -> None:
    post.write(post.letter(1), replace(post.letter(2), truncated=True))
    letters = post.open()
    with pytest.raises(Misconfigured, match=f"{post.letter(2).id} holds only the beginning.*feed its source again"):
        post.resend(*letters)
    assert post.sent(post.settings.topics.articles) == []
    assert post.open() == letters


def test_what_was_not_sent_before_a_crash_is_still_open(post: Post) -> None:
    post.write(post.letter(1), post.letter(2))

    def crash(_: DeadLetter) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resend(post.settings, post.open(), crash)
    assert [one.letter for one in post.open()] == [post.letter(2)]
    assert len(post.sent(post.settings.topics.articles)) == 1
