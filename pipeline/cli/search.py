"""`wire search`: search the index."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pipeline.cli.printing import json_line, stdout
from pipeline.config import IndexingSettings, load_settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from pipeline.searching.queries import Hit, Question

_FIELD_WITH_SPACES = re.compile(r"(-?[A-Za-z]+:)([^\"“”„«»():]*\s[^\"“”„«»():]*)")
_WORDS_WITH_SPACES = re.compile(r"(-?)([^\"“”„«»():|*]*\s[^\"“”„«»():|*]*)")


def _day(said: str) -> str:
    from pipeline.searching.fields import day

    try:
        return day(said)
    except ValueError:
        raise typer.BadParameter(f"{said!r} is no day; give one as 2026-10-03, or count from today: now-7d") from None


Names = Annotated[list[str] | None, typer.Option(help="Named in the article, however spelled; repeatable.")]


def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]", help='Words, "a phrase", -without, begin*, one OR other, field:value; in single quotes.'
        ),
    ] = None,
    person: Names = None,
    org: Names = None,
    place: Names = None,
    provider: Annotated[list[str] | None, typer.Option(help="From this agency.")] = None,
    holder: Annotated[str, typer.Option(help="Who is for or against; a name, however spelled, or words.")] = "",
    target: Annotated[str, typer.Option(help="Whom or what they are for or against; likewise.")] = "",
    label: Annotated[Literal["favor", "against", "neutral"] | None, typer.Option(help="What they are.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", parser=_day, metavar="DAY", help="Stories of this day or later: 2026-10-03, now-7d."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", parser=_day, metavar="DAY", help="Stories of this day or earlier.")
    ] = None,
    like: Annotated[str, typer.Option(metavar="URI", help="Articles like this one, the best first.")] = "",
    stances: Annotated[
        bool, typer.Option("--stances", help="Who is for or against whom: statements by holder and target.")
    ] = False,
    facets: Annotated[bool, typer.Option("--facets", help="Also count people, places, agencies ... in all.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="List reprints and rewrites, too.")] = False,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    sort: Annotated[Literal["relevance", "time"], typer.Option(help="Which first.")] = "relevance",
    after: Annotated[str, typer.Option(metavar="CURSOR", help="The next page, as the last one said.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit and line.")] = False,
) -> None:
    """Search the articles that may be published; words are matched stemmed, without accents, in any usual spelling.

    Fields: person org place country, holder target label against for neutral (of one statement), speaker quote headline
    role by, provider feed slug dateline subject language, urgency change is, from to, uri.

        wire search 'against:NATO holder:Macron de-escalation from:now-7d'

        wire search 'person:"Ada Lamont" (dam OR river) -ferry urgency:1..3'

    With --stances their statements are counted by holder and target; with both of these given, over time, too.
    """
    from pipeline.searching.connection import open_index
    from pipeline.searching.language import QueryError
    from pipeline.searching.queries import Question

    if stances and (person or org or place):
        raise typer.BadParameter(
            "it takes --holder and --target, not --person, --org or --place", param_hint="--stances"
        )
    if stances and (like or after or facets or duplicates):
        raise typer.BadParameter("it takes no --like, --after, --facets or --duplicates", param_hint="--stances")
    settings = load_settings()
    question = Question(
        words=typed(query or ()),
        person=person or (),
        org=org or (),
        place=place or (),
        provider=provider or (),
        holder=holder,
        target=target,
        label=label,
        since=since,
        until=until,
        like=like,
        size=size,
        sort=sort,
        after=after,
        facets=facets,
        duplicates=duplicates,
    )
    show = _show_stances if stances else _show_articles
    try:
        with open_index(settings.elasticsearch) as client:
            show(client, settings.indexing, question, as_json=as_json)
    except QueryError as error:
        from pipeline.searching.display import pointed

        print(f"wire: {pointed(error)}", file=sys.stderr)
        raise typer.Exit(2) from None


def typed(arguments: Sequence[str]) -> str:
    """The query of a command line.

    A single argument is the query. Of several, one with spaces in it was in quotes, which the shell has taken away:
    ``person:"Ada Lamont" dam`` reaches us as ``person:Ada Lamont`` and ``dam``.
    """
    if len(arguments) == 1:
        return arguments[0]
    said = []
    for argument in arguments:
        quoted = _FIELD_WITH_SPACES.fullmatch(argument) or _WORDS_WITH_SPACES.fullmatch(argument)
        said.append(f'{quoted[1]}"{quoted[2]}"' if quoted else argument)
    return " ".join(said)


def _show_articles(client: Elasticsearch, indexing: IndexingSettings, question: Question, *, as_json: bool) -> None:
    from pipeline.searching.display import results, safe
    from pipeline.searching.queries import search as ask
    from pipeline.searching.suggestions import did_you_mean

    found = ask(client, indexing, question)
    if as_json:
        for hit in found.hits:
            print(json_line(_row(hit)))
        if found.facets:
            print(json_line({"facets": {facet.name: [asdict(one) for one in facet.entries] for facet in found.facets}}))
        return
    stdout.print(results(found, first=not question.after))
    if found.more:
        stdout.print(f"more: the same with --after {found.hits[-1].cursor}", style="dim", soft_wrap=True)
    if not found.total and not question.like and (better := did_you_mean(client, indexing, question)):
        stdout.print(f"did you mean: {safe(better)}", markup=False, soft_wrap=True)


def _show_stances(client: Elasticsearch, indexing: IndexingSettings, question: Question, *, as_json: bool) -> None:
    from pipeline.searching.stance_display import stances_as_json, who_is_against_whom
    from pipeline.searching.stances import search_stances

    found = search_stances(client, indexing, question)
    if not as_json:
        stdout.print(who_is_against_whom(found))
        return
    for row in stances_as_json(found):
        print(json_line(row))


def _row(hit: Hit) -> dict[str, Any]:
    from pipeline.searching.duplicates import as_json

    source = hit.source
    kept = ("uri", "version", "headline", "storyDate", "located", "summary", "keyphrases", "entities")
    row = {name: source[name] for name in kept if name in source}
    marked = [f.replace("\ue000", "<em>").replace("\ue001", "</em>") for f in hit.fragments]
    row |= {"provider": source["wire"].get("provider"), "score": hit.score, "highlights": marked, "cursor": hit.cursor}
    if hit.copies:
        row["duplicates"] = as_json(hit.copies)
    return row | ({"stances": [asdict(one) for one in hit.statements]} if hit.statements else {})
