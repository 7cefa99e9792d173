"""Logs: one shape for ours and those of libraries, on stderr, readable or as ECS JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from pipeline.config import LoggingSettings
from pipeline.logs import NOISY, set_up_logging


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is one for the whole process: put it back as pytest had it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


class Stderr:
    """What has been written to stderr since last asked; nothing may go to stdout."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def text(self) -> str:
        captured = self._capsys.readouterr()
        assert captured.out == ""
        return captured.err

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Stderr:
    return Stderr(capsys)


def test_an_event_of_ours_is_one_line_of_ecs_json(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    before = datetime.now(UTC)
    structlog.get_logger("pipeline.test").warning("taken for dead", items=3, place="Séville\nport")
    (event,) = stderr.events()
    assert before <= datetime.fromisoformat(event.pop("@timestamp")) <= datetime.now(UTC)
    assert event.pop("process.pid") == os.getpid()
    assert event == {
        "log.level": "warning",
        "message": "taken for dead",
        "ecs.version": "8.11",
        "service.name": "wire-clean",
        "event.dataset": "wire-clean.log",
        "log.logger": "pipeline.test",
        "labels.items": 3,
        "labels.place": "Séville\nport",
    }


def test_what_ecs_has_a_name_for_stands_under_it(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    structlog.get_logger("pipeline.test").warning("dead", trace_id="0af7", cause="empty", error="the item is empty")
    structlog.get_logger("pipeline.test").warning("dead", trace_id="", error=ValueError("odd"))
    dead, odd = stderr.events()
    assert (dead["trace.id"], dead["error.code"], dead["error.message"]) == ("0af7", "empty", "the item is empty")
    assert (odd["error.type"], odd["error.message"]) == ("ValueError", "odd")
    assert not [key for key in dead | odd if key.startswith("labels.")]
    assert "trace.id" not in odd


def test_a_library_logs_in_the_same_shape(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    logging.getLogger("some.library").error("%d of %s", 3, "four")
    (event,) = stderr.events()
    assert (event["message"], event["log.level"]) == ("3 of four", "error")
    assert (event["log.logger"], event["service.name"]) == ("some.library", "wire-clean")
    assert datetime.fromisoformat(event["@timestamp"]).tzinfo


def test_what_is_bound_to_the_context_is_in_every_event(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    with structlog.contextvars.bound_contextvars(trace="t-1"):
        structlog.get_logger("pipeline.test").info("ours")
        logging.getLogger("some.library").info("theirs")
    structlog.get_logger("pipeline.test").info("later")
    assert [event.get("labels.trace") for event in stderr.events()] == ["t-1", "t-1", None]


def test_a_traceback_stays_in_its_event(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    try:
        raise ValueError("the tide is out")
    except ValueError as error:
        structlog.get_logger("pipeline.test").exception("ours", error=error)
        logging.getLogger("some.library").exception("theirs")
    ours, theirs = stderr.events()
    assert ours["error.message"] == "the tide is out"
    for event in (ours, theirs):
        assert event["error.stack_trace"].endswith("ValueError: the tide is out")
        assert not [key for key in event if "exc" in key]


def test_what_json_cannot_hold_does_not_stop_an_event(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="json"), "wire-clean")
    structlog.get_logger("pipeline.test").info("odd", value=object(), data=b"\xff")
    (event,) = stderr.events()
    assert event["message"] == "odd"
    assert "object" in event["labels.value"]


def test_the_console_is_for_people(stderr: Stderr) -> None:
    set_up_logging(LoggingSettings(format="console"), "wire-clean")
    structlog.get_logger("pipeline.test").info("taken for dead", items=3)
    logging.getLogger("some.library").error("theirs")
    ours, theirs = stderr.text().splitlines()
    assert "taken for dead" in ours
    assert "items=3" in ours
    assert "theirs" in theirs
    assert "\033" not in ours + theirs  # colours are for terminals
    assert not ours.startswith("{")


@pytest.mark.parametrize(("terminal", "is_json"), [(True, False), (False, True)])
def test_auto_is_readable_on_a_terminal_and_json_elsewhere(
    terminal: bool, is_json: bool, stderr: Stderr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    set_up_logging(LoggingSettings(format="auto"), "wire-clean")
    structlog.get_logger("pipeline.test").info("hello")
    assert stderr.text().startswith("{") is is_json


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
@pytest.mark.parametrize("kind", ["ours", "theirs"])
def test_nothing_below_the_level_is_written(level: str, shown: list[str], kind: str, stderr: Stderr) -> None:
    set_up_logging(LoggingSettings.model_validate({"level": level, "format": "json"}), "wire-clean")
    logger = structlog.get_logger("pipeline.test") if kind == "ours" else logging.getLogger("some.library")
    for name in ("debug", "info", "warning", "error"):
        getattr(logger, name)("said")
    assert [event["log.level"] for event in stderr.events()] == shown


@pytest.mark.parametrize(("level", "shown"), [("info", ["warning"]), ("debug", ["info", "warning"])])
@pytest.mark.parametrize("name", ["aiokafka.conn", "faust.worker", "elastic_transport.transport"])
def test_talkative_libraries_are_heard_only_when_they_warn(
    name: str, level: str, shown: list[str], stderr: Stderr
) -> None:
    set_up_logging(LoggingSettings.model_validate({"level": level, "format": "json"}), "wire-clean")
    logging.getLogger(name).info("connected")
    logging.getLogger(name).warning("gone")
    assert [event["log.level"] for event in stderr.events()] == shown


def test_setting_up_twice_writes_each_event_once(stderr: Stderr) -> None:
    for service in ("wire-clean", "wire-index"):
        set_up_logging(LoggingSettings(format="json"), service)
    logging.getLogger("some.library").info("once")
    assert [event["service.name"] for event in stderr.events()] == ["wire-index"]
