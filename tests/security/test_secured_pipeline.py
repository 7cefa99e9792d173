"""The whole pipeline over TLS, each part as the role of deploy/security that is its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pipeline.streaming.reading import Reader, Stretch, open_reader
from tests.security.secured import INDEX_ROLES, SCRAM, STAGES, Secured
from tests.streaming.running import article, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

ARTICLES = 3


def alerts(secured: Secured) -> list[bytes | None]:
    """The keys of all that whoever follows the alerts can read."""
    settings = secured.settings("wire-desk")
    with open_reader(settings.kafka) as consumer:
        return [record.key for record in Reader(consumer, settings.topics.alerts, Stretch())]


@pytest.fixture(scope="module")
def said(secured: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What each command said of a few articles, and of one that is broken, that went through running workers."""
    deliveries = tmp_path_factory.mktemp("deliveries")
    for number in range(ARTICLES):
        (deliveries / f"{number}.json").write_bytes(article(number))
    (deliveries / "broken.json").write_bytes(article(9)[:200])
    said = {"setup": secured.wire("setup", role="wire-setup")}
    # At this level the clients' own logs are written too.
    workers = [secured.work(stage, WIRE_LOGGING__LEVEL="debug") for stage in STAGES]
    try:
        said["alert"] = secured.wire("alert", "add", "pilots", "pilots", role="wire-desk")
        said["feed"] = secured.wire("feed", str(deliveries), role="wire-feeder")
        eventually(lambda: secured.indexed() == ARTICLES, "all articles are indexed", 120)
        said["dead"] = secured.wire("dead", "list", role="wire-operator")
        said["dead replay"] = secured.wire("dead", "replay", "--all", role="wire-operator")
        said["replay"] = secured.wire("replay", "index", role="wire-operator")
        said["search"] = secured.wire("search", "pilots", role="wire-reader")
        said["show"] = secured.wire("show", "urn:test:story:1", "--versions", role="wire-desk")
        said["lag"] = secured.wire("lag", "--json", role="wire-lag")
        eventually(lambda: len(alerts(secured)) == ARTICLES, "each article is alerted", 60)
        yield said
    finally:
        for worker in workers:
            worker.terminate()
        said["codes"] = " ".join(str(worker.wait(30)) for worker in workers)


def test_every_role_does_its_job(secured: Secured, said: dict[str, str]) -> None:
    assert "topics created" in said["setup"]
    assert f"fed {ARTICLES + 1} items" in said["feed"]
    assert "malformed-json" in said["dead"]
    assert "1 sent again" in said["dead replay"]
    assert f"{ARTICLES} messages sent" in said["replay"]
    assert f"{ARTICLES} articles" in said["search"]
    assert "readable" in said["show"]
    assert set(alerts(secured)) == {b"pilots"}
    lags = [json.loads(line) for line in said["lag"].splitlines()]
    assert {one["group"] for one in lags} == {"wire-clean", "wire-enrich", "wire-index"}
    assert {one["members"] for one in lags} == {1}


def test_no_secret_is_said_or_logged(secured: Secured, said: dict[str, str]) -> None:
    shown = "".join([*secured.said, *(secured.log_of(stage).read_text() for stage in STAGES)])
    assert "SCRAM-SHA-512" in shown  # the clients' logs are there
    for role in dict.fromkeys((*SCRAM, *INDEX_ROLES)):
        shown += f"{secured.settings(role)!r} {secured.settings(role)}"
    assert [name for name, secret in secured.secrets().items() if secret in shown] == []
