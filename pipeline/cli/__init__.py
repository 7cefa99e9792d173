"""The command `wire`: one thin file a command, registered here.

Results go to stdout, progress and logs to stderr. Exit codes: 0 done, 1 some items failed,
2 wrong usage, 3 a service can't be reached.
"""

from __future__ import annotations

import importlib
import sys

import typer

from pipeline.errors import Misconfigured, ServiceUnreachable, WireError

app = typer.Typer(
    name="wire",
    help="Streaming ingestion of wire-service articles: Kafka in, entities on the way, Elasticsearch out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def wire() -> None:
    """Streaming ingestion of wire-service articles: Kafka in, entities on the way, Elasticsearch out."""


COMMANDS = {
    "up": "local",
    "down": "local",
    "status": "local",
    "setup": "setup",
    "feed": "feed",
    "worker": "worker",
    "clean": "clean",
    "enrich": "enrich",
    "stance": "stance",
    "search": "search",
    "show": "show",
    "desk": "desk",
    "lag": "lag",
    "replay": "replay",
    "demo": "demo",
}
"""Each command and the module of this package that holds its function of the same name."""

GROUPS = {"dead": "dead", "alert": "alert"}
"""Each command with commands of its own, and the module that holds its `app`."""


def _register(name: str) -> None:
    if name in GROUPS:
        app.add_typer(importlib.import_module(f"pipeline.cli.{GROUPS[name]}").app, name=name)
    else:
        app.command(name)(getattr(importlib.import_module(f"pipeline.cli.{COMMANDS[name]}"), name))


def run() -> None:
    """Run the command line and exit with the code the failure, if any, stands for."""
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    for name in [named] if named in COMMANDS | GROUPS else COMMANDS | GROUPS:
        _register(name)  # only what is asked for: a command needn't load what others need
    try:
        app()
    except WireError as error:
        from pipeline.cli.printing import printable

        print(f"wire: {printable(str(error), lines=True)}", file=sys.stderr)
        code = 2 if isinstance(error, Misconfigured) else 3 if isinstance(error, ServiceUnreachable) else 1
        raise SystemExit(code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
