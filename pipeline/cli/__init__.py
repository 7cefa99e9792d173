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

COMMANDS = {
    "up": "local",
    "down": "local",
    "status": "local",
}
"""Each command and the module of this package that holds its function of the same name."""

for _name, _module in COMMANDS.items():
    app.command(_name)(getattr(importlib.import_module(f"pipeline.cli.{_module}"), _name))


def run() -> None:
    """Run the command line and exit with the code the failure, if any, stands for."""
    try:
        app()
    except WireError as error:
        print(f"wire: {error}", file=sys.stderr)
        code = 2 if isinstance(error, Misconfigured) else 3 if isinstance(error, ServiceUnreachable) else 1
        raise SystemExit(code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
