from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.formats import read
from tests.articles import HINTS, read_one

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ninjs" / "examples"

STORY = {"uri": "urn:x:1", "headline": "Ferry runs again", "body_text": "The ferry to Old Arden runs again."}


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"Plain " + b"\xfe\xf0\xe1\xd2" * 400, "invalid-encoding"),
        (b"\xff\xfea", "invalid-encoding"),
        (b"... --- ...", "not-an-article"),
        (b"{\\rtf1 Words in a word processor's format}", "unsupported-format"),
        (b'{"a": ', "malformed-json"),
        (b'{"name": "no article"}', "not-an-article"),
        (b'{"headline": "no identity"}', "no-identity"),
        (b'{"uri": 7}', "wrong-type"),
        (b'{"uri": "u", "urgency": 12}', "wrong-type"),
        (b'{"uri": "u", "pubstatus": "perhaps"}', "wrong-type"),
        (b'{"uri": "u", "headline": ["a"]}', "wrong-type"),
        (b'{"uri": "u", "bodies": {"value": "x"}}', "wrong-type"),
        (b"[]", "not-an-article"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b'{"uri":"u","headline":"h","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too-deep"),
    ],
)
def test_bad_input_is_poison_that_names_its_cause(data: bytes, cause: str) -> None:
    with pytest.raises(Poison) as poison:
        read(data, HINTS)
    assert poison.value.cause == cause


def test_too_large_is_refused_before_anything_else() -> None:
    with pytest.raises(Poison) as poison:
        read(b"x" * 11, HINTS, max_item_bytes=10)
    assert poison.value.cause == "too-large"


def test_truncated_json_is_named_at_every_byte() -> None:
    data = json.dumps(STORY).encode()
    for end in range(1, len(data)):
        with pytest.raises(Poison) as poison:
            read(data[:end], HINTS)
        assert poison.value.cause in {"malformed-json", "empty", "not-an-article"}


def test_a_bad_object_in_an_array_does_not_stop_the_good_ones() -> None:
    good, bad, also_good = read(json.dumps([STORY, {"uri": 3}, {**STORY, "uri": "urn:x:2"}]).encode(), HINTS)
    assert isinstance(good, Article)
    assert isinstance(bad, Poison)
    assert "object 1" in str(bad)
    assert isinstance(also_good, Article)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_charsets(charset: str) -> None:
    text = "Café owners in São Tomé protest\n\nThe owners – some forty – said “enough” on Friday."
    assert read_one(text.encode(charset)).text.startswith("Café owners in São Tomé")


def test_a_guessed_charset_is_said() -> None:
    assert read_one("Café closed for the winter season".encode("latin-1")).wire.warnings


def test_plain_text_identity_is_its_words() -> None:
    first = read_one("Ferry runs again\n\nThe ferry to Old Arden runs again.")
    assert read_one("  Ferry runs again\r\n\r\n\r\nThe ferry to  Old Arden runs again. ").uri == first.uri
    assert read_one("Ferry runs again\n\nThe ferry to New Arden runs again.").uri != first.uri


def test_a_web_address_on_the_first_line_is_another_identifier() -> None:
    article = read_one("https://www.kestrel.example/a/1\n\nThe ferry to Old Arden runs again, its owner said.")
    assert article.alt_ids[0].value == "https://www.kestrel.example/a/1"
    assert article.wire.provider == "kestrel.example"
    assert article.uri.startswith("urn:wire:")
    assert not article.headlines


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Ferry runs again\n\n"
        "The ferry to Old Arden, which had been laid up since the storm in\n"
        "early spring, runs again from Monday, its owner told a meeting of\n"
        "islanders.\n\n"
        "Fares stay as they are.\n"
    )
    article = read_one(text)
    assert len(article.body) == 2


def test_ninjs_families_say_the_same() -> None:
    one = {
        "uri": "urn:x:9", "version": "3", "pubstatus": "usable", "urgency": 4, "language": "en",
        "versioncreated": "2026-10-05T10:00:00+02:00", "headline": "Dam talks resume", "byline": "Ada Lamont",
        "slugline": "dam-talks", "located": "Geneva", "ednote": "Adds quote", "copyrightnotice": "(c) Kestrel",
        "usageterms": "none", "subject": [{"name": "Water"}], "body_text": "The talks resume.",
    }  # fmt: skip
    three = {
        "uri": "urn:x:9", "version": "3", "pubStatus": "usable", "urgency": 4, "language": "en",
        "versionCreated": "2026-10-05T10:00:00+02:00", "headlines": [{"role": "main", "value": "Dam talks resume"}],
        "by": "Ada Lamont", "slugline": "dam-talks", "located": "Geneva", "edNote": "Adds quote",
        "copyrightNotice": "(c) Kestrel", "usageTerms": "none", "subjects": [{"name": "Water"}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": "The talks resume."}],
    }  # fmt: skip
    old, new = (
        read_one(json.dumps(item)).model_dump(exclude={"headlines": True, "ingest": {"content_hash"}})
        for item in (one, three)
    )
    assert old == new
    assert old["version_created"].isoformat() == "2026-10-05T08:00:00+00:00"
    assert old["by"] == "Ada Lamont"


def test_markup_gives_headings_lists_and_tables() -> None:
    html = (
        "<section><p>First <b>paragraph</b>.</p><h2>Next</h2><ul><li>one</li><li>two</li></ul>"
        "<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table><script>bad()</script></section>"
    )
    article = read_one(json.dumps({"uri": "u", "bodies": [{"contentType": "text/html", "value": html}]}))
    found = [(b.kind, article.text[b.start : b.end]) for b in article.body]
    assert found == [
        ("paragraph", "First paragraph."),
        ("heading", "Next"),
        ("list", "one"),
        ("list", "two"),
        ("table", "a\t1\nb\t2"),
    ]


def test_unknown_properties_are_kept_and_ours_are_not_overwritten() -> None:
    article = read_one(json.dumps({**STORY, "people": [{"name": "A"}], "wire": {"x": 1}}))
    written = json.loads(article.to_json())
    assert written["people"] == [{"name": "A"}]
    assert written["x-wire"] == {"x": 1}
    assert written["wire"]["format"] == "ninjs"


def test_an_invalid_date_is_kept_raw_with_a_warning() -> None:
    article = read_one(json.dumps({**STORY, "versioncreated": "last Tuesday"}))
    assert article.version_created is None
    assert any("last Tuesday" in warning for warning in article.wire.warnings)


@pytest.mark.parametrize(
    ("said", "status"), [("usable", "usable"), ("Embargoed", "withheld"), ("cancelled", "canceled"), (None, "usable")]
)
def test_status(said: str | None, status: str) -> None:
    assert read_one(json.dumps({**STORY, "pubstatus": said})).pub_status == status


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples beside the project are not here")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")) if SAMPLES.is_dir() else [], ids=lambda p: p.name)
def test_the_examples_of_the_iptc_are_read(path: Path) -> None:
    article = read_one(path.read_bytes())
    raw = json.loads(path.read_bytes())
    assert article.uri == raw["uri"]
    assert article.headlines
    assert article.text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_poison(data: bytes) -> None:
    try:
        readings = read(data, HINTS)
    except Poison:
        return
    assert readings == read(data, HINTS)
    for article in readings:
        assert isinstance(article, Article)
        for block in article.body:
            piece = article.text[block.start : block.end]
            assert piece
            assert piece == piece.strip()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["uri", "version", "pubstatus", "urgency", "headline", "headlines", "bodies", "body_text", "body_xhtml", "subject",
     "associations", "versioncreated", "altids", "text", "wire", "body", "language", "infosources"]
)  # fmt: skip


@given(st.dictionaries(names, json_values, max_size=8))
def test_any_json_object_is_read_or_poison(value: dict[str, object]) -> None:
    with contextlib.suppress(Poison):
        read(json.dumps(value).encode(), HINTS)


def test_a_huge_line_ends_in_bounded_time() -> None:
    begun = time.process_time()
    read(b"word " * 1_900_000, HINTS)
    assert time.process_time() - begun < 60  # a bound against blow-up, not a measurement


@pytest.mark.parametrize(
    "data",
    [
        b"Harbour opens\n\nThe \xff\xfe pilots went back to work.",
        "Harbour opens\n\n“The talks go on,” Café owner Zoë Lamént said.".encode()[:-9] + b"\xc3 said",
        b"Harbour opens\n\nThe caf\xc3( owner went back to work.",
        b"Harbour opens\n\nThe \x81 pilots went back to work.",
        '{"uri": "urn:test:1", "headline": "Café"}'.encode("windows-1252"),
    ],
)
def test_bytes_in_no_charset_are_named(data: bytes) -> None:
    with pytest.raises(Poison) as refused:
        read(data, HINTS)
    assert refused.value.cause == "invalid-encoding"


@pytest.mark.parametrize(
    "name", ["Þórdís Guðmundsdóttir", "Łucja", "À Genève, « le café »", "SÃO PAULO ÉTÉ", "L’Haÿ – €5"]
)
def test_western_copy_in_one_byte_a_letter_is_read(name: str) -> None:
    text = f"Harbour opens\n\nThe pilots of {name} went back to work."
    try:
        data = text.encode("windows-1252")
    except UnicodeEncodeError:
        data = text.encode()
    assert name in read_one(data).text
