"""A stage's figures and health over real HTTP, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.parser import text_string_to_metric_families

from pipeline.errors import Misconfigured
from pipeline.streaming.endpoint import Endpoint

HOST = "127.0.0.1"


class Stage:
    """Says of itself what the test wants."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.why: dict[str, str | None] = {"live": None, "ready": None}
        self.endpoint = Endpoint(self.registry, live=lambda: self.why["live"], ready=lambda: self.why["ready"])


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    await made.endpoint.stop()


async def get(url: str, accept: str = "*/*") -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(url, headers={"Accept": accept}) as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def test_metrics_are_given_in_the_format_that_is_asked_for(stage: Stage) -> None:
    Gauge("waiting", "What waits", registry=stage.registry).set(7)
    address = await stage.endpoint.start(HOST, 0)
    status, content_type, text = await get(f"{address}/metrics")
    assert (status, content_type.split(";")[0]) == (200, "text/plain")
    assert [sample.value for family in text_string_to_metric_families(text) for sample in family.samples] == [7]
    _, content_type, text = await get(f"{address}/metrics", "application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith("# EOF\n")


@pytest.mark.parametrize("kind", ["live", "ready"])
async def test_health_is_said_with_the_reason_for_the_time_it_lasts(stage: Stage, kind: str) -> None:
    address = await stage.endpoint.start(HOST, 0)
    for why, expected in ((None, (200, "ok\n")), ("no partition", (503, "no partition\n")), (None, (200, "ok\n"))):
        stage.why[kind] = why
        status, _, text = await get(f"{address}/health/{kind}")
        assert (status, text) == expected
        other = "ready" if kind == "live" else "live"
        assert (await get(f"{address}/health/{other}"))[0] == 200


async def test_a_port_that_is_taken_is_a_wrong_setting(stage: Stage) -> None:
    address = await stage.endpoint.start(HOST, 0)
    port = int(address.rpartition(":")[2])
    with pytest.raises(Misconfigured, match=f"nothing can listen at {HOST}:{port}"):
        await Stage().endpoint.start(HOST, port)
    assert (await get(f"{address}/health/live"))[0] == 200
