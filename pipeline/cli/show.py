"""`wire show`: one article with its entities and quotes marked."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli.printing import json_line, stdout
from pipeline.config import load_settings


def show(
    uri: Annotated[str, typer.Argument(metavar="URI", help="The article's uri, or enough of its beginning or end.")],
    as_json: Annotated[bool, typer.Option("--json", help="The canonical article, as JSON.")] = False,
) -> None:
    """Show one article: its text with all that was found marked, who is who, who is for or against whom, and more."""
    from pipeline.searching.article_display import whole
    from pipeline.searching.queries import article_of, open_index

    settings = load_settings()
    with open_index(settings.elasticsearch) as client:
        article = article_of(client, settings.indexing, uri)
    if as_json:
        print(json_line(json.loads(article.to_json())))
    else:
        stdout.print(whole(article))
