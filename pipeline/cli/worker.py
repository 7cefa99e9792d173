"""`wire worker`: run the agents of one stage, or of all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.config import Settings, StageName, load_settings
from pipeline.logs import set_up_logging

if TYPE_CHECKING:
    from pipeline.streaming.app import Companion


def worker(
    stage: Annotated[StageName | None, typer.Argument(help="One stage; without it, all three.")] = None,
) -> None:
    """Run the agents of one stage, or of all; stop with Ctrl-C or SIGTERM."""
    settings = load_settings()
    set_up_logging(settings.logging, f"wire-{stage}" if stage else "wire-worker")
    from pipeline.streaming import worker as workers

    if stage:
        workers.run_stage(settings, stage, _beside(settings) if stage == "index" else None)
    raise typer.Exit(asyncio.run(workers.run_all(settings)))


def _beside(settings: Settings) -> Companion:
    """The standing queries: articles are alerted where they are indexed."""
    from pipeline.alerting.runner import AlertRunner  # the other stages needn't load what it needs

    return AlertRunner(settings)
