"""The number by which Elasticsearch decides which version of a story is the newest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article, Enrichment, NlpModel
from pipeline.indexing.versions import HASH_BITS, external_version
from tests.indexing.stories import APRIL, MARCH, version

URI = "urn:test:story"
SECOND = timedelta(seconds=1)
MOMENTS = st.datetimes(timezones=st.just(UTC))
REVISIONS = st.integers(0, 2**20 - 1)


def number(revision: str | None = "1", **said: object) -> int:
    return external_version(version(URI, revision, text="", headlines=[], body=[], **said))


@given(st.none() | st.integers(-(10**30), 10**30).map(str) | st.text(min_size=1), st.none() | MOMENTS, st.text())
def test_every_article_has_a_number_elasticsearch_takes(
    revision: str | None, moment: datetime | None, text: str
) -> None:
    article = version(URI, revision, version_created=moment, text=text)
    assert 0 <= external_version(article) < 2**63


@given(REVISIONS, REVISIONS, MOMENTS, MOMENTS)
def test_a_later_revision_wins_whatever_its_time(one: int, other: int, first: datetime, second: datetime) -> None:
    low, high = sorted((one, other))
    if low != high:
        assert number(str(low), version_created=first) < number(str(high), version_created=second)


@given(
    st.sampled_from(["7", None, "7a", "1.2", "-1", "²"]),
    st.timedeltas(SECOND, timedelta(days=80_000)),
    st.timedeltas(SECOND, timedelta(days=9999)),
)
def test_of_equal_revisions_the_later_one_wins(revision: str | None, since: timedelta, more: timedelta) -> None:
    first = datetime.fromtimestamp(0, UTC) + since
    assert number(revision, version_created=first) < number(revision, version_created=first + more)


def test_revisions_count_as_numbers_and_not_as_words() -> None:
    assert number("9") < number("10") < number("100")
    assert number("01") >> HASH_BITS == number("1") >> HASH_BITS


def test_what_is_no_whole_number_comes_before_revision_one() -> None:
    assert max(number(said) for said in (None, "0.9", "v2", "²", "-3")) < number("1")


def test_a_date_as_version_leaves_the_order_to_the_time() -> None:
    # More than 20 bits: all such versions are equal, and newer than any small number.
    one, other = "20260330080000", "20260402080000"
    assert number("7") < number(other, version_created=MARCH) < number(one, version_created=APRIL)


def test_without_its_own_time_a_version_has_that_of_its_story() -> None:
    before, story, after = MARCH - SECOND, MARCH, MARCH + SECOND
    assert number(version_created=before) < number(version_created=None, first_created=story)
    assert number(version_created=None, first_created=story) < number(version_created=after)


def test_the_same_moment_on_another_clock_is_the_same_time() -> None:
    here = datetime.fromisoformat("2026-03-30T10:00:00+02:00")
    assert here == MARCH
    assert number(version_created=here) >> HASH_BITS == number(version_created=MARCH) >> HASH_BITS


def test_copies_that_differ_have_an_order_that_does_not_depend_on_who_looks() -> None:
    copies = [version(URI, text=f"The mate saw {gulls} gulls.") for gulls in range(20)]
    numbers = [external_version(copy) for copy in copies]
    assert len(set(numbers)) > 10
    assert len({one >> HASH_BITS for one in numbers}) == 1
    assert [external_version(Article.from_json(copy.to_json())) for copy in copies] == numbers


def test_when_it_came_in_and_what_we_add_make_no_other_version() -> None:
    article = version(URI)
    again = article.ingest.model_copy(update={"received_at": APRIL, "source": "elsewhere", "trace_id": "t"})
    enriched = Enrichment(model=NlpModel(name="some_model", version="1"), summary="Gulls.")
    assert external_version(article.model_copy(update={"ingest": again})) == external_version(article)
    assert external_version(article.model_copy(update={"enrich": enriched})) == external_version(article)


@given(st.none() | st.text(min_size=1), st.none() | MOMENTS, st.text())
def test_the_number_survives_the_way_through_kafka(revision: str | None, moment: datetime | None, text: str) -> None:
    article = version(URI, revision, version_created=moment, text=text)
    assert external_version(Article.from_json(article.to_json())) == external_version(article)


def test_a_version_of_any_length_has_a_number() -> None:
    assert number("9" * 5000) > number("7")
