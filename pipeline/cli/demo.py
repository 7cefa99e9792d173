"""`wire demo`: all of it, on the articles that ship with the project."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typer
from rich.text import Text

from pipeline.cli.local import up
from pipeline.cli.printing import stderr, stdout
from pipeline.cli.setup import setup
from pipeline.config import load_settings

SHOWN = (
    ("search", "dam talks", "--size", "3"),
    ("search", "--person", "Awa Sandiara", "--size", "2"),
    ("show", "urn:newsml:nordwire.example:20261008:4117"),
    ("show", "urn:newsml:nordwire.example:20261008:4117", "--versions"),
    ("dead", "list"),
    ("lag",),
)
"""What the demo ends with: what a desk editor, a feed operator and an operations engineer look at."""


def demo() -> None:
    """Start the local stack, feed the articles that ship with the project, and look at what became of them."""
    from pipeline.demo import play

    settings = load_settings()
    up(fresh=False)
    setup()
    log = Path(tempfile.gettempdir()) / "wire-demo-workers.log"
    stderr.print(Text(f"starting the workers; they log to {log}"))
    if not play(settings, SHOWN, log):
        raise typer.Exit(1)
    stdout.print(
        "\nThat was the demo. Kafka and Elasticsearch still run: search on with `wire search WORDS`, feed your own\n"
        "articles with `wire worker` and `wire feed PATH`, and stop both servers with `wire down`.",
        soft_wrap=True,
    )
