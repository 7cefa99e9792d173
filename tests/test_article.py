"""The canonical article as JSON: nothing lost, nothing invented, every wrong property named."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article, Association, Block, Enrichment, Headline, Model, Subject, Wire
from pipeline.errors import Poison

M = TypeVar("M", bound=Model)

MINIMAL: dict[str, Any] = {
    "uri": "urn:test:1",
    "pubStatus": "usable",
    "body": [],
    "text": "",
    "wire": {"format": "text"},
    "ingest": {"source": "-", "receivedAt": "2026-11-02T09:30:00Z"},
}

# -- any article -----------------------------------------------------------------------------------

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=ZONES)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: MOMENTS,
    NoneType: st.none(),
}


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value a property of this type can have; built from the types, so that no new property is forgotten."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return st.text(min_size=1)  # the only one there is: NonEmpty
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is list:
        return st.lists(values_of(arguments[0]), max_size=3)
    if origin is UnionType or NoneType in arguments:
        return st.one_of(*map(values_of, arguments))
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return models(annotation)
    return SIMPLE[annotation]


def models(kind: type[M]) -> st.SearchStrategy[M]:
    """Any value of one part of the article, with unknown properties."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    names: set[str] = set()
    for name, field in kind.model_fields.items():
        names |= {name, field.alias or name}
        annotation = Annotated[str, 1] if field.annotation is str and field.metadata else field.annotation
        values = st.none() | st.integers(1, 9) if name == "urgency" else values_of(annotation)
        (required if field.is_required() else optional)[name] = values
    unknown = st.dictionaries(st.text(min_size=1).filter(lambda name: name not in names), JSON, max_size=2)
    known = st.fixed_dictionaries(required, optional=optional)
    return st.tuples(unknown, known).map(lambda parts: kind.model_validate({**parts[0], **parts[1]}))


ARTICLES = models(Article)


@given(ARTICLES)
@settings(max_examples=60)
def test_what_is_written_is_read_back_the_same(article: Article) -> None:
    written = article.to_json()
    again = Article.from_json(written)
    assert again == article
    assert again.to_json() == written


@given(ARTICLES)
@settings(max_examples=60)
def test_an_article_is_one_line_of_utf_8(article: Article) -> None:
    written = article.to_json()
    assert b"\n" not in written
    assert b"\r" not in written
    assert json.loads(written.decode())["uri"] == article.uri


# -- absent means absent ---------------------------------------------------------------------------


def test_an_article_with_nothing_optional_writes_nothing_optional() -> None:
    assert json.loads(Article.from_json(json.dumps(MINIMAL).encode()).to_json()) == MINIMAL


def test_null_is_read_as_absent_and_not_written_again() -> None:
    optional = {field.alias: None for field in Article.model_fields.values() if field.default is None}
    assert {"version", "urgency", "embargoedUntil", "by", "edNote", "enrich"} <= set(optional)
    article = Article.from_json(json.dumps(MINIMAL | optional).encode())
    assert json.loads(article.to_json()) == MINIMAL


def test_empty_lists_are_not_written() -> None:
    article = Article.from_json(json.dumps(MINIMAL).encode())
    wire = Wire(format="text", credits=[], warnings=[], cleaning=[], partial=False)
    emptied = article.model_copy(update={"headlines": [], "subjects": [], "alt_ids": [], "wire": wire})
    assert json.loads(emptied.to_json()) == MINIMAL


@pytest.mark.parametrize(
    "name",
    "uri version language by slugline located edNote copyrightHolder copyrightNotice usageTerms".split(),
)
def test_an_empty_string_is_refused_where_absence_is_meant(name: str) -> None:
    with pytest.raises(Poison, match=rf"canonical article: {name}: ") as poison:
        Article.from_json(json.dumps(MINIMAL | {name: ""}).encode())
    assert poison.value.cause == "invalid-article"


def test_unknown_properties_are_kept_at_every_depth() -> None:
    item = MINIMAL | {
        "x-desk": {"shift": None, "notes": ["", "late"]},
        "headlines": [{"value": "Ferry runs again", "wordCount": 3}],
        "wire": {"format": "ninjs", "colour": "amber"},
        "ingest": MINIMAL["ingest"] | {"host": "gate-2"},
    }
    assert json.loads(Article.from_json(json.dumps(item).encode()).to_json()) == item


def test_names_in_json_are_camel_case() -> None:
    article = Article.from_json(json.dumps(MINIMAL).encode())
    wire = Wire.model_validate({"format": "ninjs", "feed_tag": "rf-2", "priority_raw": "u"})
    full = article.model_copy(update={"ed_note": "Adds quote", "wire": wire})
    written = json.loads(full.to_json())
    assert written["edNote"] == "Adds quote"
    assert written["wire"] == {"format": "ninjs", "feedTag": "rf-2", "priorityRaw": "u"}


# -- what is wrong is named ------------------------------------------------------------------------

STANCE: dict[str, Any] = {
    "holderText": "The union",
    "targetText": "the fare rise",
    "label": "against",
    "confidence": 0.8,
    "voice": "quoted",
    "evidence": {"start": 0, "end": 3, "text": "The"},
}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"uri": 7}, "uri"),
        ({"uri": None}, "uri"),
        ({"version": 3}, "version"),
        ({"pubStatus": "perhaps"}, "pubStatus"),
        ({"urgency": 0}, "urgency"),
        ({"urgency": 10}, "urgency"),
        ({"urgency": "high"}, "urgency"),
        ({"firstCreated": "last Tuesday"}, "firstCreated"),
        ({"text": ["a"]}, "text"),
        ({"headlines": "Ferry runs again"}, "headlines"),
        ({"headlines": [{"value": "a"}, {"value": 3}]}, "headlines.1.value"),
        ({"subjects": [{"name": "Water"}]}, "subjects.0.creator"),
        ({"body": [{"kind": "poem", "start": 0, "end": 1}]}, "body.0.kind"),
        ({"wire": {"format": "fax"}}, "wire.format"),
        ({"wire": {"format": "text", "change": {"kind": "oops"}}}, "wire.change.kind"),
        ({"ingest": {"source": "-"}}, "ingest.receivedAt"),
        ({"enrich": {}}, "enrich.model"),
        (
            {"enrich": {"model": {"name": "m", "version": "1"}, "stances": [STANCE | {"label": "cross"}]}},
            "enrich.stances.0.label",
        ),
    ],
)
def test_a_wrong_property_is_named_by_its_path(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(Poison, match=rf"canonical article: {named}: ") as poison:
        Article.from_json(json.dumps(MINIMAL | changed).encode())
    assert poison.value.cause == "invalid-article"


def test_each_of_several_wrong_properties_is_named_and_many_are_counted() -> None:
    with pytest.raises(Poison) as poison:
        Article.from_json(b'{"uri": 1, "version": 2}')
    assert all(f"{name}: " in str(poison.value) for name in ("uri", "version", "pubStatus", "body", "text"))
    assert "; and 2 more" in str(poison.value)  # wire, ingest


@pytest.mark.parametrize("name", sorted(MINIMAL))
def test_a_missing_property_is_named(name: str) -> None:
    with pytest.raises(Poison, match=rf"canonical article: {name}: Field required"):
        Article.from_json(json.dumps({key: value for key, value in MINIMAL.items() if key != name}).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"uri": "a\xff"}', b"[" * 100_000])
def test_what_is_no_json_object_is_poison(data: bytes) -> None:
    with pytest.raises(Poison, match="canonical article: document: ") as poison:
        Article.from_json(data)
    assert poison.value.cause == "invalid-article"


# -- what an article tells of itself ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"firstCreated": "2026-10-01T23:30:00Z", "versionCreated": "2026-10-03T08:00:00Z"}, (2026, 10, 1)),
        ({"versionCreated": "2026-10-03T08:00:00Z"}, (2026, 10, 3)),
        ({"wire": {"format": "text", "dateline": {"raw": "PORT ARDEN, Oct 5", "date": "2026-10-05"}}}, (2026, 10, 5)),
        ({"wire": {"format": "text", "dateline": {"raw": "PORT ARDEN, Oct 5", "date": "Oct 5"}}}, (2026, 11, 2)),
        ({}, (2026, 11, 2)),
    ],
)
def test_the_story_date_is_the_earliest_thing_said(changed: dict[str, Any], expected: tuple[int, int, int]) -> None:
    assert Article.from_json(json.dumps(MINIMAL | changed).encode()).story_date == date(*expected)


def test_the_headline_is_the_first_or_the_start_of_the_text() -> None:
    article = Article.from_json(json.dumps(MINIMAL | {"text": "ab" * 100}).encode())
    assert article.headline == "ab" * 40
    titled = article.model_copy(update={"headlines": [Headline(value="First"), Headline(value="Second")]})
    assert titled.headline == "First"


def test_python_takes_the_names_of_python() -> None:
    made = Article(
        uri="urn:test:2",
        pub_status="withheld",
        embargoed_until=datetime(2026, 11, 3, 6, tzinfo=UTC),
        subjects=[Subject(name="Water", creator="machine")],
        associations=[Association(rel="see-also", name="Dam talks resume")],
        body=[Block(kind="paragraph", start=0, end=4)],
        text="Yes.",
        wire=Wire(format="text"),
        enrich=Enrichment.model_validate({"model": {"name": "m", "version": "1"}}),
        ingest=Article.from_json(json.dumps(MINIMAL).encode()).ingest,
    )
    written = json.loads(made.to_json())
    assert written["embargoedUntil"] == "2026-11-03T06:00:00Z"
    assert written["subjects"] == [{"name": "Water", "creator": "machine"}]
    assert written["enrich"] == {"model": {"name": "m", "version": "1"}}
    assert Article.from_json(made.to_json()) == made
