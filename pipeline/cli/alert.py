"""`wire alert add|list|remove|test|tail`: standing queries, and what matches them as it comes in."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.printing import json_line, printable, stdout
from pipeline.config import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.alerting.alerts import Alert
    from pipeline.alerting.messages import AlertMessage
    from pipeline.alerting.trial import Trial

app = typer.Typer(help="Standing queries: articles that match one are told of as they come in.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `wire alert list` gives it.")]
Hours = Annotated[float, typer.Option(min=0.01, help="How far back to look.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the alert is to be called.")],
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="As `wire search` takes it; in single quotes.")],
    replace: Annotated[bool, typer.Option("--replace", help="Change the query of an alert that is there.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what it would have told in the last day.")
    ] = False,
    hours: Hours = 24,
) -> None:
    """Keep a query under a name: from now on each article that matches it when it comes in is told of, once.

    wire alert add dam 'dam OR reservoir place:Arden'
    """
    from pipeline.alerting.alerts import Alert, checked_name
    from pipeline.cli.search import typed

    alert = Alert(checked_name(name), typed(query), datetime.now(UTC))
    with _pointed():
        trial = asyncio.run(_added(alert, hours, replace=replace, keep=not dry_run))
    if dry_run:
        _show(trial, as_json=False)
        return
    stdout.print(f"alert {alert.name}: {printable(alert.query)}", markup=False, soft_wrap=True)
    stdout.print(f"{_articles(trial.total)} of the last {hours:g} hours would have matched; `wire alert tail` follows")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the alerts, each with how many articles of the last day match, or why it can't be asked."""
    trials = asyncio.run(_trials(None, 24, 0))
    for one in trials:
        if as_json:
            told = one.alert.document() | {"lastDay": one.total} | ({"error": one.error} if one.error else {})
            print(json_line(told))
            continue
        state = f"can't be asked: {one.error}" if one.error else f"{_articles(one.total)} of the last day"
        line = f"{one.alert.name}  {one.alert.query}  ({state})"
        stdout.print(printable(line), style="red" if one.error else None, markup=False, soft_wrap=True)
    if not trials and not as_json:
        stdout.print("no alerts; `wire alert add NAME QUERY` makes one")


@app.command()
def remove(name: Name) -> None:
    """Forget an alert; what it has told stays in the topic."""
    asyncio.run(_removed(name))
    stdout.print(f"alert {printable(name)} is removed", markup=False)


@app.command("test")
def try_(
    name: Name,
    hours: Hours = 24,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what an alert would have told in the last day, newest first."""
    (trial,) = asyncio.run(_trials(name, hours, size))
    _show(trial, as_json=as_json)


@app.command()
def tail(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only of this alert.")] = None,
    as_json: Json = False,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="First what the topic still holds.")] = False,
) -> None:
    """Follow the alerts as they come, one line each, until Ctrl-C."""
    from pipeline.alerting.sent import follow

    settings = load_settings()
    whose = f"alert {printable(name)}" if name else "all alerts"
    print(f"wire: following {whose} in {settings.topics.alerts}; Ctrl-C ends", file=sys.stderr)
    try:
        for message in follow(settings.kafka, settings.topics.alerts, from_beginning=from_beginning, name=name):
            _tell(message, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _tell(message: AlertMessage, *, as_json: bool) -> None:
    if as_json:
        print(json_line(message.model_dump(mode="json", by_alias=True, exclude_defaults=True)), flush=True)
    else:
        print(printable(message.line()), flush=True)


def _show(trial: Trial, *, as_json: bool) -> None:
    from pipeline.errors import Misconfigured

    if trial.error:
        raise Misconfigured(f"alert {trial.alert.name} can't be asked: {trial.error}", "correct it with add --replace")
    for message in trial.messages:
        _tell(message, as_json=as_json)
    if not as_json:
        shown = f", the first {len(trial.messages)}" if trial.total > len(trial.messages) else ""
        stdout.print(f"{_articles(trial.total)}{shown}", style="bold")


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


async def _added(alert: Alert, hours: float, *, replace: bool, keep: bool) -> Trial:
    from pipeline.alerting.alerts import StandingQuery
    from pipeline.alerting.store import open_store
    from pipeline.alerting.trial import tried
    from pipeline.errors import Misconfigured

    StandingQuery.of(alert)  # what can't be meant is said before anything is asked
    settings = load_settings()
    async with open_store(settings.elasticsearch, settings.indexing) as store:
        (trial,) = await tried(store.client, settings.indexing, [alert], hours, 20)
        if trial.error:
            raise Misconfigured(f"Elasticsearch can't ask this: {trial.error}", "ask for something else")
        if keep:
            await store.set_up()
            await store.add(alert, replace=replace)
    return trial


async def _trials(name: str | None, hours: float, size: int) -> Sequence[Trial]:
    from pipeline.alerting.store import open_store
    from pipeline.alerting.trial import tried
    from pipeline.errors import Misconfigured

    settings = load_settings()
    async with open_store(settings.elasticsearch, settings.indexing) as store:
        alerts = [one for one in await store.alerts() if name in {None, one.name}]
        if name and not alerts:
            raise Misconfigured(f"there is no alert {name}", "`wire alert list` names them")
        return await tried(store.client, settings.indexing, alerts, hours, size)


async def _removed(name: str) -> None:
    from pipeline.alerting.store import open_store

    settings = load_settings()
    async with open_store(settings.elasticsearch, settings.indexing) as store:
        await store.remove(name)


@contextmanager
def _pointed() -> Iterator[None]:
    """Show a query that can't be meant with a caret under the place."""
    from pipeline.searching.language import QueryError

    try:
        yield
    except QueryError as error:
        from pipeline.searching.display import pointed

        print(f"wire: {pointed(error)}", file=sys.stderr)
        raise typer.Exit(2) from None
