"""`wire alert` as a desk uses it: from a query to a line on the terminal, beside workers that are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.cli.running import wire
from tests.streaming.conftest import Starter, pipeline
from tests.streaming.running import article, eventually

__all__ = ["pipeline"]

NOWHERE = {"WIRE_ELASTICSEARCH__URL": "http://127.0.0.1:1", "WIRE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "dam", "dam persn:Lamont"], 2, "  dam persn:Lamont\n      ^^^^^\n"),
        (["add", "dam", "  "], 2, "an alert needs something to look for"),
        (["add", "a b", "dam"], 2, "an alert can't be called 'a b'"),
        (["add", "dam", "dam"], 3, "Elasticsearch does not answer at http://127.0.0.1:1"),
        (["tail"], 3, "Kafka does not answer at 127.0.0.1:1"),
    ],
)
def test_what_cannot_be_done_says_so_and_where(arguments: list[str], code: int, said: str) -> None:
    run = wire("alert", *arguments, variables=NOWHERE)
    assert run.code == code, run.err
    assert said in run.err
    assert "Traceback" not in run.err


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_what_matches_on_arrival_is_told_once_although_workers_are_killed(pipeline: Starter) -> None:
    running = pipeline()
    topic = running.settings.topics.alerts
    running.wire("alert", "add", "pilots", "harbour pilots")
    assert "0 articles of the last 24 hours" in running.wire("alert", "add", "whales", "whales")
    running.start()
    running.feed([(f"a{number}", article(number)) for number in range(1, 21)])
    eventually(lambda: bool(running.values(topic)), "the first alert")
    running.kill("index")
    running.feed([(f"b{number}", article(number)) for number in range(21, 41)])
    # The same again, and a correction of each; one of them matches newly.
    running.feed([(f"c{number}", article(number)) for number in range(1, 21)])
    running.feed([(f"d{number}", article(number, version=2)) for number in range(1, 20)])
    running.feed([("e", article(20, version=2, text="Two whales were seen by harbour pilots, said Ada Lamont."))])
    running.start("index")
    running.await_account(40)
    eventually(lambda: len(running.values(topic)) >= 41, "all alerts")
    told = Counter((one["alert"], one["uri"]) for one in map(json.loads, running.values(topic)))
    wanted = {("pilots", f"urn:test:story:{number}"): 1 for number in range(1, 41)}
    assert told == wanted | {("whales", "urn:test:story:20"): 1}

    listed = [json.loads(line) for line in running.wire("alert", "list", "--json").splitlines()]
    assert [(one["name"], one["lastDay"]) for one in listed] == [("pilots", 40), ("whales", 1)]
    command = [sys.executable, "-m", "pipeline", "alert", "tail", "whales", "--from-beginning"]
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background ignores it, for children too
    with subprocess.Popen(command, env=running.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tail:
        signal.signal(signal.SIGINT, before)
        assert tail.stdout
        assert b"  whales  Pilots meet, part 20  urn:test:story:20\n" in tail.stdout.readline()
        tail.send_signal(signal.SIGINT)
        assert tail.communicate(timeout=20)[0] == b""
        assert tail.returncode == 0
