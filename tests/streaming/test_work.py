"""What the stages do to messages: one bad message is a Poison of its own and never spoils its neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline import cleaning
from pipeline.article import Article
from pipeline.config import EnrichmentSettings, FeedingSettings
from pipeline.errors import Fatal, Poison
from pipeline.headers import PROVIDER, REPLAY, SOURCE, Headers
from pipeline.indexing import IndexOperation, operation
from pipeline.streaming.work import Message, Outputs, Produced, Work, cleaner, enricher, preparer
from tests.articles import cleaned
from tests.enrichment.texts import small_model_installed

WRITTEN = datetime(2026, 11, 3, 7, 15, tzinfo=UTC)


def message(value: bytes, number: int = 0, headers: Headers | None = None) -> Message:
    return Message(value, headers or {}, f"t.raw/0/{number}", WRITTEN)


def ninjs(number: int, words: str = "") -> dict[str, Any]:
    text = words or f"The lock at Old Arden opens again, said Ada Lamont of gate {number}."
    return {"uri": f"urn:test:work:{number}", "headline": f"Lock {number} opens", "language": "en", "body_text": text}


def raw(number: int, words: str = "") -> bytes:
    return json.dumps(ninjs(number, words)).encode()


def canonical(number: int, words: str = "") -> bytes:
    return cleaned(raw(number, words)).to_json()


def said(outputs: Outputs) -> list[object]:
    """Outputs as they compare: a Poison by what it says."""
    return [(o.cause, str(o)) if isinstance(o, Poison) else o for o in outputs]


def only(work: Work, one: Message) -> Any:
    """The one output of one message."""
    ((output,),) = work([one])
    return output


def poison(work: Work, value: bytes) -> Poison:
    output = only(work, message(value))
    assert isinstance(output, Poison)
    return output


@pytest.fixture(scope="session")
def clean() -> Work:
    return cleaner(FeedingSettings(max_item_bytes=2000))


@pytest.fixture(scope="session")
def enrich() -> Iterator[Work]:
    with small_model_installed():
        yield enricher(EnrichmentSettings(model="wire_test_model"))


@pytest.fixture(scope="session")
def prepare() -> Work:
    return preparer()


# -- neighbours ------------------------------------------------------------------------------------

RAW = [
    *(raw(n) for n in range(3)),
    b"Ferry runs again\n\nThe ferry to Old Arden runs again.\n",
    json.dumps([ninjs(7), {"weather": "fair"}, ninjs(8)]).encode(),
    b"",
    b" \n",
    b"{",
    b'{"weather": "fair"}',
    b"\x00\x01\x02" * 50,
    b"x" * 2001,
    b'{"uri": "urn:test:work:9", "headline": ["a"]}',
]
ARTICLES = [
    *(canonical(n) for n in range(3)),
    canonical(3, "RAISEERROR said the gauge."),
    b"",
    b"{}",
    b"null",
    canonical(4)[:-5],
    b"\xff\xfe",
]


def alone(work: Work, messages: list[Message]) -> list[list[object]]:
    return [said(work([one])[0]) for one in messages]


@given(st.lists(st.sampled_from(RAW), max_size=8))
def test_cleaning_does_to_each_message_what_it_does_to_it_alone(clean: Work, values: list[bytes]) -> None:
    messages = [message(value, number) for number, value in enumerate(values)]
    assert [said(outputs) for outputs in clean(messages)] == alone(clean, messages)


@given(st.lists(st.sampled_from(ARTICLES), max_size=8))
@examples(max_examples=40)
def test_enrichment_does_to_each_message_what_it_does_to_it_alone(enrich: Work, values: list[bytes]) -> None:
    messages = [message(value, number) for number, value in enumerate(values)]
    assert [said(outputs) for outputs in enrich(messages)] == alone(enrich, messages)


@given(st.lists(st.sampled_from(ARTICLES), max_size=8))
def test_preparation_does_to_each_message_what_it_does_to_it_alone(prepare: Work, values: list[bytes]) -> None:
    messages = [message(value, number) for number, value in enumerate(values)]
    assert [said(outputs) for outputs in prepare(messages)] == alone(prepare, messages)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_something_comes_of_them_and_no_defect(clean: Work, prepare: Work, value: bytes) -> None:
    for outputs in (clean([message(value)])[0], prepare([message(value)])[0]):
        assert outputs
        assert [one for one in outputs if isinstance(one, Poison) and one.cause == "defect"] == []


# -- cleaning --------------------------------------------------------------------------------------


def test_a_raw_item_becomes_an_article_under_its_uri(clean: Work) -> None:
    output = only(clean, message(raw(1), headers={SOURCE: b"feeds/locks", PROVIDER: b"Meridian"}))
    assert isinstance(output, Produced)
    assert output.key == b"urn:test:work:1"
    article = Article.from_json(output.value)
    assert (article.headline, article.wire.provider) == ("Lock 1 opens", "Meridian")
    assert article.ingest.source == "feeds/locks"


def test_an_item_without_headers_is_from_its_place_in_the_topic_at_the_time_it_was_written(clean: Work) -> None:
    ingest = Article.from_json(only(clean, message(raw(1), 41)).value).ingest
    assert (ingest.source, ingest.received_at) == ("t.raw/0/41", WRITTEN)


def test_a_bad_article_among_several_is_a_poison_in_its_place(clean: Work) -> None:
    (outputs,) = clean([message(json.dumps([ninjs(7), {"weather": "fair"}, ninjs(8)]).encode())])
    first, bad, last = outputs
    assert isinstance(first, Produced)
    assert isinstance(last, Produced)
    assert (first.key, last.key) == (b"urn:test:work:7", b"urn:test:work:8")
    assert isinstance(bad, Poison)
    assert bad.cause == "not-an-article"
    assert "object 1" in str(bad)


def test_an_item_larger_than_the_settings_allow_is_refused(clean: Work) -> None:
    assert poison(clean, b"x" * 2001).cause == "too-large"


# -- tombstones ------------------------------------------------------------------------------------


def test_a_tombstone_is_a_poison_at_every_stage(clean: Work, enrich: Work, prepare: Work) -> None:
    assert [poison(work, b"").cause for work in (clean, enrich, prepare)] == [
        "empty",
        "invalid-article",
        "invalid-article",
    ]


# -- defects ---------------------------------------------------------------------------------------


def test_an_article_that_breaks_the_model_is_a_defect_and_its_batch_is_enriched(enrich: Work) -> None:
    values = [canonical(0), canonical(1, "RAISEERROR said the gauge."), b"{}", canonical(2)]
    (first,), (defect,), (invalid,), (last,) = enrich([message(value) for value in values])
    assert isinstance(defect, Poison)
    assert defect.cause == "defect"
    assert "the text asked for it" in str(defect)
    assert isinstance(invalid, Poison)
    assert invalid.cause == "invalid-article"
    for number, output in ((0, first), (2, last)):
        assert isinstance(output, Produced)
        enriched = Article.from_json(output.value)
        assert enriched.uri == f"urn:test:work:{number}"
        assert enriched.enrich is not None
        assert [entity.name for entity in enriched.enrich.entities] == ["Ada Lamont"]


def breaking(error: Exception, uri: str, whole: Any) -> Any:
    """A function as it is, but for one article."""

    def work(article: Article, **options: Any) -> Any:
        if article.uri == uri:
            raise error
        return whole(article, **options)

    return work


def test_an_article_that_breaks_cleaning_is_a_defect(clean: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = breaking(IndexError("no such rule"), "urn:test:work:8", cleaning.clean)
    monkeypatch.setattr(cleaning, "clean", broken)
    array = json.dumps([ninjs(7), ninjs(8), ninjs(9)]).encode()
    (before,), (first, defect), (after,) = clean([message(raw(1)), message(array), message(raw(2))])
    assert isinstance(defect, Poison)
    assert defect.cause == "defect"
    assert "IndexError: no such rule" in str(defect)
    assert [isinstance(one, Produced) for one in (before, first, after)] == [True, True, True]


def test_an_article_that_breaks_preparation_is_a_defect(prepare: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = breaking(KeyError("month"), "urn:test:work:1", operation)
    monkeypatch.setattr("pipeline.streaming.work.operation", broken)
    outputs = prepare([message(canonical(number)) for number in range(3)])
    assert [isinstance(one, IndexOperation) for (one,) in outputs] == [True, False, True]
    ((_,), (defect,), (_,)) = outputs
    assert isinstance(defect, Poison)
    assert defect.cause == "defect"


def test_what_must_end_the_process_is_no_defect_of_one_message(prepare: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = breaking(Fatal("the disk is gone"), "urn:test:work:1", operation)
    monkeypatch.setattr("pipeline.streaming.work.operation", broken)
    with pytest.raises(Fatal, match="the disk is gone"):
        prepare([message(canonical(number)) for number in range(3)])


# -- preparation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "overwrite"), [({}, False), ({REPLAY: b"2026-11-03"}, True), ({REPLAY: b""}, True)]
)
def test_only_a_replayed_article_overwrites_an_equal_version(prepare: Work, headers: Headers, overwrite: bool) -> None:
    output = only(prepare, message(canonical(1), headers=headers))
    assert isinstance(output, IndexOperation)
    assert (output.uri, output.overwrite_equal) == ("urn:test:work:1", overwrite)
