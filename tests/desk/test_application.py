"""What the server answers, and what it refuses: read only, its own names only, never a traceback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application

from pipeline.config import DeskSettings, ElasticsearchSettings, KafkaSettings, Settings
from pipeline.desk import application
from pipeline.desk.application import Desk
from pipeline.desk.guarding import HEADERS, is_ours
from pipeline.desk.rendering import Page
from pipeline.errors import Misconfigured
from pipeline.local import free_ports

Client = TestClient[Any, Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The desk page of an Elasticsearch and a Kafka that are not there."""
    http, kafka = free_ports(2)
    settings = Settings(
        elasticsearch=ElasticsearchSettings(url=f"http://127.0.0.1:{http}", request_timeout=2.0),
        kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{kafka}", request_timeout=2.0),
        desk=DeskSettings(names=["desk.example"]),
    )
    async with TestClient(TestServer(Desk(settings).application())) as made:
        yield made


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Page]], None]:
    """Makes pages otherwise than by asking Elasticsearch."""

    def put(make: Callable[[], Page]) -> None:
        monkeypatch.setattr(Desk, "_ask", lambda *_: make())

    return put


@pytest.mark.parametrize("path", ["/", "/?q=dam", "/article?uri=urn:a", "/stances"])
async def test_without_elasticsearch_a_page_says_what_to_do(client: Client, path: str) -> None:
    answer = await client.get(path)
    text = await answer.text()
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert "Elasticsearch does not answer" in text
    assert "start it with `wire up`" in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "no such page"),
        ("/article", 400, "names no article"),
        (f"/?like={'x' * 2001}", 400, "like has 2,001 characters"),
        (f"/stances?holder={'x' * 401}", 400, "holder has 401 characters"),
        (f"/?q={'x' * 2001}", 400, "a query has 2,000 characters at most"),
        ("/?q=dam+persn:Macron", 400, '<a href="/?q=dam+person%3AMacron">dam person:Macron</a>'),
        ("/?after=nonsense", 400, "that is no cursor"),
        ("/desk.css", 200, "prefers-color-scheme: dark"),
        ("/icon.svg", 200, "<svg"),
        ("/../../pyproject.toml", 404, "no such page"),
    ],
)
async def test_each_answer_has_its_status_and_all_headers(client: Client, path: str, status: int, said: str) -> None:
    answer = await client.get(path)
    assert answer.status == status
    assert said in await answer.text()
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_nothing_can_be_sent(client: Client, method: str) -> None:
    answer = await client.request(method, "/")
    assert answer.status == 405
    assert "only shows" in await answer.text()


async def test_a_head_has_no_body(client: Client) -> None:
    answer = await client.head("/desk.css")
    assert (answer.status, await answer.text()) == (200, "")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9280", "localhost.evil.example", "[::1", "127.0.0.1@evil", ""]
)
async def test_a_foreign_name_gets_nothing(client: Client, host: str) -> None:
    answer = await client.get("/desk.css", headers={"Host": host})
    text = await answer.text()
    assert answer.status in {400, 421}
    assert "prefers-color-scheme" not in text


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:9280", "desk.example", "Desk.Example"]
)
def test_loopback_and_the_names_of_the_settings_are_ours(host: str) -> None:
    assert is_ours(host, {"Desk.example"})


async def test_a_defect_of_ours_is_a_page_without_a_traceback(
    client: Client, instead: Callable[[Callable[[], Page]], None]
) -> None:
    def fail() -> Page:
        raise RuntimeError("secret insides")

    instead(fail)
    answer = await client.get("/")
    text = await answer.text()
    assert answer.status == 500
    assert "report it" in text
    assert "secret" not in text
    assert "Traceback" not in text


async def test_what_the_index_lacks_is_not_the_readers_fault(
    client: Client, instead: Callable[[Callable[[], Page]], None]
) -> None:
    from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
    from elasticsearch import NotFoundError

    def fail() -> Page:
        meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))
        raise Misconfigured("nothing is indexed yet", "feed articles") from NotFoundError("no index", meta, {})

    instead(fail)
    answer = await client.get("/")
    assert answer.status == 503
    assert "nothing is indexed yet" in await answer.text()


async def test_when_too_many_ask_the_next_is_told_to_come_back(
    client: Client, instead: Callable[[Callable[[], Page]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "MOST_WAITING", 2)
    begun, go_on = threading.Semaphore(0), threading.Event()

    def wait() -> Page:
        begun.release()
        go_on.wait(20)
        return Page("shown")

    instead(wait)
    waiting = [asyncio.create_task(client.get("/")) for _ in range(2)]
    for _ in waiting:
        await asyncio.to_thread(begun.acquire, timeout=20)
    refused = await client.get("/")
    go_on.set()
    assert [await (await one).text() for one in waiting] == ["shown", "shown"]
    assert refused.status == 503
    assert "too many" in await refused.text()
    assert (await client.get("/")).status == 200
