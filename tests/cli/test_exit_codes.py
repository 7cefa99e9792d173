"""What the exit codes of `wire` promise: 2 wrong usage, 3 a service can't be reached; one sentence, no traceback."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from pipeline.cli import COMMANDS, GROUPS
from tests.cli.running import STORY, Run, wire


@pytest.fixture(scope="module")
def closed() -> Iterator[str]:
    """An address at which nobody listens, held so that nobody can begin to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield "127.0.0.1:{1}".format(*held.getsockname())


@pytest.fixture(scope="module")
def unreachable(closed: str) -> dict[str, str]:
    return {"WIRE_KAFKA__BOOTSTRAP_SERVERS": closed, "WIRE_ELASTICSEARCH__URL": f"http://{closed}"}


# -- help ------------------------------------------------------------------------------------------


def test_help_names_every_command_on_stdout() -> None:
    run = wire("--help", variables={"COLUMNS": "200"})
    assert (run.code, run.err) == (0, "")
    listed = [line.split()[1] for line in run.out.decode().splitlines() if line.startswith(("│ ", "| "))]
    assert set(COMMANDS) | set(GROUPS) <= set(listed)


@pytest.mark.parametrize("command", ["clean", "enrich", "dead", "lag"])
def test_help_of_a_command_needs_neither_settings_nor_servers(command: str, unreachable: dict[str, str]) -> None:
    run = wire(command, "--help", variables=unreachable | {"WIRE_NOPE": "1"})
    assert (run.code, run.err) == (0, "")
    assert f" {command} [OPTIONS]" in run.out.decode()


# -- 2: wrong usage --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nope"], "nope"),
        (["--nope"], "--nope"),
        (["clean"], "PATH"),
        (["enrich"], "PATH"),
        (["clean", "--nope", "a.txt"], "--nope"),
        (["worker", "nope"], "nope"),
        (["show"], "URI"),
        (["search", "--from", "yesterday"], "yesterday"),
        (["search", "--size", "0"], "--size"),
        (["dead", "nope"], "nope"),
        (["dead", "replay"], "which letters"),
        (["replay"], "stage"),
        (["replay", "clean", "--from-offset", "3"], "partition"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    arguments: list[str], named: str, unreachable: dict[str, str]
) -> None:
    run = wire(*arguments, variables=unreachable)
    assert (run.code, run.out) == (2, b"")
    assert named in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"WIRE_NOPE": "1"}, "WIRE_NOPE"),
        ({"WIRE_KAFKA__NOPE": "1"}, "kafka.nope"),
        ({"WIRE_STREAMING__TAKE": "many"}, "streaming.take"),
        ({"WIRE_CONFIG": "no-such-file.toml"}, "no-such-file.toml"),
    ],
)
def test_wrong_settings_exit_with_2_and_one_sentence(variables: dict[str, str], named: str) -> None:
    run = wire("clean", "-", stdin=STORY.encode(), variables=variables)
    assert (run.code, run.out) == (2, b"")
    (sentence,) = run.err.splitlines()
    assert sentence.startswith("wire: ")
    assert named in sentence


@pytest.mark.parametrize(
    "variables",
    [
        {"WIRE_ELASTICSEARCH__URL": "index.example"},
        {"WIRE_ELASTICSEARCH__URL": "https://127.0.0.1:9", "WIRE_ELASTICSEARCH__CA_CERTS": "no-such-file.pem"},
    ],
)
def test_settings_no_client_can_use_exit_with_2(variables: dict[str, str]) -> None:
    run = wire("search", "ferry", variables=variables)
    assert run.code == 2
    assert "Traceback" not in run.err


# -- 3: a service can't be reached -----------------------------------------------------------------


def assert_names_the_service(run: Run, service: str, address: str) -> None:
    assert (run.code, run.out) == (3, b"")
    (sentence,) = run.err.splitlines()
    assert sentence.startswith(f"wire: {service} does not answer at ")
    assert address in sentence
    assert "`wire up`" in sentence  # what to do about it


@pytest.mark.parametrize(
    "arguments",
    [
        ["setup"],
        ["feed", "-"],
        ["lag"],
        ["lag", "--json"],
        ["dead", "list"],
        ["dead", "show", "wire.raw/0/1"],
        ["dead", "replay", "--all"],
        ["replay", "clean"],
        ["worker", "clean"],
        ["worker", "enrich"],
        ["worker", "index"],
    ],
    ids=" ".join,
)
def test_without_kafka_it_exits_with_3_and_one_sentence(
    arguments: list[str], closed: str, unreachable: dict[str, str]
) -> None:
    run = wire(*arguments, stdin=STORY.encode(), variables=unreachable)
    assert_names_the_service(run, "Kafka", closed)


@pytest.mark.parametrize("arguments", [["search", "ferry"], ["search", "--json"], ["show", "urn:test:1"]], ids=" ".join)
def test_without_elasticsearch_it_exits_with_3_and_one_sentence(
    arguments: list[str], closed: str, unreachable: dict[str, str]
) -> None:
    assert_names_the_service(wire(*arguments, variables=unreachable), "Elasticsearch", closed)


def test_the_sentence_shows_no_password(closed: str) -> None:
    run = wire("search", "ferry", variables={"WIRE_ELASTICSEARCH__URL": f"http://desk:halibut-7@{closed}"})
    assert run.code == 2
    assert "elasticsearch.password" in run.err
    assert "halibut-7" not in run.err


@pytest.mark.parametrize("command", ["clean", "enrich"])
def test_what_needs_no_service_does_not_ask_for_one(command: str, unreachable: dict[str, str]) -> None:
    run = wire(command, "-", stdin=STORY.encode(), variables=unreachable)
    assert (run.code, run.err) == (0, "")
    assert len(run.articles) == 1
