"""The query language: what is read, where errors point, and that nothing typed breaks it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.search import typed
from pipeline.searching.conditions import asked
from pipeline.searching.display import pointed
from pipeline.searching.fields import FIELDS, FieldTable
from pipeline.searching.language import LONGEST, QueryError, parse
from pipeline.searching.syntax import All, Condition, Either, Node, Phrase, Without, Word, written

TYPED = st.lists(
    st.sampled_from(
        [
            *'()|*-:"\\ “”«»,;',
            "OR",
            "AND",
            "NOT",
            " ",
            "dam",
            "Kyiv:",
            "person:",
            "against:",
            "label:",
            "persn:",
            "now-7d",
        ]
    )
    | st.text(max_size=4),
    max_size=25,
).map("".join)


def read(text: str) -> Node:
    return parse(text, FieldTable())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", All()),
        (" dam  talks ", All((Word("dam"), Word("talks")))),
        ('"toll bridge" escal* *', All((Phrase("toll bridge"), Word("escal", begins=True), Word("*")))),
        ("“toll bridge” «quai»", All((Phrase("toll bridge"), Phrase("quai")))),
        (r'"a \"b\" c"', All((Phrase('a "b" c'),))),
        ("-ferry NOT boat", All((Without(Word("ferry")), Without(Word("boat"))))),
        ("de-escalation - AND 12:30", All((Word("de-escalation"), Word("-"), Word("12:30")))),
        ("or and not", All((Word("or"), Word("and"), Word("not")))),
        ("dam OR river | lake", Either((All((Word("dam"),)), All((Word("river"),)), All((Word("lake"),))))),
        ("-(dam river)", All((Without(All((Word("dam"), Word("river")))),))),
        ('PERSON:"Ada Lamont",', All((Condition("person", (Phrase("Ada Lamont"),)), Word(",")))),
        ("for:NATO, since:now-7d", All((Condition("favor", (Word("NATO"),)), Condition("from", (Word("now-7d"),))))),
        ("label:for|against", All((Condition("label", (Word("for"), Word("against"))),))),
        ("person:(Ada Lamont OR Orr*)", All((Condition("person", (Phrase("Ada Lamont"), Word("Orr", begins=True))),))),
        ("Kyiv: three dead", All((Word("Kyiv:"), Word("three"), Word("dead")))),
        ("urn:x:1", All((Condition("uri", (Word("urn:x:1"),)),))),
    ],
)
def test_what_is_typed_is_read(text: str, meant: Node) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "pointed_at", "said"),
    [
        ("dam persn:Macron", "persn", "did you mean person?"),
        ("zzz:x", "zzz", "there are against, by, "),
        ("dam person: Macron", "person:", "as in person:Macron"),
        ("(dam river", "(", "never closed"),
        ("dam) river", ")", "closes nothing"),
        ("dam ()", "()", "nothing stands between"),
        ('say "dam', '"', "never closed"),
        ("dam OR", "OR", "after it"),
        ("| dam", "|", "before it"),
        ("dam NOT", "NOT", "nothing follows"),
        ("label:furious", "furious", "one of favor, against, neutral"),
        ("dam urgency:10", "10", "1..3"),
        ("from:yesterday", "yesterday", "now-7d"),
        ("change:typo", "typo", "correction"),
        ("is:loud", "loud", "alert"),
        ("country:Ruritania", "Ruritania", "country:UKR"),
        ("person:(Ada OR )", ")", "missing"),
        ("person:(Ada (Orrin))", "(", "no parentheses"),
        ("((((((x))))))", "(", "more than 5"),
        ("holder:A holder:B", "holder:B", "holder:(A OR B)"),
        ("against:A target:B", "target:B", "in parentheses"),
    ],
)
def test_an_error_points_at_what_is_wrong_and_says_what_is_right(text: str, pointed_at: str, said: str) -> None:
    with pytest.raises(QueryError) as error:
        asked(read(text), text)
    place = error.value.place
    assert text[place.start : place.end] == pointed_at
    assert said in str(error.value)
    assert str(error.value).startswith(f"column {place.start + 1}: ")


def test_too_long_a_query_points_at_its_end() -> None:
    with pytest.raises(QueryError, match=f"column {LONGEST + 1}: a query has 2,000 characters at most"):
        read("a" * (LONGEST + 1))


def test_the_caret_stands_under_its_column_even_after_wide_letters() -> None:
    with pytest.raises(QueryError) as error:
        read("東京\x1b persn:X")
    *_, text, marks = pointed(error.value).splitlines()
    assert text == "  東京\ufffd persn:X"
    assert marks == "  " + " " * 6 + "^^^^^"


@given(TYPED)
def test_any_text_is_a_query_or_an_error_at_a_place_in_it(text: str) -> None:
    wrong: QueryError | None = None
    try:
        node = read(text)
        asked(node, text)
    except QueryError as error:
        wrong = error
    if wrong:
        assert 0 <= wrong.place.start < wrong.place.end <= len(text) + 1
        assert pointed(wrong)
    else:
        assert read(written(node)) == node


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_takes_its_example(name: str) -> None:
    text = f"{name}:{FIELDS[name].example}"
    (condition,) = read(text).nodes  # type: ignore[union-attr]
    assert isinstance(condition, Condition)
    assert condition.name == name
    assert asked(read(text), text).query["bool"]["filter"]


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["dam talks"], "dam talks"),
        (["person:Ada Lamont"], "person:Ada Lamont"),
        (["dam", "talks"], "dam talks"),
        (["person:Ada Lamont", "dam"], 'person:"Ada Lamont" dam'),
        (["toll bridge", "-the ferry"], '"toll bridge" -"the ferry"'),
        (["(dam OR river)", 'a "b c"', "a b*"], '(dam OR river) a "b c" a b*'),
    ],
)
def test_quotes_the_shell_took_away_are_put_back(arguments: Sequence[str], query: str) -> None:
    assert typed(arguments) == query
