"""`wire worker`: run the agents of one stage, or of all."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pipeline.config import StageName, load_settings
from pipeline.logs import set_up_logging


def worker(
    stage: Annotated[StageName | None, typer.Argument(help="One stage; without it, all three.")] = None,
) -> None:
    """Run the agents of one stage, or of all; stop with Ctrl-C or SIGTERM."""
    settings = load_settings()
    set_up_logging(settings.logging, f"wire-{stage}" if stage else "wire-worker")
    from pipeline.streaming import worker as workers

    if stage:
        workers.run_stage(settings, stage)
    raise typer.Exit(asyncio.run(workers.run_all(settings)))
