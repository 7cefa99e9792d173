"""`wire dead list|show|replay`: dead letters, why and where from, and sending them again."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from pipeline.cli.printing import json_line, printable, stderr, stdout
from pipeline.config import load_settings
from pipeline.dead_letters import DeadLetter
from pipeline.errors import Misconfigured
from pipeline.headers import SOURCE

if TYPE_CHECKING:
    from pipeline.streaming.dead_letters import OpenLetter

app = typer.Typer(help="Dead letters: why, where from; send them again.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
StageOption = Annotated[str | None, typer.Option("--stage", help="Only letters of this stage.")]
CauseOption = Annotated[str | None, typer.Option("--cause", help="Only letters of this cause.")]

SHOWN_CHARACTERS = 4000


@app.command("list")
def list_(stage: StageOption = None, cause: CauseOption = None, as_json: Json = False) -> None:
    """List the open dead letters, oldest first."""
    letters = _chosen(stage, cause)
    if as_json:
        for open_letter in letters:
            print(json_line(_described(open_letter)))
        return
    if not letters:
        stdout.print("no dead letters")
        return
    for open_letter in letters:
        letter = open_letter.letter
        head = Text(f"{printable(letter.id)}  {letter.stage}  ", style="dim")
        head.append(letter.cause, style="bold not dim").append(f"  {printable(_source(letter))}")
        stdout.print(head, soft_wrap=True)
        stdout.print(Padding(Text(printable(letter.error)), (0, 0, 1, 4)))
    causes = Counter(open_letter.letter.cause for open_letter in letters)
    stdout.print(f"{len(letters)} dead: " + ", ".join(f"{n} {cause}" for cause, n in causes.most_common()))
    stdout.print("`wire dead show ID` shows one, `wire dead replay ID` sends it again")


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="As `wire dead list` gives it.")],
    as_json: Json = False,
    raw: Annotated[bool, typer.Option("--raw", help="Write the item's bytes, and nothing else.")] = False,
) -> None:
    """Show one dead letter: why, where from, and its item."""
    from pipeline.streaming.dead_letters import named, open_letters

    found = named(open_letters(load_settings()), identifier)
    if raw:
        sys.stdout.buffer.write(found.value)
        return
    if as_json:
        print(json_line(_described(found)))
        return
    for name, value in _described(found).items():
        stdout.print(Text.assemble((f"{name:<12}", "bold"), printable(str(value))))
    text = printable(found.value[: SHOWN_CHARACTERS * 4].decode("utf-8", "replace")[:SHOWN_CHARACTERS], lines=True)
    stdout.rule(f"the item, {len(found.value):,} bytes")
    stdout.print(Text(text))
    if len(text) == SHOWN_CHARACTERS:
        stdout.print("… `--raw` writes all of it")


@app.command()
def replay(
    identifiers: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which letters.")] = None,
    stage: StageOption = None,
    cause: CauseOption = None,
    every: Annotated[bool, typer.Option("--all", help="All open letters.")] = False,
) -> None:
    """Send dead letters to the stage that gave them up, once what was wrong is mended."""
    from pipeline.streaming.dead_letters import named, resend

    if not (identifiers or stage or cause or every):
        raise Misconfigured("which letters?", "name ids, or --stage, --cause or --all")
    letters = _chosen(stage, cause)
    if identifiers:
        letters = [named(letters, identifier) for identifier in identifiers]
    whole = [letter for letter in letters if not letter.letter.truncated]
    for letter in letters:
        if letter.letter.truncated:
            stderr.print(
                Text(f"wire: {letter.letter.id}: only its beginning was kept; feed its source again once it fits")
            )
    resend(load_settings(), whole, lambda letter: stderr.print(Text(f"sent again: {printable(letter.id)}")))
    stdout.print(f"{len(whole)} sent again")
    if len(whole) < len(letters):
        raise typer.Exit(1)


def _chosen(stage: str | None, cause: str | None) -> Sequence[OpenLetter]:
    from pipeline.streaming.dead_letters import open_letters

    return [
        letter
        for letter in open_letters(load_settings())
        if stage in {None, letter.letter.stage} and cause in {None, letter.letter.cause}
    ]


def _source(letter: DeadLetter) -> str:
    return letter.headers.get(SOURCE, b"").decode("utf-8", "replace")


def _described(open_letter: OpenLetter) -> dict[str, Any]:
    letter = open_letter.letter
    return {
        "id": letter.id,
        "stage": letter.stage,
        "cause": letter.cause,
        "error": letter.error,
        "source": _source(letter),
        "at": letter.at.isoformat(),
        "attempts": letter.attempts,
        "bytes": len(open_letter.value),
        "truncated": letter.truncated,
    }
