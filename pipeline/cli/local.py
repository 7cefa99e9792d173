"""`wire up`, `wire down`, `wire status`: the local Kafka and Elasticsearch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from pipeline.cli.printing import stderr, stdout
from pipeline.config import Settings, load_settings
from pipeline.errors import ServiceUnreachable

if TYPE_CHECKING:
    from pipeline.local import LocalStack, ServiceStatus
    from pipeline.local.service import Service


def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="Start empty: delete the local data first.")] = False,
) -> None:
    """Start the local Kafka and Elasticsearch, and wait until both answer."""
    from pipeline.local import LocalStack

    settings = load_settings()
    stack = LocalStack(settings.local)
    stack.up(_ours(settings, stack), fresh=fresh)
    for status in _external(settings, stack):
        if status.state == "not answering":
            raise ServiceUnreachable(
                f"{status.service} does not answer at {status.address}, which the settings name",
                "correct the address, or unset it to use the local one",
            )
        stderr.print(f"{status.service} at {status.address} is not ours: used as it is")


def down() -> None:
    """Stop the local Kafka and Elasticsearch; their data stay."""
    from pipeline.local import LocalStack

    LocalStack(load_settings().local).down()


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a service.")] = False,
) -> None:
    """Show the Kafka and the Elasticsearch the settings name, and whether they answer."""
    from pipeline.local import LocalStack

    settings = load_settings()
    stack = LocalStack(settings.local)
    states = [service.status() for service in _ours(settings, stack)] + _external(settings, stack)
    if as_json:
        for state in states:
            print(json.dumps(state.as_json()))
    else:
        stdout.print(_table(states))
    if any(state.state in {"stopped", "not answering"} for state in states):
        raise typer.Exit(3)


def _ours(settings: Settings, stack: LocalStack) -> tuple[Service, ...]:
    """The servers that are ours to start: those whose configured address is the local one."""
    configured = {
        "kafka": settings.kafka.bootstrap_servers,
        "elasticsearch": settings.elasticsearch.url.removeprefix("http://").rstrip("/"),
    }
    return tuple(
        service
        for service in stack.services
        if configured[service.name] in {service.address, service.address.replace("127.0.0.1", "localhost")}
    )


def _external(settings: Settings, stack: LocalStack) -> list[ServiceStatus]:
    from pipeline.local.external import elasticsearch_status, kafka_status

    ours = {service.name for service in _ours(settings, stack)}
    states = []
    if "kafka" not in ours:
        states.append(kafka_status(settings.kafka))
    if "elasticsearch" not in ours:
        states.append(elasticsearch_status(settings.elasticsearch))
    return states


def _table(states: list[ServiceStatus]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("service", "version", "address", "state", "pid", "data"):
        table.add_column(heading, overflow="fold")
    for state in states:
        colour = "green" if state.state in {"running", "external"} else "red"
        shown = f"[{colour}]{state.state}[/]"
        table.add_row(
            state.service, state.version or "?", state.address, shown, str(state.pid or "-"), state.data or "-"
        )
    return table
