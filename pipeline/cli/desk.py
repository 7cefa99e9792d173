"""`wire desk`: the desk page in a browser."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pipeline.config import load_settings


def desk(
    host: Annotated[
        str | None, typer.Option(help="Address to listen at. Default: desk.host, this machine alone.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen at; 0: any free one. Default: desk.port, 9280.")
    ] = None,
) -> None:
    """Serve the desk page until interrupted: search, articles, who is for or against whom, and lag, in a browser.

    It only shows, needs no Kibana and no internet, and has no login: whoever can reach its address can read.
    """
    from pipeline.desk.application import serve
    from pipeline.desk.guarding import is_loopback
    from pipeline.logs import set_up_logging

    settings = load_settings()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"desk": settings.desk.model_copy(update=given)})
    set_up_logging(settings.logging, "wire-desk")

    def started(address: str) -> None:
        if not is_loopback(settings.desk.host):
            typer.echo(f"wire: whoever can reach {settings.desk.host} can read; there is no login", err=True)
        typer.echo(f"the desk page is at {address} (Ctrl-C ends it)")

    asyncio.run(serve(settings, started))
