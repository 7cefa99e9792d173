"""`wire search` and `wire show` as a person or a script calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from typing import Any, NamedTuple

import pytest

from pipeline.article import Article
from tests.searching.archive import ARTICLES, HIDDEN_WORD, HOSTILE, ROOT, Archive

pytestmark = pytest.mark.integration

STRIKE = ARTICLES[0]


class Ran(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


def wire(archive: Archive, *arguments: str, **variables: str) -> Ran:
    """Run a command on the archive, on a page of 200 columns."""
    run = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        env=os.environ | archive.environment | {"COLUMNS": "200"} | variables,
        capture_output=True,
        check=False,
        timeout=60,
    )
    # Not decoded by subprocess, which takes a carriage return for the end of a line.
    return Ran(run.returncode, run.stdout.decode(), run.stderr.decode())


def rows(ran: Ran) -> list[dict[str, Any]]:
    """What `--json` wrote."""
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.split("\n") if line]


def obeyed(written: str) -> set[str]:
    """The characters a terminal would obey."""
    return {c for c in written if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202e\u2066")}


# -- wire search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--person", "Ada Lamont"], {"harbour-strike", "harbour-deal"}),
        (["--person", "Lamont", "--person", "Orrin"], {"harbour-deal"}),
        (["--org", "Kestrel Union"], {"harbour-strike"}),
        (["--place", "Tessika"], {"chess"}),
        (["--person", "Houlenko"], {"envoy-french", "envoy-english"}),
        (["--provider", "kestrel"], {"chess", "cup", "cup-final"}),
        (["--from", "2026-10-20"], {"cup", "cup-final"}),
        (["--from", "2026-10-03", "--to", "2026-10-10"], {"harbour-strike", "harbour-deal"}),
        (["harbour pilots", "--to", "2026-10-09", "--person", "Lamont"], {"harbour-strike"}),
        (["resume"], {"memoir"}),
        ([HIDDEN_WORD], {"embargo-over"}),
        (["--holder", "Valkov", "--target", "levy", "--label", "against"], {"levy", "levy-again"}),
        (["--holder", "Dalen", "--target", "levy"], set()),
        (["--from", "now+1d"], set()),
        (["--label", "favor", "--to", "2026-08-03"], {"levy"}),
    ],
)
def test_options_are_the_filters_they_are_called(archive: Archive, arguments: list[str], expected: set[str]) -> None:
    found = rows(wire(archive, "search", "--json", *arguments))
    assert {row["uri"].removeprefix(ROOT) for row in found} == expected


def test_json_is_one_object_a_hit_with_its_highlights(archive: Archive) -> None:
    (row,) = rows(wire(archive, "search", "saturday pilot", "--json"))
    assert row.pop("score") > 0
    assert row.pop("cursor")
    assert row == {
        "uri": STRIKE.uri,
        "version": "1",
        "headline": [STRIKE.headline],
        "storyDate": "2026-10-03",
        "provider": "meridian",
        "entities": {
            "key": ["person:ada-lamont", "org:kestrel-union", "place:port-arden"],
            "org": ["Kestrel Union"],
            "person": ["Ada Lamont"],
            "place": ["Port Arden"],
        },
        "highlights": [
            STRIKE.text.replace("pilots", "<em>pilots</em>").replace("Saturday", "<em>Saturday</em>"),
        ],
    }


def test_size_limits_the_hits_and_the_count_is_of_all(archive: Archive) -> None:
    ran = wire(archive, "search", "port", "--size", "2")
    assert ran.code == 0
    *_, count, more = ran.out.splitlines()
    assert count == "4 articles, the first 2"
    assert more.startswith("more: the same with --after ")
    assert ran.out.count(f"  {ROOT}") == 2


def test_a_person_reads_hits_with_the_words_around(archive: Archive) -> None:
    ran = wire(archive, "search", "saturday")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.strip() for line in ran.out.splitlines()]
    assert lines == [
        STRIKE.headline,
        "2026-10-03 · meridian",
        f"… {STRIKE.text} …",
        "Ada Lamont, Kestrel Union, Port Arden",
        STRIKE.uri,
        "",
        "1 article",
    ]


def test_without_words_a_person_reads_what_it_is_about(archive: Archive) -> None:
    ran = wire(archive, "search", "--person", "Houlenko", "--place", "Ukraine")
    assert (ran.code, ran.err) == (0, "")
    assert [line.strip() for line in ran.out.splitlines()][:5] == [
        "Envoy heard again",
        "2026-09-01 · meridian",
        "Oleksii Hulenko of Ukraine spoke again. He had little to add.",
        "Oleksii Hulenko, Ukraine · backchannel diplomacy",
        f"{ROOT}envoy-english",
    ]
    (row,) = rows(wire(archive, "search", "--person", "Houlenko", "--place", "Ukraine", "--json"))
    assert row["summary"] == "Oleksii Hulenko of Ukraine spoke again. He had little to add."
    assert row["keyphrases"] == ["backchannel diplomacy"]


def test_statements_asked_for_are_shown_and_written_with_their_article(archive: Archive) -> None:
    asked = ("search", "--holder", "Valkov", "--label", "favor")
    (row,) = rows(wire(archive, *asked, "--json"))
    statement = {"holder": "Dmitry Valkov", "target": "The Salt Levy", "label": "favor"}
    assert row["stances"] == [statement | {"evidence": "Dmitry Valkov now backs it."}]
    ran = wire(archive, *asked)
    assert "  favor  Dmitry Valkov → The Salt Levy: Dmitry Valkov now backs it.\n" in ran.out


def test_who_is_against_whom_is_a_table_or_one_object_a_pair(archive: Archive) -> None:
    asked = ("search", "--stances", "--provider", "gazette", "--provider", "chronicle")
    ran = wire(archive, *asked)
    assert (ran.code, ran.err) == (0, "")
    written = ran.out.splitlines()
    assert written[0].split() == ["holder", "target", "favor", "against", "neutral", "articles", "newest"]
    assert written[1].split() == [*"Dmitri Valkov The Salt Levy".split(), "1", "2", "3", "2026-09-14"]
    assert written[2].strip() == "against: Dmitri Valkov fought the salt levy in court."
    assert f"{ROOT}levy-again" in written[3]
    assert written[-1] == "5 statements by 3 pairs"
    found = rows(wire(archive, *asked, "--json"))
    assert [row["articles"] for row in found] == [3, 1, 1]
    assert (found[0]["favor"], found[0]["against"], found[0]["neutral"]) == (1, 2, 0)


def test_a_single_pair_has_a_trend(archive: Archive) -> None:
    asked = ("search", "--stances", "--holder", "valkov", "--target", "levy", "--from", "2026-01-01", "--to", "now+99y")
    ran = wire(archive, *asked)
    *_, headings, first, second = ran.out.splitlines()
    assert headings.split() == ["week", "from", "favor", "against", "neutral"]
    assert (first.split(), second.split()) == (["2026-08-03", "1", "1"], ["2026-09-14", "1"])
    *_, last = rows(wire(archive, *asked, "--json"))
    assert [period["against"] for period in last["trend"]["periods"]] == [1, 1]


def test_a_query_that_cannot_be_meant_is_wrong_usage_and_shown_with_a_caret(archive: Archive) -> None:
    ran = wire(archive, "search", "harbour", "persn:Ada Lamont")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "wire: column 9: unknown field 'persn': did you mean person? (for the words themselves, use quotes)",
        '  harbour persn:"Ada Lamont"',
        "          ^^^^^",
    ]


def test_pages_facets_copies_and_suggestions_are_printed(archive: Archive) -> None:
    first = wire(archive, "search", "port", "--size", "3", "--facets").out.splitlines()
    assert any(line.startswith("provider  kestrel 2") for line in first)
    second = wire(archive, "search", "port", "--size", "3", "--after", first[-1].split()[-1]).out.splitlines()
    assert second[-1] == "4 articles, these are 1"
    assert wire(archive, "search", "harbuor pilots").out == "nothing found\ndid you mean: harbour pilots\n"
    copied, facets = rows(wire(archive, "search", "walkers", "--json", "--facets"))
    assert copied["duplicates"]["total"] == 2
    assert {"name": "ledger", "articles": 1, "key": None} in facets["facets"]["provider"]


@pytest.mark.parametrize("option", ["--person", "--org", "--place"])
def test_statements_have_holders_and_targets_not_names(archive: Archive, option: str) -> None:
    ran = wire(archive, "search", "--stances", option, "Valkov")
    assert (ran.code, ran.out) == (2, "")
    assert "--holder" in ran.err


def test_nothing_found_is_said_and_no_failure(archive: Archive) -> None:
    assert wire(archive, "search", "zyzzogeton") == Ran(0, "nothing found\n", "")
    assert wire(archive, "search", "zyzzogeton", "--json") == Ran(0, "", "")
    assert wire(archive, "search", "--stances", "zyzzogeton") == Ran(0, "no statements found\n", "")
    assert wire(archive, "search", "--stances", "zyzzogeton", "--json") == Ran(0, "", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "yesterday"],
        ["--to", "2026-02-30"],
        ["--size", "0"],
        ["--size", "1001"],
        ["--sort", "x"],
        ["--label", "x"],
    ],
)
def test_wrong_options_are_wrong_usage(archive: Archive, arguments: list[str]) -> None:
    ran = wire(archive, "search", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert arguments[0] in ran.err


def test_an_index_that_is_not_there_ends_it_with_2(archive: Archive) -> None:
    ran = wire(archive, "search", WIRE_INDEXING__ARTICLES=f"{archive.indexing.articles}x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("wire: nothing is indexed yet; ")


@pytest.mark.parametrize("arguments", [["search", "harbour"], ["search", "--stances"], ["show", STRIKE.uri]])
def test_a_server_that_does_not_answer_ends_it_with_3(archive: Archive, arguments: list[str]) -> None:
    ran = wire(archive, *arguments, WIRE_ELASTICSEARCH__URL="http://127.0.0.1:1")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("wire: Elasticsearch does not answer at http://127.0.0.1:1")
    assert "Traceback" not in ran.err


# -- wire show -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [STRIKE.uri, "harbour-strike"])
def test_an_article_is_shown_by_its_uri_or_enough_of_it(archive: Archive, said: str) -> None:
    ran = wire(archive, "show", said)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == STRIKE.headline
    assert f"uri         {STRIKE.uri}" in lines
    assert STRIKE.text in lines
    assert any(line.split() == ["Ada", "Lamont", "PERSON", "1", "name", "0"] for line in lines)


def test_json_is_the_canonical_article(archive: Archive) -> None:
    ran = wire(archive, "show", STRIKE.uri, "--json")
    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)
    assert Article.from_json(ran.out.encode()) == STRIKE


def test_an_ambiguous_part_fails_and_lists_the_candidates(archive: Archive) -> None:
    ran = wire(archive, "show", f"{ROOT}harbour-")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"wire: several articles are called like {ROOT}harbour-: ")
    assert f"{ROOT}harbour-strike" in ran.err
    assert f"{ROOT}harbour-deal" in ran.err


@pytest.mark.parametrize("key", ["no-such-article", "withheld", "embargoed", "withheld-embargoed"])
def test_what_is_not_there_or_may_not_be_published_fails_alike(archive: Archive, key: str) -> None:
    ran = wire(archive, "show", f"{ROOT}{key}")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"wire: no article is called {ROOT}{key}; `wire search` shows the uris\n"


def test_of_what_was_killed_it_is_told_that_it_was_and_nothing_else(archive: Archive) -> None:
    ran = wire(archive, "show", f"{ROOT}canceled")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"wire: {ROOT}canceled was killed: its text is gone; --versions tells what came when\n"
    listed = wire(archive, "show", f"{ROOT}canceled", "--versions")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.count("killed") == 2
    assert HIDDEN_WORD not in listed.out


# -- nothing is obeyed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "hostile"],
        ["search", "identity"],
        ["search", "--provider", "odd", "--label", "against"],
        ["search", "--stances", "--provider", "odd"],
        ["show", f"{ROOT}hostile"],
        ["show", f"{ROOT}hostile-opinion"],
    ],
)
def test_no_control_character_of_an_article_is_printed_raw(archive: Archive, arguments: list[str]) -> None:
    ran = wire(archive, *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "\ufffd[31mred\ufffd]0;title" in ran.out
    assert obeyed(ran.out) == set()


def test_no_control_character_of_a_candidate_is_printed_raw(archive: Archive) -> None:
    ran = wire(archive, "show", f"{ROOT}odd-")
    assert ran.code == 1
    assert "odd-" in ran.err
    assert obeyed(ran.err) == set()


def test_json_keeps_all_characters_and_escapes_those_below_space(archive: Archive) -> None:
    (row,) = rows(found := wire(archive, "search", "hostile", "--json"))
    (article,) = rows(shown := wire(archive, "show", f"{ROOT}hostile", "--json"))
    assert row["headline"] == [article["headlines"][0]["value"]] == [f"Hostile {HOSTILE}"]
    assert not {c for c in obeyed(found.out + shown.out) if c < " "}


@pytest.mark.parametrize(
    "arguments", [["search", "hostile"], ["search", "--stances", "--provider", "odd"], ["show", f"{ROOT}hostile"]]
)
def test_json_writes_all_control_characters_as_escapes(archive: Archive, arguments: list[str]) -> None:
    assert obeyed(wire(archive, *arguments, "--json").out) == set()
