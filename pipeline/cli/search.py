"""`wire search`: search the index."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from pipeline.cli.printing import json_line, stdout
from pipeline.config import load_settings

Names = Annotated[list[str] | None, typer.Option(help="Named in the article, however spelled; repeatable.")]


def search(
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]", help='Words; "a phrase", -without, begin*, one | other.')
    ] = None,
    person: Names = None,
    org: Names = None,
    place: Names = None,
    provider: Annotated[list[str] | None, typer.Option(help="From this feed.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Stories of this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Stories of this day or earlier.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    sort: Annotated[Literal["relevance", "time"], typer.Option(help="Which first.")] = "relevance",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit and line.")] = False,
) -> None:
    """Search the articles that may be published; words are matched stemmed and without accents."""
    from pipeline.searching.display import results
    from pipeline.searching.queries import Question, open_index
    from pipeline.searching.queries import search as ask

    settings = load_settings()
    question = Question(
        words=" ".join(query or ()),
        person=person or (),
        org=org or (),
        place=place or (),
        provider=provider or (),
        since=since.date() if since else None,
        until=until.date() if until else None,
        size=size,
        sort=sort,
    )
    with open_index(settings.elasticsearch) as client:
        found = ask(client, settings.indexing, question)
    if not as_json:
        stdout.print(results(found))
        return
    for hit in found.hits:
        print(json_line(_row(hit.source, hit.score, hit.fragments)))


def _row(source: dict[str, Any], score: float | None, fragments: list[str]) -> dict[str, Any]:
    kept = ("uri", "version", "headline", "storyDate", "located", "summary", "keyphrases", "entities")
    marked = [f.replace("\ue000", "<em>").replace("\ue001", "</em>") for f in fragments]
    row = {name: source[name] for name in kept if name in source}
    return {**row, "provider": source["wire"].get("provider"), "score": score, "highlights": marked}
