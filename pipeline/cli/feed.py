"""`wire feed`: send files, folders, standard input, RSS and Atom feeds to the raw topic, once or as they come."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Annotated

import structlog
import typer
from rich.filesize import decimal

from pipeline.cli.feed_progress import progress_of
from pipeline.cli.printing import printable
from pipeline.config import Settings, load_settings
from pipeline.errors import Misconfigured, WireError
from pipeline.feeding.backfill import Checkpoint, paced
from pipeline.feeding.producer import Fed, deliver
from pipeline.feeding.sources import Item, items_of
from pipeline.feeding.walk import count, sources

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass
class Summary:
    """What a run of `wire feed` did: items and bytes in the raw topic, dead letters and failed items."""

    items: int = 0
    bytes: int = 0
    dead: int = 0
    failed: int = 0
    seconds: float = 0.0

    def add(self, fed: Fed) -> None:
        """Count one item."""
        if fed.dead:
            self.dead += 1
        elif fed.error:
            self.failed += 1
        else:
            self.items += 1
            self.bytes += fed.size

    def __str__(self) -> str:
        parts = [f"fed {_count(self.items, 'item')} ({decimal(self.bytes)}) in {self.seconds:.1f} s"]
        if self.dead:
            parts.append(_count(self.dead, "dead letter"))
        if self.failed:
            parts.append(f"{self.failed} failed")
        return ", ".join(parts)


@dataclass(frozen=True)
class Options:
    """How to feed, as the command's options of these names say."""

    provider: str | None
    every: float | None
    rate: float | None
    resume: Path | None
    fresh: bool


def feed(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files, folders, - for standard input, addresses of RSS or Atom feeds."),
    ],
    provider: Annotated[
        str | None, typer.Option(help="Name of the feed; default: the folder's name, for items in subfolders of PATH.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until interrupted: watch folders, or poll RSS and Atom feeds.")
    ] = False,
    every: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=1, help="With --watch: poll so often. Default: as the feed itself says, else 300."
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(metavar="N", min=0.01, help="Send at most N items a second, to leave room for the day's copy."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep in FILE how far it came; the same command goes on from there."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what --resume or an RSS or Atom feed remembers, and send all.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write a summary to stdout, as JSON.")] = False,
) -> None:
    """Send articles to the raw topic: files, folders with all in them, standard input, RSS and Atom feeds.

    Ends when Kafka has confirmed every item. Feeding the same file again is
    harmless. Too large items go to the dead letters. Hidden files, *.md and
    unfinished transfers (*.part, *.tmp) in folders are left out. Of an RSS or
    Atom feed only entries are sent that are new or changed since last time.

    --watch feeds each file that is delivered into a folder and moves it, once
    Kafka has confirmed it, to done/ in that folder; what is refused goes to
    failed/, with the reason in NAME.error. Ctrl-C or SIGTERM ends it cleanly.
    """
    settings = load_settings()
    urls = [path for path in paths if _SCHEME.match(path)]
    files = [path for path in paths if path not in urls]
    options = Options(provider, every, rate, resume, fresh)
    _refuse_nonsense(options, files, urls, watch=watch)
    summary = Summary()
    started = time.monotonic()
    interrupted = False
    try:
        if watch:
            _feed_on(files, urls, settings, options, summary)
        else:
            interrupted = _feed_once(files, urls, settings, options, summary)
    except WireError:
        if summary == Summary():
            raise
        _report(summary, started, as_json=as_json)
        raise
    _report(summary, started, as_json=as_json)
    if interrupted:
        typer.echo("wire: interrupted; the same command goes on from here", err=True)
        raise typer.Exit(130)
    if summary.dead or summary.failed:
        raise typer.Exit(1)


def _refuse_nonsense(options: Options, files: Sequence[str], urls: Sequence[str], *, watch: bool) -> None:
    """Raise Misconfigured where options contradict one another: nothing is quietly left out."""
    if watch and files and urls:
        raise Misconfigured("--watch watches folders or polls feeds, not both", "run a `wire feed` for each")
    for given, name, sensible, where in (
        (options.every, "--every", watch and urls, "with --watch and addresses of feeds"),
        (options.rate, "--rate", not watch, "without --watch"),
        (options.resume, "--resume", not watch and not urls, "for files and folders, without --watch"),
        (options.fresh, "--fresh", urls or options.resume, "with --resume or addresses of feeds"),
    ):
        if given and not sensible:
            raise Misconfigured(f"{name} means something only {where}", "see `wire feed --help`")


def _feed_on(files: list[str], urls: list[str], settings: Settings, options: Options, summary: Summary) -> None:
    from pipeline.feeding.watching import Intake, feed_on, stopping
    from pipeline.logs import set_up_logging

    set_up_logging(settings.logging, "wire-feed")
    log = structlog.get_logger(__name__)

    def report(fed: Fed) -> None:
        summary.add(fed)
        if fed.error:
            log.warning("refused", source=fed.source, dead=fed.dead, error=str(fed.error))
        else:
            log.info("fed", source=fed.source, bytes=fed.size)

    with stopping() as stop:
        intake: Intake
        if urls:
            from pipeline.feeding.polling import PolledFeeds

            intake = PolledFeeds(
                urls, settings, stop, every=options.every, provider=options.provider, fresh=options.fresh
            )
        else:
            from pipeline.feeding.folders import WatchedFolders

            intake = WatchedFolders(files, settings.feeding, stop, options.provider)
        log.info("watching; Ctrl-C ends it", paths=urls or files)
        feed_on(intake, settings, stop, report)


def _feed_once(files: list[str], urls: list[str], settings: Settings, options: Options, summary: Summary) -> bool:
    """Feed what there is; True if it was interrupted and can go on."""
    stop, checkpoint = Event(), None
    with ExitStack() as stack:
        if options.resume:
            from pipeline.feeding.watching import stopping

            checkpoint = Checkpoint(options.resume, files, settings.topics.raw, fresh=options.fresh)
            if checkpoint.progress.complete:
                was = f"all {_count(checkpoint.progress.settled, 'item')} were fed before, says {options.resume}"
                typer.echo(f"{was}; to feed them again add --fresh", err=True)
                return False
            stop = stack.enter_context(stopping())
        found = sources(files, checkpoint.progress.place if checkpoint else None)
        found = checkpoint.noted(found) if checkpoint else found
        read = items_of(
            paced(found, options.rate, stop),
            max_item_bytes=settings.feeding.max_item_bytes,
            received_at=lambda: datetime.now(UTC),
            provider=options.provider,
        )
        before = checkpoint.progress.settled if checkpoint else 0
        progress = stack.enter_context(progress_of(lambda: count(files) + len(urls), before, lines=bool(checkpoint)))
        complete = False
        try:
            for fed in _deliveries(read, urls, settings, options, stop):
                summary.add(fed)
                progress.advance()
                if checkpoint:
                    checkpoint.settle(fed)
                if fed.error:
                    note = " (it is in the dead letters)" if fed.dead else ""
                    progress.say(f"wire: {printable(str(fed.error))}{note}")
            complete = not stop.is_set()
        finally:
            if checkpoint:
                checkpoint.save(complete=complete)
    return not complete


def _deliveries(
    read: Iterator[Item], urls: Sequence[str], settings: Settings, options: Options, stop: Event
) -> Iterator[Fed]:
    """The fates of the items read, then of what is new in feeds."""
    if not urls:
        yield from deliver(read, settings.kafka, settings.topics, settings.feeding)
        return
    from pipeline.feeding.polling import PolledFeeds
    from pipeline.logs import set_up_logging

    set_up_logging(settings.logging, "wire-feed")
    polled = PolledFeeds(urls, settings, stop, provider=options.provider, fresh=options.fresh)
    for fed in deliver(chain(read, polled.items()), settings.kafka, settings.topics, settings.feeding):
        if not fed.unconfirmed:
            polled.settle(fed)
        yield fed


def _report(summary: Summary, started: float, *, as_json: bool) -> None:
    summary.seconds = round(time.monotonic() - started, 3)
    typer.echo(str(summary), err=True)
    if as_json:
        typer.echo(json.dumps(asdict(summary)))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
