"""`wire search`: search the index."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pipeline.cli.printing import json_line, stdout
from pipeline.config import IndexingSettings, load_settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from pipeline.searching.queries import Hit, Question


def _day(said: str) -> str:
    from pipeline.searching.queries import day

    try:
        return day(said)
    except ValueError:
        raise typer.BadParameter(f"{said!r} is no day; give one as 2026-10-03, or count from today: now-7d") from None


Names = Annotated[list[str] | None, typer.Option(help="Named in the article, however spelled; repeatable.")]


def search(
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]", help='Words; "a phrase", -without, begin*, one | other.')
    ] = None,
    person: Names = None,
    org: Names = None,
    place: Names = None,
    provider: Annotated[list[str] | None, typer.Option(help="From this feed.")] = None,
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
    stances: Annotated[
        bool, typer.Option("--stances", help="Who is for or against whom: statements by holder and target.")
    ] = False,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    sort: Annotated[Literal["relevance", "time"], typer.Option(help="Which first.")] = "relevance",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit and line.")] = False,
) -> None:
    """Search the articles that may be published; words are matched stemmed and without accents.

    With --stances their statements are counted by holder and target; with both of these given, over time, too.
    """
    from pipeline.searching.queries import Question, open_index

    if stances and (person or org or place):
        raise typer.BadParameter(
            "it takes --holder and --target, not --person, --org or --place", param_hint="--stances"
        )
    settings = load_settings()
    question = Question(
        words=" ".join(query or ()),
        person=person or (),
        org=org or (),
        place=place or (),
        provider=provider or (),
        holder=holder,
        target=target,
        label=label,
        since=since,
        until=until,
        size=size,
        sort=sort,
    )
    show = _show_stances if stances else _show_articles
    with open_index(settings.elasticsearch) as client:
        show(client, settings.indexing, question, as_json=as_json)


def _show_articles(client: Elasticsearch, indexing: IndexingSettings, question: Question, *, as_json: bool) -> None:
    from pipeline.searching.display import results
    from pipeline.searching.queries import search as ask

    found = ask(client, indexing, question)
    if not as_json:
        stdout.print(results(found))
        return
    for hit in found.hits:
        print(json_line(_row(hit)))


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
    source = hit.source
    kept = ("uri", "version", "headline", "storyDate", "located", "summary", "keyphrases", "entities")
    row = {name: source[name] for name in kept if name in source}
    marked = [f.replace("\ue000", "<em>").replace("\ue001", "</em>") for f in hit.fragments]
    row |= {"provider": source["wire"].get("provider"), "score": hit.score, "highlights": marked}
    return row | ({"stances": [asdict(one) for one in hit.statements]} if hit.statements else {})
