"""The web application of the desk page, and its server. Others are asked in threads, a few at a time."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiohttp import web
from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings, Settings
from pipeline.desk.article_page import article_page
from pipeline.desk.failures import failure, refused
from pipeline.desk.guarding import add_headers, is_ours, too_long
from pipeline.desk.lag_page import LagPage
from pipeline.desk.rendering import ARTICLE, LAG, SEARCH, STANCES, Page
from pipeline.desk.search_page import search_page
from pipeline.desk.stance_page import stance_page
from pipeline.errors import Misconfigured, Transient
from pipeline.searching.connection import open_index

AT_ONCE = 4
"""Pages that are made at the same time."""

MOST_WAITING = 40
"""Pages that are made or wait for that; who comes then is told to come back."""

_LONGEST_LINE = 32_768
"""Bytes of a request's first line: a query of the greatest length in any script, with every byte escaped."""

_STATIC = Path(__file__).parent / "static"
_FILES = {"/desk.css": "text/css", "/icon.svg": "image/svg+xml"}

Asked = Callable[[Elasticsearch, IndexingSettings, Mapping[str, str]], Page]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Desk:
    """The pages, as an application of aiohttp.

    Args:
        settings: where Elasticsearch and Kafka are, and by which names the desk page may be called.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(AT_ONCE, "desk")
        self._waiting = 0
        self._lag = LagPage(settings)

    def application(self) -> web.Application:
        """The application; it ends the threads when it is cleaned up."""
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(add_headers)
        app.on_cleanup.append(self._close)
        for path, page in {SEARCH: search_page, ARTICLE: article_page, STANCES: stance_page}.items():
            app.router.add_get(path, self._indexed(page))
        app.router.add_get(LAG, self._show_lag)
        for path, content_type in _FILES.items():
            app.router.add_get(path, _file(path, content_type))
        return app

    async def _close(self, _: web.Application) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        desk = self._settings.desk
        if not is_ours(request.headers.get("Host"), {desk.host, *desk.names}):
            what = "this desk page is not called by the name the browser has used"
            return _response(refused(what, "use its address, or set desk.names", 421))
        try:
            return await handler(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, a reader gets a page, and the log the rest
            return _response(failure(error))

    def _indexed(self, page: Asked) -> Handler:
        """A handler that makes a page of what the index has."""

        async def show(request: web.Request) -> web.StreamResponse:
            parameters = dict(request.query)
            for name, value in parameters.items():
                if wrong := too_long(name, value):
                    raise Misconfigured(wrong, "shorten it")
            return _response(await self._in_thread(lambda: self._ask(page, parameters)))

        return show

    def _ask(self, page: Asked, parameters: Mapping[str, str]) -> Page:
        with open_index(self._settings.elasticsearch) as client:
            return page(client, self._settings.indexing, parameters)

    async def _show_lag(self, _: web.Request) -> web.StreamResponse:
        return _response(await self._in_thread(self._lag))

    async def _in_thread(self, make: Callable[[], Page]) -> Page:
        if self._waiting >= MOST_WAITING:
            raise Transient("too many people are asking at this moment", "try again in a few seconds")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, make)
        finally:
            self._waiting -= 1


async def serve(settings: Settings, started: Callable[[str], None]) -> None:
    """Serve the desk page until SIGINT or SIGTERM.

    Args:
        settings: with the address to listen at; port 0 takes any free one.
        started: is told the address, as ``http://host:port/``.

    Raises:
        Misconfigured: nothing can listen there.
    """
    host, port = settings.desk.host, settings.desk.port
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    application = Desk(settings).application()
    runner = web.AppRunner(
        application, access_log=None, shutdown_timeout=1.0, max_line_size=_LONGEST_LINE, max_field_size=_LONGEST_LINE
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        started(f"http://{f'[{host}]' if ':' in host else host}:{runner.addresses[0][1]}/")
        await ended.wait()
    except OSError as taken:
        raise Misconfigured(
            f"nothing can listen at {host}:{port}: {taken.strerror}", "name another --host or --port"
        ) from taken
    finally:
        await runner.cleanup()


def _file(path: str, content_type: str) -> Handler:
    body = (_STATIC / path.lstrip("/")).read_bytes()

    async def send(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    return send


def _response(page: Page) -> web.Response:
    retry = {"Retry-After": "5"} if page.status == 503 else {}
    return web.Response(text=page.html, status=page.status, content_type="text/html", charset="utf-8", headers=retry)
