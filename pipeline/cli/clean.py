"""`wire clean`: parse and clean, no services needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline import cleaning, formats
from pipeline.article import Article
from pipeline.cli.printing import printable
from pipeline.config import load_settings
from pipeline.errors import Poison, WireError, defect
from pipeline.feeding.sources import items

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.")]


def clean(paths: Paths) -> None:
    """Parse and clean articles; write one canonical article a line."""
    articles = CleanedArticles(paths)
    for article in articles:
        sys.stdout.buffer.write(article.to_json() + b"\n")
    sys.stdout.buffer.flush()
    articles.exit()


class CleanedArticles:
    """The cleaned articles of paths; each item that is none is named on stderr and counted."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths
        self.failed = 0

    def __iter__(self) -> Iterator[Article]:
        limit = load_settings().feeding.max_item_bytes
        for item in items(self._paths, max_item_bytes=limit, received_at=lambda: datetime.now(UTC)):
            try:
                if item.error:
                    raise item.error
                for reading in formats.read(item.data, item.hints, max_item_bytes=limit):
                    if isinstance(reading, Poison):
                        self._say(item.hints.source, reading)
                    else:
                        yield cleaning.clean(reading)
            except Poison as poison:
                self._say(item.hints.source, poison)
            except WireError:
                raise
            except Exception as error:  # noqa: BLE001 - as in the workers: one item must not stop the others
                self.failed_with(item.hints.source, error)

    def failed_with(self, source: str, error: Exception) -> None:
        """Count an item that shows a defect of ours, and name it on stderr."""
        self._say(source, defect(error))

    def _say(self, source: str, poison: Poison) -> None:
        self.failed += 1
        print(f"wire: {printable(source)}: {printable(str(poison))}", file=sys.stderr)

    def exit(self) -> None:
        """End the command with 1 if an item failed."""
        if self.failed:
            raise typer.Exit(1)
