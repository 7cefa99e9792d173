"""A proxy that stands between the writer and the real Elasticsearch and fails on demand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, web
from yarl import URL

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "host", "content-length", "te", "upgrade"})
CUT = 0
"""The status of a fault that closes the connection instead of answering."""


@dataclass
class Fault:
    """What goes wrong with the next requests it is meant for.

    Attributes:
        status: what is answered in Elasticsearch's place, or `CUT`.
        times: for so many requests.
        to: only for requests whose path ends like this.
        larger_than: only for bodies of more bytes.
        after: that many requests it is meant for pass first.
        too_late: Elasticsearch does what was asked first; only its answer is lost.
    """

    status: int
    times: int = 1
    to: str = ""
    larger_than: int = -1
    after: int = 0
    too_late: bool = False

    def meets(self, path: str, size: int) -> bool:
        if not (self.times > 0 and path.endswith(self.to) and size > self.larger_than):
            return False
        self.after -= 1
        return self.after < 0


class FaultProxy:
    """Listens while it is entered; what has no fault passes unchanged.

    Attributes:
        holds_at: the number of the request that waits, 0 for the first, until `released` is set; none waits at first.
        held, released: set once that request waits, and to let it pass.
        failed: requests that met a fault.
        requests: all that came.
        bulks: the bodies of bulk requests that reached Elasticsearch; none are kept where there would be too many.
        faults: what goes wrong; more may be added.
    """

    def __init__(self, upstream: str, *faults: Fault, port: int = 0, keep_bulks: bool = True) -> None:
        self._upstream = URL(upstream)
        self.faults = list(faults)
        self._keep_bulks = keep_bulks
        self._port = port
        self.holds_at = -1
        self.held, self.released = asyncio.Event(), asyncio.Event()
        self.failed = 0
        self.requests = 0
        self.bulks: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._session = ClientSession(auto_decompress=False)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.requests += 1
        if self.requests > self.holds_at >= 0:
            self.held.set()
            await self.released.wait()
        fault = next((one for one in self.faults if one.meets(request.path, len(body))), None)
        if fault is None:
            return await self._forward(request, body)
        fault.times -= 1
        self.failed += 1
        if fault.too_late:
            await self._forward(request, body)
        if fault.status == CUT and request.transport:
            request.transport.abort()
        # As a load balancer answers: no JSON, and none of Elasticsearch's headers.
        return web.Response(status=fault.status or 502, text="a fault of the test")

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        if self._keep_bulks and request.path.endswith("/_bulk"):
            self.bulks.append(body)
        url = self._upstream.join(URL(request.raw_path, encoded=True))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        async with self._session.request(request.method, url, headers=headers, data=body) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())
