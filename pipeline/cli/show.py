"""`wire show`: one article with its entities and quotes marked, or the versions of its story."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.printing import json_line, stdout
from pipeline.config import IndexingSettings, load_settings
from pipeline.errors import Poison

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


def show(
    uri: Annotated[str, typer.Argument(metavar="URI", help="The article's uri, or enough of its beginning or end.")],
    versions: Annotated[
        bool, typer.Option("--versions", help="All versions of its story, and which words changed between them.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="The canonical article, as JSON; with --versions one version a line."),
    ] = False,
) -> None:
    """Show one article: its text with all that was found marked, who is who, who is for or against whom, and more.

    With --versions: what came when, what it did, what is left of it, and the words that changed: {+added+} [-removed-].
    """
    from pipeline.searching.connection import open_index

    settings = load_settings()
    with open_index(settings.elasticsearch) as client:
        ask = _versions if versions else _article
        ask(client, settings.indexing, uri, as_json=as_json)


def _article(client: Elasticsearch, indexing: IndexingSettings, uri: str, *, as_json: bool) -> None:
    from pipeline.searching.article_display import whole
    from pipeline.searching.queries import article_of
    from pipeline.searching.versions import story_of, why_not

    try:
        article = article_of(client, indexing, uri)
    except Poison as missing:
        raise why_not(story_of(client, indexing, uri), uri) or missing from missing
    if as_json:
        print(json_line(json.loads(article.to_json())))
        return
    stdout.print(whole(article))
    if (count := len(story_of(client, indexing, article.uri))) > 1:
        stdout.print(f"its story has {count} versions: wire show {article.uri} --versions", markup=False)


def _versions(client: Elasticsearch, indexing: IndexingSettings, uri: str, *, as_json: bool) -> None:
    from pipeline.searching.queries import article_of
    from pipeline.searching.version_display import as_json as rows
    from pipeline.searching.version_display import versions
    from pipeline.searching.versions import story_of

    # What is killed or superseded is found by its whole uri only.
    told = story_of(client, indexing, uri) or story_of(client, indexing, article_of(client, indexing, uri).uri)
    if not as_json:
        stdout.print(versions(told))
        return
    for row in rows(told):
        print(json_line(row))
