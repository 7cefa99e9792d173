"""Running workers: one stage in this process, or all stages in processes that are kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import NoReturn

import faust
import structlog

from pipeline.config import Settings, StageName
from pipeline.streaming.app import Companion, stage_app
from pipeline.streaming.stages import stages
from pipeline.streaming.topics import create_topics

log = structlog.get_logger(__name__)

STABLE_SECONDS = 30.0
"""A stage that ran this long was healthy: its next crash is the first of a new series."""

LONGEST_PAUSE_SECONDS = 30.0


def run_stage(settings: Settings, name: StageName, companion: Companion | None = None) -> NoReturn:
    """Run the agents of one stage, and what runs beside it, until SIGTERM or SIGINT; ends the process.

    Raises:
        ServiceUnreachable: Kafka does not answer at the start.
    """
    create_topics(settings.kafka, settings.topics)
    app = stage_app(settings, stages(settings)[name], companion)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - Faust's spinner writes there
        worker = faust.Worker(app, quiet=True, redirect_stdouts=False, override_logging=False, stdout=nowhere)
        worker.execute_from_commandline()
    raise SystemExit(0)


async def run_all(settings: Settings) -> int:
    """Run each stage in a process of its own until SIGTERM or SIGINT; returns the exit code.

    A stage that crashes is started again, after a pause that doubles with each crash in a row. A
    stage that can't even start because of its settings ends them all.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    codes = await asyncio.gather(*(_keep_alive(name, stop) for name in stages(settings)))
    return max(codes)


async def _keep_alive(name: str, stop: asyncio.Event) -> int:
    crashes, ever_stable = 0, False
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        code = await _run_once(name, stop)
        if stop.is_set():
            return 0 if code in {0, -signal.SIGTERM} else code
        if loop.time() - started > STABLE_SECONDS:
            crashes, ever_stable = 0, True
        if code in {2, 3} and not ever_stable:
            stop.set()
            return code
        pause = min(2.0**crashes, LONGEST_PAUSE_SECONDS)
        crashes += 1
        log.error("a stage ended, starting it again", stage=name, exit_code=code, seconds=pause)
        await _wait(stop, pause)
        if stop.is_set():
            return code


async def _run_once(name: str, stop: asyncio.Event) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "pipeline", "worker", name)
    ended = asyncio.create_task(process.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        # Not `process.terminate()`: that reaps a process which has just ended, and its exit code is lost.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
    stopped.cancel()
    return await ended


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
